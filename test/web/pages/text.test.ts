import { describe, expect, it } from 'vitest';
import {
  describeCoverage,
  describeEmptyList,
  describeHistoryProgress,
  describeRangeCoverage,
  describeToday,
} from '../../../shared/web/pages/text.ts';
import { day } from '../../support/build.ts';
import { aList, anEmptyList } from './answers.ts';
import { aSpan } from './spans.ts';

describe('describeCoverage', () => {
  it('says how many papers were listed, whether they may change, and how often and when they were captured', () => {
    expect(describeCoverage(aList({ coverage: { failures: 0 } }))).toBe(
      '7 papers · complete list · may still change · captured 9 times, last 18:12 UTC',
    );
  });

  it('names the date if the last capture was on another day, and counts failed visits', () => {
    expect(describeCoverage(aList({ coverage: { last: '2025-01-23T08:00:00Z', captures: 1, settled: true } }))).toBe(
      '7 papers · complete list · settled · captured once, last 23 Jan 2025, 08:00 UTC · 1 failed visit',
    );
  });

  it('says how long after its day a daily list was first captured, since its upvotes are of that time', () => {
    const coverage = { first: '2026-02-24T08:00:00Z', last: '2026-02-24T08:00:00Z', captures: 1, failures: 0 };
    expect(describeCoverage(aList({ coverage }))).toMatch(
      / · first captured 412 days after its day, with the upvotes of that time$/,
    );
    expect(describeCoverage(aList({ list: 'trending', coverage }))).not.toContain('after its day');
  });

  it.each([
    [null, '7 papers seen · list may be incomplete'],
    [false, '7 papers seen · list is incomplete'],
  ])('does not call a list complete where `complete` is %s', (complete, words) => {
    const coverage = { status: complete === null ? 'captured' : 'partial', complete, failures: 0 } as const;
    expect(describeCoverage(aList({ list: 'trending', coverage }))).toBe(`${words} · captured 9 times, last 18:12 UTC`);
  });

  it.each([
    ['empty', 'No papers listed · captured 3 times, last 18:12 UTC'],
    ['failed', 'Tried 3 times without a usable answer'],
    ['missing', 'Not captured'],
  ] as const)('has its own words for a list that is %s', (status, words) => {
    expect(describeCoverage(anEmptyList(status))).toBe(words);
  });
});

describe('describeEmptyList', () => {
  it('explains each kind of empty list differently', () => {
    const statuses = ['empty', 'failed', 'missing'] as const;
    const reasons = statuses.map((status) => describeEmptyList(anEmptyList(status), null));
    expect(new Set(reasons).size).toBe(3);
  });

  it('says of a past time that the list may have been captured later', () => {
    expect(describeEmptyList(anEmptyList('missing'), '2025-01-08T04:00:00Z')).toBe(
      'This list had not been captured by 8 Jan 2025, 04:00 UTC. It may have been captured later.',
    );
  });

  it('says of a future day that it has not come yet', () => {
    expect(describeEmptyList(anEmptyList('missing'), null, true)).toBe('This day has not come yet.');
  });
});

describe('describeRangeCoverage', () => {
  it.each([
    [
      { status: 'captured', daysCaptured: 5, failures: 2 },
      '5 of 7 days captured, last on 12 Jan 2025 · 2 failed visits',
    ],
    [{ status: 'captured', daysCaptured: 7, settled: true }, '7 of 7 days captured, last on 12 Jan 2025 · settled'],
    [{ status: 'failed', failures: 1 }, 'Tried without a usable answer · 1 failed visit'],
    [{ status: 'missing' }, 'Not captured'],
    [{ status: 'missing', daysExpected: 0 }, 'These days have not come yet'],
  ] as const)('describes %o', (given, words) => {
    const range = { daysCaptured: 0, daysExpected: 7, last: '2025-01-12T18:00:00Z', failures: 0, settled: false };
    expect(describeRangeCoverage(aSpan({ ...range, ...given }))).toBe(words);
  });
});

describe('describeToday', () => {
  const today = { day: '2025-01-09', last: null } as const;
  it.each([
    ['captured', 5, 'has 5 papers so far'],
    ['captured', 1, 'has 1 paper so far'],
    ['empty', 0, 'has no papers yet'],
    ['failed', 0, 'could not be read yet'],
    ['missing', 0, 'has not been captured yet'],
  ] as const)('says of a list that is %s with %i papers that it %s', (status, papers, words) => {
    expect(describeToday({ ...today, status, papers })).toBe(words);
  });
});

describe('describeHistoryProgress', () => {
  const progress = (captured: number, left: number) =>
    describeHistoryProgress({ since: day('2024-01-01'), days: 1060, captured, left });

  it('says how many days since when are captured, still to come and failed', () => {
    expect(progress(213, 845)).toBe(
      'Daily lists since 1 Jan 2024: 213 of 1,060 days captured · 845 to go · 2 failed, to be retried',
    );
    expect(progress(1060, 0)).toBe('Daily lists since 1 Jan 2024: 1,060 of 1,060 days captured');
  });
});
