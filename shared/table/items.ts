import type { Json } from '../lib/canonical-json.ts';
import { type Instant, withClockSkew } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import type { Outcome, Via } from '../model/listing.ts';
import { appearanceKey, calendarKey, type PaperKey, summaryKey } from './keys.ts';
import type { Item } from './store.ts';

/** The listing of one capture as stored: the result of the visit, and the rows as columns of equal length. */
export type ListingItem = {
  readonly pk: string;
  readonly sk: string;
  /** Key of the snapshot it was read from. */
  readonly key: string;
  readonly at: Instant;
  readonly bytes: number;
  /** SHA-256 of the snapshot's file, hex. */
  readonly sha256: string;
  readonly imported: boolean;
  /** Epoch of the parser that read it. */
  readonly epoch: number;
  readonly outcome: Outcome;
  readonly why: string;
  readonly via: Via | null;
  readonly query: string | null;
  readonly pages: number | null;
  readonly complete: boolean | null;
  readonly listed: number | null;
  /** Entries that could not be read: how many, and the first of them. */
  readonly rejected: number;
  readonly rejects: readonly string[];
  readonly unknown: Readonly<Record<string, number>>;
  readonly papers: readonly PaperKey[];
  readonly ranks: readonly number[];
  readonly upvotes: readonly (number | null)[];
  readonly comments: readonly (number | null)[];
  readonly stars: readonly (number | null)[];
  /** Hash of each row's content. */
  readonly contents: readonly string[];
};

/** What was captured of one list on one day. */
export type ListDayStatus = {
  readonly status: 'captured' | 'partial' | 'empty' | 'failed';
  /** The number of usable visits, and of the others. */
  readonly captures: number;
  readonly failures: number;
  /** The number of visits since the last usable one that got a response and were not usable. */
  readonly failing: number;
  /** Present when nothing answered the newest visit, which then says nothing about the list. */
  readonly unreachable?: true;
  /** First and last usable visit. */
  readonly first: Instant | null;
  readonly last: Instant | null;
  /** The last visit of any outcome. */
  readonly lastVisit: Instant;
  readonly longestGapMinutes: number | null;
  /** The number of distinct papers seen. */
  readonly papers: number;
  /** Of the listing shown, as the next two. */
  readonly complete: boolean | null;
  readonly listed: number | null;
  readonly pages: number | null;
  /** When a daily list was settled; null while it is not, and for other lists. */
  readonly settledAt: Instant | null;
};

/** The listing that represents a list day: the newest usable one that is not known to be cut, else the newest usable one. */
export type ShownListing = { readonly sk: string; readonly at: Instant; readonly via: Via | null };

/** A run of captures in which a paper had one content: the content's hash, and the first and last index into `times`. */
export type ContentRun = readonly [hash: string, from: number, to: number];

/** The papers of a list day as columns of equal length: first those of the listing shown, by rank; then those seen before, by key. */
export type PaperColumns = {
  readonly papers: readonly PaperKey[];
  /** In the listing shown, as the columns up to `stars`; null for a paper that is not in it. */
  readonly rank: readonly (number | null)[];
  /** In the usable listing before the one shown. */
  readonly previousRank: readonly (number | null)[];
  readonly upvotes: readonly (number | null)[];
  readonly comments: readonly (number | null)[];
  readonly stars: readonly (number | null)[];
  readonly captures: readonly number[];
  /** Indices into `times`. */
  readonly firstSeen: readonly number[];
  readonly lastSeen: readonly number[];
  readonly firstRank: readonly number[];
  readonly bestRank: readonly number[];
  readonly lastRank: readonly number[];
  readonly firstUpvotes: readonly (number | null)[];
  readonly peakUpvotes: readonly (number | null)[];
  readonly lastUpvotes: readonly (number | null)[];
  readonly runs: readonly (readonly ContentRun[])[];
};

/** All listings of a list day in one item. */
export type ListDaySummary = PaperColumns & {
  /** The sum of 1 + epoch over all listings: a summary of more listings, or of listings by newer parsers, has a higher version. */
  readonly version: number;
  readonly standing: ListDayStatus;
  readonly shown: ShownListing | null;
  /** The query of a watched search; null for other lists. */
  readonly query: string | null;
  /** The times of the usable listings of this query, oldest first. */
  readonly times: readonly Instant[];
};

/** Decodes a listing. No schema checks it, since only this code writes items. */
export const decodeListing = (item: Item): ListingItem => item as unknown as ListingItem;
/** Encodes a listing as an item. */
export const encodeListing = (listing: ListingItem): Item => listing as unknown as Item;

/** Encodes a summary as its own item and the entry of the calendar; both carry `version`, by which the better fold wins. */
export const createSummaryItems = (listDay: ListDay, summary: ListDaySummary): { summary: Item; calendar: Item } => ({
  summary: { ...summaryKey(listDay), ...(summary as ListDaySummary & { readonly [field: string]: Json }) },
  calendar: {
    ...calendarKey(listDay),
    version: summary.version,
    ...(summary.standing as ListDayStatus & { readonly [field: string]: Json }),
  },
});

/** Creates the items that point from papers to a list day. */
export const createAppearanceItems = (listDay: ListDay, papers: readonly PaperKey[]): Item[] =>
  papers.map((paper) => appearanceKey(paper, listDay));

/** Decodes a summary, or null if there is no such thing. */
export const decodeSummary = (item: Item | null | undefined): ListDaySummary | null =>
  (item ?? null) as ListDaySummary | null;
/** True when a daily list no longer changes: a usable capture of 14 days later, and not by a clock that ran ahead, settled it. */
export const isSettled = (status: ListDayStatus | null, now: Instant): boolean =>
  status !== null && status.settledAt !== null && status.settledAt <= withClockSkew(now);
/** Decodes an entry of the calendar. */
export const decodeListDayStatus = (item: Item): ListDayStatus => item as unknown as ListDayStatus;
