import * as z from 'zod';
import type { Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import type { ListingItem } from '../table/items.ts';
import type { PaperKey } from '../table/keys.ts';
import { publicId, resolveTitles } from '../table/titles.ts';
import { toCoverage } from './answer-coverage.ts';
import { pastInstant, type QueryContext, readListings, readSummary } from './context.ts';
import { at, day } from './parameters.ts';
import { defineQuestion } from './question.ts';
import type { ReplayAnswer } from './replay.schema.ts';

const replayQuestion = (list: 'daily' | 'trending', summary: string) =>
  defineQuestion({
    path: `/${list}/:day/replay`,
    summary,
    parameters: z.object({ day, at }),
    answer: async () => (await import('./replay.schema.ts')).ReplayAnswer,
    run: (context, { day, at }) => getReplay(context, { list, day }, pastInstant(at, context.clock())),
  });
/** The captures of a daily list. */
export const dailyReplayQuestion = replayQuestion('daily', "All captures of a day's list as columns, for a replay.");
/** The captures of trending on one day. */
export const trendingReplayQuestion = replayQuestion('trending', 'All captures of trending on a day as columns.');

/** The ranks and upvotes of a list in every usable capture of one day up to `at` (null: all). */
export async function getReplay(
  { table, clock, sample }: QueryContext,
  listDay: ListDay,
  at: Instant | null = null,
): Promise<ReplayAnswer> {
  const listings = (await readListings(table, listDay, at)).filter(({ outcome }) => isUsable(outcome));
  const names = await resolveTitles(table, [...new Set(listings.flatMap(({ papers }) => papers))], at);
  const papersOf = ({ papers }: ListingItem): PaperKey[] => papers.map((paper) => names.get(paper) ?? paper);
  const papers = [...new Set(listings.flatMap(papersOf))];
  const column = (listing: ListingItem, values: readonly (number | null)[]) => {
    const places = new Map(papersOf(listing).map((paper, place) => [paper, place]));
    return papers.map((paper) => values[places.get(paper) ?? -1] ?? null);
  };
  const summary = await readSummary({ table, clock }, listDay, at);
  return {
    ...listDay,
    times: listings.map(({ at }) => at),
    ids: papers.map(publicId),
    ranks: listings.map((listing) => column(listing, listing.ranks)),
    upvotes: listings.map((listing) => column(listing, listing.upvotes)),
    coverage: toCoverage(summary?.standing ?? null, clock()),
    total: papers.length,
    sample,
  };
}
