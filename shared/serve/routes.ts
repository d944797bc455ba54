/** Every address of the site, once: the app, the OpenAPI document and the test of the docs are made from this table. */
import * as z from 'zod';
import { addDays, daysBetween } from '../kit/clock.ts';
import type { Target } from '../model/target.ts';
import * as answers from '../query/answers.ts';
import { captureAnswer, capturesAnswer } from '../query/captures.ts';
import { coverageAnswer } from '../query/coverage.ts';
import { healthAnswer } from '../query/health.ts';
import { listAnswer, newestList } from '../query/list.ts';
import { namedAnswer } from '../query/named.ts';
import { historyAnswer, paperAnswer } from '../query/paper.ts';
import { type Archive, dayAt } from '../query/store.ts';
import { listsOf } from '../record/calendar.ts';
import type { NamedKind } from '../record/keys.ts';
import type { Citable } from '../render/bib.ts';
import { coveragePage } from '../render/calendar.ts';
import { capturePage, capturesPage } from '../render/captures.ts';
import { frontPage } from '../render/front.ts';
import { listPage } from '../render/list.ts';
import { namedPage } from '../render/named.ts';
import { historyPage, paperPage } from '../render/paper.ts';
import { healthPage, versionsPage } from '../render/status.ts';
import * as params from './params.ts';
import { badParameters, Refusal } from './problem.ts';

/** What routes are answered from. */
export type Site = { readonly archive: Archive; readonly versions: Omit<answers.VersionsAnswer, 'sample'> };

/** The address of the next page of a list, from a cursor; null for the last page. */
export type NextUrl = (cursor: string | null) => string | null;

/** A table of values: the names of its columns, as in the JSON, and its rows. */
export type Table = {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};

/** One address: how its parameters are read, how it is answered, and the shapes the answer is given in. */
export type RouteOf<P extends z.ZodObject, A> = {
  /** Path with `:name` where a parameter stands; `.json` behind it gives the data. */
  readonly path: string;
  /** What it answers, a sentence for the OpenAPI document. */
  readonly says: string;
  readonly params: P;
  readonly answer: z.ZodType<A>;
  /** Throws a Refusal when there is nothing to answer; `next` makes the address of the page that a cursor begins. */
  run(site: Site, asked: z.output<P>, next: NextUrl): Promise<A>;
  page(answer: A, asked: z.output<P>, site: Site): Promise<string> | string;
  table?(answer: A): Table;
  /** The papers to cite. */
  papers?(answer: A): readonly Citable[];
  status?(answer: A): number;
  /** How long an answer may be kept by others, in seconds; 60 when absent. */
  maxAge?(answer: A, asked: z.output<P>): number;
};

/** A route whose types are its own affair. */
export type Route = {
  readonly path: string;
  readonly says: string;
  readonly params: z.ZodObject;
  readonly answer: z.ZodType;
  readonly formats: readonly Format[];
  reply(site: Site, given: Readonly<Record<string, string>>, format: Format, next: NextUrl): Promise<Reply>;
};
/** The shapes of an answer. */
export type Format = 'html' | 'json' | 'csv' | 'bib';
/** An answered route: a page as text, or data. */
export type Reply = {
  readonly status: number;
  readonly maxAge: number;
  readonly body: string | Table | readonly Citable[] | object;
};

/** Binds a route's types together and hides them. */
function route<P extends z.ZodObject, A extends object>(it: RouteOf<P, A>): Route {
  return {
    path: it.path,
    says: it.says,
    params: it.params,
    answer: it.answer,
    formats: ['html', 'json', ...(it.table ? (['csv'] as const) : []), ...(it.papers ? (['bib'] as const) : [])],
    async reply(site, given, format, next) {
      const whole = format === 'csv' || format === 'bib';
      const read = it.params.safeParse(whole ? { ...given, limit: undefined, cursor: undefined } : given);
      if (!read.success)
        throw badParameters(
          read.error.issues.map(({ path, message }) => ({ parameter: path.join('.'), detail: message })),
        );
      const asked = whole && 'limit' in it.params.shape ? { ...read.data, limit: Number.MAX_SAFE_INTEGER } : read.data;
      const answer = await it.run(site, asked, next);
      const bodies = {
        html: () => it.page(answer, asked, site),
        json: () => answer,
        csv: () => it.table?.(answer) ?? answer,
        bib: () => it.papers?.(answer) ?? answer,
      };
      return {
        status: it.status?.(answer) ?? 200,
        maxAge: it.maxAge?.(answer, asked) ?? 60,
        body: await bodies[format](),
      };
    },
  };
}

const listParams = { at: params.instant.optional(), sort: params.sort };
const paging = { limit: params.limit, cursor: params.cursor.optional() };
const stretch = { from: params.day.optional(), to: params.day.optional() };
const pagingOf = ({ limit, cursor }: { limit: number; cursor?: string | undefined }) => ({
  limit,
  cursor: cursor ?? null,
});
const rangeOf = ({ from, to }: { from?: Target['day'] | undefined; to?: Target['day'] | undefined }) => ({
  from: from ?? null,
  to: to ?? null,
});

/** Columns of a list's CSV: the JSON's names, in its order. */
const LIST_COLUMNS = Object.keys(answers.ListedPaper.shape);
const paperTable = ({ papers }: answers.ListAnswer): Table => ({ columns: LIST_COLUMNS, rows: papers });

/** Settled lists and the past do not change, so others may keep them for an hour; replays may still correct them. */
const listAge = ({ coverage }: answers.ListAnswer, { at }: { at?: string | undefined }): number =>
  coverage.settled || at !== undefined ? 3600 : 60;

/** 404 with what the whole archive holds. */
async function notFound({ archive }: Site, what: string): Promise<Refusal> {
  const lists = [...(await listsOf(archive.records))].map(([list, months]) => ({
    list,
    from: months[0],
    to: months.at(-1),
  }));
  return new Refusal(404, 'Not found', what, { coverage: { lists } });
}

type ListAsked = { at?: Target['day'] | undefined | string; sort: 'rank' | 'upvotes' | 'gain' };

/** Routes of one kind of list: the newest one, and that of a day. */
const drawList = async (answer: answers.ListAnswer, { at, sort }: ListAsked, { archive }: Site): Promise<string> => {
  const day = answer.target as Target['day'];
  const today = dayAt(archive, null);
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
  throw await notFound(site, `no search is watched under the name ${slug}`);
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
      answer: answers.ListAnswer,
      run: ({ archive }, { at, sort }) => newestList(archive, source, { at: at ?? null, sort }),
      page: drawList,
      table: paperTable,
      papers: ({ papers }) => papers,
    }),
    route({
      path: `/${source}/:day`,
      says: source === 'daily' ? "A day's list." : 'The last trending list of a day.',
      params: z.object({ day: params.day, ...listParams }),
      answer: answers.ListAnswer,
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
    answer: answers.ListAnswer,
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
    answer: answers.ListAnswer,
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
    answer: answers.PaperAnswer,
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
    params: z.object({ id: params.paperId, ...history }),
    answer: answers.HistoryAnswer,
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
      params: z.object({ slug: params.slug, ...stretch, ...paging }),
      answer: answers.NamedAnswer,
      run: async (site, asked, next) => {
        const found = await namedAnswer(site.archive, { kind, slug: asked.slug, ...rangeOf(asked) }, pagingOf(asked));
        if (!found) throw await notFound(site, `no paper of the ${kind} ${asked.slug} was seen`);
        return { ...found.answer, next: next(found.page.cursor) };
      },
      page: (answer) => namedPage(answer),
      table: (answer) => ({
        columns: Object.keys(answers.NamedAnswer.shape.papers.element.shape),
        rows: answer.papers,
      }),
      papers: (answer) => answer.papers,
    }),
  ),
];

const unseen = (site: Site, id: string): Promise<Refusal> => notFound(site, `paper ${id} was never seen on any list`);

/** The longest calendar that one answer draws: a little over ten years. */
const CALENDAR_DAYS = 4000;

const archive: Route[] = [
  route({
    path: '/',
    says: 'The newest daily list and trending side by side.',
    params: z.object({}),
    answer: answers.FrontAnswer,
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
    params: z.object({ list: params.list.default('daily'), ...stretch }),
    answer: answers.CoverageAnswer,
    run: ({ archive }, { list, from, to }) => {
      const last = to ?? dayAt(archive, null);
      if (from && daysBetween(from, last) >= CALENDAR_DAYS) {
        throw badParameters([{ parameter: 'from', detail: `must be within ${CALENDAR_DAYS} days of to` }]);
      }
      return coverageAnswer(archive, list, rangeOf({ from, to }));
    },
    page: (answer) => coveragePage(answer),
    table: ({ days }) => ({ columns: Object.keys(answers.CoverageDay.shape), rows: days }),
  }),
  route({
    path: '/captures',
    says: 'The index of captures, newest first.',
    params: z.object({ list: params.list.optional(), ...stretch, ...paging }),
    answer: answers.CapturesAnswer,
    run: async ({ archive }, asked, next) => {
      const { answer, page } = await capturesAnswer(
        archive,
        { list: asked.list ?? null, ...rangeOf(asked) },
        pagingOf(asked),
      );
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer) => capturesPage(answer),
    table: ({ captures }) => ({ columns: Object.keys(answers.CaptureFacts.shape), rows: captures }),
  }),
  route({
    path: '/captures/:source/:target/:time',
    says: "One snapshot's facts; `.warc.gz` is the file.",
    params: z.object({ source: params.list, target: params.day, time: params.instant }),
    answer: answers.CaptureAnswer,
    run: async (site, { source, target, time }) =>
      (await captureAnswer(site.archive, { source, day: target }, time)) ??
      Promise.reject(await notFound(site, `no capture of ${source} ${target} at ${time}`)),
    page: (answer) => capturePage(answer),
    maxAge: () => 3600,
  }),
  route({
    path: '/-/health',
    says: 'Whether the archive is alive; 503 when its newest capture is older than three periods.',
    params: z.object({}),
    answer: answers.HealthAnswer,
    run: ({ archive }) => healthAnswer(archive),
    page: (answer) => healthPage(answer),
    status: ({ status }) => (status === 'ok' ? 200 : 503),
    maxAge: () => 0,
  }),
  route({
    path: '/-/versions',
    says: 'What is running.',
    params: z.object({}),
    answer: answers.VersionsAnswer,
    run: async ({ archive, versions }) => ({ ...versions, sample: archive.sample }),
    page: (answer) => versionsPage(answer),
  }),
];

/** All routes, in the order they are matched. */
export const routes: readonly Route[] = [...archive, ...lists, ...papers];
