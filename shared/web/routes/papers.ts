import { setTimeout } from 'node:timers/promises';
import { parsePaperReference } from '../../model/paper.ts';
import type { SiteContext } from '../../query/context.ts';
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
import { getPaper, paperQuestion } from '../../query/paper.ts';
import { searchQuestion } from '../../query/search.ts';
import type { SimilarAnswer } from '../../query/similar.schema.ts';
import { getSimilarPapers, similarQuestion } from '../../query/similar.ts';
import { createNamedFeed, createNewFeed, createSearchFeed } from '../feeds.ts';
import { formatPaperMarkdown } from '../formats/markdown.ts';
import { renderNamePapersPage } from '../pages/name-papers.ts';
import { renderNamesPage } from '../pages/names.ts';
import { renderNewPage } from '../pages/new.ts';
import { renderHistoryPage, renderPaperPage } from '../pages/paper.ts';
import { renderSearchPage } from '../pages/search.ts';
import { renderSimilarPage } from '../pages/similar.ts';
import { paperPath } from '../paths.ts';
import { defineRoute, type Route } from '../route.ts';

/** How long a paper's page waits for similar papers, in milliseconds: a catalog that must be fetched or built first takes seconds. */
const SIMILAR_WAIT_MS = 250;

/** The papers nearest to one; null if the catalog cannot tell soon. */
const readSimilarSoon = (context: SiteContext, id: string): Promise<SimilarAnswer | null> =>
  Promise.race([getSimilarPapers(context, id).catch(() => null), setTimeout(SIMILAR_WAIT_MS, null, { ref: false })]);

/** One paper, and the ways to find papers. */
export const paperRoutes: readonly Route[] = [
  defineRoute(paperQuestion, {
    page: async (answer, { id }, context) => {
      const [history, similar] = await Promise.all([
        getHistory(context, id, { list: null, from: null, to: null }),
        readSimilarSoon(context, id),
      ]);
      return renderPaperPage(answer, history, similar);
    },
    bib: ({ paper }) => [paper],
    markdown: formatPaperMarkdown,
  }),
  defineRoute(historyQuestion, {
    page: async (answer, { id }, context) => renderHistoryPage(answer, (await getPaper(context, id)).paper.title),
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
