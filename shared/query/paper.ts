import type { Day, Instant } from '../kit/clock.ts';
import { byText } from '../kit/order.ts';
import { inTurns } from '../kit/turns.ts';
import type { SourceName } from '../model/target.ts';
import type { Records } from '../record/records.ts';
import type { Appearance, HistoryAnswer, PaperAnswer, Version } from './answers.ts';
import { firstSeen, type Life, lastSeen, lifeOf, type On, versionsOf } from './content.ts';
import { paperLife } from './life.ts';
import { ageOf, contentFields, linksOf, paperFields, readFrom } from './list.ts';
import { looksAt } from './looks.ts';
import type { Archive } from './store.ts';

/** A paper with all its appearances, what changed in it and how it fared; null if it was never seen. */
export async function paperAnswer({ records, sample }: Archive, id: string): Promise<PaperAnswer | null> {
  const life = await lifeOf(records, id);
  const versions = life ? versionsOf(life, null) : [];
  const newest = versions.at(-1);
  if (!life || !newest) return null;
  const seen = life.on.map(lastSeen).sort().at(-1) as Instant;
  const votes = await votesOf(records, life);
  return {
    paper: {
      ...paperFields(id, newest.content, votes),
      ...riseOf(life, votes.upvotes),
      ageHours: ageOf(newest.content.listedOn ?? null, seen),
      firstSeen: life.on.map(firstSeen).sort()[0] as Instant,
      lastSeen: seen,
      ...linksOf(id),
    },
    appearances: life.on.map(appearanceOf),
    versions: versions.map(({ since, changed, content }): Version => ({ since, changed, ...contentFields(content) })),
    life: await paperLife(records, life, versions),
    coverage: readFrom(life.on),
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

/** The lists on which upvotes of it were seen. */
const votedOn = ({ on }: Life): On[] => on.filter(({ summary, place }) => summary.peakUpvotes[place] !== null);

/** Votes, comments and stars as last seen by a capture that could know them. */
async function votesOf(records: Records, life: Life) {
  let newest: Observation | null = null;
  for (const on of votedOn(life).sort((a, b) => byText(lastSeen(b), lastSeen(a)))) {
    if (newest && lastSeen(on) <= newest.at) break;
    // its last capture tells, unless that could not know them
    const from = on.summary.lastUpvotes[on.place] === null ? firstSeen(on) : lastSeen(on);
    const row = (await observationsOn(records, on, from)).findLast(({ upvotes }) => upvotes !== null);
    if (row && (!newest || row.at > newest.at)) newest = row;
  }
  const { upvotes = null, comments = null, githubStars = null } = newest ?? {};
  return { upvotes, comments, githubStars };
}

/** How a paper rose over all its lists; a gain needs two captures of one of them. */
function riseOf(life: Life, upvotes: number | null) {
  const on = votedOn(life);
  const first = on.find(({ summary, place }) => summary.firstUpvotes[place] !== null);
  const firstUpvotes = first?.summary.firstUpvotes[first.place] ?? null;
  const twice = on.some(({ summary, place }) => (summary.captures[place] as number) > 1);
  return {
    firstUpvotes,
    peakUpvotes:
      on.length > 0 ? Math.max(...on.map(({ summary, place }) => summary.peakUpvotes[place] as number)) : null,
    gain: twice && upvotes !== null && firstUpvotes !== null ? upvotes - firstUpvotes : null,
  };
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
    .sort((a, b) => byText(a.at, b.at) || byText(a.list, b.list));
  return { id, observations, coverage: readFrom(asked), total: observations.length, next: null, sample };
}

type Observation = HistoryAnswer['observations'][number] & { at: Instant; target: Day };

async function observationsOn(records: Records, on: On, from?: Instant, to?: Instant): Promise<Observation[]> {
  const { source, day } = on.target;
  const looks = await looksAt(records, on, from, to);
  return looks.flatMap(({ at, row }) => (row ? [{ at, list: source, target: day, ...row }] : []));
}
