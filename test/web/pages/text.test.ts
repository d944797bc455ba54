import { describe, expect, it } from 'vitest';
import { describeCoverage, describeEmptyList, describeToday } from '../../../shared/web/pages/text.ts';
import { aList, anEmptyList } from './answers.ts';

describe('coverage in words', () => {
  it('tells how often, when last, and whether it is whole and settled', () => {
    expect(describeCoverage(aList({ coverage: { failures: 0 } }))).toBe(
      'Captured 9 times, last 18:12 UTC; whole list (7 entries); not settled yet.',
    );
  });

  it('names the date where the last capture was on another day, and what failed', () => {
    expect(describeCoverage(aList({ coverage: { last: '2025-01-23T08:00:00Z', captures: 1, settled: true } }))).toBe(
      'Captured once, last 23 Jan 2025, 08:00 UTC; whole list (7 entries); settled. 1 visit failed.',
    );
  });

  it('does not claim a list to be whole where that is not known', () => {
    expect(describeCoverage(aList({ list: 'trending', coverage: { complete: null, failures: 0 } }))).toBe(
      'Captured 9 times, last 18:12 UTC; 7 entries, whether all is not known.',
    );
  });

  it('says of a partial list that some of it is missing', () => {
    expect(describeCoverage(aList({ coverage: { status: 'partial', complete: false, failures: 0 } }))).toMatch(
      /^Partial: some of it is missing\. /,
    );
  });

  it.each([
    ['empty', /^The feed said: no papers\./],
    ['failed', /^Tried 3 times, nothing usable\.$/],
    ['missing', /^Never captured\.$/],
  ] as const)('tells %s from the others', (status, words) => {
    expect(describeCoverage(anEmptyList(status))).toMatch(words);
  });

  it('explains each kind of empty list differently', () => {
    const statuses = ['empty', 'failed', 'missing'] as const;
    const meanings = statuses.map((status) => describeEmptyList(anEmptyList(status), null));
    expect(new Set(meanings).size).toBe(3);
    expect(describeEmptyList(anEmptyList('missing'), '2025-01-08T04:00:00Z')).toContain('by 8 Jan 2025, 04:00 UTC');
  });
});

describe('today', () => {
  const today = { day: '2025-01-09', last: null } as const;
  it.each([
    ['captured', 5, 'holds 5 papers so far'],
    ['captured', 1, 'holds 1 paper so far'],
    ['empty', 0, 'holds no papers yet'],
    ['failed', 0, 'could not be read yet'],
    ['missing', 0, 'has not been captured yet'],
  ] as const)('%s with %i papers: %s', (status, papers, words) => {
    expect(describeToday({ ...today, status, papers })).toBe(words);
  });
});
