import type { EmitMetrics } from '../aws/emf.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { addDays, type Clock, type Day, dayOf, FIRST_DAY, type Instant, LAST_DAY, withClockSkew } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import { foldListings } from '../record/fold.ts';
import { type CalendarDay, readCalendar, readDaysNewestFirst } from '../table/calendar.ts';
import { decodeListing, decodeSummary, type ListDaySummary, type ListingItem } from '../table/items.ts';
import { ALL_LISTINGS, listingsUpTo, listPk, type PaperKey, summaryKey } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { isTitleKey, resolveTitles } from '../table/titles.ts';
import type { ExportManifest } from './exports.schema.ts';
import type { VersionsAnswer } from './health.schema.ts';

/** What questions read. */
export type QueryContext = {
  readonly table: TableStore;
  /** The catalog, up to date: for search and long ranges. */
  catalog(): Promise<Catalog>;
  /**
   * The catalog as it is, without waiting for an update. Where the catalog has to be fetched, only a small part of it, if that has the daily
   * lists from `since` on: all curves of expected upvotes, and the daily lists of the last 120 days. Absent: `catalog` is used.
   */
  readonly recentCatalog?: (since: Day | null) => Promise<Catalog>;
  readonly clock: Clock;
  /** Counts what the table lacks, where something reads metrics. */
  readonly metrics?: EmitMetrics;
  /** True when the papers are invented. */
  readonly sample: boolean;
  /** The lists that the settings name; a watched search among them is known before its first capture. */
  readonly watched?: readonly ListName[];
  /** The day back to which the schedule fills the daily lists; null or absent: it does not. */
  readonly since?: Day | null;
};

/** What questions about the site itself read besides. */
export type SiteContext = QueryContext & {
  readonly versions: Omit<VersionsAnswer, 'sample'>;
  /** True where mail is set up. */
  readonly sendsMail: boolean;
  /** Whether the lists are collected all the time, so that an empty archive is about to fill; absent: no. */
  readonly collects?: boolean;
  /** The newest export, and whether the site gives its files; absent where there are no exports. */
  readonly exports?: { readonly manifest: () => Promise<ExportManifest | null>; readonly downloads: boolean };
};

/**
 * The summary of a list, as known at `at` (null: now), rows of copied text under their papers' ids; null when there was no visit. Captures of
 * a clock that ran ahead are shown only while there are no others.
 */
export async function readSummary(
  { table, clock }: Pick<QueryContext, 'table' | 'clock'>,
  listDay: ListDay,
  at: Instant | null,
): Promise<ListDaySummary | null> {
  const latest = withClockSkew(clock());
  const stored = at === null ? decodeSummary(await table.get(summaryKey(listDay))) : null;
  const upTo = stored && stored.standing.lastVisit > latest ? latest : at;
  const past = upTo && foldListings(listDay, await readListings(table, listDay, upTo));
  const summary = at === null && !past?.shown ? stored : past;
  if (!summary?.papers.some(isTitleKey)) return summary;
  const until = summary === stored ? null : upTo;
  return foldWithResolvedTitles(table, listDay, until, await resolveTitles(table, summary.papers, until));
}

/** A list's fold with rows of copied text under other names: under their papers' ids. */
export async function foldWithResolvedTitles(
  table: TableStore,
  listDay: ListDay,
  at: Instant | null,
  ids: ReadonlyMap<PaperKey, string>,
): Promise<ListDaySummary | null> {
  const listings = await readListings(table, listDay, at);
  return foldListings(
    listDay,
    listings.map((listing) => ({ ...listing, papers: listing.papers.map((paper) => ids.get(paper) ?? paper) })),
  );
}

/** All listings of a list day up to `at` (null: all), oldest first. */
export async function readListings(table: TableStore, listDay: ListDay, at: Instant | null): Promise<ListingItem[]> {
  const items = await table.range({ pk: listPk(listDay), ...(at ? listingsUpTo(at) : ALL_LISTINGS) });
  return items.map(decodeListing);
}

/** The visited days of a list from the first to the last, or those of a range (ends included; null: open), oldest first. */
export const readDays = (
  table: TableStore,
  list: ListName,
  { from, to }: { readonly from: Day | null; readonly to: Day | null },
): Promise<CalendarDay[]> => readCalendar(table, list, from ?? FIRST_DAY, to ?? LAST_DAY);

/** The newest usable listing of a list before a day, or null if there is no such thing in the 62 visited days before. */
export async function newestUsableListingBefore(
  table: TableStore,
  { list, day }: ListDay,
): Promise<ListingItem | null> {
  let read = 0;
  for await (const { listDay, status } of readDaysNewestFirst(table, list, addDays(day, -1))) {
    if (status.last) {
      const then = { from: `AT#${status.last}#`, to: `AT#${status.last}~` };
      const items = await table.range({ pk: listPk(listDay), ...then });
      return items.map(decodeListing).findLast(({ outcome }) => isUsable(outcome)) ?? null;
    }
    read += 1;
    if (read === 62) return null;
  }
  return null;
}

/** An instant in the past; null for now and the future, which need no fold of older listings. */
export const pastInstant = (at: Instant | null, now: Instant): Instant | null => (at !== null && at < now ? at : null);

/** The current day. */
export const currentDay = ({ clock }: Pick<QueryContext, 'clock'>): Day => dayOf(clock());
