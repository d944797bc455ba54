import { mapConcurrent } from '../lib/concurrency.ts';
import { compareText } from '../lib/order.ts';
import type { Day, Instant } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import { upvoteGain } from '../model/upvotes.ts';
import type { TableStore } from '../table/store.ts';
import type { QueryContext } from './context.ts';
import { ageInHours, contentFields, paperFields, paperLinks, toReadFrom } from './list.ts';
import { getMilestones } from './milestones.ts';
import { observationsBetween } from './observations.ts';
import {
  firstSeen,
  lastSeen,
  type PaperListDay,
  type PaperSummaries,
  paperVersions,
  readPaperSummaries,
} from './paper-summaries.ts';
import type { Appearance, HistoryAnswer, PaperAnswer, Version } from './schemas.ts';

/** A paper with all its appearances, what changed in it and how it fared; null if it was never seen. */
export async function getPaper({ table, sample }: QueryContext, id: string): Promise<PaperAnswer | null> {
  const life = await readPaperSummaries(table, id);
  const versions = life ? paperVersions(life, null) : [];
  const newest = versions.at(-1);
  if (!life || !newest) return null;
  const seen = life.on.map(lastSeen).sort().at(-1) as Instant;
  const votes = await votesOf(table, life);
  return {
    paper: {
      ...paperFields(id, newest.content, votes),
      ...riseOf(life, votes.upvotes),
      ageHours: ageInHours(newest.content.listedOn ?? null, seen),
      firstSeen: life.on.map(firstSeen).sort()[0] as Instant,
      lastSeen: seen,
      ...paperLinks(id),
    },
    appearances: life.on.map(appearanceOf),
    versions: versions.map(({ since, changed, content }): Version => ({ since, changed, ...contentFields(content) })),
    life: await getMilestones(table, life, versions),
    coverage: toReadFrom(life.on),
    sample,
  };
}

const appearanceOf = (on: PaperListDay): Appearance => ({
  list: on.listDay.list,
  day: on.listDay.day,
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
const votedOn = ({ on }: PaperSummaries): PaperListDay[] =>
  on.filter(({ summary, place }) => summary.peakUpvotes[place] !== null);

/** Votes, comments and stars as last seen by a capture that could know them. */
async function votesOf(table: TableStore, life: PaperSummaries) {
  let newest: Observation | null = null;
  for (const on of votedOn(life).sort((a, b) => compareText(lastSeen(b), lastSeen(a)))) {
    if (newest && lastSeen(on) <= newest.at) break;
    // its last capture tells, unless that could not know them
    const from = on.summary.lastUpvotes[on.place] === null ? firstSeen(on) : lastSeen(on);
    const row = (await observationsOn(table, on, from)).findLast(({ upvotes }) => upvotes !== null);
    if (row && (!newest || row.at > newest.at)) newest = row;
  }
  const { upvotes = null, comments = null, githubStars = null } = newest ?? {};
  return { upvotes, comments, githubStars };
}

/** How a paper rose over all its lists; a gain needs two captures of one of them. */
function riseOf(life: PaperSummaries, upvotes: number | null) {
  const on = votedOn(life);
  const first = on.find(({ summary, place }) => summary.firstUpvotes[place] !== null);
  const firstUpvotes = first?.summary.firstUpvotes[first.place] ?? null;
  const captures = Math.max(...on.map(({ summary, place }) => summary.captures[place] as number));
  return {
    firstUpvotes,
    peakUpvotes:
      on.length > 0 ? Math.max(...on.map(({ summary, place }) => summary.peakUpvotes[place] as number)) : null,
    gain: upvoteGain(firstUpvotes, upvotes, captures),
  };
}

/** What may be asked of a history: one list, and a stretch of time, both ends included. */
export type HistoryQuestion = {
  readonly list: ListName | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
};

/** Every observation of a paper, in time order; null if it was never seen. */
export async function getHistory(
  { table, sample }: QueryContext,
  id: string,
  { list, from, to }: HistoryQuestion,
): Promise<HistoryAnswer | null> {
  const life = await readPaperSummaries(table, id);
  if (!life) return null;
  const asked = life.on.filter(
    (on) => (!list || on.listDay.list === list) && (!from || lastSeen(on) >= from) && (!to || firstSeen(on) <= to),
  );
  const observations = (await mapConcurrent(asked, (on) => observationsOn(table, on)))
    .flat()
    .filter(({ at }) => (!from || at >= from) && (!to || at <= to))
    .sort((a, b) => compareText(a.at, b.at) || compareText(a.list, b.list));
  return { id, observations, coverage: toReadFrom(asked), total: observations.length, next: null, sample };
}

type Observation = HistoryAnswer['observations'][number] & { at: Instant; day: Day };

async function observationsOn(
  table: TableStore,
  on: PaperListDay,
  from?: Instant,
  to?: Instant,
): Promise<Observation[]> {
  const { list, day } = on.listDay;
  const looks = await observationsBetween(table, on, from, to);
  return looks.flatMap(({ at, row }) => (row ? [{ at, list, day, ...row }] : []));
}
