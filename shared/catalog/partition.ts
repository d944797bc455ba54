import type { Day, Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import { foldListings } from '../record/fold.ts';
import { decodeListing, decodeSummary, type ListDaySummary, type ListingItem } from '../table/items.ts';
import { listPk, type PaperKey, SUMMARY_SK } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { isTitleKey, resolveTitles } from '../table/titles.ts';

/** One list of one day as the table has it: its visits, oldest first, and their fold; rows of copied text stand under their papers' ids. */
export type ListDayPartition = {
  readonly listDay: ListDay;
  readonly summary: ListDaySummary;
  readonly listings: readonly ListingItem[];
  /** True when copied text is among it: which papers its rows are may be found later. */
  readonly titled: boolean;
};

/** Reads a partition; null when it has no summary (yet). */
export async function readPartition(table: TableStore, listDay: ListDay): Promise<ListDayPartition | null> {
  const items = await table.range({ pk: listPk(listDay) });
  const summary = decodeSummary(items.find(({ sk }) => sk === SUMMARY_SK));
  if (!summary) return null;
  const listings = items.filter(({ sk }) => sk !== SUMMARY_SK).map(decodeListing);
  if (!summary.papers.some(isTitleKey)) return { listDay, summary, listings, titled: false };
  const ids = await resolveTitles(table, summary.papers, null);
  const named = listings.map((listing) => ({
    ...listing,
    papers: listing.papers.map((paper) => ids.get(paper) ?? paper),
  }));
  const { version } = summary;
  return {
    listDay,
    summary: { ...(foldListings(listDay, named) as ListDaySummary), version },
    listings: named,
    titled: true,
  };
}

/** The listings that a partition's summary tells of: usable ones of its query, in the order of its times. */
export const summarizedListings = ({ summary, listings }: ListDayPartition): ListingItem[] =>
  listings.filter(({ outcome, query }) => isUsable(outcome) && query === summary.query);

/** What the last capture that told a paper's upvotes told. */
type LastVotes = {
  readonly upvotes: number;
  readonly comments: number | null;
  readonly githubStars: number | null;
  readonly readAt: Instant;
};

/** A paper on a list: its place in the summary's columns, and its votes over time. */
export type ListedPaperUpvotes = {
  readonly id: PaperKey;
  readonly place: number;
  readonly lastVotes: LastVotes | null;
  /** Upvotes where they change, as pairs: place in the summary's times, upvotes from there on (null: not on the list, or not told). */
  readonly votes: readonly (number | null)[];
};

/** Every paper of a partition whose id is known, with its votes over time. */
export function collectPartitionPapers(partition: ListDayPartition): ListedPaperUpvotes[] {
  const { summary } = partition;
  const series = summarizedListings(partition);
  const seen = new Map<PaperKey, { votes: (number | null)[]; until: number; lastVotes: LastVotes | null }>();
  series.forEach((listing, time) => {
    listing.papers.forEach((paper, row) => {
      const told = seen.get(paper) ?? { votes: [], until: time - 1, lastVotes: null };
      const upvotes = listing.upvotes[row] ?? null;
      const before = told.votes.at(-1);
      if (told.until < time - 1 && before !== null) told.votes.push(told.until + 1, null);
      if (told.votes.length === 0 || told.votes.at(-1) !== upvotes) told.votes.push(time, upvotes);
      told.until = time;
      if (upvotes !== null) {
        const { comments, stars, at } = listing;
        told.lastVotes = { upvotes, comments: comments[row] ?? null, githubStars: stars[row] ?? null, readAt: at };
      }
      seen.set(paper, told);
    });
  });
  return summary.papers.flatMap((id, place): ListedPaperUpvotes[] => {
    const told = seen.get(id);
    if (isTitleKey(id) || !told) return [];
    const gone = told.until < series.length - 1 && told.votes.at(-1) !== null;
    return [{ id, place, lastVotes: told.lastVotes, votes: gone ? [...told.votes, told.until + 1, null] : told.votes }];
  });
}

/** Which content of a paper was seen from when to when, as triples. */
export const encodeContentRuns = ({ runs, times }: ListDaySummary, place: number): string[] =>
  (runs[place] ?? []).flatMap(([hash, from, to]) => [hash, times[from] as Instant, times[to] as Instant]);

/** The list day that a row of the catalog names. */
export const parseListDayRow = (row: { readonly list: string; readonly day: string }): ListDay => ({
  list: row.list as ListDay['list'],
  day: row.day as Day,
});
