import { describe, expect, it } from 'vitest';
import {
  dueListDays,
  isGapDue,
  type ScheduleInput,
  type VisitOutcomes,
  type Visits,
} from '../../shared/collect/due.ts';
import { addDays, addSeconds, type Day, eachDay } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import type { ListDay } from '../../shared/model/list.ts';
import { DAY, day, instant } from '../support/build.ts';

const NOW = instant('2025-01-08T12:30:00Z');
const lists = configuredLists([{ slug: 'agents', query: 'agents' }]);

/** Visits by `<list> <day>`: the time of the last one, and what came of it (an unsettled list, unless a test says otherwise). */
type Seen = Readonly<
  Record<string, string | (Partial<VisitOutcomes> & { readonly last: string; readonly unknown?: true })>
>;

function findVisitsIn(seen: Seen): ScheduleInput['findVisits'] {
  return ({ list, day: on }) => {
    const visit = seen[`${list} ${on}`];
    if (visit === undefined) return null;
    const { last, unknown, ...known } = typeof visit === 'string' ? { last: visit } : visit;
    return {
      last: instant(last),
      gapVisits: 0,
      outcomes: unknown ? null : { settled: false, failuresInRow: 0, captures: 1, unreachable: false, ...known },
    };
  };
}

const plan = (seen: Seen, more: Partial<ScheduleInput> = {}): string[] =>
  dueListDays({ lists, findVisits: findVisitsIn(seen), firstDay: null, gaps: [], now: NOW, ...more }).map(nameOf);
const nameOf = ({ list, day: on }: ListDay) => `${list} ${on}`;

/** All that an archive in good order was visited for until the hour that ends at `NOW`. */
const upToDate = (last = '2025-01-08T12:07:00Z'): Record<string, string> => ({
  [`daily ${DAY}`]: last,
  [`trending ${DAY}`]: last,
  [`watched:agents ${DAY}`]: last,
  ...Object.fromEntries(eachDay(addDays(DAY, -21), addDays(DAY, -1)).map((on) => [`daily ${on}`, last])),
});

describe('the list days that are due', () => {
  it('are the lists of today and the last 14 days, newest first, for an empty archive', () => {
    expect(plan({})).toEqual([
      'daily 2025-01-08',
      'trending 2025-01-08',
      'watched:agents 2025-01-08',
      ...eachDay(day('2024-12-26'), day('2025-01-07'))
        .reverse()
        .map((on) => `daily ${on}`),
    ]);
  });

  it('is empty when everything was visited in this hour', () => {
    expect(plan(upToDate(), { firstDay: day('2024-01-01') })).toEqual([]);
  });

  it('are the hourly lists once the next hour has come', () => {
    expect(plan(upToDate(), { firstDay: day('2024-01-01'), now: instant('2025-01-08T13:00:00Z') })).toEqual([
      'daily 2025-01-08',
      'trending 2025-01-08',
    ]);
  });

  it('include yesterday after three hours', () => {
    const seen = { ...upToDate(), 'daily 2025-01-07': '2025-01-08T09:07:00Z' };
    expect(plan(seen, { now: instant('2025-01-08T11:59:00Z') })).not.toContain('daily 2025-01-07');
    expect(plan(seen, { now: instant('2025-01-08T12:00:00Z') })).toContain('daily 2025-01-07');
  });

  it('include older lists once a day, to day 21, newest first and after the lists of today', () => {
    const seen = upToDate('2025-01-07T00:07:00Z');
    expect(plan(seen, { firstDay: day('2024-01-01') })).toEqual([
      'daily 2025-01-08',
      'trending 2025-01-08',
      'watched:agents 2025-01-08',
      ...eachDay(day('2024-12-18'), day('2025-01-07'))
        .reverse()
        .map((on) => `daily ${on}`),
    ]);
    const today = Object.fromEntries(Object.keys(seen).map((name) => [name, '2025-01-08T00:07:00Z']));
    expect(plan(today, { firstDay: day('2024-01-01') })).toEqual([
      'daily 2025-01-08',
      'trending 2025-01-08',
      'daily 2025-01-07',
    ]);
  });

  it('never include a daily list that is settled', () => {
    const planned = (settled: boolean) =>
      plan(
        { ...upToDate(), 'daily 2024-12-20': { last: '2025-01-04T00:07:00Z', settled } },
        { firstDay: day('2024-01-01') },
      );
    expect(planned(false)).toEqual(['daily 2024-12-20']);
    expect(planned(true)).toEqual([]);
  });

  it('include everything missed after a week without runs', () => {
    const dead = eachDay(day('2025-01-02'), DAY).map((on) => `daily ${on}`);
    const seen = Object.fromEntries(
      Object.entries(upToDate('2025-01-01T23:07:00Z')).filter(([name]) => !dead.includes(name)),
    );
    const planned = plan(seen, { firstDay: day('2024-01-01') });
    expect(planned).toEqual(expect.arrayContaining(dead));
    expect(planned).toHaveLength(3 + 21);
    expect(new Set(planned).size).toBe(planned.length);
  });

  it('include a failed list day at the next run, three times in a row, then at its scheduled times', () => {
    const failed = (failuresInRow: number, now: string) =>
      plan(
        { ...upToDate(), 'daily 2025-01-02': { last: '2025-01-08T12:07:00Z', failuresInRow, captures: 0 } },
        { now: instant(now) },
      ).includes('daily 2025-01-02');
    expect([1, 2, 3, 4].map((failing) => failed(failing, '2025-01-08T12:31:00Z'))).toEqual([true, true, true, false]);
    // not at the very moment of the visit that failed
    expect(failed(1, '2025-01-08T12:07:00Z')).toBe(false);
    expect(failed(4, '2025-01-08T23:59:59Z')).toBe(false);
    expect(failed(4, '2025-01-09T00:00:00Z')).toBe(true);
  });

  it('do not include a list visited in this hour whose outcome is not recorded yet', () => {
    const unknown = { last: '2025-01-08T12:07:00Z', unknown: true } as const;
    const seen = Object.fromEntries(Object.keys(upToDate()).map((name) => [name, unknown]));
    expect(plan(seen)).toEqual([]);
  });

  it('go back 14 days, or to the first day of the archive within the window', () => {
    const oldest = (firstDay: Day) => plan({}, { firstDay }).at(-1);
    expect(oldest(day('2025-01-08'))).toBe('daily 2024-12-26');
    expect(oldest(day('2024-12-20'))).toBe('daily 2024-12-20');
    expect(oldest(day('2024-01-01'))).toBe('daily 2024-12-18');
  });

  it('end with at most five gaps, in the order given', () => {
    const gaps = ['2024-11-09', '2024-11-07', '2024-10-01', '2024-09-30', '2024-03-03', '2024-03-02'].map(day);
    expect(plan(upToDate(), { firstDay: day('2024-01-01'), gaps })).toEqual(
      gaps.slice(0, 5).map((on) => `daily ${on}`),
    );
  });

  it('are only the lists of today where the daily list is not collected', () => {
    const only = lists.filter(({ kind }) => kind !== 'daily');
    expect(plan({}, { lists: only })).toEqual(['trending 2025-01-08', 'watched:agents 2025-01-08']);
  });
});

describe('a gap in the daily list', () => {
  const last = instant('2025-01-01T00:00:00Z');
  const failed = (gapVisits: number, failuresInRow = gapVisits, more: Partial<VisitOutcomes> = {}): Visits => ({
    last,
    gapVisits,
    outcomes: { settled: false, failuresInRow, captures: 0, unreachable: false, ...more },
  });
  const waits = (visits: Visits): number => {
    const wait = Array.from({ length: 1000 }, (_, days) => days).find((days) =>
      isGapDue(visits, addSeconds(last, days * 86_400)),
    );
    return wait ?? Number.POSITIVE_INFINITY;
  };

  it('is due at once when it was never visited', () => {
    expect(isGapDue(null, NOW)).toBe(true);
  });

  it('is due at once when nothing answered, since that shows nothing about the day', () => {
    expect(waits(failed(3, 1, { unreachable: true }))).toBe(0);
  });

  it('is due again after 1, 3, 9, … days when it failed', () => {
    expect([1, 2, 3, 4].map((times) => waits(failed(times)))).toEqual([1, 3, 9, 27]);
  });

  it('is due a day after its window, however often it failed within it', () => {
    expect(waits(failed(0, 52))).toBe(1);
    expect(waits(failed(1, 53))).toBe(1);
    expect(waits(failed(2, 54))).toBe(3);
  });

  it('is not due for centuries after 500 failures, and the wait does not overflow', () => {
    expect(isGapDue(failed(500), instant('2999-01-01T00:00:00Z'))).toBe(false);
  });

  it('is not due while its last visit is not recorded, nor when it was captured after all', () => {
    expect(isGapDue({ last, gapVisits: 1, outcomes: null }, NOW)).toBe(false);
    expect(isGapDue(failed(1, 1, { captures: 1 }), NOW)).toBe(false);
  });
});
