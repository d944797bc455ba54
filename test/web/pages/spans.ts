/** Builders of answers over a range of days, with invented papers. */

import type { Day } from '../../../shared/lib/time.ts';
import type { RangeCoverage } from '../../../shared/query/common.schema.ts';
import type { TopAnswer, TopPaper } from '../../../shared/query/top.schema.ts';
import type { TopicTrends } from '../../../shared/query/topic-trends.ts';
import type { CompareAnswer, TopicAnswer, TopicPoint, TopicsAnswer } from '../../../shared/query/topics.schema.ts';
import { aListedPaper } from './answers.ts';

/** A range with a gap. */
export const aSpan = (given: Partial<RangeCoverage> = {}): RangeCoverage => ({
  status: 'partial',
  captures: 61,
  failures: 2,
  first: '2025-01-06T05:02:11Z',
  last: '2025-01-12T18:12:03Z',
  listed: 74,
  pages: 7,
  complete: null,
  settled: false,
  daysCaptured: 6,
  daysExpected: 7,
  ...given,
});

/** A week's leaderboard of seven papers; the last one's value is unknown. */
export function aTop(given: Partial<TopAnswer> = {}): TopAnswer {
  const papers = Array.from({ length: 7 }, (_, n): TopPaper => {
    const { upvotes, gain, ...paper } = aListedPaper(n);
    const value = { upvotes, gain, days: 7 - n, expected: 2.25 - n / 4, 'stars-gained': 40 - n }[given.by ?? 'upvotes'];
    const unknown = given.ageHours !== undefined && n === 6;
    const readAt = unknown ? null : '2025-01-10T18:12:03Z';
    return {
      ...paper,
      id: `2501.${90_001 + n}`,
      upvotes,
      gain,
      previousRank: null,
      value: unknown ? null : value,
      readAt,
    };
  });
  return {
    list: 'daily',
    from: '2025-01-06',
    to: '2025-01-12',
    by: 'upvotes',
    ageHours: null,
    observedAt: '2025-01-12T18:12:03Z',
    sample: false,
    catalogAsOf: '2025-01-12T18:15:00Z',
    coverage: aSpan(),
    papers,
    total: 70,
    next: '/top/week/2025-W02.json?cursor=abc',
    ...given,
  };
}

const POINTS = 12;

/** A topic over twelve weeks with two holes in it; `n` makes another line. */
function aSeries(n: number, given: Partial<CompareAnswer['topics'][number]> = {}): CompareAnswer['topics'][number] {
  const points = Array.from({ length: POINTS }, (_, at): TopicPoint => {
    const known = at !== 4 && at !== 6 && !(n === 1 && at < 3);
    const papers = known ? (at * (n + 2) + n * 5) % 23 : 0;
    return {
      period: `2025-W${String(at + 5).padStart(2, '0')}`,
      papers,
      total: known ? 95 : 0,
      totalListed: known ? 120 : 0,
      share: known ? papers / 95 : null,
      upvotes: papers * 14,
      totalUpvotes: known ? 2400 : 0,
      upvotesShare: known ? (papers * 14) / 2400 : null,
      daysCaptured: known ? 6 : 0,
      daysExpected: 7,
    };
  });
  const keyword = {
    topic: 'patient-search',
    kind: 'keyword',
    name: 'patient search',
    slugs: ['patient-search'],
  } as const;
  return { ...keyword, points, asPhrase: null, ...given, slugs: [...(given.slugs ?? keyword.slugs)] };
}

const over = {
  by: 'week',
  from: '2025-01-27',
  to: '2025-04-20',
  breaks: [{ day: '2025-03-11', what: 'the feed names keywords from here on' }],
  sample: false,
  catalogAsOf: '2025-04-20T18:15:00Z',
  coverage: aSpan({ daysCaptured: 70, daysExpected: 84 }),
} as const satisfies Omit<CompareAnswer, 'topics'>;

/** A keyword over twelve weeks. */
export const aTopic = (given: Partial<CompareAnswer['topics'][number]> = {}): TopicAnswer => ({
  ...aSeries(0, given),
  ...over,
  breaks: [...over.breaks],
});

/** Eight topics over the same weeks. */
export const aComparison = (): CompareAnswer => ({
  ...over,
  breaks: [...over.breaks],
  topics: NAMES.map((name, n) =>
    aSeries(n, { name, topic: name.replaceAll(' ', '-'), kind: n === 7 ? 'phrase' : 'keyword' }),
  ),
});

const NAMES = [
  'teapots',
  'patient search',
  'pebble counting with very large models',
  'lantern networks',
  'umbrellas',
  'moss',
  'snails',
  'quiet gardens',
];

/** The keywords of half a year. */
export const theTopics = (given: Partial<TopicsAnswer> = {}): TopicsAnswer => ({
  from: '2025-01-27',
  to: '2025-04-20',
  now: { from: '2025-01-27', to: '2025-04-20', total: 950, totalListed: 1200, daysCaptured: 70, daysExpected: 84 },
  before: { from: '2024-11-04', to: '2025-01-26', total: 0, totalListed: 1100, daysCaptured: 84, daysExpected: 84 },
  topics: NAMES.map((name, n) => ({
    kind: 'keyword',
    topic: name.replaceAll(' ', '-'),
    name,
    slugs: [name.replaceAll(' ', '-')],
    total: 950,
    totalBefore: 1100,
    trend: null,
    probability: null,
    papers: 90 - n * 9,
    share: (90 - n * 9) / 950,
    papersBefore: n * 7,
    shareBefore: n === 7 ? null : (n * 7) / 1100,
    change: n === 7 ? null : (90 - n * 9) / 950 - (n * 7) / 1100,
  })),
  total: 2431,
  next: '/topics.json?cursor=abc',
  sample: false,
  catalogAsOf: '2025-04-20T18:15:00Z',
  coverage: over.coverage,
  ...given,
});

/** Topics by their trends: a week without captures in between, and a name that is long. */
export const theTrends = (): TopicTrends => ({
  to: '2025-04-20' as Day,
  topics: NAMES.map((name, n) => ({
    kind: n === 3 ? 'phrase' : 'keyword',
    topic: name.replaceAll(' ', '-'),
    name,
    trend: n < 2 ? 'rising' : n < 7 ? 'steady' : 'fading',
    papers: 20 - n,
    total: 99,
    papersBefore: 3 * n,
    totalBefore: 700,
    shares: [0, 0.01, 0.02, null, 0.01, 0.03, 0.02, 0.05, (20 - n) / 99],
  })),
});
