import type { Day, Instant } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { SourceName } from '../model/target.ts';
import type { Appearance, HistoryAnswer, PaperAnswer, Version } from './answers.ts';
import { firstSeen, type Life, lastSeen, lifeOf, type On, versionsOf } from './content.ts';
import { contentFields, paperFields } from './list.ts';
import { type Archive, listingsOf } from './store.ts';

/** A paper with all its appearances and what changed in it; null if it was never seen. */
export async function paperAnswer({ records, sample }: Archive, id: string): Promise<PaperAnswer | null> {
  const life = await lifeOf(records, id);
  if (!life) return null;
  const versions = versionsOf(life, null);
  const newest = versions.at(-1);
  if (!newest) return null;
  const seen = life.on.map(lastSeen).sort();
  return {
    paper: {
      ...paperFields(id, newest.content, await votesOf(records, life)),
      firstSeen: life.on.map(firstSeen).sort()[0] as Instant,
      lastSeen: seen.at(-1) as Instant,
    },
    appearances: life.on.map(appearanceOf),
    versions: versions.map(({ since, changed, content }): Version => ({ since, changed, ...contentFields(content) })),
    sample,
  };
}

const appearanceOf = (on: On): Appearance => ({
  list: on.target.source,
  target: on.target.day,
  firstSeen: firstSeen(on),
  lastSeen: lastSeen(on),
  captures: on.summary.captures[on.place] as number,
  firstRank: on.summary.firstRank[on.place] as number,
  bestRank: on.summary.bestRank[on.place] as number,
  lastRank: on.summary.lastRank[on.place] as number,
  firstUpvotes: on.summary.firstUpvotes[on.place] ?? null,
  peakUpvotes: on.summary.peakUpvotes[on.place] ?? null,
  lastUpvotes: on.summary.lastUpvotes[on.place] ?? null,
});

/** Votes, comments and stars as last seen by a capture that could know them. */
async function votesOf(records: Archive['records'], life: Life) {
  const known = life.on.filter(({ summary, place }) => summary.lastUpvotes[place] !== null);
  const last = known.sort((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : 1)).at(-1);
  const row = last && (await observationsOn(records, last)).at(-1);
  return { upvotes: row?.upvotes ?? null, comments: row?.comments ?? null, githubStars: row?.githubStars ?? null };
}

/** What may be asked of a history: one list, and a stretch of time, both ends included. */
export type HistoryQuestion = {
  readonly list: SourceName | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
};

/** Every observation of a paper, in time order; null if it was never seen. */
export async function historyAnswer(
  { records, sample }: Archive,
  id: string,
  { list, from, to }: HistoryQuestion,
): Promise<HistoryAnswer | null> {
  const life = await lifeOf(records, id);
  if (!life) return null;
  const asked = life.on.filter(
    (on) => (!list || on.target.source === list) && (!from || lastSeen(on) >= from) && (!to || firstSeen(on) <= to),
  );
  const observations = (await inTurns(asked, (on) => observationsOn(records, on)))
    .flat()
    .filter(({ at }) => (!from || at >= from) && (!to || at <= to))
    .sort((a, b) => (a.at === b.at ? (a.list < b.list ? -1 : 1) : a.at < b.at ? -1 : 1));
  return { id, observations, total: observations.length, next: null, sample };
}

type Observation = HistoryAnswer['observations'][number] & { at: Instant; target: Day };

async function observationsOn(records: Archive['records'], { target, summary, place }: On): Promise<Observation[]> {
  const paper = summary.papers[place] as string;
  const listings = await listingsOf(records, target, null);
  return listings.flatMap((listing) => {
    const row = listing.papers.indexOf(paper);
    if (row < 0 || listing.query !== summary.query) return [];
    return [
      {
        at: listing.at,
        list: target.source,
        target: target.day,
        rank: listing.ranks[row] as number,
        upvotes: listing.upvotes[row] ?? null,
        comments: listing.comments[row] ?? null,
        githubStars: listing.stars[row] ?? null,
      },
    ];
  });
}
