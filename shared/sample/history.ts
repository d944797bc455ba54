import { addDays, addSeconds, countDays, type Day, dayOf, type Instant, startOfDay } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { sampleDays, simulatedFailureAt } from './calendar.ts';

/** A visit to simulate: which list, and at what time of the sample feed's clock. */
export type SampleVisit = { readonly listDay: ListDay; readonly at: Instant };

/** The search that the sample watches. */
export const SAMPLE_WATCH = { slug: 'agents', query: 'agents' } as const;

/** Days visited every three hours; older ones are visited at their end, a day later and when settled. */
const RECENT_DAYS = 7;
/** Hours in which the trending list is visited hourly; before them every twelve hours. */
const RECENT_HOURS = 48;
const WATCHED_DAYS = 14;
const SETTLED_DAYS = 14;

const atHour = (day: Day, hour: number): Instant => addSeconds(startOfDay(day), hour * 3600);
const hoursOfDay = (day: Day, every: number): Instant[] =>
  Array.from({ length: 24 / every }, (_, at) => atHour(day, at * every));

/** When the list of a day is visited. Midnights are included, so that upvotes at the age of whole days are known. */
function dailyTimes(day: Day, now: Instant): Instant[] {
  const age = countDays(day, dayOf(now));
  const end = startOfDay(addDays(day, 1));
  if (age >= RECENT_DAYS) return [end, startOfDay(addDays(day, 2)), atHour(addDays(day, SETTLED_DAYS), 2)];
  const later = Array.from({ length: Math.max(0, age - 1) }, (_, days) => startOfDay(addDays(day, days + 2)));
  return [...hoursOfDay(day, 3).slice(1), end, atHour(addDays(day, 1), 12), ...later];
}

/**
 * The visits that give a new sample six weeks of history: some 300, in time order, none later than `now`,
 * those of the hours with trouble included.
 */
export function sampleVisits(now: Instant): SampleVisit[] {
  const days = sampleDays(now);
  const hourly = days.flatMap((day) => hoursOfDay(day, 1));
  const recent = addSeconds(now, -RECENT_HOURS * 3600);
  const onDay =
    (list: ListName) =>
    (at: Instant): SampleVisit => ({ listDay: { list, day: dayOf(at) }, at });
  const visits = [
    ...days.flatMap((day) => dailyTimes(day, now).map((at): SampleVisit => ({ listDay: { list: 'daily', day }, at }))),
    ...hourly.filter((at) => at >= recent || Number(at.slice(11, 13)) % 12 === 0).map(onDay('trending')),
    ...days.slice(-WATCHED_DAYS).map((day) => onDay(`watched:${SAMPLE_WATCH.slug}`)(atHour(day, 7))),
    ...hourly.filter((at) => simulatedFailureAt(at)).map(onDay('daily')),
  ].filter(({ at }) => at <= now);
  const unique = new Map(visits.map((visit) => [`${visit.at} ${visit.listDay.list} ${visit.listDay.day}`, visit]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, visit]) => visit);
}
