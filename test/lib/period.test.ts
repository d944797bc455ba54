import { describe, expect, it } from 'vitest';
import { eachPeriod, parsePeriod, periodOf, startOfLastPeriods } from '../../shared/lib/period.ts';
import { addDays, type Day, eachDay } from '../../shared/lib/time.ts';

const day = (text: string) => text as Day;

describe('weeks', () => {
  it.each([
    ['2024-12-29', '2024-W52'],
    ['2024-12-30', '2025-W01'],
    ['2025-01-08', '2025-W02'],
    ['2025-12-29', '2026-W01'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
  ])('count as ISO 8601 says: %s lies in %s', (of, week) => expect(periodOf('week', day(of))).toBe(week));

  it('go from Monday to Sunday, across the turn of the year', () => {
    expect(parsePeriod('week', '2025-W01')).toEqual({ from: '2024-12-30', to: '2025-01-05' });
    expect(parsePeriod('week', '2026-W53')).toEqual({ from: '2026-12-28', to: '2027-01-03' });
  });

  it.each(['2025-W53', '2025-W00', '2025-W54', '2025-W1', '2025-02', 'W02', '2025-w02', ''])(
    'are null when the calendar does not have them: %s',
    (name) => expect(parsePeriod('week', name)).toBeNull(),
  );

  it('have each day of 14 years in the one week that names it', () => {
    for (const one of eachDay(day('2020-01-01'), day('2033-12-31'))) {
      const { from, to } = parsePeriod('week', periodOf('week', one)) ?? {};
      expect([one, from && from <= one, to && one <= to, from && addDays(from, 6) === to]).toEqual([
        one,
        true,
        true,
        true,
      ]);
    }
  });
});

describe('months', () => {
  it('go from their first to their last day', () => {
    expect(parsePeriod('month', '2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
    expect(parsePeriod('month', '2025-12')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
  });

  it.each(['2025-13', '2025-00', '2025-1', '2025-W02', ''])(
    'are null when the calendar does not have them: %s',
    (name) => expect(parsePeriod('month', name)).toBeNull(),
  );
});

describe('a range of days', () => {
  it('is divided into weeks, the first and the last cut at its ends', () => {
    expect(eachPeriod('week', { from: day('2025-01-08'), to: day('2025-01-21') })).toEqual([
      { name: '2025-W02', from: '2025-01-08', to: '2025-01-12' },
      { name: '2025-W03', from: '2025-01-13', to: '2025-01-19' },
      { name: '2025-W04', from: '2025-01-20', to: '2025-01-21' },
    ]);
    expect(eachPeriod('month', { from: day('2025-01-31'), to: day('2025-01-31') })).toHaveLength(1);
  });

  it('begins with a whole week or month when its length is given in them', () => {
    expect(startOfLastPeriods('week', 1, day('2025-01-08'))).toBe('2025-01-06');
    expect(startOfLastPeriods('week', 26, day('2025-01-08'))).toBe('2024-07-15');
    expect(startOfLastPeriods('month', 24, day('2025-01-08'))).toBe('2023-02-01');
  });
});
