import { addDays, addSeconds, countDays, type Day, dayOf, eachDay, type Instant, parseInstant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { pastInstant, readDays, type SiteContext } from '../query/context.ts';
import { readHistoryProgress } from '../query/coverage.ts';
import { NotFoundError } from '../query/errors.ts';
import { getHealth } from '../query/health.ts';
import type { FrontAnswer, ListAnswer } from '../query/list.schema.ts';
import type { MoversAnswer } from '../query/movers.schema.ts';
import { getMovers } from '../query/movers.ts';
import { getReplay } from '../query/replay.ts';
import { readRisingTopics } from '../query/topic-trends.ts';
import type { FrontPageData } from './pages/front.ts';
import type { AroundList, DayOfStrip } from './pages/list.ts';

const DAYS = 14;
/** After so many days without a capture of any list, pages say so. */
const STOPPED_DAYS = 3;
/** Rising topics on the front page. */
const TOPICS = 5;

/** Reads what the front page shows besides the newest lists, as known at `at` (null: now). */
export async function readFrontPageData(
  context: SiteContext,
  { daily, trending }: FrontAnswer,
  at: Instant | null,
): Promise<FrontPageData> {
  const upTo = pastInstant(at, context.clock());
  const [around, movers, history, rising] = await Promise.all([
    readAroundList(context, daily, at),
    // to the newest capture, so that an archive that stopped shows what moved last
    readTrendingMovers(context, parseInstant(trending.observedAt ?? '') ?? upTo ?? context.clock()),
    upTo === null ? readHistoryProgress(context) : null,
    upTo === null ? readRisingTopics(context, TOPICS) : [],
  ]);
  const collecting = context.collects && upTo === null ? countFirstRun(around, trending.coverage.first) : null;
  return { ...around, movers, history, rising, collecting };
}

/** Reads what a list is shown with, as known at `at` (null: now): its captures and, of a daily list, the days around it. */
export async function readAroundList(
  context: SiteContext,
  { list, day, today }: Pick<ListAnswer, 'list' | 'day' | 'today'>,
  at: Instant | null,
): Promise<AroundList> {
  const listDay = { list, day } as ListDay;
  const upTo = pastInstant(at, context.clock());
  const now = upTo ?? context.clock();
  const [days, replay, stopped] = await Promise.all([
    // the calendar knows only the present
    upTo === null && listDay.list === 'daily' ? readRecentDays(context, listDay.day, dayOf(now)) : [],
    getReplay(context, listDay, upTo),
    upTo === null && today?.status === 'missing' ? findStop(context) : null,
  ]);
  return { now, at: upTo, days, replay, stopped };
}

/** When any list was last captured, and whether the archive still tries to; null if that is not days ago. */
async function findStop(context: SiteContext): Promise<AroundList['stopped']> {
  const { clock, collects = false } = context;
  const { lists } = await getHealth(context);
  const newest = lists
    .flatMap(({ last }) => last ?? [])
    .sort()
    .at(-1);
  return newest && newest < addSeconds(clock(), -STOPPED_DAYS * 86_400) ? { at: newest, collects } : null;
}

/** How much of its first run, trending and two weeks of daily lists, an archive has; null once that is complete or an hour old. */
function countFirstRun({ days, now }: AroundList, trending: string | null): FrontPageData['collecting'] {
  const firsts = [...days.flatMap(({ first }) => first ?? []), ...(trending === null ? [] : [trending])];
  const done = days.filter(({ status }) => status !== 'missing').length + (trending === null ? 0 : 1);
  const isNew = firsts.every((first) => first > addSeconds(now, -3600));
  return isNew && done < DAYS + 1 ? { done, total: DAYS + 1 } : null;
}

/** What moved on trending in the day before `to`; null if too little was captured to compare. */
async function readTrendingMovers(context: SiteContext, to: Instant): Promise<MoversAnswer | null> {
  try {
    return await getMovers(context, 'trending', { from: addSeconds(to, -86_400), to });
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** Two weeks: those that end with today, or with the day shown if that is more than a week ago. */
async function readRecentDays({ table }: SiteContext, shown: Day, today: Day): Promise<DayOfStrip[]> {
  const to = countDays(shown, today) <= 7 ? today : shown;
  const from = addDays(to, 1 - DAYS);
  const known = new Map(
    (await readDays(table, 'daily', { from, to })).map(({ listDay, status }) => [listDay.day, status]),
  );
  return eachDay(from, to).map((day) => {
    const status = known.get(day);
    return { day, status: status?.status ?? 'missing', papers: status?.papers ?? 0, first: status?.first ?? null };
  });
}
