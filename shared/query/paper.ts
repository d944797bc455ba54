import * as z from 'zod';
import { compareText } from '../lib/order.ts';
import type { Instant } from '../lib/time.ts';
import { knownGain } from '../model/upvotes.ts';
import type { TableStore } from '../table/store.ts';
import { toReadFrom } from './answer-coverage.ts';
import type { QueryContext } from './context.ts';
import { unknownPaperError } from './errors.ts';
import { expectedAt } from './expected.ts';
import { getMilestones } from './milestones.ts';
import { type Observation, observationsBetween } from './observations.ts';
import type { Appearance, PaperAnswer, Version } from './paper.schema.ts';
import { ageInHours, contentFields, paperFields, paperLinks } from './paper-fields.ts';
import {
  firstSeen,
  lastSeen,
  type PaperListDay,
  type PaperSummaries,
  paperVersions,
  readPaperSummaries,
} from './paper-summaries.ts';
import { paperId } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** A paper. */
export const paperQuestion = defineQuestion({
  path: '/papers/:id',
  summary: 'A paper with all its appearances, what changed in it, and its milestones.',
  notFound: 'The paper was never seen.',
  parameters: z.object({ id: paperId }),
  answer: async () => (await import('./paper.schema.ts')).PaperAnswer,
  run: (context, { id }) => getPaper(context, id),
});

/**
 * A paper with all its appearances, what changed in it, and its milestones.
 *
 * @throws {NotFoundError} when it was never seen
 */
export async function getPaper(context: QueryContext, id: string): Promise<PaperAnswer> {
  const { table, sample } = context;
  const life = await readPaperSummaries(table, id);
  const versions = life ? paperVersions(life, null) : [];
  const newest = versions.at(-1);
  if (!life || !newest) throw unknownPaperError(id);
  const seen = life.on.map(lastSeen).sort().at(-1) as Instant;
  const votes = await votesOf(table, life);
  const listedOn = newest.content.listedOn ?? null;
  const expected = await expectedAt(context, [listedOn], seen, null);
  return {
    paper: {
      ...paperFields(id, newest.content, votes),
      id,
      ...riseOf(life, votes.upvotes),
      ageHours: ageInHours(listedOn, seen),
      expectedUpvotes: expected(listedOn),
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

/** Upvotes, comments and stars as of the last capture that knew upvotes. */
async function votesOf(table: TableStore, life: PaperSummaries) {
  let newest: Observation | null = null;
  for (const on of votedOn(life).sort((a, b) => compareText(lastSeen(b), lastSeen(a)))) {
    if (newest && lastSeen(on) <= newest.at) break;
    // its last capture has them, unless its format could not
    const from = on.summary.lastUpvotes[on.place] === null ? firstSeen(on) : lastSeen(on);
    const read = (await observationsBetween(table, on, from)).findLast(({ row }) => (row?.upvotes ?? null) !== null);
    if (read && (!newest || read.at > newest.at)) newest = read;
  }
  const { upvotes = null, comments = null, githubStars = null } = newest?.row ?? {};
  return { upvotes, comments, githubStars };
}

/** Upvotes over all lists of a paper; a gain needs two captures of one of them. */
function riseOf(life: PaperSummaries, upvotes: number | null) {
  const on = votedOn(life);
  const first = on.find(({ summary, place }) => summary.firstUpvotes[place] !== null);
  const firstUpvotes = first?.summary.firstUpvotes[first.place] ?? null;
  const captures = Math.max(...on.map(({ summary, place }) => summary.captures[place] as number));
  return {
    firstUpvotes,
    peakUpvotes:
      on.length > 0 ? Math.max(...on.map(({ summary, place }) => summary.peakUpvotes[place] as number)) : null,
    gain: knownGain(firstUpvotes, upvotes, captures),
  };
}
