/** Builders of answers with made-up papers. */

import type { Day, Instant } from '../../../shared/lib/time.ts';
import { addDays, addSeconds, eachDay, parseInstant } from '../../../shared/lib/time.ts';
import type { CaptureFacts } from '../../../shared/query/captures.schema.ts';
import type { PaperFields } from '../../../shared/query/common.schema.ts';
import type { CoverageAnswer, CoverageDay } from '../../../shared/query/coverage.schema.ts';
import type { ListAnswer, ListedPaper } from '../../../shared/query/list.schema.ts';
import type { MoversAnswer } from '../../../shared/query/movers.schema.ts';
import type { HistoryAnswer, PaperAnswer } from '../../../shared/query/paper.schema.ts';

import type { FrontPageData } from '../../../shared/web/pages/front.ts';
import type { AroundList } from '../../../shared/web/pages/list.ts';

const TITLES = [
  'Teapots That Remember: Brewing Schedules as a Sequence Problem',
  'Slow Lanterns',
  'A Field Guide to Counting Pebbles with Very Large Models, and Why the Tide Always Wins in the End: Evidence from Eleven Beaches',
  'Why Does My Compass Point at Lunch?',
  'MOSS-9: Quiet Gardens at $10^{6}$ Frames per Second',
  'Borrowed Umbrellas: Retrieval without Return',
  'The Unreasonable Patience of Snails in Parallel Search',
];
const AUTHORS = [
  'Ada Example',
  'Björn Sample',
  'Chidi Placeholder',
  'Đặng Thị Mẫu',
  'Eve O’Nobody',
  'Fatima al-Mithal',
];
const KEYWORDS = ['teapots', 'patient search', 'pebble counting', 'lantern networks', 'umbrella retrieval', 'moss'];

/** A paper without a place in a list. */
export function aPaper(n = 0, given: Partial<PaperFields> = {}): PaperFields {
  const id = `2501.${String(90001 + n)}`;
  return {
    id,
    title: TITLES[n % TITLES.length] ?? '',
    abstract:
      'We ask a question that nobody asked, answer another, and measure both with a ruler made of string. '.repeat(6),
    authors: AUTHORS.slice(0, 1 + ((n * 2) % AUTHORS.length)),
    upvotes: 70 - n * 7,
    comments: n,
    githubStars: n % 3 === 0 ? 1204 : null,
    githubUrl: n % 2 === 0 ? 'https://github.com/example/teapots' : null,
    projectUrl: n % 3 === 1 ? 'https://example.org/pebbles' : null,
    keywords: n % 4 === 3 ? null : KEYWORDS.slice(0, 2 + (n % 5)),
    aiSummary: n % 2 === 0 ? 'A made-up summary of a made-up paper.' : null,
    organization: n % 2 === 0 ? { name: 'acme', fullname: 'Acme Research' } : null,
    submittedBy: 'a-login',
    publishedAt: '2025-01-07T14:12:07Z',
    listedOn: '2025-01-08',
    url: `https://huggingface.co/papers/${id}`,
    arxivUrl: `https://arxiv.org/abs/${id}`,
    ...given,
  };
}

/** A paper as the catalog has it. */
export const aCatalogPaper = (n = 0, given: Partial<PaperFields> = {}) => ({
  ...aPaper(n, given),
  firstSeen: '2025-01-08T05:02:11Z',
  readAt: '2025-01-08T18:12:03Z',
  ageHours: 18.2,
});

/** A paper of a list, at rank n + 1. */
export const aListedPaper = (n = 0, given: Partial<ListedPaper> = {}): ListedPaper => ({
  ...aPaper(n),
  rank: n + 1,
  previousRank: [2, 1, 3, null, 9, 5][n % 6] ?? null,
  firstRank: n + 2,
  bestRank: n + 1,
  firstUpvotes: 4,
  peakUpvotes: 70 - n * 7,
  gain: n === 2 ? 0 : n === 5 ? -1 : n === 6 ? null : 66 - n * 7,
  ageHours: 18.2,
  expectedUpvotes: n === 1 ? null : 11.5,
  firstSeen: '2025-01-08T05:02:11Z',
  ...given,
});

/** A captured daily list of seven papers. */
export function aList(
  given: Partial<Omit<ListAnswer, 'coverage'>> & { coverage?: Partial<ListAnswer['coverage']> } = {},
): ListAnswer {
  const papers = given.papers ?? Array.from({ length: 7 }, (_, n) => aListedPaper(n));
  return {
    list: 'daily',
    day: '2025-01-08',
    observedAt: '2025-01-08T18:12:03Z',
    sample: false,
    total: papers.length,
    next: null,
    ...given,
    papers,
    coverage: {
      status: 'captured',
      captures: 9,
      failures: 1,
      first: '2025-01-08T05:02:11Z',
      last: '2025-01-08T18:12:03Z',
      listed: papers.length,
      pages: 1,
      complete: true,
      settled: false,
      ...given.coverage,
    },
  };
}

const NOTHING = { captures: 0, first: null, last: null, listed: null, pages: null, complete: null };

/** A list without papers, with that status. */
export const anEmptyList = (status: 'empty' | 'failed' | 'missing'): ListAnswer =>
  status === 'empty'
    ? aList({ papers: [], coverage: { status, captures: 3, failures: 0, listed: 0 } })
    : aList({ papers: [], observedAt: null, coverage: { ...NOTHING, status, failures: status === 'failed' ? 3 : 0 } });

/** A paper on two lists, with one change. */
export function aPaperAnswer(given: Partial<PaperAnswer['paper']> = {}): PaperAnswer {
  const paper = {
    ...aPaper(2),
    id: '2501.90003',
    firstSeen: '2025-01-08T05:02:11Z',
    lastSeen: '2025-01-11T08:00:00Z',
    ...given,
  };
  const {
    title,
    abstract,
    authors,
    githubUrl,
    projectUrl,
    keywords,
    aiSummary,
    organization,
    submittedBy,
    publishedAt,
    listedOn,
  } = paper;
  const version = {
    title,
    abstract,
    authors,
    githubUrl,
    projectUrl,
    keywords,
    aiSummary,
    organization,
    submittedBy,
    publishedAt,
    listedOn,
  };
  const seen = { firstSeen: paper.firstSeen, lastSeen: paper.lastSeen, firstRank: 5, bestRank: 1, lastRank: 2 };
  return {
    paper: { ...paper, firstUpvotes: 4, peakUpvotes: 62, gain: 58, ageHours: 18.2, expectedUpvotes: 11.5 },
    appearances: [
      { ...seen, list: 'daily', day: '2025-01-08', captures: 31, firstUpvotes: 4, peakUpvotes: 62, lastUpvotes: 61 },
      {
        ...seen,
        list: 'trending',
        day: '2025-01-09',
        captures: 24,
        firstUpvotes: null,
        peakUpvotes: null,
        lastUpvotes: null,
      },
    ],
    versions: [
      {
        ...version,
        since: '2025-01-08T05:02:11Z',
        changed: [],
        githubUrl: null,
        abstract: 'An earlier abstract.',
        title: 'Pebbles',
      },
      { ...version, since: '2025-01-09T11:00:00Z', changed: ['title', 'abstract', 'githubUrl'] },
    ],
    life: aLife(paper.title),
    coverage: aReading,
    sample: false,
  };
}

/** Milestones on two lists, with two stays on trending, an age without a capture, and changes of every kind. */
function aLife(title: string): PaperAnswer['life'] {
  const daily = { list: 'daily', day: '2025-01-08' };
  const changedAt = '2025-01-09T11:00:00Z';
  return {
    first: { ...daily, at: '2025-01-08T05:02:11Z', rank: 5, upvotes: 4 },
    best: { ...daily, at: '2025-01-08T12:02:00Z', rank: 1 },
    peak: { ...daily, at: '2025-01-10T03:02:00Z', upvotes: 62 },
    velocity: [
      { firstHours: 6, hours: 6.0633, gained: 31, perHour: 5.1127, readAt: '2025-01-08T11:06:00Z' },
      { firstHours: 24, hours: null, gained: null, perHour: null, readAt: null },
      { firstHours: 48, hours: 48, gained: 58, perHour: 1.20833, readAt: '2025-01-10T05:02:11Z' },
    ],
    trending: {
      hours: 21.5,
      unwatchedHours: 7,
      entries: 2,
      stays: [
        { from: '2025-01-09T01:00:00Z', to: '2025-01-10T05:30:00Z' },
        { from: '2025-01-11T08:00:00Z', to: '2025-01-11T08:00:00Z' },
      ],
    },
    changes: [
      { at: changedAt, what: 'abstract-changed', from: null, to: null },
      { at: changedAt, what: 'code-link-appeared', from: null, to: 'https://github.com/example/teapots' },
      { at: changedAt, what: 'title-changed', from: 'Pebbles', to: title },
      { at: '2025-01-10T00:00:00Z', what: 'ai-summary-appeared', from: null, to: null },
      { at: '2025-01-10T00:00:00Z', what: 'moved-day', from: '2025-01-08', to: '2025-01-09' },
    ],
  };
}

/** Forty observations, two hours apart, rising; the one at `unknownAt` knows no upvotes. */
export function aHistory(count = 40, id = '2501.90003'): HistoryAnswer {
  const start = parseInstant('2025-01-08T05:02:11Z');
  if (!start) throw new Error('no such instant');
  const observations = Array.from({ length: count }, (_, n) => ({
    at: addSeconds(start, n * 7200),
    list: n % 2 === 0 ? 'daily' : 'trending',
    day: '2025-01-08',
    rank: 1 + (n % 4),
    upvotes: n === 7 ? null : Math.round(62 * (1 - 0.9 ** (n + 1))),
    comments: n > 3 ? 2 : null,
    githubStars: null,
  }));
  return { id, observations, coverage: aReading, total: count, next: null, sample: false };
}

const STATUSES = [
  'captured',
  'captured',
  'captured',
  'partial',
  'captured',
  'empty',
  'empty',
  'captured',
  'failed',
  'missing',
] as const;

/** Coverage of ninety days with holes of every kind. */
export function aCoverage(from = '2024-11-20' as Day, count = 90): CoverageAnswer {
  const days = eachDay(from, addDays(from, count - 1)).map((day, n): CoverageDay => {
    const status = STATUSES[n % STATUSES.length] ?? 'captured';
    const looked = status === 'captured' || status === 'partial' || status === 'empty';
    return {
      day,
      status,
      captures: looked ? 9 : 0,
      failures: status === 'failed' ? 3 : 0,
      expected: 12,
      longestGapMinutes: looked ? 185 : null,
      papers: status === 'captured' ? 10 + ((n * 7) % 40) : status === 'partial' ? 6 : 0,
      complete: looked ? status !== 'partial' : null,
      settled: n < 60 && looked,
      first: looked ? `${day}T05:02:11Z` : null,
      last: looked ? `${day}T18:12:03Z` : null,
      outlook: looked && status !== 'partial' ? (n < 60 ? null : 'settling') : n < 20 ? 'backfill' : 'healing',
      lostHours: null,
    };
  });
  const of = (status: CoverageDay['status']): number => days.filter((day) => day.status === status).length;
  const awaiting = (outlook: CoverageDay['outlook']): number => days.filter((day) => day.outlook === outlook).length;
  return {
    list: 'daily',
    from,
    to: addDays(from, count - 1),
    days,
    summary: {
      captured: of('captured'),
      partial: of('partial'),
      empty: of('empty'),
      failed: of('failed'),
      missing: of('missing'),
      healing: awaiting('healing'),
      settling: awaiting('settling'),
      lost: 0,
      backfill: awaiting('backfill'),
      lostHours: null,
      captures: 702,
      failures: 27,
      first: from,
      last: addDays(from, count - 1),
    },
    lists: ['daily', 'trending', 'watched:snails'],
    sample: false,
  };
}

/** A day's movers of the daily lists: rows of every kind. */
export function aMovers(given: Partial<MoversAnswer> = {}): MoversAnswer {
  const paper = (n: number) => ({ id: `2501.${90_001 + n}`, title: TITLES[n] ?? '' });
  const capture = (day: string, at: string, papers: number) => ({ day, at, complete: true, papers });
  const stars = { starsBefore: 12, starsAfter: 15, starsPerHour: 0.125 };
  const same = { hours: 23.9, rankBefore: 3, rankAfter: 1, ...stars };
  return {
    list: 'daily',
    from: { asked: '2025-01-08T06:30:00Z', observedAt: '2025-01-08T06:15:00Z' },
    to: { asked: '2025-01-09T06:30:00Z', observedAt: '2025-01-09T06:09:00Z' },
    hours: 23.9,
    entered: [
      { ...paper(0), rank: 1, upvotes: 12 },
      { ...paper(2), id: null, rank: 12, upvotes: null },
    ],
    left: [{ ...paper(4), rankBefore: 9 }],
    moved: [
      { ...paper(1), listedOn: '2025-01-08', ...same, upvotesBefore: 10, upvotesAfter: 60, upvotesPerHour: 2.092 },
      {
        ...paper(3),
        listedOn: '2025-01-08',
        rankBefore: null,
        rankAfter: null,
        upvotesBefore: 4,
        upvotesAfter: 5,
        hours: 26,
        ...stars,
        upvotesPerHour: 0.03846,
      },
      {
        ...paper(5),
        listedOn: '2025-01-08',
        ...same,
        rankBefore: 1,
        rankAfter: 2,
        upvotesBefore: 30,
        upvotesAfter: 29,
        upvotesPerHour: -0.0418,
      },
      {
        ...paper(6),
        listedOn: '2025-01-08',
        ...same,
        rankBefore: 1,
        upvotesBefore: null,
        upvotesAfter: 7,
        upvotesPerHour: null,
      },
    ],
    coverage: {
      before: [
        capture('2025-01-07', '2025-01-08T06:14:00Z', 25),
        { ...capture('2025-01-08', '2025-01-08T06:15:00Z', 7), complete: false },
      ],
      after: [
        capture('2025-01-07', '2025-01-09T06:08:00Z', 25),
        capture('2025-01-08', '2025-01-09T06:08:30Z', 31),
        capture('2025-01-09', '2025-01-09T06:09:00Z', 4),
      ],
      missing: ['2025-01-04', '2025-01-05'],
    },
    sample: false,
    ...given,
  };
}

/** How those movers were asked for. */
export const MOVERS_ASKED = {
  window: '24h',
  from: null,
  to: null,
  windows: ['24h', '7d', '30d'],
  lists: ['daily', 'trending', 'watched:snails'],
  sort: 'upvotes',
} as const;
/** Coverage of trending, ninety days: some are lost, of some hours are. */
export function aTrendingCoverage(): CoverageAnswer {
  const daily = aCoverage();
  const days = daily.days.map(
    (day, n): CoverageDay => ({
      ...day,
      expected: 24,
      captures: n % 5 === 0 && day.captures > 0 ? 17 : day.captures && 24,
      settled: false,
      outlook: day.captures > 0 ? null : 'lost',
      lostHours: day.captures === 0 ? 24 : n % 5 === 0 ? 7 : 0,
    }),
  );
  const lost = days.filter(({ outlook }) => outlook === 'lost').length;
  const lostHours = days.reduce((sum, day) => sum + (day.lostHours ?? 0), 0);
  const summary = { ...daily.summary, healing: 0, settling: 0, backfill: 0, lost, lostHours };
  return { ...daily, list: 'trending', days, summary };
}

/** What an answer was read from: one day of the daily list. */
export const aReading: HistoryAnswer['coverage'] = {
  lists: [
    {
      list: 'daily',
      days: 1,
      captures: 31,
      failures: 1,
      first: '2025-01-08T05:02:11Z',
      last: '2025-01-11T08:00:00Z',
    },
  ],
};

/** The facts of a good capture. */
export const aCapture = (given: Partial<CaptureFacts> = {}): CaptureFacts => ({
  key: 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz',
  list: 'daily',
  day: '2025-01-08',
  at: '2025-01-08T06:15:00Z',
  bytes: 17_512,
  sha256: '0123456789abcdef'.repeat(4),
  outcome: 'list',
  why: '',
  via: 'api',
  listed: 15,
  complete: true,
  rejects: 0,
  imported: false,
  url: '/captures/daily/2025-01-08/20250108T061500Z',
  download: '/captures/daily/2025-01-08/20250108T061500Z.warc.gz',
  ...given,
});

/** What a list is shown with: two weeks with gaps, and the captures of a day in which the first papers rose. */
export const someSurroundings = (given: Partial<AroundList> = {}): AroundList => ({
  now: '2025-01-08T18:20:03Z' as Instant,
  at: null,
  days: aCoverage('2024-12-26' as Day, 14).days,
  replay: {
    list: 'daily',
    day: '2025-01-08',
    times: ['2025-01-08T05:02:11Z', '2025-01-08T12:02:00Z', '2025-01-08T15:02:00Z', '2025-01-08T18:12:03Z'],
    ids: ['2501.90001', '2501.90002'],
    ranks: [
      [1, 2],
      [1, null],
      [1, null],
      [1, null],
    ],
    upvotes: [
      [4, 4],
      [20, null],
      [null, null],
      [70, null],
    ],
    coverage: aList().coverage,
    total: 2,
    sample: false,
  },
  stopped: null,
  ...given,
});

/** What the front page shows beside its lists. */
export const someFrontPageData = (given: Partial<FrontPageData> = {}): FrontPageData => ({
  ...someSurroundings(),
  movers: aMovers({ list: 'trending' }),
  rising: [
    { kind: 'keyword', topic: 'teapots', name: 'teapots', papers: 24, total: 96, papersBefore: 21, totalBefore: 700 },
    {
      kind: 'phrase',
      topic: 'slow lanterns',
      name: 'slow lanterns',
      papers: 9,
      total: 96,
      papersBefore: 0,
      totalBefore: 700,
    },
  ],
  history: null,
  collecting: null,
  ...given,
});
