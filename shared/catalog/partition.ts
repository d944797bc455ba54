import type { Day, Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import { foldListings } from '../record/fold.ts';
import { decodeListing, decodeSummary, type ListDaySummary, type ListingItem } from '../table/items.ts';
import { listPk, type PaperKey, SUMMARY_SK } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { isTitleKey, resolveTitles } from '../table/titles.ts';

/** One list day as stored: its listings, oldest first, and their summary, in which rows of copied text have the ids of their papers. */
export type ListDayPartition = {
  readonly listDay: ListDay;
  readonly summary: ListDaySummary;
  readonly listings: readonly ListingItem[];
  /** The paper that each row of copied text was found to be, by the key of its title; null: none or several have the title. */
  readonly copied: ReadonlyMap<PaperKey, string | null>;
};

/** Reads a list day; null when it has no summary yet. `resolve` finds the papers that rows of copied text are. */
export async function readPartition(
  table: TableStore,
  listDay: ListDay,
  resolve = (titles: readonly PaperKey[]) => resolveTitles(table, titles, null),
): Promise<ListDayPartition | null> {
  const items = await table.range({ pk: listPk(listDay) });
  const summary = decodeSummary(items.find(({ sk }) => sk === SUMMARY_SK));
  if (!summary) return null;
  const listings = items.filter(({ sk }) => sk !== SUMMARY_SK).map(decodeListing);
  const titles = summary.papers.filter(isTitleKey);
  if (titles.length === 0) return { listDay, summary, listings, copied: new Map() };
  const ids = await resolve(titles);
  const named = listings.map((listing) => ({
    ...listing,
    papers: listing.papers.map((paper) => ids.get(paper) ?? paper),
  }));
  const { version } = summary;
  return {
    listDay,
    summary: { ...(foldListings(listDay, named) as ListDaySummary), version },
    listings: named,
    copied: new Map(titles.map((title) => [title, ids.get(title) ?? null])),
  };
}

/** The listings that a summary is about: usable ones of its query, in the order of its times. */
export const summarizedListings = ({ summary, listings }: ListDayPartition): ListingItem[] =>
  listings.filter(({ outcome, query }) => isUsable(outcome) && query === summary.query);

/** A paper's counts in the last capture that shows its upvotes. */
type LastVotes = {
  readonly upvotes: number;
  readonly comments: number | null;
  readonly githubStars: number | null;
  readonly readAt: Instant;
};

/** A paper on a list day: its place in the summary's columns, and its upvotes over time. */
export type ListedPaperUpvotes = {
  readonly id: PaperKey;
  readonly place: number;
  readonly lastVotes: LastVotes | null;
  /** The stars of its code in the first capture that knew them. */
  readonly firstStars: number | null;
  /** Its upvotes where they change, as pairs: index in the summary's times, and the upvotes from there on (null: not listed, or unknown). */
  readonly votes: readonly (number | null)[];
};

/** Collects the papers of a list day with their upvotes over time; a row of copied text without a known paper under the key of its title. */
export function collectPartitionPapers(partition: ListDayPartition): ListedPaperUpvotes[] {
  const { summary } = partition;
  const series = summarizedListings(partition);
  type Seen = { votes: (number | null)[]; until: number; lastVotes: LastVotes | null; firstStars: number | null };
  const seen = new Map<PaperKey, Seen>();
  series.forEach((listing, time) => {
    listing.papers.forEach((paper, row) => {
      const known = seen.get(paper) ?? { votes: [], until: time - 1, lastVotes: null, firstStars: null };
      const upvotes = listing.upvotes[row] ?? null;
      const before = known.votes.at(-1);
      if (known.until < time - 1 && before !== null) known.votes.push(known.until + 1, null);
      if (known.votes.length === 0 || known.votes.at(-1) !== upvotes) known.votes.push(time, upvotes);
      known.until = time;
      known.firstStars ??= listing.stars[row] ?? null;
      if (upvotes !== null) {
        const { comments, stars, at } = listing;
        known.lastVotes = { upvotes, comments: comments[row] ?? null, githubStars: stars[row] ?? null, readAt: at };
      }
      seen.set(paper, known);
    });
  });
  return summary.papers.flatMap((id, place): ListedPaperUpvotes[] => {
    const life = seen.get(id);
    if (!life) return [];
    const gone = life.until < series.length - 1 && life.votes.at(-1) !== null;
    const { lastVotes, firstStars } = life;
    return [{ id, place, lastVotes, firstStars, votes: gone ? [...life.votes, life.until + 1, null] : life.votes }];
  });
}

/** Encodes which contents of a paper were seen from when to when, as triples. */
export const encodeContentRuns = ({ runs, times }: ListDaySummary, place: number): string[] =>
  (runs[place] ?? []).flatMap(([hash, from, to]) => [hash, times[from] as Instant, times[to] as Instant]);

/** The list day of a row. */
export const parseListDayRow = (row: { readonly list: string; readonly day: string }): ListDay => ({
  list: row.list as ListDay['list'],
  day: row.day as Day,
});
