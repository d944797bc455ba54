import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueListDays, type Visits } from '../../shared/collect/due.ts';
import { expectedVisits, scheduledTimes } from '../../shared/collect/schedule.ts';
import { addDays, addSeconds, countDays, type Day, dayOf, type Instant, startOfDay } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import { type ListDay, settlesAt } from '../../shared/model/list.ts';
import { DAY, day, instant } from '../support/build.ts';

describe('the scheduled visits of a list', () => {
  const slots = scheduledTimes('daily', DAY);
  const on = (count: number) => slots.filter((at) => dayOf(at) === addDays(DAY, count));

  it('are hourly on the day of a daily list', () => {
    expect(on(0)).toHaveLength(24);
    expect(on(0).slice(0, 2)).toEqual(['2025-01-08T00:00:00Z', '2025-01-08T01:00:00Z']);
  });

  it('are every three hours on the next day', () => {
    expect(on(1).map((at) => at.slice(11, 13))).toEqual(['00', '03', '06', '09', '12', '15', '18', '21']);
  });

  it('are daily after that, to day 21', () => {
    for (let count = 2; count <= 21; count++) expect(on(count)).toEqual([startOfDay(addDays(DAY, count))]);
    expect(slots.at(-1)).toBe('2025-01-29T00:00:00Z');
  });

  it('are hourly on the day of a trending list, and once on the day of a watched search', () => {
    expect(scheduledTimes('trending', DAY)).toEqual(on(0));
    expect(scheduledTimes('watched', DAY)).toEqual(['2025-01-08T00:00:00Z']);
  });
});

describe('the number of expected visits', () => {
  const span = (since: string, now: string, settledAt: string | null = null) => ({
    since: instant(since),
    now: instant(now),
    settledAt: settledAt === null ? null : instant(settledAt),
  });

  it('is 0 before the archive began', () => {
    expect(expectedVisits('trending', DAY, span('2025-01-09T05:00:00Z', '2025-02-01T00:00:00Z'))).toBe(0);
    expect(expectedVisits('daily', day('2024-12-26'), span('2025-01-09T05:00:00Z', '2025-02-01T00:00:00Z'))).toBe(0);
  });

  it('is 0 for a day to come', () => {
    expect(expectedVisits('daily', DAY, span('2025-01-01T05:00:00Z', '2025-01-07T23:59:59Z'))).toBe(0);
    expect(expectedVisits('daily', DAY, span('2025-01-01T05:00:00Z', '2025-01-08T00:00:00Z'))).toBe(1);
  });

  it('is 1 for all times that had passed when the archive began', () => {
    expect(expectedVisits('watched', DAY, span('2025-01-08T17:00:00Z', '2025-02-01T00:00:00Z'))).toBe(1);
    expect(expectedVisits('trending', DAY, span('2025-01-08T17:00:00Z', '2025-02-01T00:00:00Z'))).toBe(7);
    expect(expectedVisits('daily', day('2025-01-07'), span('2025-01-08T17:00:00Z', '2025-01-08T18:30:00Z'))).toBe(2);
  });

  it('counts up to the visit that settled the list', () => {
    const until = (settledAt: string | null) =>
      expectedVisits('daily', DAY, span('2025-01-01T00:00:00Z', '2025-03-01T00:00:00Z', settledAt));
    expect(until(null)).toBe(24 + 8 + 20);
    expect(until('2025-01-22T00:07:00Z')).toBe(24 + 8 + 13);
  });

  it('is that of the visits made when every run takes place and every visit is usable', () => {
    fc.assert(
      fc.property(
        fc.nat(23),
        fc.nat(59),
        fc.nat(59),
        fc.integer({ min: 1, max: 25 * 24 }),
        (hour, minute, second, runs) => {
          const began = addSeconds(startOfDay(DAY), hour * 3600 + minute * 60 + second);
          const made = visitsOfRuns(began, runs);
          const now = addSeconds(began, (runs - 1) * 3600);
          const since = addSeconds(startOfDay(DAY), hour * 3600);
          for (const { name, kind } of lists) {
            for (let on = addDays(DAY, -25); on <= dayOf(now); on = addDays(on, 1)) {
              const times = made.get(`${name} ${on}`) ?? [];
              const settledAt = kind === 'daily' ? (times.find((at) => at >= settlesAt(on)) ?? null) : null;
              const expected = expectedVisits(kind, on, { since, now, settledAt });
              expect(`${name} ${on}: ${times.length}`).toBe(`${name} ${on}: ${expected}`);
            }
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('is larger than that of the visits made when runs were missed', () => {
    const made = visitsOfRuns(instant('2025-01-08T00:30:00Z'), 48, (run) => run > 5 && run < 9);
    const expected = expectedVisits('trending', DAY, span('2025-01-08T00:00:00Z', '2025-01-09T12:00:00Z'));
    expect(expected - (made.get(`trending ${DAY}`)?.length ?? 0)).toBe(3);
  });
});

const lists = configuredLists([{ slug: 'agents', query: 'agents' }]);

/** Runs the plan so many times, an hour apart, on an archive that is empty at first; every visit brings a list. */
function visitsOfRuns(began: Instant, runs: number, missed: (run: number) => boolean = () => false) {
  const made = new Map<string, Instant[]>();
  let firstDay: Day | null = null;
  const findVisits = ({ list, day: on }: ListDay): Visits | null => {
    const times = made.get(`${list} ${on}`);
    const last = times?.at(-1);
    if (!times || !last) return null;
    const settled = list === 'daily' && times.some((at) => at >= settlesAt(on));
    return { last, gapVisits: 0, outcomes: { settled, failuresInRow: 0, captures: times.length, unreachable: false } };
  };
  for (let run = 0; run < runs; run++) {
    if (missed(run)) continue;
    const now = addSeconds(began, run * 3600);
    for (const listDay of dueListDays({ lists, findVisits, firstDay, gaps: [], now })) {
      const name = `${listDay.list} ${listDay.day}`;
      made.set(name, [...(made.get(name) ?? []), now]);
      if (listDay.list === 'daily' && (firstDay === null || countDays(listDay.day, firstDay) > 0))
        firstDay = listDay.day;
    }
  }
  return made;
}
