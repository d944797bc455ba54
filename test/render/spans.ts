/** Builders of answers over a stretch of days, with made-up papers. */
import type { SpanCoverage } from '../../shared/query/answers/span.ts';
import type { TopAnswer, TopPaper } from '../../shared/query/answers/top.ts';
import { aListedPaper } from './answers.ts';

/** A stretch with a hole in it. */
export const aSpan = (given: Partial<SpanCoverage> = {}): SpanCoverage => ({
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
    const value = { upvotes, gain, days: 7 - n }[given.by ?? 'upvotes'];
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
