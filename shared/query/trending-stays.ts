import { mapConcurrent } from '../lib/concurrency.ts';
import { addDays, type Instant, secondsBetween } from '../lib/time.ts';
import { readCalendar } from '../table/calendar.ts';
import type { TableStore } from '../table/store.ts';
import type { Milestones } from './milestones.schema.ts';
import { type Observation, observationsBetween } from './observations.ts';
import type { PaperListDay } from './paper-summaries.ts';

/** A capture that shows whether the paper was there: it has the paper, or is not known to be cut. */
export type Witness = { readonly at: Instant; readonly there: boolean };

/** What happened between two captures farther apart than this is unknown: the schedule captures every hour, and may miss two. */
const WATCHED_SECONDS = 3 * 3600;

/** The stays on a list that captures show, oldest first, and for how long they were captured closely or with gaps. */
export function findStays(witnesses: readonly Witness[]): Milestones['trending'] {
  const stays: { from: Instant; to: Instant }[] = [];
  const seconds = { watched: 0, unwatched: 0 };
  let open = false;
  for (const { at, there } of witnesses) {
    const stay = stays.at(-1);
    if (there && open && stay) {
      const passed = secondsBetween(stay.to, at);
      seconds[passed <= WATCHED_SECONDS ? 'watched' : 'unwatched'] += passed;
      stay.to = at;
    } else if (there) {
      stays.push({ from: at, to: at });
    }
    open = there;
  }
  return {
    hours: seconds.watched / 3600,
    unwatchedHours: seconds.unwatched / 3600,
    entries: stays.length,
    stays,
  };
}

/**
 * When a paper was on trending, from the lists that it was on there, by day. Where it was in every capture between its first and its
 * last of a day, the summary tells so; listings are read of other days, and one after the last sight of a day that has one.
 */
export async function trendingStays(
  table: TableStore,
  lists: readonly PaperListDay[],
): Promise<Milestones['trending']> {
  const days = await mapConcurrent(lists, (on) => witnessesOn(table, on));
  const pairs = lists.slice(1).map((next, at) => [lists[at] as PaperListDay, next] as const);
  const gone = await mapConcurrent(pairs, ([before, next]) => goneBefore(table, before, next));
  return findStays(days.flatMap((day, at) => (gone[at] ? [...day, gone[at]] : day)));
}

async function witnessesOn(table: TableStore, on: PaperListDay): Promise<Witness[]> {
  const { times, firstSeen, lastSeen, captures } = on.summary;
  const [first, last] = [firstSeen[on.place] as number, lastSeen[on.place] as number];
  if (captures[on.place] === last - first + 1)
    return times.slice(first, last + 1).map((at): Witness => ({ at, there: true }));
  return (await observationsBetween(table, on)).filter(canTell).map(({ at, row }) => ({ at, there: row !== null }));
}

const canTell = ({ row, whole }: Observation): boolean => row !== null || whole;

/** A capture between two lists that the paper was on that shows it was gone; null where no capture does. */
async function goneBefore(table: TableStore, before: PaperListDay, next: PaperListDay): Promise<Witness | null> {
  const after = before.summary.times.slice((before.summary.lastSeen[before.place] as number) + 1);
  const until = next.summary.times.slice(0, next.summary.firstSeen[next.place]);
  return (
    (await goneAt(table, before, after)) ??
    (await goneBetween(table, before, next)) ??
    (await goneAt(table, next, until))
  );
}

/** The first of those captures that shows it was gone: nearly always the very first, for few are cut. */
async function goneAt(table: TableStore, on: PaperListDay, times: readonly Instant[]): Promise<Witness | null> {
  for (const at of times) {
    const seen = await observationsBetween(table, on, at, at);
    if (seen.some(({ row, whole }) => row === null && whole)) return { at, there: false };
  }
  return null;
}

/** The same on the days between, on none of which it was. */
async function goneBetween(table: TableStore, before: PaperListDay, next: PaperListDay): Promise<Witness | null> {
  const [from, to] = [addDays(before.listDay.day, 1), addDays(next.listDay.day, -1)];
  if (from > to) return null;
  for (const { listDay, status } of await readCalendar(table, before.listDay.list, from, to)) {
    const { first, last } = status;
    if (!first || !last) continue;
    // the first of a day nearly always is not cut, and spares reading the day
    for (const end of [first, last]) {
      const shows = (await observationsBetween(table, { ...before, listDay }, first, end)).find(({ whole }) => whole);
      if (shows) return { at: shows.at, there: false };
    }
  }
  return null;
}
