import { addDays, type Clock, type Day, dayOf, type Instant } from '../kit/clock.ts';
import type { Target } from '../model/target.ts';
import { daysBack } from '../record/calendar.ts';
import { asSummary, fold, type Summary } from '../record/fold.ts';
import { LISTINGS, listingsUpTo, listPk, summaryKey } from '../record/keys.ts';
import { asListing, type ListingItem } from '../record/listing.ts';
import type { Records } from '../record/records.ts';

/** What every question is asked of. */
export type Archive = {
  readonly records: Records;
  readonly clock: Clock;
  /** True when the papers are made up. */
  readonly sample: boolean;
};

/** The summary of a list, as known at `at` (null: now); null when there was no visit. */
export async function summaryOf(records: Records, target: Target, at: Instant | null): Promise<Summary | null> {
  if (at === null) return asSummary(await records.get(summaryKey(target)));
  return fold(target, await listingsOf(records, target, at));
}

/** All listings of a target up to `at` (null: all), oldest first. */
export async function listingsOf(records: Records, target: Target, at: Instant | null): Promise<ListingItem[]> {
  const items = await records.range({ pk: listPk(target), ...(at ? listingsUpTo(at) : LISTINGS) });
  return items.map(asListing);
}

/** The newest usable listing of a list before a day; null if there is none in the 62 visited days before. */
export async function lastUsableBefore(records: Records, { source, day }: Target): Promise<ListingItem | null> {
  let looked = 0;
  for await (const { target, standing } of daysBack(records, source, addDays(day, -1))) {
    if (standing.last) {
      const upTo = await records.range({
        pk: listPk(target),
        from: `AT#${standing.last}`,
        to: `AT#${standing.last}~`,
        newestFirst: true,
      });
      return upTo[0] ? asListing(upTo[0]) : null;
    }
    looked += 1;
    if (looked === 62) return null;
  }
  return null;
}

/** `at` as it is understood: a time in the future is now, and now needs no going back. */
export const asKnownAt = (at: Instant | null, now: Instant): Instant | null => (at !== null && at < now ? at : null);

/** The day that `at` (null: now) falls on. */
export const dayAt = (archive: Archive, at: Instant | null): Day => dayOf(at ?? archive.clock());
