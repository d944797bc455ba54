import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addSeconds, type Day, dayOf, daysFrom, type Instant, startOf } from '../../shared/kit/clock.ts';
import { kindOf, type SourceName, snapshotKey, type Target } from '../../shared/model/target.ts';
import { due } from '../../shared/plan/due.ts';
import { outlookOf } from '../../shared/plan/outlook.ts';
import { type CalendarLine, planInput } from '../../shared/plan/visits.ts';
import type { Standing } from '../../shared/record/fold.ts';
import { sourcesOf } from '../../shared/sources.ts';
import { day, instant } from '../support/build.ts';
import { memorySnapshots } from '../support/snapshots.ts';

const NOW = instant('2025-03-10T12:30:00Z');
const TODAY = dayOf(NOW);
const FIRST = addDays(TODAY, -40);
const sources = sourcesOf([{ slug: 'tea', query: 'tea' }]);

const aStanding = (status: Standing['status'], change: Partial<Standing> = {}): Standing => ({
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
const outlook = (source: SourceName, on: Day, standing: Standing | null, firstDay: Day | null = FIRST) =>
  outlookOf(kindOf(source), on, standing, { firstDay, now: NOW });

describe('the outlook of a daily list', () => {
  const ago = (days: number) => addDays(TODAY, -days);

  it('is healing where it lacks and the schedule goes: in its window, and back to the first day of the archive', () => {
    for (const standing of [null, aStanding('failed')])
      expect([0, 1, 21, 22, 40].map((days) => outlook('daily', ago(days), standing))).toEqual(
        Array.from({ length: 5 }, () => 'healing'),
      );
    expect(outlook('daily', ago(20), aStanding('partial'))).toBe('healing');
  });

  it('is left to a backfill before the first day of the archive, and for a cut list that nothing visits again', () => {
    expect(outlook('daily', ago(41), null)).toBe('backfill');
    expect(outlook('daily', ago(22), aStanding('partial'))).toBe('backfill');
    expect([13, 14].map((days) => outlook('daily', ago(days), null, null))).toEqual(['healing', 'backfill']);
  });

  it('is settling while it is captured and looked at again, and nothing once it has settled', () => {
    for (const status of ['captured', 'empty'] as const) {
      expect(outlook('daily', ago(0), aStanding(status))).toBe('settling');
      expect(outlook('daily', ago(20), aStanding(status))).toBe('settling');
      expect(outlook('daily', ago(20), aStanding(status, { settledAt: NOW }))).toBeNull();
    }
  });

  it('is none for a captured list that was never looked at again, and for days to come', () => {
    expect(outlook('daily', ago(30), aStanding('captured'))).toBeNull();
    expect(outlook('daily', addDays(TODAY, 1), null)).toBeNull();
  });
});

describe.each(['trending', 'watched:tea'] as const)('the outlook of %s', (source) => {
  const yesterday = addDays(TODAY, -1);

  it('is lost as soon as its day has passed without a usable capture', () => {
    expect(outlook(source, TODAY, null)).toBe('healing');
    expect(outlook(source, yesterday, null)).toBe('lost');
    expect(outlook(source, yesterday, aStanding('failed'))).toBe('lost');
  });

  it('is none where something was seen', () => {
    expect(outlook(source, yesterday, aStanding('captured'))).toBeNull();
    expect(outlook(source, yesterday, aStanding('partial'))).toBeNull();
  });
});

describe('what is said to be visited again', () => {
  /** Runs that may follow: every hour of this day and the next, then every day until the last hole has had its chance. */
  const runs: Instant[] = [
    ...Array.from({ length: 36 }, (_, hour) => addSeconds(NOW, hour * 3600)),
    ...daysFrom(addDays(TODAY, 2), addDays(TODAY, 24)).map(startOf),
  ];

  /** An archive in which all daily lists have settled but one, of which that is known; true when the plan of a run to come holds it. */
  async function isPlanned(target: Target, standing: Standing | null): Promise<boolean> {
    const snapshots = memorySnapshots();
    const lines: CalendarLine[] = [];
    const add = async (on: Target, known: Standing) => {
      lines.push({ target: on, standing: known });
      await snapshots.putIfAbsent(
        snapshotKey({ ...on, at: known.lastVisit, digest: '0123456789ab' }),
        new Uint8Array(),
      );
    };
    for (const on of daysFrom(FIRST, TODAY))
      if (target.source !== 'daily' || on !== target.day)
        await add({ source: 'daily', day: on }, aStanding('captured', { settledAt: NOW }));
    if (standing) await add(target, standing);
    const calendar = {
      between: async (source: SourceName, from: Day, to: Day) =>
        lines.filter((line) => line.target.source === source && line.target.day >= from && line.target.day <= to),
    };
    for (const now of runs) {
      const planned = due(await planInput(snapshots, calendar, sources, now));
      if (planned.some(({ source, day: on }) => source === target.source && on === target.day)) return true;
    }
    return false;
  }

  it('is what the plan of a run to come holds, and nothing else is', async () => {
    const sourceName = fc.constantFrom<SourceName>('daily', 'trending', 'watched:tea');
    const status = fc.constantFrom<Standing['status']>('captured', 'partial', 'empty', 'failed');
    const known = fc.option(
      fc.record({ status, failing: fc.integer({ min: 0, max: 5 }), settled: fc.boolean(), hours: fc.nat(48) }),
    );
    await fc.assert(
      fc.asyncProperty(sourceName, fc.integer({ min: 0, max: 39 }), known, async (source, ago, told) => {
        const on = addDays(TODAY, -ago);
        const since = told && addSeconds(NOW, -told.hours * 3600);
        const lastVisit = since && since < startOf(on) ? startOf(on) : since;
        const usable = told?.status !== 'failed';
        const standing =
          told &&
          aStanding(told.status, {
            failing: usable ? told.failing : told.failing + 1,
            settledAt: told.settled && usable && source === 'daily' ? NOW : null,
            lastVisit: lastVisit as Instant,
          });
        const said = outlook(source, on, standing);
        const planned = await isPlanned({ source, day: on }, standing);
        if (said === 'healing' || said === 'settling') expect(planned).toBe(true);
        if (said === 'lost' || said === 'backfill') expect(planned).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

it('of a day long gone is told without an archive', () => {
  expect(outlook('daily', day('2023-05-04'), null, null)).toBe('backfill');
});
