import { type Instant, secondsBetween } from '../lib/time.ts';
import { type ListDay, settlesAt } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import type { ListDayStatus, ListDaySummary, ListingItem, PaperColumns } from '../table/items.ts';
import type { PaperKey } from '../table/keys.ts';

/**
 * Folds all listings of one list partition into its summary. Same set of listings, same summary, whatever the order.
 * Null without listings. Those of a watched search count only while its query is that of the newest: another query is another series.
 */
export function foldListings(listDay: ListDay, listings: readonly ListingItem[]): ListDaySummary | null {
  const visits = [...listings].sort((a, b) => (a.sk < b.sk ? -1 : 1));
  const newest = visits.at(-1);
  if (!newest) return null;
  const usable = visits.filter(({ outcome }) => isUsable(outcome));
  const query = usable.at(-1)?.query ?? null;
  const series = usable.filter((listing) => listing.query === query);
  const shown = series.findLast(({ complete }) => complete !== false) ?? series.at(-1) ?? null;
  const columns = foldPapers(series, shown);
  return {
    version: visits.reduce((sum, { epoch }) => sum + 1 + epoch, 0),
    standing: {
      status: statusOf(shown),
      captures: usable.length,
      failures: visits.length - usable.length,
      failing: visits
        .slice(visits.findLastIndex(({ outcome }) => isUsable(outcome)) + 1)
        .filter(({ outcome }) => outcome !== 'unreachable').length,
      ...(newest.outcome === 'unreachable' && { unreachable: true }),
      first: usable[0]?.at ?? null,
      last: usable.at(-1)?.at ?? null,
      lastVisit: newest.at,
      longestGapMinutes: longestGap(usable),
      papers: columns.papers.length,
      complete: shown?.complete ?? null,
      listed: shown?.listed ?? null,
      pages: shown?.pages ?? null,
      settledAt: settledAt(listDay, usable),
    },
    shown: shown && { sk: shown.sk, at: shown.at, via: shown.via },
    query,
    times: series.map(({ at }) => at),
    ...columns,
  };
}

const statusOf = (shown: ListingItem | null): ListDayStatus['status'] => {
  if (!shown) return 'failed';
  if (shown.complete === false) return 'partial';
  return shown.outcome === 'empty' ? 'empty' : 'captured';
};

const longestGap = (usable: readonly ListingItem[]): number | null => {
  const gaps = usable.slice(1).map(({ at }, before) => secondsBetween((usable[before] as ListingItem).at, at));
  return gaps.length > 0 ? Math.round(Math.max(...gaps) / 60) : null;
};

const settledAt = ({ list, day }: ListDay, usable: readonly ListingItem[]): Instant | null =>
  (list === 'daily' && usable.find(({ at }) => at >= settlesAt(day))?.at) || null;

type ContentRuns = [hash: string, from: number, to: number][];

/** What is known of one paper while its listings are walked, oldest first. */
type Life = {
  captures: number;
  firstSeen: number;
  lastSeen: number;
  firstRank: number;
  bestRank: number;
  lastRank: number;
  firstUpvotes: number | null;
  peakUpvotes: number | null;
  lastUpvotes: number | null;
  runs: ContentRuns;
};

function foldPapers(series: readonly ListingItem[], shown: ListingItem | null): PaperColumns {
  const lives = new Map<PaperKey, Life>();
  series.forEach((listing, time) => {
    listing.papers.forEach((paper, at) => {
      const rank = listing.ranks[at] as number;
      const upvotes = listing.upvotes[at] ?? null;
      const hash = listing.contents[at] as string;
      const life = lives.get(paper);
      if (!life) lives.set(paper, begin(time, rank, upvotes, hash));
      else carryOn(life, time, rank, upvotes, hash);
    });
  });

  const previous = shown && (series[series.indexOf(shown) - 1] ?? null);
  const now = placesOf(shown);
  const before = placesOf(previous);
  const others = [...lives.keys()].filter((paper) => !now.has(paper)).sort();
  const papers = [...now.keys(), ...others];
  const shownColumn = <T>(column: readonly T[] | undefined) =>
    papers.map((paper) => column?.[now.get(paper) ?? -1] ?? null);
  const lifeColumn = <F extends keyof Life>(field: F) => papers.map((paper) => (lives.get(paper) as Life)[field]);
  return {
    papers,
    rank: shownColumn(shown?.ranks),
    previousRank: papers.map((paper) => (now.has(paper) ? (previous?.ranks[before.get(paper) ?? -1] ?? null) : null)),
    upvotes: shownColumn(shown?.upvotes),
    comments: shownColumn(shown?.comments),
    stars: shownColumn(shown?.stars),
    captures: lifeColumn('captures'),
    firstSeen: lifeColumn('firstSeen'),
    lastSeen: lifeColumn('lastSeen'),
    firstRank: lifeColumn('firstRank'),
    bestRank: lifeColumn('bestRank'),
    lastRank: lifeColumn('lastRank'),
    firstUpvotes: lifeColumn('firstUpvotes'),
    peakUpvotes: lifeColumn('peakUpvotes'),
    lastUpvotes: lifeColumn('lastUpvotes'),
    runs: lifeColumn('runs').map((runs) => capRuns(runs, Math.max(2, Math.floor(MAX_RUNS / papers.length)))),
  };
}

/** Content runs of a summary: 150 kB of the 400 kB of an item. A day of 100 papers reaches them when every paper changes 60 times. */
const MAX_RUNS = 6000;

/** The first content and the newest ones; those between are still in the listings. */
const capRuns = (runs: ContentRuns, most: number): ContentRuns =>
  runs.length <= most ? runs : [...runs.slice(0, 1), ...runs.slice(1 - most)];

/** Where each paper stands in a listing's columns, in their order. */
const placesOf = (listing: ListingItem | null): Map<PaperKey, number> =>
  new Map(listing?.papers.map((paper, at) => [paper, at]));

const begin = (time: number, rank: number, upvotes: number | null, hash: string): Life => ({
  captures: 1,
  firstSeen: time,
  lastSeen: time,
  firstRank: rank,
  bestRank: rank,
  lastRank: rank,
  firstUpvotes: upvotes,
  peakUpvotes: upvotes,
  lastUpvotes: upvotes,
  runs: [[hash, time, time]],
});

function carryOn(life: Life, time: number, rank: number, upvotes: number | null, hash: string): void {
  life.captures += 1;
  life.lastSeen = time;
  life.bestRank = Math.min(life.bestRank, rank);
  life.lastRank = rank;
  life.peakUpvotes = upvotes === null ? life.peakUpvotes : Math.max(upvotes, life.peakUpvotes ?? upvotes);
  life.lastUpvotes = upvotes;
  const run = life.runs.at(-1);
  if (run?.[0] === hash) run[2] = time;
  else life.runs.push([hash, time, time]);
}
