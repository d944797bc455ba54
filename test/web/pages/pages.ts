/** Every page, drawn from made-up answers, by the address it would have. */

import { Subscription } from '../../../shared/digest/subscription.ts';
import type { Instant } from '../../../shared/lib/time.ts';
import { renderCapturePage, renderCapturesPage } from '../../../shared/web/pages/captures.ts';
import { renderCoveragePage } from '../../../shared/web/pages/coverage.ts';
import { renderDigestPage, renderDigestsPage } from '../../../shared/web/pages/digests.ts';
import { renderExpectedPage } from '../../../shared/web/pages/expected.ts';
import { renderExportsPage } from '../../../shared/web/pages/exports.ts';
import { renderFrontPage } from '../../../shared/web/pages/front.ts';
import { renderListPage } from '../../../shared/web/pages/list.ts';
import { renderMoversPage } from '../../../shared/web/pages/movers.ts';
import { renderNamePapersPage } from '../../../shared/web/pages/name-papers.ts';
import { renderNamesPage } from '../../../shared/web/pages/names.ts';
import { renderNewPage } from '../../../shared/web/pages/new.ts';
import { renderHistoryPage, renderPaperPage } from '../../../shared/web/pages/paper.ts';
import { renderProblemPage } from '../../../shared/web/pages/problem.ts';
import { renderSearchPage } from '../../../shared/web/pages/search.ts';
import { renderSimilarPage } from '../../../shared/web/pages/similar.ts';
import { renderHealthPage, renderVersionsPage } from '../../../shared/web/pages/status.ts';
import { renderSubscriptionPage } from '../../../shared/web/pages/subscription.ts';
import { renderTopPage } from '../../../shared/web/pages/top.ts';
import { renderComparePage, renderTopicPage, renderTopicsPage } from '../../../shared/web/pages/topics.ts';
import { renderWatchedPage } from '../../../shared/web/pages/watched.ts';
import {
  aCapture,
  aCatalogPaper,
  aCoverage,
  aHistory,
  aList,
  aListedPaper,
  aMovers,
  anEmptyList,
  aPaper,
  aPaperAnswer,
  aReading,
  aTrendingCoverage,
  MOVERS_ASKED,
  someFrontPageData,
  someSurroundings,
} from './answers.ts';
import { aNew, aSearch, aSimilar } from './found.ts';
import { aComparison, aSpan, aTop, aTopic, theTopics, theTrends } from './spans.ts';

const newest = { today: '2025-01-09', at: null };
const today = { day: '2025-01-09', status: 'captured', papers: 5, last: '2025-01-09T04:02:00Z' } as const;
const still = { asked: '2025-01-08T06:30:00Z', observedAt: '2025-01-08T06:15:00Z' };
const manyEntered = Array.from({ length: 70 }, (_, n) => {
  const { id, title } = aPaper(n);
  return { id, title, rank: n + 1, upvotes: 900 - n };
});
const manyAuthors = Array.from({ length: 90 }, (_, n) => `Author Number${n}`);

const hardTitles = [
  '<img src=x onerror=alert(1)><script>alert(2)</script> & "quotes" \'here\'',
  'Supercalifragilistic'.repeat(15),
  'نماذج اللغة الكبيرة: دراسة في الصبر (2025)',
  '$\\mathcal{O}(n^{2})$ Is All You Need: $\\alpha$-Teapots and Erd\\H{o}s Umbrellas',
  'A very long title '.repeat(17).trim(),
];
const hardPapers = hardTitles.map((title, n) =>
  aListedPaper(n, { title, abstract: `${title}. `.repeat(3), organization: { name: 'x', fullname: title } }),
);
const aCurve = [1, 2, 24, 336].map((ageHours) => ({ ageHours, papers: 800, q1: 2, median: 5.5, q3: 11 }));
const anIssue = { ...aSimilar().papers[0], ...aPaper(), id: '2501.90001', why: 'on the daily list, rank 1' };

/** Pages by address; where one address has several looks, a word is put behind it. */
export const pages: Readonly<Record<string, string>> = {
  '/': renderFrontPage(
    {
      sample: false,
      daily: aList({ today }),
      trending: aList({
        list: 'trending',
        papers: Array.from({ length: 20 }, (_, n) => aListedPaper(n, { upvotes: 1200 - n * 31 })),
        coverage: { complete: null, failures: 0 },
      }),
    },
    someFrontPageData(),
  ),
  '/?sample': renderFrontPage(
    { sample: true, daily: aList({ sample: true }), trending: anEmptyList('missing') },
    someFrontPageData({ movers: null, days: [], at: '2025-01-08T18:12:03Z' }),
  ),
  '/?empty': renderFrontPage(
    { sample: false, daily: anEmptyList('missing'), trending: anEmptyList('missing') },
    someFrontPageData({ movers: null, collecting: { done: 0, total: 15 } }),
  ),
  '/daily': renderListPage(aList({ today }), newest, someSurroundings()),
  '/trending': renderListPage(
    aList({ list: 'trending', papers: Array.from({ length: 14 }, (_, n) => aListedPaper(n)) }),
    newest,
    someSurroundings({ days: [] }),
  ),
  '/daily/at': renderListPage(
    aList({ coverage: { status: 'partial', complete: false } }),
    {
      ...newest,
      today: '2025-01-08',
      at: '2025-01-08T19:00:00Z',
      sort: 'gain',
    },
    someSurroundings({ days: [] }),
  ),
  '/daily/empty': renderListPage(anEmptyList('empty'), newest, someSurroundings()),
  '/daily/failed': renderListPage(anEmptyList('failed'), newest, someSurroundings()),
  '/daily/missing': renderListPage(anEmptyList('missing'), newest, someSurroundings()),
  '/daily/hard': renderListPage(aList({ papers: hardPapers }), newest, someSurroundings()),
  '/daily/stopped': renderListPage(
    aList({ today }),
    newest,
    someSurroundings({ stopped: { at: '2025-01-08T18:12:03Z' as Instant, collects: false } }),
  ),
  '/papers/2501.90003?hard': renderPaperPage(
    aPaperAnswer({
      title: hardTitles[2] as string,
      abstract: hardTitles.join('. '),
      authors: Array.from({ length: 664 }, (_, n) => `Author Number${n}`),
    }),
    aHistory(),
    aSimilar(),
  ),
  '/papers/2501.90003?words': renderPaperPage(
    aPaperAnswer({
      title: hardTitles[1] as string,
      authors: ['A'.repeat(120)],
      organization: { name: 'x', fullname: 'O'.repeat(80) },
      keywords: ['k'.repeat(90)],
    }),
    aHistory(),
  ),
  '/papers/2501.90003': renderPaperPage(aPaperAnswer({ authors: manyAuthors }), aHistory()),
  '/papers/cs/0301012': renderPaperPage(aPaperAnswer({ id: 'cs/0301012', abstract: null }), aHistory(0, 'cs/0301012')),
  '/papers/2501.90003/history': renderHistoryPage(aHistory(), 'Tables that last'),
  '/keywords/patient-search': renderNamePapersPage({
    kind: 'keyword',
    slug: 'patient-search',
    name: 'patient search',
    from: null,
    to: null,
    papers: [aCatalogPaper(0), aCatalogPaper(1, { listedOn: null }), aCatalogPaper(2, { upvotes: null })],
    coverage: aReading,
    total: 203,
    next: '/keywords/patient-search.json?cursor=abc',
    sample: false,
  }),
  '/organizations': renderNamesPage({
    kind: 'organization',
    q: null,
    names: hardTitles.map((fullname, n) => ({ slug: `x-${n}`, name: `x-${n}`, fullname, papers: 9 - n })),
    total: 5,
    next: null,
    catalogAsOf: null,
    coverage: aSimilar().coverage,
    sample: false,
  }),
  '/watched': renderWatchedPage({
    watched: [
      { slug: 'snails', list: 'watched:snails', current: true, first: '2025-01-02', last: '2025-01-08' },
      { slug: 'old-teapots', list: 'watched:old-teapots', current: false, first: null, last: null },
    ],
    total: 2,
    next: null,
    sample: false,
  }),
  '/watched?none': renderWatchedPage({ watched: [], total: 0, next: null, sample: false }),
  '/expected': renderExpectedPage({
    day: '2025-01-08',
    from: '2024-10-10',
    to: '2025-01-07',
    points: aCurve,
    coverage: aSpan(),
    sample: false,
    catalogAsOf: null,
  }),
  '/digests': renderDigestsPage({
    issues: [{ day: '2025-01-08', papers: 5, titles: hardTitles }],
    total: 1,
    next: null,
    sample: false,
  }),
  '/digests/2025-01-08': renderDigestPage({
    day: '2025-01-08',
    papers: [anIssue],
    total: 1,
    next: null,
    gaps: ['Not captured: 7 Jan 2025.'],
    sample: false,
  }),
  '/subscriptions/token': renderSubscriptionPage(
    Subscription.parse({ address: 'me@example.org', follow: ['keyword:tables', 'entered-trending'] }),
    'Saved.',
    false,
  ),
  '/subscriptions/gone': renderSubscriptionPage(null, null, false),
  '/movers': renderMoversPage(aMovers(), MOVERS_ASKED),
  '/movers/many': renderMoversPage(aMovers({ entered: manyEntered }), {
    ...MOVERS_ASKED,
    window: null,
    from: '2025-01-08',
  }),
  '/movers/none': renderMoversPage(
    aMovers({ list: 'trending', from: still, to: still, hours: 0, entered: [], left: [], moved: [] }),
    MOVERS_ASKED,
  ),
  '/search?q=teapots': renderSearchPage(aSearch(), null),
  '/search?q=hard': renderSearchPage(
    {
      ...aSearch(),
      facets: { ...aSearch().facets, keyword: hardTitles.map((name) => ({ value: name, name, count: 3 })) },
    },
    null,
  ),
  '/search?q=nothing': renderSearchPage({ ...aSearch(), q: 'nothing', papers: [], total: 0, next: null }, 'upvotes'),
  '/papers/2501.90003/similar': renderSimilarPage(aSimilar()),
  '/new': renderNewPage(aNew()),
  '/top/week/2025-W02': renderTopPage(aTop(), 'week'),
  '/top/week/2025-W02?by=gain': renderTopPage(aTop({ by: 'gain' }), 'week'),
  '/top/month/2025-01?by=days': renderTopPage(aTop({ by: 'days', from: '2025-01-01', to: '2025-01-31' }), 'month'),
  '/top?age=2d': renderTopPage(aTop({ ageHours: 48, list: 'trending' }), null),
  '/top?by=gain&age=2d': renderTopPage(aTop({ by: 'gain', ageHours: 48 }), null),
  '/top?missing': renderTopPage(
    aTop({ papers: [], total: 0, next: null, coverage: aSpan({ status: 'missing', daysCaptured: 0 }) }),
    null,
  ),
  '/topics': renderTopicsPage(theTopics(), 'papers', theTrends()),
  '/topics?from': renderTopicsPage(theTopics()),
  '/topics?none': renderTopicsPage(theTopics({ topics: [], total: 0, next: null })),
  '/topics/patient-search': renderTopicPage(aTopic()),
  '/topics?q=patient+search': renderTopicPage(aTopic({ kind: 'phrase', topic: 'patient search' })),
  '/topics?q=unknown': renderTopicPage(aTopic({ kind: 'phrase', topic: 'unknown', name: 'unknown', points: [] })),
  '/compare': renderComparePage(aComparison()),
  '/coverage': renderCoveragePage(aCoverage()),
  '/coverage/trending': renderCoveragePage(aTrendingCoverage()),
  '/captures': renderCapturesPage({
    list: 'daily',
    from: '2025-01-01',
    to: '2025-01-08',
    captures: [
      aCapture(),
      aCapture({ outcome: 'refused', why: 'The feed answered 429.', via: null, listed: null, complete: null }),
    ],
    lists: ['daily', 'trending', 'watched:agents'],
    total: 402,
    next: '/captures.json?cursor=abc',
    sample: false,
  }),
  '/captures/daily/2025-01-08/20250108T061500Z': renderCapturePage({
    ...aCapture({ rejects: 2, complete: false }),
    sample: false,
  }),
  '/problem': renderProblemPage(
    {
      type: 'about:blank',
      title: 'Bad request',
      status: 400,
      detail: 'One parameter could not be read.',
      errors: [{ parameter: 'at', detail: 'is not a time such as 2025-01-08T18:00:00Z' }],
    },
    false,
  ),
  '/exports': renderExportsPage({
    export: {
      schemaVersion: 1,
      release: null,
      madeAt: '2025-03-20T02:00:07Z',
      paperkeep: '0.1.0',
      commit: '0123456789abcdef0123456789abcdef01234567-dirty',
      formats: ['parquet', 'csv', 'sqlite', 'jsonl'],
      from: '2025-01-01',
      to: null,
      leftOut: ['papers.abstract', 'papers.ai_summary'],
      builtFrom: {
        archive: null,
        snapshots: 12_402,
        newestCapture: '2025-03-20T01:02:00Z',
        lists: 'a'.repeat(64),
        catalogAsOf: '2025-03-20T02:00:00Z',
        parsers: { daily: 1, trending: 2 },
        sample: false,
      },
      rows: { papers: 6465, paper_authors: 65_414, observations: 1_204_697, votes_at_age: 32_325 },
    },
    files: [
      {
        path: 'paperkeep.sqlite',
        bytes: 39_204_864,
        rows: 1_308_901,
        sha256: '0f'.repeat(32),
        url: '/exports/paperkeep.sqlite',
      },
      {
        path: 'parquet/observations/month=2025-01/part.parquet',
        bytes: 204_864,
        rows: 30_901,
        sha256: 'a1'.repeat(32),
        url: '/exports/parquet/observations/month=2025-01/part.parquet',
      },
      { path: 'schema.json', bytes: 20_112, rows: null, sha256: '7b'.repeat(32), url: null },
    ],
    bytes: 39_429_840,
    parts: [
      { path: 'paperkeep.sqlite', files: 1, bytes: 39_204_864 },
      { path: 'parquet', files: 12, bytes: 204_864 },
    ],
    total: 3,
    next: null,
    downloads: false,
    sample: false,
  }),
  '/exports/none': renderExportsPage({
    export: null,
    files: [],
    bytes: 0,
    parts: [],
    total: 0,
    next: null,
    downloads: true,
    sample: false,
  }),
  '/-/health': renderHealthPage({
    status: 'stale',
    now: '2025-01-08T18:12:03Z',
    sample: false,
    lists: [
      { list: 'daily', last: '2025-01-08T18:02:00Z', ageMinutes: 10, stale: false },
      { list: 'trending', last: '2025-01-08T10:00:00Z', ageMinutes: 492, stale: true },
      { list: 'watched:snails', last: null, ageMinutes: null, stale: true },
    ],
  }),
  '/-/versions': renderVersionsPage({
    paperkeep: '0.1.0',
    node: 'v24.0.0',
    schema: 1,
    parsers: { daily: 1, trending: 2 },
    sample: false,
  }),
};
