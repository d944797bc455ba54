import type { EmitMetrics } from '../aws/emf.ts';
import { mapConcurrent } from '../lib/concurrency.ts';
import { addDays, type Clock, type Day, dayOf, eachDay, type Instant, secondsBetween, weekdayOf } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import { METRICS } from '../names.ts';
import { type CalendarDay, readCalendar } from '../table/calendar.ts';
import type { TableStore } from '../table/store.ts';
import type { CollectReport, VisitReport } from './run.ts';

/** What telling the pulse needs. */
export type HealthMetricsDeps = {
  readonly table: TableStore;
  readonly clock: Clock;
  readonly metrics: EmitMetrics;
  /** The lists that move: they are visited every hour, so each should have a capture that is not older. */
  readonly moving: readonly ListName[];
};

/** Days looked back at for the newest capture and for what a weekday usually brings. */
const LOOK_BACK_DAYS = 21;
/** Weekdays whose median is what a weekday usually brings. */
const USUAL_WEEKDAYS = 10;

/**
 * Tells after a run how the archive is: visits, failures, drift, and how old the moving list is that was last captured longest ago
 * (absence is what alarms look for). Ages are read from the table, which is what parsers see: a recorder that stands still shows too.
 * While one of the lists was not captured for three weeks, or ever, its age is not known and none is told.
 */
export async function emitHealthMetrics(
  { table, clock, metrics, moving }: HealthMetricsDeps,
  { visits }: Pick<CollectReport, 'visits'>,
): Promise<void> {
  const now = clock();
  const today = dayOf(now);
  const calendars = await mapConcurrent(moving, (list) =>
    readCalendar(table, list, addDays(today, -LOOK_BACK_DAYS), today),
  );
  const oldest = calendars.map(newestOf).sort((a, b) => (a ?? '').localeCompare(b ?? ''))[0];
  metrics({
    [METRICS.visits]: visits.length,
    [METRICS.failedVisits]: visits.filter(({ result }) => result !== 'done').length,
    [METRICS.drift]: visits.filter(isDrift).length + (isUnusuallyShort(calendars.flat(), today) ? 1 : 0),
    ...(oldest && { [METRICS.captureAge]: Math.max(0, Math.round(secondsBetween(oldest, now) / 60)) }),
  });
}

/** The newest usable capture of a list; null when there is none. */
const newestOf = (calendar: readonly CalendarDay[]): Instant | null =>
  calendar.reduce<Instant | null>(
    (newest, { status: { last } }) => (last && last > (newest ?? '') ? last : newest),
    null,
  );

/** True when an answer had another shape than lists have, or more than a tenth of its entries had. */
const isDrift = ({ outcome, papers, rejects }: VisitReport): boolean =>
  ['drift', 'other-shape', 'not-found'].includes(outcome ?? '') || rejects * 10 > papers + rejects;

/**
 * True when the day before yesterday was a weekday and has fewer than half the papers of the median of the ten captured weekdays before it:
 * a list that silently shrank. An empty weekend is none.
 */
export function isUnusuallyShort(calendar: readonly CalendarDay[], today: Day): boolean {
  const day = addDays(today, -2);
  if (!isWeekday(day)) return false;
  const papers = new Map(
    calendar
      .filter(({ listDay, status }) => listDay.list === 'daily' && status.captures > 0)
      .map(({ listDay, status }) => [listDay.day, status.papers]),
  );
  const usual = eachDay(addDays(today, -LOOK_BACK_DAYS), addDays(day, -1))
    .filter((before) => isWeekday(before) && papers.has(before))
    .slice(-USUAL_WEEKDAYS)
    .map((before) => papers.get(before) as number)
    .sort((a, b) => a - b);
  const seen = papers.get(day);
  const median = usual[Math.floor(usual.length / 2)];
  return usual.length === USUAL_WEEKDAYS && seen !== undefined && median !== undefined && seen * 2 < median;
}

const isWeekday = (day: Day): boolean => weekdayOf(day) < 6;
