/** Every address of the site, once: the app, the OpenAPI document and the test of the docs are made from this table. */
import * as z from 'zod';
import { addDays, addSeconds, type Day, daysBetween, type Instant } from '../kit/clock.ts';
import type * as answers from '../query/answers.ts';
import { CAPTURE_POSITION, captureAnswer, capturesAnswer } from '../query/captures.ts';
import { CALENDAR_DAYS, coverageAnswer } from '../query/coverage.ts';
import { healthAnswer } from '../query/health.ts';
import { coverageOf, type ListSort, listAnswer, newestList } from '../query/list.ts';
import { NAMED_POSITION, namedAnswer } from '../query/named.ts';
import type { Paging } from '../query/page.ts';
import { historyAnswer, paperAnswer } from '../query/paper.ts';
import { type Archive, summaryOf, todayOf } from '../query/store.ts';
import { listsOf } from '../record/calendar.ts';
import type { NamedKind } from '../record/keys.ts';
import { bibOf, type Citable } from '../render/bib.ts';
import { coveragePage } from '../render/calendar.ts';
import { capturePage, capturesPage } from '../render/captures.ts';
import { csvOf } from '../render/csv.ts';
import { frontPage } from '../render/front.ts';
import { listPage } from '../render/list.ts';
import { namedPage } from '../render/named.ts';
import { historyPage, paperPage } from '../render/paper.ts';
import { healthPage, versionsPage } from '../render/status.ts';
import * as params from './params.ts';
import { badParameters, notFound, Refusal } from './problem.ts';

/** What routes are answered from. */
export type Site = { readonly archive: Archive; readonly versions: Omit<answers.VersionsAnswer, 'sample'> };

/** The address of the next page of a list, from a cursor; null for the last page. */
type NextUrl = (cursor: string | null) => string | null;

/** A table of values: the names of its columns, as in the JSON, and its rows. */
type Table = {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};

/**
 * The schemas of answers. Answering needs only their types, and building them took some 18 of the 285 ms of a start: so a route says which
 * one is its own, and they are loaded when the OpenAPI document or the columns of a CSV are asked for.
 */
type Schemas = typeof answers;

/** One address: how its parameters are read, how it is answered, and the shapes the answer is given in. */
type RouteOf<P extends z.ZodObject, A> = {
  /** Path with `:name` where a parameter stands; `.json` behind it gives the data. */
  readonly path: string;
  /** What it answers, a sentence for the OpenAPI document. */
  readonly says: string;
  readonly params: P;
  answer(schemas: Schemas): z.ZodType<A>;
  /** Throws a Refusal when there is nothing to answer; `next` makes the address of the page that a cursor begins. */
  run(site: Site, asked: z.output<P>, next: NextUrl): Promise<A>;
  page(answer: A, asked: z.output<P>, site: Site): Promise<string> | string;
  table?(answer: A, schemas: Schemas): Table;
  /** The papers to cite. */
  papers?(answer: A): readonly Citable[];
  /** Key of the snapshot that it is about. */
  snapshot?(answer: A): string;
  status?(answer: A): number;
  /** How long an answer may be kept by others, in seconds; 60 when absent. */
  maxAge?(answer: A, asked: z.output<P>, site: Site): number;
};

/** A route whose types are its own affair. */
export type Route = {
  readonly path: string;
  readonly says: string;
  readonly params: z.ZodObject;
  answer(schemas: Schemas): z.ZodType;
  readonly formats: readonly Format[];
  reply(site: Site, given: Readonly<Record<string, string>>, format: Format, next: NextUrl): Promise<Reply>;
};
/** The shapes of an answer. */
export type Format = 'html' | 'json' | 'csv' | 'bib' | 'warc.gz';
/** An answered route; of a snapshot the body is its key. `next` is the address of the next page, null when there is none. */
type Reply = {
  readonly status: number;
  readonly maxAge: number;
  readonly body: string;
  readonly next: string | null;
};

/** Items of a page that is to hold all of them: more than any archive has, and a number that DynamoDB takes for a limit. */
const ALL = 1_000_000_000;

/** Binds a route's types together and hides them. */
function route<P extends z.ZodObject, A extends object>(it: RouteOf<P, A>): Route {
  const { table, papers, snapshot } = it;
  const shapes: Partial<Record<Format, (answer: A, asked: z.output<P>, site: Site) => Promise<string> | string>> = {
    html: it.page,
    json: (answer) => JSON.stringify(answer),
    ...(table && {
      csv: async (answer) => {
        const { columns, rows } = table(answer, await import('../query/answers.ts'));
        return csvOf(columns, rows);
      },
    }),
    ...(papers && { bib: (answer) => bibOf(papers(answer)) }),
    ...(snapshot && { 'warc.gz': snapshot }),
  };
  return {
    path: it.path,
    says: it.says,
    params: it.params,
    answer: it.answer,
    formats: Object.keys(shapes) as Format[],
    async reply(site, given, format, next) {
      const whole = format === 'csv' || format === 'bib';
      const read = it.params.safeParse(whole ? { ...given, limit: undefined, cursor: undefined } : given);
      if (!read.success)
        throw badParameters(
          read.error.issues.map(({ path, message }) => ({ parameter: path.join('.'), detail: message })),
        );
      const asked = whole && 'limit' in it.params.shape ? { ...read.data, limit: ALL } : read.data;
      const answer = await it.run(site, asked, next);
      return {
        status: it.status?.(answer) ?? 200,
        maxAge: it.maxAge?.(answer, asked, site) ?? 60,
        body: (await shapes[format]?.(answer, asked, site)) ?? '',
        next: 'next' in answer && typeof answer.next === 'string' ? answer.next : null,
      };
    },
  };
}

type Open<T> = T | undefined;
const listParams = { at: params.instant.optional(), sort: params.sort };
const stretch = { from: params.day.optional(), to: params.day.optional() };
const isForward = ({ from, to }: { from?: unknown; to?: unknown }) =>
  typeof from !== 'string' || typeof to !== 'string' || from <= to;
const FORWARD = { path: ['from'], error: 'must not be after to' };
const pagingOf = ({ limit, cursor }: { limit: number; cursor?: Open<string> }): Paging => ({
  limit,
  after: cursor ?? null,
});
const rangeOf = ({ from, to }: { from?: Open<Day>; to?: Open<Day> }) => ({ from: from ?? null, to: to ?? null });

/** Columns of a list's CSV: the JSON's names, in its order. */
const paperTable = ({ papers }: answers.ListAnswer, { ListedPaper }: Schemas): Table => ({
  columns: Object.keys(ListedPaper.shape),
  rows: papers,
});

type ListAsked = { at?: Open<Instant>; sort: ListSort };

/** Settled lists do not change, nor does what was known an hour ago, so others may keep them for an hour; replays may still correct them. */
const listAge = ({ coverage }: answers.ListAnswer, { at }: ListAsked, { archive }: Site): number =>
  coverage.settled || (at && at < addSeconds(archive.clock(), -3600)) ? 3600 : 60;

/** A list's page with the days beside it. */
const drawList = (answer: answers.ListAnswer, { at, sort }: ListAsked, { archive }: Site): string => {
  const day = answer.target as Day;
  const today = todayOf(archive);
  return listPage(answer, {
    previousDay: addDays(day, -1),
    nextDay: day < today ? addDays(day, 1) : null,
    at: at ?? null,
    sort,
  });
};

const watchedTarget = async (site: Site, slug: string): Promise<`watched:${string}`> => {
  const source = `watched:${slug}` as const;
  if ((await listsOf(site.archive.records)).has(source)) return source;
  throw await notFound(site.archive, `no search is watched under the name ${slug}`);
};

const lists: Route[] = [
  ...(['daily', 'trending'] as const).flatMap((source): Route[] => [
    route({
      path: `/${source}`,
      says:
        source === 'daily'
          ? 'The newest day with at least one paper, and what today holds so far.'
          : 'The newest trending list.',
      params: z.object(listParams),
      answer: ({ ListAnswer }) => ListAnswer,
      run: ({ archive }, { at, sort }) => newestList(archive, source, { at: at ?? null, sort }),
      page: drawList,
      table: paperTable,
      papers: ({ papers }) => papers,
    }),
    route({
      path: `/${source}/:day`,
      says: source === 'daily' ? "A day's list." : 'The last trending list of a day.',
      params: z.object({ day: params.day, ...listParams }),
      answer: ({ ListAnswer }) => ListAnswer,
      run: ({ archive }, { day, at, sort }) => listAnswer(archive, { source, day }, { at: at ?? null, sort }),
      page: drawList,
      table: paperTable,
      papers: ({ papers }) => papers,
      maxAge: listAge,
    }),
  ]),
  route({
    path: '/watched/:slug',
    says: 'The newest list of a watched search.',
    params: z.object({ slug: params.watchedSlug, ...listParams }),
    answer: ({ ListAnswer }) => ListAnswer,
    run: async (site, { slug, at, sort }) =>
      newestList(site.archive, await watchedTarget(site, slug), { at: at ?? null, sort }),
    page: drawList,
    table: paperTable,
    papers: ({ papers }) => papers,
  }),
  route({
    path: '/watched/:slug/:day',
    says: 'A watched search as it was on a day.',
    params: z.object({ slug: params.watchedSlug, day: params.day, ...listParams }),
    answer: ({ ListAnswer }) => ListAnswer,
    run: async (site, { slug, day, at, sort }) =>
      listAnswer(site.archive, { source: await watchedTarget(site, slug), day }, { at: at ?? null, sort }),
    page: drawList,
    table: paperTable,
    papers: ({ papers }) => papers,
    maxAge: listAge,
  }),
];

const history = { list: params.list.optional(), from: params.begin.optional(), to: params.end.optional() };

const papers: Route[] = [
  route({
    path: '/papers/:id',
    says: 'A paper with all its appearances and what changed in it.',
    params: z.object({ id: params.paperId }),
    answer: ({ PaperAnswer }) => PaperAnswer,
    run: async (site, { id }) => (await paperAnswer(site.archive, id)) ?? Promise.reject(await unseen(site, id)),
    page: async (answer, { id }, { archive }) => {
      const whole = { list: null, from: null, to: null };
      const observed = await historyAnswer(archive, id, whole);
      return paperPage(answer, observed ?? { id, observations: [], total: 0, next: null, sample: archive.sample });
    },
    papers: ({ paper }) => [paper],
  }),
  route({
    path: '/papers/:id/history',
    says: 'Every observation of a paper, in time order.',
    params: z.object({ id: params.paperId, ...history }).refine(isForward, FORWARD),
    answer: ({ HistoryAnswer }) => HistoryAnswer,
    run: async (site, { id, list, from, to }) =>
      (await historyAnswer(site.archive, id, { list: list ?? null, from: from ?? null, to: to ?? null })) ??
      Promise.reject(await unseen(site, id)),
    page: (answer) => historyPage(answer),
    table: ({ observations }) => ({
      columns: ['at', 'list', 'target', 'rank', 'upvotes', 'comments', 'githubStars'],
      rows: observations,
    }),
  }),
  ...(['author', 'organization', 'keyword'] as const).map((kind: NamedKind) =>
    route({
      path: `/${kind}s/:slug`,
      says: `The papers of ${kind === 'keyword' ? 'a' : 'an'} ${kind}, newest first.`,
      params: z
        .object({ slug: params.slug, ...stretch, limit: params.limit, cursor: params.cursor(NAMED_POSITION) })
        .refine(isForward, FORWARD),
      answer: ({ NamedAnswer }) => NamedAnswer,
      run: async (site, asked, next) => {
        const found = await namedAnswer(site.archive, { kind, slug: asked.slug, ...rangeOf(asked) }, pagingOf(asked));
        if (!found) throw await notFound(site.archive, `no paper of the ${kind} ${asked.slug} was seen`);
        return { ...found.answer, next: next(found.page.cursor) };
      },
      page: (answer) => namedPage(answer),
      table: (answer, { NamedAnswer }) => ({
        columns: Object.keys(NamedAnswer.shape.papers.element.shape),
        rows: answer.papers,
      }),
      papers: (answer) => answer.papers,
    }),
  ),
];

const unseen = ({ archive }: Site, id: string): Promise<Refusal> =>
  notFound(archive, `paper ${id} was never seen on any list`);

const archive: Route[] = [
  route({
    path: '/',
    says: 'The newest daily list and trending side by side.',
    params: z.object({}),
    answer: ({ FrontAnswer }) => FrontAnswer,
    run: async ({ archive }) => {
      const newest = { at: null, sort: 'rank' } as const;
      const [daily, trending] = await Promise.all([
        newestList(archive, 'daily', newest),
        newestList(archive, 'trending', newest),
      ]);
      return { sample: archive.sample, daily, trending };
    },
    page: (answer) => frontPage(answer),
  }),
  route({
    path: '/coverage',
    says: 'The calendar of a list: what was captured, what is missing.',
    params: z.object({ list: params.list.default('daily'), ...stretch }).refine(isForward, FORWARD),
    answer: ({ CoverageAnswer }) => CoverageAnswer,
    run: ({ archive }, { list, from, to }) => {
      const last = to ?? todayOf(archive);
      if (from && daysBetween(from, last) >= CALENDAR_DAYS) {
        throw badParameters([{ parameter: 'from', detail: `must be within ${CALENDAR_DAYS} days of to` }]);
      }
      return coverageAnswer(archive, list, rangeOf({ from, to }));
    },
    page: (answer) => coveragePage(answer),
    table: ({ days }, { CoverageDay }) => ({ columns: Object.keys(CoverageDay.shape), rows: days }),
  }),
  route({
    path: '/captures',
    says: 'The index of captures, newest first.',
    params: z
      .object({
        list: params.list.optional(),
        ...stretch,
        limit: params.limit,
        cursor: params.cursor(CAPTURE_POSITION),
      })
      .refine(isForward, FORWARD),
    answer: ({ CapturesAnswer }) => CapturesAnswer,
    run: async ({ archive }, asked, next) => {
      const { answer, page } = await capturesAnswer(
        archive,
        { list: asked.list ?? null, ...rangeOf(asked) },
        pagingOf(asked),
      );
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer) => capturesPage(answer),
    table: ({ captures }, { CaptureFacts }) => ({ columns: Object.keys(CaptureFacts.shape), rows: captures }),
  }),
  route({
    path: '/captures/:source/:target/:time',
    says: "One snapshot's facts; `.warc.gz` is the file.",
    params: z.object({ source: params.list, target: params.day, time: params.captureTime }),
    answer: ({ CaptureAnswer }) => CaptureAnswer,
    run: async ({ archive }, { source, target, time }) => {
      const found = await captureAnswer(archive, { source, day: target }, time.at, time.digest);
      if (found) return found;
      const summary = await summaryOf(archive.records, { source, day: target }, null);
      throw new Refusal(404, 'Not found', `no capture of ${source} ${target} at ${time.at}`, {
        coverage: coverageOf(summary?.standing ?? null),
      });
    },
    page: (answer) => capturePage(answer),
    snapshot: ({ key }) => key,
    maxAge: () => 3600,
  }),
  route({
    path: '/-/health',
    says: 'Whether the archive is alive; 503 when its newest capture is older than three periods.',
    params: z.object({}),
    answer: ({ HealthAnswer }) => HealthAnswer,
    run: ({ archive }) => healthAnswer(archive),
    page: (answer) => healthPage(answer),
    status: ({ status }) => (status === 'ok' ? 200 : 503),
    maxAge: () => 0,
  }),
  route({
    path: '/-/versions',
    says: 'What is running.',
    params: z.object({}),
    answer: ({ VersionsAnswer }) => VersionsAnswer,
    run: async ({ archive, versions }) => ({ ...versions, sample: archive.sample }),
    page: (answer) => versionsPage(answer),
  }),
];

/** All routes, in the order they are matched. */
export const routes: readonly Route[] = [...archive, ...lists, ...papers];
