/** Every page, drawn from made-up answers, by the address it would have. */

import { coveragePage } from '../../shared/render/calendar.ts';
import { capturePage, capturesPage } from '../../shared/render/captures.ts';
import { exportsPage } from '../../shared/render/exports.ts';
import { frontPage } from '../../shared/render/front.ts';
import { listPage } from '../../shared/render/list.ts';
import { moversPage } from '../../shared/render/movers.ts';
import { namedPage } from '../../shared/render/named.ts';
import { newPage } from '../../shared/render/new.ts';
import { historyPage, paperPage } from '../../shared/render/paper.ts';
import { problemPage } from '../../shared/render/problem.ts';
import { searchPage } from '../../shared/render/search.ts';
import { similarPage } from '../../shared/render/similar.ts';
import { healthPage, versionsPage } from '../../shared/render/status.ts';
import { topPage } from '../../shared/render/top.ts';
import { comparePage, topicPage, topicsPage } from '../../shared/render/topics.ts';
import {
  aCapture,
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
} from './answers.ts';
import { aNew, aSearch, aSimilar } from './found.ts';
import { aComparison, aSpan, aTop, aTopic, theTopics } from './spans.ts';

const beside = { previousDay: '2025-01-07', nextDay: '2025-01-09', at: null };
const today = { day: '2025-01-09', status: 'captured', papers: 5, last: '2025-01-09T04:02:00Z' } as const;
const still = { asked: '2025-01-08T06:30:00Z', observedAt: '2025-01-08T06:15:00Z' };
const manyEntered = Array.from({ length: 70 }, (_, n) => {
  const { id, title } = aPaper(n);
  return { id, title, rank: n + 1, upvotes: 900 - n };
});
const manyAuthors = Array.from({ length: 90 }, (_, n) => `Author Number${n}`);

/** Pages by address; where one address has several looks, a word is put behind it. */
export const pages: Readonly<Record<string, string>> = {
  '/': frontPage(
    {
      sample: false,
      daily: aList({ today }),
      trending: aList({
        list: 'trending',
        papers: Array.from({ length: 20 }, (_, n) => aListedPaper(n, { upvotes: 1200 - n * 31 })),
        coverage: { complete: null, failures: 0 },
      }),
    },
    null,
  ),
  '/?sample': frontPage({ sample: true, daily: aList({ sample: true }), trending: anEmptyList('missing') }, null),
  '/daily': listPage(aList({ today }), beside),
  '/daily/at': listPage(aList({ coverage: { status: 'partial', complete: false } }), {
    ...beside,
    nextDay: null,
    at: '2025-01-08T19:00:00Z',
    sort: 'gain',
  }),
  '/daily/empty': listPage(anEmptyList('empty'), beside),
  '/daily/failed': listPage(anEmptyList('failed'), beside),
  '/daily/missing': listPage(anEmptyList('missing'), beside),
  '/papers/2501.90003': paperPage(aPaperAnswer({ authors: manyAuthors }), aHistory()),
  '/papers/cs/0301012': paperPage(aPaperAnswer({ id: 'cs/0301012', abstract: null }), aHistory(0, 'cs/0301012')),
  '/papers/2501.90003/history': historyPage(aHistory()),
  '/keywords/patient-search': namedPage({
    kind: 'keyword',
    slug: 'patient-search',
    name: 'patient search',
    from: null,
    to: null,
    papers: [aPaper(0), aPaper(1, { listedOn: null }), aPaper(2, { upvotes: null })],
    coverage: aReading,
    total: 203,
    next: '/keywords/patient-search.json?cursor=abc',
    sample: false,
  }),
  '/movers': moversPage(aMovers(), MOVERS_ASKED),
  '/movers/many': moversPage(aMovers({ entered: manyEntered }), { ...MOVERS_ASKED, window: null, from: '2025-01-08' }),
  '/movers/none': moversPage(
    aMovers({ list: 'trending', from: still, to: still, hours: 0, entered: [], left: [], moved: [] }),
    MOVERS_ASKED,
  ),
  '/search?q=teapots': searchPage(aSearch(), null),
  '/search?q=nothing': searchPage({ ...aSearch(), q: 'nothing', papers: [], total: 0, next: null }, 'upvotes'),
  '/papers/2501.90003/similar': similarPage(aSimilar()),
  '/new': newPage(aNew()),
  '/top/week/2025-W02': topPage(aTop(), 'week'),
  '/top/week/2025-W02?by=gain': topPage(aTop({ by: 'gain' }), 'week'),
  '/top/month/2025-01?by=days': topPage(aTop({ by: 'days', from: '2025-01-01', to: '2025-01-31' }), 'month'),
  '/top?age=2d': topPage(aTop({ ageHours: 48, list: 'trending' }), null),
  '/top?by=gain&age=2d': topPage(aTop({ by: 'gain', ageHours: 48 }), null),
  '/top?missing': topPage(
    aTop({ papers: [], total: 0, next: null, coverage: aSpan({ status: 'missing', daysCaptured: 0 }) }),
    null,
  ),
  '/topics': topicsPage(theTopics()),
  '/topics?none': topicsPage(theTopics({ topics: [], total: 0, next: null })),
  '/topics/patient-search': topicPage(aTopic()),
  '/topics?q=patient+search': topicPage(aTopic({ kind: 'phrase', topic: 'patient search' })),
  '/topics?q=unknown': topicPage(aTopic({ kind: 'phrase', topic: 'unknown', name: 'unknown', points: [] })),
  '/compare': comparePage(aComparison()),
  '/coverage': coveragePage(aCoverage()),
  '/coverage/trending': coveragePage(aTrendingCoverage()),
  '/captures': capturesPage({
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
  '/captures/daily/2025-01-08/20250108T061500Z': capturePage({
    ...aCapture({ rejects: 2, complete: false }),
    sample: false,
  }),
  '/problem': problemPage(
    {
      type: 'about:blank',
      title: 'Bad request',
      status: 400,
      detail: 'One parameter could not be read.',
      errors: [{ parameter: 'at', detail: 'is not a time such as 2025-01-08T18:00:00Z' }],
    },
    false,
  ),
  '/exports': exportsPage({
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
    total: 3,
    next: null,
    downloads: false,
    sample: false,
  }),
  '/exports/none': exportsPage({
    export: null,
    files: [],
    bytes: 0,
    total: 0,
    next: null,
    downloads: true,
    sample: false,
  }),
  '/-/health': healthPage({
    status: 'stale',
    now: '2025-01-08T18:12:03Z',
    sample: false,
    lists: [
      { list: 'daily', last: '2025-01-08T18:02:00Z', ageMinutes: 10, stale: false },
      { list: 'trending', last: '2025-01-08T10:00:00Z', ageMinutes: 492, stale: true },
      { list: 'watched:snails', last: null, ageMinutes: null, stale: true },
    ],
  }),
  '/-/versions': versionsPage({
    paperkeep: '0.1.0',
    node: 'v24.0.0',
    schema: 1,
    parsers: { daily: 1, trending: 2 },
    sample: false,
  }),
};
