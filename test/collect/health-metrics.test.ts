import { describe, expect, it } from 'vitest';
import { emitHealthMetrics, isDailyListUnusuallyShort } from '../../shared/collect/health-metrics.ts';
import type { VisitReport } from '../../shared/collect/run.ts';
import { addDays, eachDay, weekdayOf } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { METRICS, type MetricName } from '../../shared/names.ts';
import type { CalendarDay } from '../../shared/table/calendar.ts';
import { anArchive, papers, refused, seen } from '../query/archive.ts';
import { day, instant } from '../support/build.ts';

type Metrics = Partial<Record<MetricName, number>>;

/** The metrics of a run that made these visits at noon of 2025-01-08, over an archive of captures. */
async function metricsOfRun(captures: readonly Capture[], visits: readonly VisitReport[] = []): Promise<Metrics> {
  const { table } = await anArchive(captures);
  const all: Metrics[] = [];
  const lists = configuredLists([{ slug: 'agents', query: 'agents' }]);
  const metrics = (values: Metrics) => all.push(values);
  await emitHealthMetrics({ table, clock: () => instant('2025-01-08T12:00:00Z'), metrics, lists }, { visits });
  expect(all).toHaveLength(1);
  return all[0] as Metrics;
}

const aVisit = (change: Partial<VisitReport> = {}): VisitReport => ({
  list: 'daily',
  day: day('2025-01-08'),
  at: instant('2025-01-08T12:00:00Z'),
  outcome: 'list',
  why: '',
  key: null,
  papers: 20,
  rejects: 0,
  complete: true,
  result: 'done',
  ...change,
});

describe('the metrics of a run', () => {
  const rows = papers([1]);
  const daily = seen('daily 2025-01-08', '2025-01-08T11:02:00Z', rows);
  const trending = seen('trending 2025-01-08', '2025-01-08T10:32:00Z', rows);

  it('have the age of the hourly list that was captured longest ago', async () => {
    expect(await metricsOfRun([daily, trending])).toEqual({
      [METRICS.visits]: 0,
      [METRICS.failedVisits]: 0,
      [METRICS.drift]: 0,
      [METRICS.captureAge]: 88,
    });
  });

  it('count the age from the newest usable capture of a list, of any day', async () => {
    const before = seen('daily 2025-01-07', '2025-01-08T11:30:00Z', rows);
    const failed = refused('trending 2025-01-08', '2025-01-08T11:31:00Z');
    expect((await metricsOfRun([daily, before, trending, failed]))[METRICS.captureAge]).toBe(88);
    expect(
      (await metricsOfRun([daily, before, seen('trending 2025-01-08', '2025-01-08T11:45:00Z', rows)]))
        .CaptureAgeMinutes,
    ).toBe(30);
  });

  it('have no age while an hourly list was never captured', async () => {
    const none = [[], [daily], [daily, refused('trending 2025-01-08', '2025-01-08T11:02:00Z')]];
    for (const captures of none) expect(await metricsOfRun(captures)).not.toHaveProperty(METRICS.captureAge);
  });

  it('ignore a watched search, which is captured once a day', async () => {
    const watched = seen('watched:agents 2025-01-07', '2025-01-07T00:02:00Z', rows);
    expect((await metricsOfRun([daily, trending, watched]))[METRICS.captureAge]).toBe(88);
  });

  it('count the visits, and those without a usable list', async () => {
    const visits = [
      aVisit(),
      aVisit({ outcome: 'refused', result: 'retry' }),
      aVisit({ outcome: 'unreachable', result: 'retry' }),
    ];
    const counts = { [METRICS.visits]: 3, [METRICS.failedVisits]: 2, [METRICS.drift]: 0 };
    expect(await metricsOfRun([daily, trending], visits)).toMatchObject(counts);
  });

  it.each([
    ['another shape', { outcome: 'other-shape', result: 'unreadable' }, 1],
    ['a list without votes', { outcome: 'drift', result: 'unreadable' }, 1],
    ['a list that is not there', { outcome: 'not-found', result: 'unreadable' }, 1],
    ['more than a tenth of the entries unreadable', { papers: 17, rejects: 2 }, 1],
    ['a tenth of the entries unreadable', { papers: 18, rejects: 2 }, 0],
    ['every entry unreadable', { papers: 0, rejects: 1 }, 1],
    ['an empty list', { outcome: 'empty', papers: 0 }, 0],
    ['a refusal', { outcome: 'refused', papers: 0, result: 'retry' }, 0],
  ] as const)('calls %s drift or not', async (_, change, drift) => {
    expect((await metricsOfRun([daily, trending], [aVisit(change)]))[METRICS.drift]).toBe(drift);
  });
});

describe('an unusually short list', () => {
  // a Wednesday; judged is the Monday before
  const today = day('2025-01-08');
  const judged = addDays(today, -2);

  const line = (on: CalendarDay['listDay']['day'], count: number, change = {}): CalendarDay =>
    ({
      listDay: { list: 'daily', day: on },
      status: { status: 'captured', captures: 1, papers: count, ...change },
    }) as CalendarDay;
  /** Every weekday of the three weeks before with 20 papers, weekends with none; the judged day with so many. */
  const weeks = (count: number, from = addDays(today, -21)): CalendarDay[] =>
    eachDay(from, today).map((on) => line(on, on === judged ? count : weekdayOf(on) < 6 ? 20 : 0));

  it('has fewer than half the usual papers of a weekday', () => {
    expect(isDailyListUnusuallyShort(weeks(9), today)).toBe(true);
    expect(isDailyListUnusuallyShort(weeks(10), today)).toBe(false);
    expect(isDailyListUnusuallyShort(weeks(0), today)).toBe(true);
  });

  it('is never one of a weekend', () => {
    for (const after of [day('2025-01-06'), day('2025-01-07')]) {
      expect(weekdayOf(addDays(after, -2))).toBeGreaterThan(5);
      expect(isDailyListUnusuallyShort(weeks(0).concat(line(addDays(after, -2), 0)), after)).toBe(false);
    }
  });

  it('is found only after ten captured weekdays, and only if the day itself was captured', () => {
    expect(isDailyListUnusuallyShort(weeks(0, addDays(judged, -14)), today)).toBe(true);
    expect(isDailyListUnusuallyShort(weeks(0, addDays(judged, -13)), today)).toBe(false);
    expect(
      isDailyListUnusuallyShort(
        weeks(0).map((one) => (one.listDay.day === judged ? line(judged, 0, { captures: 0 }) : one)),
        today,
      ),
    ).toBe(false);
  });

  it('is found in the daily list alone', () => {
    const trending = weeks(1).map((line) => ({ ...line, listDay: { ...line.listDay, list: 'trending' as const } }));
    expect(isDailyListUnusuallyShort(trending, today)).toBe(false);
  });
});
