import * as z from 'zod';
import { addSeconds } from '../../kit/clock.ts';
import { NEW_POSITION, newAnswer } from '../../query/new.ts';
import { SEARCH_POSITION, searchAnswer } from '../../query/search.ts';
import { similarAnswer } from '../../query/similar.ts';
import { newPage } from '../../render/new.ts';
import { searchPage } from '../../render/search.ts';
import { similarPage } from '../../render/similar.ts';
import * as params from '../params.ts';
import { type Route, route } from '../route.ts';
import { forward, pagingOf, rangeOf, stretch } from '../stretch.ts';
import { unseen } from './papers.ts';

/** As far as `/new` looks back when it is not told, in seconds: a day. */
const NEW_SECONDS = 86_400;

/** Questions over all papers at once. */
export const search: readonly Route[] = [
  route({
    path: '/search',
    says: 'Papers whose title, abstract, authors or keywords hold all the words, on a list of days and ranks that fit; without words, those that fit.',
    params: z.object({
      q: params.words.optional(),
      list: params.list.optional(),
      ...stretch,
      minUpvotes: params.minUpvotes.optional(),
      maxRank: params.maxRank.optional(),
      sort: params.searchSort.optional(),
      limit: params.limit,
      cursor: params.cursor(SEARCH_POSITION),
    }),
    together: [forward],
    answer: ({ SearchAnswer }) => SearchAnswer,
    run: async ({ archive }, asked, next) => {
      const { q, list, minUpvotes, maxRank, sort } = asked;
      const question = {
        q: q?.text ?? null,
        terms: q?.terms ?? [],
        list: list ?? null,
        ...rangeOf(asked),
        minUpvotes: minUpvotes ?? null,
        maxRank: maxRank ?? null,
        sort: sort ?? null,
      };
      const { answer, page } = await searchAnswer(archive, question, pagingOf(asked));
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer, { sort }) => searchPage(answer, sort ?? null),
    table: ({ papers }, { FoundPaper }) => ({ columns: Object.keys(FoundPaper.shape), rows: papers }),
    papers: ({ papers }) => papers,
  }),
  route({
    path: '/papers/:id/similar',
    says: 'The papers that share most of what few others hold, nearest first, at most 10.',
    params: z.object({ id: params.paperId }),
    answer: ({ SimilarAnswer }) => SimilarAnswer,
    run: async (site, { id }) => (await similarAnswer(site.archive, id)) ?? Promise.reject(await unseen(site, id)),
    page: (answer) => similarPage(answer),
  }),
  route({
    path: '/new',
    says: 'Papers first seen on any list since a moment (included; the last 24 hours), newest first. Captures may be recorded late: ask again from a day before `until`, and tell papers by their ids.',
    params: z.object({
      since: params.begin.optional(),
      list: params.list.optional(),
      limit: params.limit,
      cursor: params.cursor(NEW_POSITION),
    }),
    answer: ({ NewAnswer }) => NewAnswer,
    run: async ({ archive }, asked, next) => {
      const since = asked.since ?? addSeconds(archive.clock(), -NEW_SECONDS);
      const { answer, page } = await newAnswer(archive, { since, list: asked.list ?? null }, pagingOf(asked));
      return { ...answer, next: next(page.cursor) };
    },
    page: (answer) => newPage(answer),
    table: ({ papers }, { NewAnswer }) => ({
      columns: Object.keys(NewAnswer.shape.papers.element.shape),
      rows: papers,
    }),
    papers: ({ papers }) => papers,
  }),
];
