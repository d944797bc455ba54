import type { EmitMetrics } from '../aws/emf.ts';
import { mapConcurrent } from '../lib/concurrency.ts';
import { addDays, type Clock, type Day, dayOf, eachDay, type Instant, secondsBetween, weekdayOf } from '../lib/time.ts';
import { type ListConfig, listKinds } from '../lists.ts';
import { isUnexpectedFormat } from '../model/listing.ts';
import { METRICS } from '../names.ts';
import { type CalendarDay, readCalendar } from '../table/calendar.ts';
import type { TableStore } from '../table/store.ts';
import { type CollectReport, countFailedVisits, type VisitReport } from './run.ts';

/** What `emitHealthMetrics` needs. */
export type HealthMetricsDeps = {
  readonly table: TableStore;
  readonly clock: Clock;
  readonly metrics: EmitMetrics;
  /** The lists that are collected. Only those that are visited every hour count for the age of the newest capture. */
  readonly lists: readonly Pick<ListConfig, 'name' | 'kind'>[];
};

/** Days searched for the newest capture and for the usual length of a weekday's list. */
const LOOK_BACK_DAYS = 21;
/** Weekdays whose median is the usual length. */
const USUAL_WEEKDAYS = 10;

/**
 * Emits the metrics that the alarms watch after a run: visits, failed visits, drift, and the age in minutes of the hourly list that was captured
 * longest ago. Ages are read from the table, so a recorder that stopped shows too. While an hourly list was not captured for three weeks, its
 * age is not emitted: the alarm takes a missing value for a bad one.
 */
export async function emitHealthMetrics(
  { table, clock, metrics, lists }: HealthMetricsDeps,
  { visits }: Pick<CollectReport, 'visits'>,
): Promise<void> {
  const now = clock();
  const today = dayOf(now);
  const hourly = lists.filter(({ kind }) => listKinds[kind].everyMinutes === 60);
  const calendars = await mapConcurrent(hourly, ({ name }) =>
    readCalendar(table, name, addDays(today, -LOOK_BACK_DAYS), today),
  );
  const oldest = calendars.map(newestCapture).sort((a, b) => (a ?? '').localeCompare(b ?? ''))[0];
  metrics({
    [METRICS.visits]: visits.length,
    [METRICS.failedVisits]: countFailedVisits(visits),
    [METRICS.drift]: visits.filter(isDrift).length + (isDailyListUnusuallyShort(calendars.flat(), today) ? 1 : 0),
    ...(oldest && { [METRICS.captureAge]: Math.max(0, Math.round(secondsBetween(oldest, now) / 60)) }),
  });
}

/** The time of the newest usable capture, or null if there is no such thing. */
const newestCapture = (calendar: readonly CalendarDay[]): Instant | null =>
  calendar.reduce<Instant | null>(
    (newest, { status: { last } }) => (last && last > (newest ?? '') ? last : newest),
    null,
  );

/** True when a response or more than a tenth of its entries had an unexpected format. */
const isDrift = ({ outcome, papers, rejects }: VisitReport): boolean =>
  (outcome !== null && isUnexpectedFormat(outcome)) || rejects * 10 > papers + rejects;

/**
 * True when the day before yesterday was a weekday and its daily list has fewer than half the papers of the median of the ten captured weekdays
 * before it: the feed may have started to leave papers out. Empty weekends do not count.
 */
export function isDailyListUnusuallyShort(calendar: readonly CalendarDay[], today: Day): boolean {
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
