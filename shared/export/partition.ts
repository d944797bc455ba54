import type { Day, Instant } from '../kit/clock.ts';
import { isUsable } from '../model/listing.ts';
import type { Target } from '../model/target.ts';
import { idsOfTitles, isTitle } from '../query/title.ts';
import { asSummary, fold, type Summary } from '../record/fold.ts';
import { listPk, type PaperKey, SUMMARY } from '../record/keys.ts';
import { asListing, type ListingItem } from '../record/listing.ts';
import type { Records } from '../record/records.ts';

/** One list of one day as the table has it: its visits, oldest first, and their fold; rows of copied text stand under their papers' ids. */
export type Partition = {
  readonly target: Target;
  readonly summary: Summary;
  readonly listings: readonly ListingItem[];
  /** True when copied text is among it: which papers its rows are may be found later. */
  readonly titled: boolean;
};

/** Reads a partition; null when it has no summary (yet). */
export async function readPartition(records: Records, target: Target): Promise<Partition | null> {
  const items = await records.range({ pk: listPk(target) });
  const summary = asSummary(items.find(({ sk }) => sk === SUMMARY));
  if (!summary) return null;
  const listings = items.filter(({ sk }) => sk !== SUMMARY).map(asListing);
  if (!summary.papers.some(isTitle)) return { target, summary, listings, titled: false };
  const ids = await idsOfTitles(records, summary.papers, null);
  const named = listings.map((listing) => ({
    ...listing,
    papers: listing.papers.map((paper) => ids.get(paper) ?? paper),
  }));
  const { version } = summary;
  return { target, summary: { ...(fold(target, named) as Summary), version }, listings: named, titled: true };
}

/** The listings that a partition's summary tells of: usable ones of its query, in the order of its times. */
export const seriesOf = ({ summary, listings }: Partition): ListingItem[] =>
  listings.filter(({ outcome, query }) => isUsable(outcome) && query === summary.query);

/** What the last capture that told a paper's upvotes told. */
type LastVotes = {
  readonly upvotes: number;
  readonly comments: number | null;
  readonly githubStars: number | null;
  readonly readAt: Instant;
};

/** A paper on a list: its place in the summary's columns, and its votes over time. */
export type PaperOn = {
  readonly id: PaperKey;
  readonly place: number;
  readonly lastVotes: LastVotes | null;
  /** Upvotes where they change, as pairs: place in the summary's times, upvotes from there on (null: not on the list, or not told). */
  readonly votes: readonly (number | null)[];
};

/** Every paper of a partition whose id is known, with its votes over time. */
export function papersOn(partition: Partition): PaperOn[] {
  const { summary } = partition;
  const series = seriesOf(partition);
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
  return summary.papers.flatMap((id, place): PaperOn[] => {
    const told = seen.get(id);
    if (isTitle(id) || !told) return [];
    const gone = told.until < series.length - 1 && told.votes.at(-1) !== null;
    return [{ id, place, lastVotes: told.lastVotes, votes: gone ? [...told.votes, told.until + 1, null] : told.votes }];
  });
}

/** Which content of a paper was seen from when to when, as triples. */
export const runsOn = ({ runs, times }: Summary, place: number): string[] =>
  (runs[place] ?? []).flatMap(([hash, from, to]) => [hash, times[from] as Instant, times[to] as Instant]);

/** The target that a row of the catalog names. */
export const targetOf = (row: { readonly list: string; readonly target: string }): Target => ({
  source: row.list as Target['source'],
  day: row.target as Day,
});
