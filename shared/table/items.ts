import type { Json } from '../lib/canonical-json.ts';
import type { Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import type { Outcome, Via } from '../model/listing.ts';
import { appearanceKey, calendarKey, type PaperKey, summaryKey } from './keys.ts';
import type { Item } from './store.ts';

/** One capture's listing as the table holds it: what came of the visit, and its rows as columns of equal length. */
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

/** What we have and lack of one list day, as far as its visits tell. */
export type ListDayStatus = {
  readonly status: 'captured' | 'partial' | 'empty' | 'failed';
  /** Usable visits, and the rest. */
  readonly captures: number;
  readonly failures: number;
  /** Answered visits that failed since the last usable one. */
  readonly failing: number;
  /** There when nothing answered the newest visit: then it says nothing about the list. */
  readonly unreachable?: true;
  /** First and last usable visit. */
  readonly first: Instant | null;
  readonly last: Instant | null;
  /** Last visit of any outcome. */
  readonly lastVisit: Instant;
  readonly longestGapMinutes: number | null;
  /** Distinct papers seen. */
  readonly papers: number;
  /** Of the listing shown. */
  readonly complete: boolean | null;
  readonly listed: number | null;
  readonly pages: number | null;
  /** When a daily list was settled; null while it is not, and for other lists. */
  readonly settledAt: Instant | null;
};

/** The listing that is shown: the newest usable one, a whole one before a cut one. */
export type ShownListing = { readonly sk: string; readonly at: Instant; readonly via: Via | null };

/** A stretch of captures in which a paper had one content: its hash, and indices into `times`. */
export type ContentRun = readonly [hash: string, from: number, to: number];

/** The papers of a partition as columns of equal length, those shown first, by rank; then those seen before, by key. */
export type PaperColumns = {
  readonly papers: readonly PaperKey[];
  /** In the listing shown; null for a paper that has left it. */
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

/** Everything that a list partition's listings say together. */
export type ListDaySummary = PaperColumns & {
  /** Sum of 1 + epoch over every listing; a summary of more listings, or of better read ones, has a higher one. */
  readonly version: number;
  readonly standing: ListDayStatus;
  readonly shown: ShownListing | null;
  /** What was searched for, of a watched search. */
  readonly query: string | null;
  /** Times of the usable listings of this query, oldest first. */
  readonly times: readonly Instant[];
};

/** Reads a listing back from the table. Items are written by this code alone, so no schema stands between. */
export const decodeListing = (item: Item): ListingItem => item as unknown as ListingItem;
/** A listing as an item. */
export const encodeListing = (listing: ListingItem): Item => listing as unknown as Item;

/** A summary and the calendar's line of it, as items; `version` lets a better fold win. */
export const createSummaryItems = (listDay: ListDay, summary: ListDaySummary): { summary: Item; calendar: Item } => ({
  summary: { ...summaryKey(listDay), ...(summary as ListDaySummary & { readonly [field: string]: Json }) },
  calendar: {
    ...calendarKey(listDay),
    version: summary.version,
    ...(summary.standing as ListDayStatus & { readonly [field: string]: Json }),
  },
});

/** A pointer from each paper to this list. */
export const createAppearanceItems = (listDay: ListDay, papers: readonly PaperKey[]): Item[] =>
  papers.map((paper) => appearanceKey(paper, listDay));

/** Reads a summary back from the table. */
export const decodeSummary = (item: Item | null | undefined): ListDaySummary | null =>
  (item ?? null) as ListDaySummary | null;
/** Reads a line of the calendar back from the table. */
export const decodeListDayStatus = (item: Item): ListDayStatus => item as unknown as ListDayStatus;
