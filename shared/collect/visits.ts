import type { OnUnreadable, SnapshotStore } from '../archive/store.ts';
import {
  addDays,
  type Day,
  dayOf,
  eachDay,
  FIRST_DAY,
  type Instant,
  LAST_DAY,
  startOfDay,
  withClockSkew,
} from '../lib/time.ts';
import type { ListConfig } from '../lists.ts';
import { type ListDay, type ListName, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import type { CalendarDay } from '../table/calendar.ts';
import { isSettled, type ListDayStatus } from '../table/items.ts';
import { GAPS_PER_RUN, isGapDue, type ScheduleInput, type VisitOutcomes, type Visits, windowStart } from './due.ts';
import { WINDOW_DAYS } from './schedule.ts';

/** Reads the visited days of a list from `from` to `to`, both included, from the calendar in the table. */
export type CalendarReader = (list: ListName, from: Day, to: Day) => Promise<readonly Omit<CalendarDay, 'version'>[]>;

/** Days that are searched for gaps at a time. */
const SEARCH_DAYS = 31;

/**
 * Reads what decides what is due. The visits come from the keys of the archive, not from the table, which may lag behind: so a broken recorder
 * never makes the collector repeat a request. The table only adds what the visits came to, as far as it has recorded them.
 *
 * @param since The daily lists are also filled back to this day; null: only back to the archive's first day.
 */
export async function readScheduleInput(
  archive: SnapshotStore,
  readCalendar: CalendarReader,
  lists: readonly ListConfig[],
  since: Day | null,
  now: Instant,
): Promise<ScheduleInput> {
  const today = dayOf(now);
  const latest = withClockSkew(now);
  const oldestScheduled = addDays(today, -WINDOW_DAYS);
  const visits = new Map<string, Visits>();
  const unreadable = new Set<string>();
  const findVisits = ({ list, day }: ListDay): Visits | null =>
    // of a folder that cannot be read nothing is known, and nothing could be stored in it
    unreadable.has(snapshotPrefix({ list, day })) || unreadable.has(listFolder(list))
      ? { last: now, gapVisits: 0, outcomes: null }
      : (visits.get(`${list} ${day}`) ?? null);
  const onUnreadable: OnUnreadable = ({ key }) => unreadable.add(key);
  const addVisits = async (list: ListName, from: Day, to: Day, calendar: Awaited<ReturnType<CalendarReader>>) => {
    const statuses = new Map(calendar.map(({ listDay, status }) => [listDay.day, status]));
    for await (const { day, at } of snapshotKeys(archive, list, from, to, onUnreadable)) {
      // A visit in the future (a clock that ran ahead) does not count.
      if (at > latest) continue;
      const isGapVisit = at >= startOfDay(addDays(day, WINDOW_DAYS + 1));
      const status = statuses.get(day);
      visits.set(`${list} ${day}`, {
        last: at,
        gapVisits: (findVisits({ list, day })?.gapVisits ?? 0) + (isGapVisit ? 1 : 0),
        outcomes: status?.lastVisit === at ? toVisitOutcomes(status, now) : null,
      });
    }
  };

  for (const { name, kind } of lists) {
    const from = kind === 'daily' ? oldestScheduled : today;
    await addVisits(name, from, today, await readCalendar(name, from, today));
  }
  const hasDaily = lists.some(({ kind }) => kind === 'daily');
  const firstDay = hasDaily ? await readFirstDay(archive, onUnreadable) : null;
  const end = hasDaily ? ([firstDay ?? LAST_DAY, since ?? LAST_DAY].sort()[0] as Day) : LAST_DAY;
  const gaps: Day[] = [];
  for (let to = addDays(windowStart(firstDay, today), -1); to >= end && gaps.length < GAPS_PER_RUN; ) {
    const from = [addDays(to, 1 - SEARCH_DAYS), end].sort().at(-1) as Day;
    const calendar = await readCalendar('daily', from, to);
    const captured = new Set(calendar.filter(({ status }) => status.captures > 0).map(({ listDay }) => listDay.day));
    const missing = eachDay(from, to).filter((day) => !captured.has(day));
    const [first, last] = [missing[0], missing.at(-1)];
    if (first && last) await addVisits('daily', first, last, calendar);
    gaps.push(...missing.reverse().filter((day) => isGapDue(findVisits({ list: 'daily', day }), now)));
    to = addDays(from, -1);
  }
  return { lists, findVisits, firstDay, gaps, now };
}

/** The keys of a list's snapshots from day `from` to `to`, taken apart, oldest first. */
async function* snapshotKeys(archive: SnapshotStore, list: ListName, from: Day, to: Day, onUnreadable: OnUnreadable) {
  const folder = listFolder(list);
  for await (const { key } of archive.list(folder, `${folder}${from}`, onUnreadable)) {
    const parts = parseSnapshotKey(key);
    if (parts && parts.day > to) return;
    if (parts) yield parts;
  }
}

const listFolder = (list: ListName): string => `raw/${list.replace(':', '=')}/`;

async function readFirstDay(archive: SnapshotStore, onUnreadable: OnUnreadable): Promise<Day | null> {
  for await (const { day } of snapshotKeys(archive, 'daily', FIRST_DAY, LAST_DAY, onUnreadable)) return day;
  return null;
}

/** What a list day's status in the table says of its visits at `now`. */
export const toVisitOutcomes = (status: ListDayStatus, now: Instant): VisitOutcomes => ({
  settled: isSettled(status, now),
  failuresInRow: status.failing,
  captures: status.captures,
  unreachable: status.unreachable ?? false,
});
