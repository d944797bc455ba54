import { parsePaperReference } from '../../model/paper.ts';
import { getHistory, historyQuestion } from '../../query/history.ts';
import {
  authorQuestion,
  authorsQuestion,
  keywordQuestion,
  keywordsQuestion,
  organizationQuestion,
  organizationsQuestion,
} from '../../query/names.ts';
import { newQuestion } from '../../query/new.ts';
import { paperQuestion } from '../../query/paper.ts';
import { searchQuestion } from '../../query/search.ts';
import { similarQuestion } from '../../query/similar.ts';
import { createNamedFeed, createNewFeed, createSearchFeed } from '../feeds.ts';
import { renderNamePapersPage } from '../pages/name-papers.ts';
import { renderNamesPage } from '../pages/names.ts';
import { renderNewPage } from '../pages/new.ts';
import { renderHistoryPage, renderPaperPage } from '../pages/paper.ts';
import { renderSearchPage } from '../pages/search.ts';
import { renderSimilarPage } from '../pages/similar.ts';
import { paperPath } from '../paths.ts';
import { defineRoute, type Route } from '../route.ts';

/** One paper, and the ways to find papers. */
export const paperRoutes: readonly Route[] = [
  defineRoute(paperQuestion, {
    page: async (answer, { id }, context) =>
      renderPaperPage(answer, await getHistory(context, id, { list: null, from: null, to: null })),
    bib: ({ paper }) => [paper],
  }),
  defineRoute(historyQuestion, {
    page: renderHistoryPage,
    csv: ({ observations }, { shape }) => ({
      columns: Object.keys(shape.observations.element.shape),
      rows: observations,
    }),
  }),
  defineRoute(similarQuestion, {
    page: renderSimilarPage,
    csv: ({ papers }, { shape }) => ({ columns: Object.keys(shape.papers.element.shape), rows: papers }),
  }),
  ...[authorsQuestion, organizationsQuestion, keywordsQuestion].map((question) =>
    defineRoute(question, {
      page: renderNamesPage,
      csv: ({ names }, { shape }) => ({ columns: Object.keys(shape.names.element.shape), rows: names }),
    }),
  ),
  ...(
    [
      ['author', authorQuestion],
      ['organization', organizationQuestion],
      ['keyword', keywordQuestion],
    ] as const
  ).map(([kind, question]) =>
    defineRoute(question, {
      feed: (context, asked) => createNamedFeed(context, kind, asked),
      page: renderNamePapersPage,
      csv: ({ papers }, { shape }) => ({ columns: Object.keys(shape.papers.element.shape), rows: papers }),
      bib: ({ papers }) => papers,
    }),
  ),
  defineRoute(searchQuestion, {
    page: (answer, { sort }) => renderSearchPage(answer, sort),
    feed: createSearchFeed,
    redirect: ({ q, papers: [paper] }) =>
      paper?.id && parsePaperReference(q ?? '') === paper.id ? paperPath(paper.id) : null,
    csv: ({ papers }, { shape }) => ({ columns: Object.keys(shape.papers.element.shape), rows: papers }),
    bib: ({ papers }) => papers,
  }),
  defineRoute(newQuestion, {
    page: renderNewPage,
    feed: createNewFeed,
    csv: ({ papers }, { shape }) => ({ columns: Object.keys(shape.papers.element.shape), rows: papers }),
    bib: ({ papers }) => papers,
  }),
];
