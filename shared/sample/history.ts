import { addDays, addSeconds, countDays, type Day, dayOf, type Instant, startOfDay } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { troubleAt, WINDOW_DAYS, windowOf } from './calendar.ts';

/** A visit to simulate: which list, and at what time of the sample feed's clock. */
export type Visit = { readonly listDay: ListDay; readonly at: Instant };

/** The search that the sample watches, as `PAPERKEEP_WATCH` would have it. */
export const SAMPLE_WATCH = { slug: 'agents', query: 'agents' } as const;

/** Days that are visited every three hours on their day and daily thereafter; older ones at their end, a day later and when settled. */
const CLOSE_DAYS = 7;
/** Hours before now in which the trending list is visited hourly instead of every twelve hours. */
const CLOSE_HOURS = 48;
const WATCHED_DAYS = 14;
/** From the start of which day after its own a list counts as settled. */
const SETTLED_DAYS = 14;

const hours = (day: Day, every: number): Instant[] =>
  Array.from({ length: 24 / every }, (_, at) => addSeconds(startOfDay(day), at * every * 3600));

const atHour = (day: Day, hour: number): Instant => addSeconds(startOfDay(day), hour * 3600);

/** When the list of a day is visited. */
function dailyTimes(day: Day, now: Instant): Instant[] {
  const age = countDays(day, dayOf(now));
  const end = startOfDay(addDays(day, 1));
  const noonAfter = atHour(addDays(day, 1), 12);
  const settled = atHour(addDays(day, SETTLED_DAYS), 2);
  // at midnight, as the schedule has it: so upvotes are known at the ages of whole days
  if (age >= CLOSE_DAYS) return [end, startOfDay(addDays(day, 2)), settled];
  const later = Array.from({ length: Math.max(0, age - 1) }, (_, days) => startOfDay(addDays(day, days + 2)));
  return [...hours(day, 3).slice(1), end, noonAfter, ...later];
}

const onDay = (list: ListName, at: Instant): Visit => ({ listDay: { list, day: dayOf(at) }, at });

/**
 * The visits that give a new site six weeks of history: some 300, in time order, none later than `now`.
 * Among them are those of the hour in which the feed failed and of the hour in which it was cut.
 */
export function visitsToMake(now: Instant): Visit[] {
  const days = windowOf(now);
  const daily = days.flatMap((day) =>
    dailyTimes(day, now).map((at): Visit => ({ listDay: { list: 'daily', day }, at })),
  );
  const close = addSeconds(now, -CLOSE_HOURS * 3600);
  const trending = days
    .flatMap((day) => hours(day, 1))
    .filter((at) => at >= close || Number(at.slice(11, 13)) % 12 === 0)
    .map((at) => onDay('trending', at));
  const watched = days
    .slice(WINDOW_DAYS - WATCHED_DAYS)
    .map((day) => onDay(`watched:${SAMPLE_WATCH.slug}`, atHour(day, 7)));
  const troubled = days
    .flatMap((day) => hours(day, 1))
    .filter((at) => troubleAt(at))
    .map((at): Visit => onDay('daily', at));
  const unique = new Map(
    [...daily, ...trending, ...watched, ...troubled].map((visit) => [
      `${visit.at} ${visit.listDay.list} ${visit.listDay.day}`,
      visit,
    ]),
  );
  return [...unique.entries()]
    .filter(([, visit]) => visit.at <= now)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, visit]) => visit);
}
