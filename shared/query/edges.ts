/** The captures that two moments of a list are read from. */
import type { Day, Instant } from '../kit/clock.ts';
import { dayOf } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import { isUsable } from '../model/listing.ts';
import type { SourceName, Target } from '../model/target.ts';
import { calendarOf, daysBack, daysForth } from '../record/calendar.ts';
import { listingsUpTo, listPk } from '../record/keys.ts';
import { asListing, type ListingItem } from '../record/listing.ts';
import type { Records } from '../record/records.ts';

/** A listing of a list of that day. */
export type EdgeRead = ListingItem & { readonly day: Day };

/** Two moments, the first before the second. */
type Moments = { readonly from: Instant; readonly to: Instant };
/** A stretch of list days, both included. */
export type Days = { readonly first: Day; readonly last: Day };
/** The listings that each of the two is read from. */
export type Edges = { readonly before: readonly EdgeRead[]; readonly after: readonly EdgeRead[] };

/** Of the visits before it, how many are read at once where the newest had failed: those of a day. */
const VISITS = 24;

/** The newest usable listing of a list not later than an instant; null if there is none. */
async function newestUsable(records: Records, target: Target, at: Instant): Promise<EdgeRead | null> {
  let after: string | null = null;
  for (let limit = 1; ; limit = VISITS) {
    const items = await records.range({
      pk: listPk(target),
      ...listingsUpTo(at),
      newestFirst: true,
      limit,
      ...(after && { after }),
    });
    const found = items.map(asListing).find(({ outcome }) => isUsable(outcome));
    if (found) return { ...found, day: target.day };
    if (items.length < limit) return null;
    after = items.at(-1)?.sk ?? null;
  }
}

/** Of each day's list its newest usable listing by either moment, list days ascending. A list that did not change between is read once. */
export async function edgesOfDays(
  records: Records,
  source: SourceName,
  { from, to }: Moments,
  days: Days,
): Promise<Edges> {
  const visited = await calendarOf(records, source, days.first, days.last);
  const reads = await inTurns(visited, async ({ target, standing: { first } }) => {
    if (!first || first > to) return { before: null, after: null };
    const after = await newestUsable(records, target, to);
    if (!after || after.at <= from) return { before: after, after };
    return { before: first > from ? null : await newestUsable(records, target, from), after };
  });
  return {
    before: reads.map(({ before }) => before).filter((read) => read !== null),
    after: reads.map(({ after }) => after).filter((read) => read !== null),
  };
}

/** The newest usable listing of a list by either moment, on whatever day it was captured. */
export async function edgesOfNewest(records: Records, source: SourceName, { from, to }: Moments): Promise<Edges> {
  const after = await newestOf(records, source, to);
  const before = after && after.at > from ? await newestOf(records, source, from) : after;
  return { before: before ? [before] : [], after: after ? [after] : [] };
}

async function newestOf(records: Records, source: SourceName, at: Instant): Promise<EdgeRead | null> {
  for await (const { target, standing } of daysBack(records, source, dayOf(at))) {
    if (!standing.first || standing.first > at) continue;
    const found = await newestUsable(records, target, at);
    if (found) return found;
  }
  return null;
}

/** The oldest day of a list with a usable capture, and its first; null if there is none. */
export async function oldestDay(
  records: Records,
  source: SourceName,
): Promise<{ readonly day: Day; readonly first: Instant } | null> {
  for await (const { target, standing } of daysForth(records, source)) {
    if (standing.first) return { day: target.day, first: standing.first };
  }
  return null;
}
