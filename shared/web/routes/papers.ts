import * as z from 'zod';
import { getIndexedPapers, INDEX_POSITION } from '../../query/named.ts';
import { getHistory, getPaper } from '../../query/paper.ts';
import * as params from '../../query/parameters.ts';
import { dateRange, endsAfterStart, toOpenRange, toPaging } from '../../query/range-parameters.ts';
import type { IndexKind } from '../../table/keys.ts';
import { renderIndexedPapersPage } from '../pages/indexed-papers.ts';
import { renderHistoryPage, renderPaperPage } from '../pages/paper.ts';
import { type HttpProblem, notFound } from '../problem.ts';
import { defineRoute, type Route, type SiteContext } from '../route.ts';

const history = { list: params.list.optional(), from: params.rangeStart.optional(), to: params.rangeEnd.optional() };

/** Papers, and those under a name. */
export const paperRoutes: readonly Route[] = [
  defineRoute({
    path: '/papers/:id',
    says: 'A paper with all its appearances, what changed in it and how it fared.',
    params: z.object({ id: params.paperId }),
    answer: ({ PaperAnswer }) => PaperAnswer,
    run: async (site, { id }) => (await getPaper(site.context, id)) ?? Promise.reject(await unknownPaper(site, id)),
    page: async (answer, { id }, { context }) => {
      const whole = { list: null, from: null, to: null };
      const observed = await getHistory(context, id, whole);
      const { coverage, sample } = answer;
      return renderPaperPage(answer, observed ?? { id, observations: [], coverage, total: 0, next: null, sample });
    },
    papers: ({ paper }) => [paper],
  }),
  defineRoute({
    path: '/papers/:id/history',
    says: 'Every observation of a paper, in time order.',
    params: z.object({ id: params.paperId, ...history }),
    together: [endsAfterStart],
    answer: ({ HistoryAnswer }) => HistoryAnswer,
    run: async (site, { id, list, from, to }) =>
      (await getHistory(site.context, id, { list: list ?? null, from: from ?? null, to: to ?? null })) ??
      Promise.reject(await unknownPaper(site, id)),
    page: (answer) => renderHistoryPage(answer),
    table: ({ observations }) => ({
      columns: ['at', 'list', 'day', 'rank', 'upvotes', 'comments', 'githubStars'],
      rows: observations,
    }),
  }),
  ...(['author', 'organization', 'keyword'] as const).map((kind: IndexKind) =>
    defineRoute({
      path: `/${kind}s/:slug`,
      says: `The papers of ${kind === 'keyword' ? 'a' : 'an'} ${kind}, newest first.`,
      params: z.object({ slug: params.slug, ...dateRange, limit: params.limit, cursor: params.cursor(INDEX_POSITION) }),
      together: [endsAfterStart],
      answer: ({ NamedAnswer }) => NamedAnswer,
      run: async (site, asked, next) => {
        const found = await getIndexedPapers(
          site.context,
          { kind, slug: asked.slug, ...toOpenRange(asked) },
          toPaging(asked),
        );
        if (!found) throw await notFound(site.context, `no paper of the ${kind} ${asked.slug} was seen`);
        return { ...found.answer, next: next(found.page.cursor) };
      },
      page: (answer) => renderIndexedPapersPage(answer),
      table: (answer, { NamedAnswer }) => ({
        columns: Object.keys(NamedAnswer.shape.papers.element.shape),
        rows: answer.papers,
      }),
      papers: (answer) => answer.papers,
    }),
  ),
];

/** 404 for a paper that was on no list. */
export const unknownPaper = ({ context }: SiteContext, id: string): Promise<HttpProblem> =>
  notFound(context, `paper ${id} was never seen on any list`);
