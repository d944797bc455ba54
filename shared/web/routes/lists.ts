import * as z from 'zod';
import { addSeconds, type Instant } from '../../lib/time.ts';
import { currentDay } from '../../query/context.ts';
import { getList, getNewestList, type ListSort } from '../../query/list.ts';
import * as params from '../../query/parameters.ts';
import type { Optional } from '../../query/range-parameters.ts';
import type * as answers from '../../query/schemas.ts';
import type { CsvTable } from '../formats/csv.ts';
import { requireKnownList } from '../known-lists.ts';
import { renderListPage } from '../pages/list.ts';
import { defineRoute, type Route, type Schemas, type SiteContext } from '../route.ts';

const listParams = { at: params.instant.optional(), sort: params.sort };

/** Columns of a list's CSV: the JSON's names, in its order. */
const paperTable = ({ papers }: answers.ListAnswer, { ListedPaper }: Schemas): CsvTable => ({
  columns: Object.keys(ListedPaper.shape),
  rows: papers,
});

type ListAsked = { at?: Optional<Instant>; sort: ListSort };

/** Settled lists do not change, nor does what was known an hour ago, so others may keep them for an hour; replays may still correct them. */
const listAge = ({ coverage }: answers.ListAnswer, { at }: ListAsked, { context }: SiteContext): number =>
  coverage.settled || (at && at < addSeconds(context.clock(), -3600)) ? 3600 : 60;

const renderList = (answer: answers.ListAnswer, { at, sort }: ListAsked, { context }: SiteContext): string =>
  renderListPage(answer, { today: currentDay(context), at: at ?? null, sort });

const watchedTarget = async (site: SiteContext, slug: string): Promise<`watched:${string}`> => {
  const list = `watched:${slug}` as const;
  await requireKnownList(site, list);
  return list;
};

/** Lists: the newest and those of a day. */
export const listRoutes: readonly Route[] = [
  ...(['daily', 'trending'] as const).flatMap((list): Route[] => [
    defineRoute({
      path: `/${list}`,
      says:
        list === 'daily'
          ? 'The newest day with at least one paper, and what today holds so far.'
          : 'The newest trending list.',
      params: z.object(listParams),
      answer: ({ ListAnswer }) => ListAnswer,
      run: ({ context }, { at, sort }) => getNewestList(context, list, { at: at ?? null, sort }),
      page: renderList,
      table: paperTable,
      papers: ({ papers }) => papers,
    }),
    defineRoute({
      path: `/${list}/:day`,
      says: list === 'daily' ? "A day's list." : 'The last trending list of a day.',
      params: z.object({ day: params.day, ...listParams }),
      answer: ({ ListAnswer }) => ListAnswer,
      run: ({ context }, { day, at, sort }) => getList(context, { list, day }, { at: at ?? null, sort }),
      page: renderList,
      table: paperTable,
      papers: ({ papers }) => papers,
      maxAge: listAge,
    }),
  ]),
  defineRoute({
    path: '/watched/:slug',
    says: 'The newest list of a watched search.',
    params: z.object({ slug: params.watchedSlug, ...listParams }),
    answer: ({ ListAnswer }) => ListAnswer,
    run: async (site, { slug, at, sort }) =>
      getNewestList(site.context, await watchedTarget(site, slug), { at: at ?? null, sort }),
    page: renderList,
    table: paperTable,
    papers: ({ papers }) => papers,
  }),
  defineRoute({
    path: '/watched/:slug/:day',
    says: 'A watched search as it was on a day.',
    params: z.object({ slug: params.watchedSlug, day: params.day, ...listParams }),
    answer: ({ ListAnswer }) => ListAnswer,
    run: async (site, { slug, day, at, sort }) =>
      getList(site.context, { list: await watchedTarget(site, slug), day }, { at: at ?? null, sort }),
    page: renderList,
    table: paperTable,
    papers: ({ papers }) => papers,
    maxAge: listAge,
  }),
];
