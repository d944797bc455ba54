import type { SnapshotStore } from '../archive/store.ts';
import {
  addDays,
  type Day,
  dayOf,
  eachDay,
  FIRST_DAY,
  type Instant,
  LAST_DAY,
  latestPlausible,
  startOfDay,
} from '../lib/time.ts';
import type { ListConfig } from '../lists.ts';
import { type ListDay, type ListName, parseSnapshotKey } from '../model/list.ts';
import type { ListDayStatus } from '../table/items.ts';
import { GAPS_PER_RUN, isGapDue, type ScheduleInput, type VisitOutcomes, type Visits } from './due.ts';
import { VISITED_FOR_DAYS } from './schedule.ts';

/** The table's calendar, as planning sees it. */
export type CalendarReader = {
  /** The visited days of a list from `from` to `to`. */
  between(list: ListName, from: Day, to: Day): Promise<readonly CalendarEntry[]>;
};
/** A day of the calendar. */
export type CalendarEntry = { readonly listDay: ListDay; readonly status: ListDayStatus };

/** Days of the past that one run looks through for holes at a time. */
const LOOK_BACK_DAYS = 31;

const nameOf = ({ list, day }: ListDay): string => `${list} ${day}`;

/**
 * Gathers what a plan is made from. Visits are read from the keys of the archive, not from the table, which may lag: so a broken
 * recorder never makes the collector ask again. The table only adds what came of them, where it has caught up.
 */
export async function readScheduleInput(
  archive: SnapshotStore,
  calendar: CalendarReader,
  lists: readonly ListConfig[],
  now: Instant,
): Promise<ScheduleInput> {
  const today = dayOf(now);
  const latest = latestPlausible(now);
  const window = addDays(today, -VISITED_FOR_DAYS);
  const visits = new Map<string, Visits>();
  const visitsOf = (listDay: ListDay): Visits | null => visits.get(nameOf(listDay)) ?? null;
  const look = async (list: ListName, from: Day, to: Day, lines: readonly CalendarEntry[]) => {
    const standings = new Map(lines.map(({ listDay, status }) => [listDay.day, status]));
    for await (const { day, at } of keysBetween(archive, list, from, to)) {
      // a visit of the future says nothing of what is due
      if (at > latest) continue;
      const asHole = at >= startOfDay(addDays(day, VISITED_FOR_DAYS + 1)) ? 1 : 0;
      visits.set(nameOf({ list, day }), {
        last: at,
        asHole: (visitsOf({ list, day })?.asHole ?? 0) + asHole,
        known: knownOf(standings.get(day), at),
      });
    }
  };

  for (const { name, kind } of lists) {
    const from = kind === 'daily' ? window : today;
    await look(name, from, today, await calendar.between(name, from, today));
  }
  const firstDay = lists.some(({ kind }) => kind === 'daily') ? await firstDayOf(archive) : null;
  const holes: Day[] = [];
  for (let to = addDays(window, -1); firstDay && to >= firstDay && holes.length < GAPS_PER_RUN; ) {
    const from = [addDays(to, 1 - LOOK_BACK_DAYS), firstDay].sort().at(-1) as Day;
    const lines = await calendar.between('daily', from, to);
    const captured = new Set(lines.filter(({ status }) => status.captures > 0).map(({ listDay }) => listDay.day));
    const lacking = eachDay(from, to).filter((day) => !captured.has(day));
    const [first, last] = [lacking[0], lacking.at(-1)];
    if (first && last) await look('daily', first, last, lines);
    holes.push(...lacking.reverse().filter((day) => isGapDue(visitsOf({ list: 'daily', day }), now)));
    to = addDays(from, -1);
  }
  return { lists, visitsOf, firstDay, holes, now };
}

/** The visits of a source's list days from `from` to `to`, as the archive's keys tell them, oldest first. */
async function* keysBetween(archive: SnapshotStore, list: ListName, from: Day, to: Day) {
  const folder = `raw/${list.replace(':', '=')}/`;
  for await (const { key } of archive.list(folder, `${folder}${from}`)) {
    const facts = parseSnapshotKey(key);
    if (facts && facts.day > to) return;
    if (facts) yield facts;
  }
}

async function firstDayOf(archive: SnapshotStore): Promise<Day | null> {
  for await (const { day } of keysBetween(archive, 'daily', FIRST_DAY, LAST_DAY)) return day;
  return null;
}

const knownOf = (standing: ListDayStatus | undefined, last: Instant): Visits['known'] =>
  standing?.lastVisit === last ? visitOutcomes(standing) : null;

/** What a plan takes of a list's standing. */
export const visitOutcomes = ({ settledAt, failing, captures, unreachable }: ListDayStatus): VisitOutcomes => ({
  settled: settledAt !== null,
  failing,
  captures,
  unreachable: unreachable ?? false,
});
