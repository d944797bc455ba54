import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueListDays, windowStart } from '../../shared/collect/due.ts';
import { findOutlook } from '../../shared/collect/outlook.ts';
import { readScheduleInput } from '../../shared/collect/visits.ts';
import { addDays, addSeconds, type Day, dayOf, eachDay, type Instant, startOfDay } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import { type ListDay, type ListName, listKind, snapshotKey } from '../../shared/model/list.ts';
import type { CalendarDay } from '../../shared/table/calendar.ts';
import type { ListDayStatus } from '../../shared/table/items.ts';
import { day, instant } from '../support/build.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const NOW = instant('2025-03-10T12:30:00Z');
const TODAY = dayOf(NOW);
const FIRST = addDays(TODAY, -40);
const lists = configuredLists([{ slug: 'tea', query: 'tea' }]);

const aStanding = (status: ListDayStatus['status'], change: Partial<ListDayStatus> = {}): ListDayStatus => ({
  status,
  captures: status === 'failed' ? 0 : 1,
  failures: status === 'failed' ? 1 : 0,
  failing: status === 'failed' ? 1 : 0,
  first: null,
  last: null,
  lastVisit: NOW,
  longestGapMinutes: null,
  papers: 0,
  complete: null,
  listed: null,
  pages: null,
  settledAt: null,
  ...change,
});
const outlook = (list: ListName, on: Day, standing: ListDayStatus | null, firstDay: Day | null = FIRST) =>
  findOutlook(listKind(list), on, standing, { firstDay, windowFrom: windowStart(firstDay, TODAY), now: NOW });

describe('the outlook of a daily list', () => {
  const ago = (days: number) => addDays(TODAY, -days);

  it('is healing while it is missing in its window, or a gap since the first day of the archive', () => {
    for (const standing of [null, aStanding('failed')])
      expect([0, 1, 21, 22, 40].map((days) => outlook('daily', ago(days), standing))).toEqual(
        Array.from({ length: 5 }, () => 'healing'),
      );
    expect(outlook('daily', ago(20), aStanding('partial'))).toBe('healing');
  });

  it('is backfill before the first day of the archive, and for a cut list that is not visited again', () => {
    expect(outlook('daily', ago(41), null)).toBe('backfill');
    expect(outlook('daily', ago(22), aStanding('partial'))).toBe('backfill');
    expect([13, 14].map((days) => outlook('daily', ago(days), null, null))).toEqual(['healing', 'backfill']);
  });

  it('is settling while it is captured and visited again, and null once it has settled', () => {
    for (const status of ['captured', 'empty'] as const) {
      expect(outlook('daily', ago(0), aStanding(status))).toBe('settling');
      expect(outlook('daily', ago(20), aStanding(status))).toBe('settling');
      expect(outlook('daily', ago(20), aStanding(status, { settledAt: NOW }))).toBeNull();
    }
  });

  it('is null for a captured list that is not visited again, and for days to come', () => {
    expect(outlook('daily', ago(30), aStanding('captured'))).toBeNull();
    expect(outlook('daily', addDays(TODAY, 1), null)).toBeNull();
  });
});

describe.each(['trending', 'watched:tea'] as const)('the outlook of %s', (list) => {
  const yesterday = addDays(TODAY, -1);

  it('is lost as soon as its day has passed without a usable capture', () => {
    expect(outlook(list, TODAY, null)).toBe('healing');
    expect(outlook(list, yesterday, null)).toBe('lost');
    expect(outlook(list, yesterday, aStanding('failed'))).toBe('lost');
  });

  it('is null where something was seen', () => {
    expect(outlook(list, TODAY, aStanding('captured'))).toBeNull();
    expect(outlook(list, yesterday, aStanding('captured'))).toBeNull();
    expect(outlook(list, yesterday, aStanding('partial'))).toBeNull();
  });
});

describe('an outlook with further visits', () => {
  /** Runs that may follow: every hour of this day and the next, then every day until the last hole has had its chance. */
  const runs: Instant[] = [
    ...Array.from({ length: 36 }, (_, hour) => addSeconds(NOW, hour * 3600)),
    ...eachDay(addDays(TODAY, 2), addDays(TODAY, 24)).map(startOfDay),
  ];

  /** An archive in which all daily lists have settled but one, of which that is known; true when the plan of a run to come holds it. */
  async function isPlanned(listDay: ListDay, standing: ListDayStatus | null): Promise<boolean> {
    const snapshots = createMemoryArchive();
    const lines: Omit<CalendarDay, 'version'>[] = [];
    const add = async (on: ListDay, known: ListDayStatus) => {
      lines.push({ listDay: on, status: known });
      await snapshots.putIfAbsent(
        snapshotKey({ ...on, at: known.lastVisit, digest: '0123456789ab' }),
        new Uint8Array(),
      );
    };
    for (const on of eachDay(FIRST, TODAY))
      if (listDay.list !== 'daily' || on !== listDay.day)
        await add({ list: 'daily', day: on }, aStanding('captured', { settledAt: NOW }));
    if (standing) await add(listDay, standing);
    const readCalendar = async (list: ListName, from: Day, to: Day) =>
      lines.filter((line) => line.listDay.list === list && line.listDay.day >= from && line.listDay.day <= to);
    for (const now of runs) {
      const planned = dueListDays(await readScheduleInput(snapshots, readCalendar, lists, null, now));
      if (planned.some(({ list, day: on }) => list === listDay.list && on === listDay.day)) return true;
    }
    return false;
  }

  it('is given to exactly the list days that a later run visits', async () => {
    const sourceName = fc.constantFrom<ListName>('daily', 'trending', 'watched:tea');
    const status = fc.constantFrom<ListDayStatus['status']>('captured', 'partial', 'empty', 'failed');
    const known = fc.option(
      fc.record({ status, failing: fc.integer({ min: 0, max: 5 }), settled: fc.boolean(), hours: fc.nat(48) }),
    );
    await fc.assert(
      fc.asyncProperty(sourceName, fc.integer({ min: 0, max: 39 }), known, async (list, ago, given) => {
        const on = addDays(TODAY, -ago);
        const since = given && addSeconds(NOW, -given.hours * 3600);
        const lastVisit = since && since < startOfDay(on) ? startOfDay(on) : since;
        const usable = given?.status !== 'failed';
        const standing =
          given &&
          aStanding(given.status, {
            failing: usable ? given.failing : given.failing + 1,
            settledAt: given.settled && usable && list === 'daily' ? NOW : null,
            lastVisit: lastVisit as Instant,
          });
        const said = outlook(list, on, standing);
        const planned = await isPlanned({ list, day: on }, standing);
        if (said === 'healing' || said === 'settling') expect(planned).toBe(true);
        if (said === 'lost' || said === 'backfill') expect(planned).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

it('the outlook of an old day is backfill when there is no archive', () => {
  expect(outlook('daily', day('2023-05-04'), null, null)).toBe('backfill');
});
