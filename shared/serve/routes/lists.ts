import * as z from 'zod';
import { addDays, addSeconds, type Day, type Instant } from '../../kit/clock.ts';
import type * as answers from '../../query/answers.ts';
import { type ListSort, listAnswer, newestList } from '../../query/list.ts';
import { todayOf } from '../../query/store.ts';
import { listPage } from '../../render/list.ts';
import { refuseUnknown } from '../known.ts';
import * as params from '../params.ts';
import { type Route, route, type Schemas, type Site, type Table } from '../route.ts';
import type { Open } from '../stretch.ts';

const listParams = { at: params.instant.optional(), sort: params.sort };

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
  await refuseUnknown(site, source);
  return source;
};

/** Lists: the newest and those of a day. */
export const lists: readonly Route[] = [
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
