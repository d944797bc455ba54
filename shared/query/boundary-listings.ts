/** The captures that two moments of a list are read from. */
import { mapConcurrent } from '../lib/concurrency.ts';
import type { DateRange } from '../lib/period.ts';
import { type Day, dayOf, type Instant } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import { readCalendar, readDaysNewestFirst, readDaysOldestFirst } from '../table/calendar.ts';
import { decodeListing, type ListingItem } from '../table/items.ts';
import { listingsUpTo, listPk } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';

/** A listing and the list day that it is of. */
export type DayListing = ListingItem & { readonly day: Day };

/** Two moments, the first before the second. */
export type InstantRange = { readonly from: Instant; readonly to: Instant };
/** The listings that each of two moments is read from. */
export type BoundaryListings = { readonly before: readonly DayListing[]; readonly after: readonly DayListing[] };

/** How many earlier visits are read at once where the newest had failed: those of a day. */
const VISITS = 24;

/** The newest usable listing of a list not later than an instant, or null if there is no such thing. */
async function newestUsable(table: TableStore, listDay: ListDay, at: Instant): Promise<DayListing | null> {
  let after: string | null = null;
  for (let limit = 1; ; limit = VISITS) {
    const items = await table.range({
      pk: listPk(listDay),
      ...listingsUpTo(at),
      newestFirst: true,
      limit,
      ...(after && { after }),
    });
    const found = items.map(decodeListing).find(({ outcome }) => isUsable(outcome));
    if (found) return { ...found, day: listDay.day };
    if (items.length < limit) return null;
    after = items.at(-1)?.sk ?? null;
  }
}

/** Of each day's list its newest usable listing by either moment, list days ascending. A list that did not change between is read once. */
export async function boundaryListingsByDay(
  table: TableStore,
  list: ListName,
  { from, to }: InstantRange,
  days: DateRange,
): Promise<BoundaryListings> {
  const visited = await readCalendar(table, list, days.from, days.to);
  const reads = await mapConcurrent(visited, async ({ listDay, status: { first } }) => {
    if (!first || first > to) return { before: null, after: null };
    const after = await newestUsable(table, listDay, to);
    if (!after || after.at <= from) return { before: after, after };
    return { before: first > from ? null : await newestUsable(table, listDay, from), after };
  });
  return {
    before: reads.map(({ before }) => before).filter((read) => read !== null),
    after: reads.map(({ after }) => after).filter((read) => read !== null),
  };
}

/** The newest usable listing of a list by either moment, on whatever day it was captured. */
export async function newestBoundaryListings(
  table: TableStore,
  list: ListName,
  { from, to }: InstantRange,
): Promise<BoundaryListings> {
  const after = await newestOf(table, list, to);
  const before = after && after.at > from ? await newestOf(table, list, from) : after;
  return { before: before ? [before] : [], after: after ? [after] : [] };
}

async function newestOf(table: TableStore, list: ListName, at: Instant): Promise<DayListing | null> {
  for await (const { listDay, status } of readDaysNewestFirst(table, list, dayOf(at))) {
    if (!status.first || status.first > at) continue;
    const found = await newestUsable(table, listDay, at);
    if (found) return found;
  }
  return null;
}

/** The oldest day of a list with a usable capture, and its first, or null if there is no such thing. */
export async function oldestDay(
  table: TableStore,
  list: ListName,
): Promise<{ readonly day: Day; readonly first: Instant } | null> {
  for await (const { listDay, status } of readDaysOldestFirst(table, list)) {
    if (status.first) return { day: listDay.day, first: status.first };
  }
  return null;
}
