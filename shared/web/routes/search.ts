import * as z from 'zod';
import { addSeconds } from '../../lib/time.ts';
import { getNewPapers, NEW_POSITION } from '../../query/new.ts';
import * as params from '../../query/parameters.ts';
import { dateRange, endsAfterStart, toOpenRange, toPaging } from '../../query/range-parameters.ts';
import { SEARCH_POSITION, searchPapers } from '../../query/search.ts';
import { getSimilarPapers } from '../../query/similar.ts';
import { renderNewPage } from '../pages/new.ts';
import { renderSearchPage } from '../pages/search.ts';
import { renderSimilarPage } from '../pages/similar.ts';
import { defineRoute, type Route } from '../route.ts';
import { unknownPaper } from './papers.ts';

/** As far as `/new` looks back when it is not told, in seconds: a day. */
const NEW_SECONDS = 86_400;

/** Questions over all papers at once. */
export const searchRoutes: readonly Route[] = [
  defineRoute({
    path: '/search',
    says: 'Papers whose title, abstract, authors or keywords hold all the words, on a list of days and ranks that fit; without words, those that fit.',
    params: z.object({
      q: params.searchText.optional(),
      list: params.list.optional(),
      ...dateRange,
      minUpvotes: params.minUpvotes.optional(),
      maxRank: params.maxRank.optional(),
      sort: params.searchSort.optional(),
      limit: params.limit,
      cursor: params.cursor(SEARCH_POSITION),
    }),
    together: [endsAfterStart],
    answer: ({ SearchAnswer }) => SearchAnswer,
    run: async ({ context }, asked, next) => {
      const { q, list, minUpvotes, maxRank, sort } = asked;
      const question = {
        q: q?.text ?? null,
        terms: q?.terms ?? [],
        list: list ?? null,
        ...toOpenRange(asked),
        minUpvotes: minUpvotes ?? null,
        maxRank: maxRank ?? null,
        sort: sort ?? null,
      };
      const { answer, page } = await searchPapers(context, question, toPaging(asked));
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer, { sort }) => renderSearchPage(answer, sort ?? null),
    table: ({ papers }, { FoundPaper }) => ({ columns: Object.keys(FoundPaper.shape), rows: papers }),
    papers: ({ papers }) => papers,
  }),
  defineRoute({
    path: '/papers/:id/similar',
    says: 'The papers that share most of what few others hold, nearest first, at most 10.',
    params: z.object({ id: params.paperId }),
    answer: ({ SimilarAnswer }) => SimilarAnswer,
    run: async (site, { id }) =>
      (await getSimilarPapers(site.context, id)) ?? Promise.reject(await unknownPaper(site, id)),
    page: (answer) => renderSimilarPage(answer),
  }),
  defineRoute({
    path: '/new',
    says: 'Papers first seen on any list since a moment (included; the last 24 hours), newest first. Captures may be recorded late: ask again from a day before `until`, and tell papers by their ids.',
    params: z.object({
      since: params.rangeStart.optional(),
      list: params.list.optional(),
      limit: params.limit,
      cursor: params.cursor(NEW_POSITION),
    }),
    answer: ({ NewAnswer }) => NewAnswer,
    run: async ({ context }, asked, next) => {
      const since = asked.since ?? addSeconds(context.clock(), -NEW_SECONDS);
      const { answer, page } = await getNewPapers(context, { since, list: asked.list ?? null }, toPaging(asked));
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer) => renderNewPage(answer),
    table: ({ papers }, { NewAnswer }) => ({
      columns: Object.keys(NewAnswer.shape.papers.element.shape),
      rows: papers,
    }),
    papers: ({ papers }) => papers,
  }),
];
