import * as z from 'zod';
import { NAMED_POSITION, namedAnswer } from '../../query/named.ts';
import { historyAnswer, paperAnswer } from '../../query/paper.ts';
import type { NamedKind } from '../../record/keys.ts';
import { namedPage } from '../../render/named.ts';
import { historyPage, paperPage } from '../../render/paper.ts';
import * as params from '../params.ts';
import { notFound, type Refusal } from '../problem.ts';
import { type Route, route, type Site } from '../route.ts';
import { forward, pagingOf, rangeOf, stretch } from '../stretch.ts';

const history = { list: params.list.optional(), from: params.begin.optional(), to: params.end.optional() };

/** Papers, and those under a name. */
export const papers: readonly Route[] = [
  route({
    path: '/papers/:id',
    says: 'A paper with all its appearances, what changed in it and how it fared.',
    params: z.object({ id: params.paperId }),
    answer: ({ PaperAnswer }) => PaperAnswer,
    run: async (site, { id }) => (await paperAnswer(site.archive, id)) ?? Promise.reject(await unseen(site, id)),
    page: async (answer, { id }, { archive }) => {
      const whole = { list: null, from: null, to: null };
      const observed = await historyAnswer(archive, id, whole);
      const { coverage, sample } = answer;
      return paperPage(answer, observed ?? { id, observations: [], coverage, total: 0, next: null, sample });
    },
    papers: ({ paper }) => [paper],
  }),
  route({
    path: '/papers/:id/history',
    says: 'Every observation of a paper, in time order.',
    params: z.object({ id: params.paperId, ...history }),
    together: [forward],
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
      params: z.object({ slug: params.slug, ...stretch, limit: params.limit, cursor: params.cursor(NAMED_POSITION) }),
      together: [forward],
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

/** 404 for a paper that was on no list. */
export const unseen = ({ archive }: Site, id: string): Promise<Refusal> =>
  notFound(archive, `paper ${id} was never seen on any list`);
