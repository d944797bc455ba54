import type { Catalog } from '../catalog/sqlite.ts';
import { addDays, type Clock, type Day, dayOf, FIRST_DAY, type Instant, LAST_DAY } from '../kit/clock.ts';
import { isUsable } from '../model/listing.ts';
import type { SourceName, Target } from '../model/target.ts';
import { type CalendarDay, calendarOf, daysBack } from '../record/calendar.ts';
import { asSummary, fold, type Summary } from '../record/fold.ts';
import { LISTINGS, listingsUpTo, listPk, type PaperKey, summaryKey } from '../record/keys.ts';
import { asListing, type ListingItem } from '../record/listing.ts';
import type { Records } from '../record/records.ts';
import { idsOfTitles, isTitle } from './title.ts';

/** What every question is asked of. */
export type Archive = {
  readonly records: Records;
  /** The same as tables, brought up to date: for search and long ranges. */
  catalog(): Promise<Catalog>;
  readonly clock: Clock;
  /** True when the papers are made up. */
  readonly sample: boolean;
};

/** The summary of a list, as known at `at` (null: now), rows of copied text under their papers' ids; null when there was no visit. */
export async function summaryOf(records: Records, target: Target, at: Instant | null): Promise<Summary | null> {
  const summary =
    at === null
      ? asSummary(await records.get(summaryKey(target)))
      : fold(target, await listingsOf(records, target, at));
  if (!summary?.papers.some(isTitle)) return summary;
  return foldUnder(records, target, at, await idsOfTitles(records, summary.papers, at));
}

/** A list's fold with rows of copied text under other names: under their papers' ids. */
export async function foldUnder(
  records: Records,
  target: Target,
  at: Instant | null,
  ids: ReadonlyMap<PaperKey, string>,
): Promise<Summary | null> {
  const listings = await listingsOf(records, target, at);
  return fold(
    target,
    listings.map((listing) => ({ ...listing, papers: listing.papers.map((paper) => ids.get(paper) ?? paper) })),
  );
}

/** All listings of a target up to `at` (null: all), oldest first. */
export async function listingsOf(records: Records, target: Target, at: Instant | null): Promise<ListingItem[]> {
  const items = await records.range({ pk: listPk(target), ...(at ? listingsUpTo(at) : LISTINGS) });
  return items.map(asListing);
}

/** The visited days of a list from the first to the last, or those of a range (ends included; null: open), oldest first. */
export const daysOf = (
  records: Records,
  list: SourceName,
  { from, to }: { readonly from: Day | null; readonly to: Day | null },
): Promise<CalendarDay[]> => calendarOf(records, list, from ?? FIRST_DAY, to ?? LAST_DAY);

/** The newest usable listing of a list before a day; null if there is none in the 62 visited days before. */
export async function lastUsableBefore(records: Records, { source, day }: Target): Promise<ListingItem | null> {
  let looked = 0;
  for await (const { target, standing } of daysBack(records, source, addDays(day, -1))) {
    if (standing.last) {
      const then = { from: `AT#${standing.last}#`, to: `AT#${standing.last}~` };
      const items = await records.range({ pk: listPk(target), ...then });
      return items.map(asListing).findLast(({ outcome }) => isUsable(outcome)) ?? null;
    }
    looked += 1;
    if (looked === 62) return null;
  }
  return null;
}

/** `at` as it is understood: a time in the future is now, and now needs no going back. */
export const asKnownAt = (at: Instant | null, now: Instant): Instant | null => (at !== null && at < now ? at : null);

/** The day it is. */
export const todayOf = ({ clock }: Archive): Day => dayOf(clock());
