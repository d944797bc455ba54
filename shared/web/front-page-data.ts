import { addDays, addSeconds, countDays, type Day, dayOf, eachDay, type Instant } from '../lib/time.ts';
import { isUsable } from '../model/listing.ts';
import { pastInstant, type QueryContext, readDays, readListings } from '../query/context.ts';
import { readHistoryProgress } from '../query/coverage.ts';
import { NotFoundError } from '../query/errors.ts';
import type { MoversAnswer } from '../query/movers.schema.ts';
import { getMovers } from '../query/movers.ts';
import type { FrontPageData, FrontPageDay } from './pages/front.ts';

const DAYS = 14;

/** Reads what the front page shows besides the newest lists, as known at `at` (null: now). `day` is the daily list shown. */
export async function readFrontPageData(context: QueryContext, day: Day, at: Instant | null): Promise<FrontPageData> {
  const upTo = pastInstant(at, context.clock());
  const now = upTo ?? context.clock();
  const [days, movers, upvotes, history] = await Promise.all([
    // The calendar knows only the present.
    upTo === null ? readRecentDays(context, day, dayOf(now)) : [],
    readTrendingMovers(context, now),
    readUpvotes(context, day, upTo),
    upTo === null ? readHistoryProgress(context) : null,
  ]);
  return { now, at: upTo, days, movers, upvotes, history };
}

/** What moved on trending in the day before `to`; null if too little was captured to compare. */
async function readTrendingMovers(context: QueryContext, to: Instant): Promise<MoversAnswer | null> {
  try {
    return await getMovers(context, 'trending', { from: addSeconds(to, -86_400), to });
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** The days that end with today, or with the day shown if that is more than a week ago. */
async function readRecentDays({ table }: QueryContext, shown: Day, today: Day): Promise<FrontPageDay[]> {
  const to = countDays(shown, today) <= 7 ? today : shown;
  const from = addDays(to, 1 - DAYS);
  const known = new Map(
    (await readDays(table, 'daily', { from, to })).map(({ listDay, status }) => [listDay.day, status]),
  );
  return eachDay(from, to).map((day) => {
    const status = known.get(day);
    return { day, status: status?.status ?? 'missing', papers: status?.papers ?? 0 };
  });
}

async function readUpvotes({ table }: QueryContext, day: Day, upTo: Instant | null): Promise<FrontPageData['upvotes']> {
  const upvotes = new Map<string, (number | null)[]>();
  for (const listing of await readListings(table, { list: 'daily', day }, upTo)) {
    if (!isUsable(listing.outcome)) continue;
    listing.papers.forEach((paper, row) => {
      const series = upvotes.get(paper) ?? [];
      upvotes.set(paper, [...series, listing.upvotes[row] ?? null]);
    });
  }
  return upvotes;
}
