import { PaperkeepError } from '../lib/errors.ts';
import type { Day, Deadline } from '../lib/time.ts';
import type { Exchange } from '../model/capture.ts';
import { dailyApiPath, dayPagePath, searchPath, TRENDING_PATH } from '../model/feed-urls.ts';
import { type ListDay, listKind } from '../model/list.ts';
import type { Outcome } from '../model/listing.ts';
import { entryIds, isRepeatedPage } from '../model/pages.ts';
import type { FeedClient, FeedResult } from './client.ts';

/** Tells what was answered, as the source's parser reads it; asked only of at least one exchange. */
export type ClassifyOutcome = (exchanges: readonly Exchange[]) => Outcome;

/** Entries of a full page of the API; the most that it gives (its default of 50 would cut a big day). */
const PAGE = 100;
/** Pages of one day at most; the largest day seen had 62 papers, one page. */
const PAGES = 20;

/** Outcomes of the API after which the page of the day may know better. After all others the feed is to be left alone, or has answered. */
const WORTH_THE_PAGE: ReadonlySet<Outcome> = new Set<Outcome>(['not-found', 'other-shape', 'drift']);

/**
 * Visits a list day: makes the requests that its kind of source takes, and tells every answer in order.
 * `trending` and a watched search are one page. `daily` is the API page after page until one is not full or brings nothing new (at most
 * 20), once more from the first when a paper is on two of them (the list moved meanwhile), and the HTML page of the day behind it when
 * `judge` finds the API's answer to be no list.
 *
 * @param query What a watched search looks for; null for other sources.
 * @throws PaperkeepError `NO_QUERY` when a watched search has none.
 */
export async function visitList(
  ask: FeedClient,
  listDay: ListDay,
  query: string | null,
  judge: ClassifyOutcome,
  deadline: Deadline,
): Promise<FeedResult> {
  switch (listKind(listDay.list)) {
    case 'daily':
      return visitDay(ask, listDay.day, judge, deadline);
    case 'trending':
      return ask(TRENDING_PATH, deadline);
    case 'watched':
      if (query === null) {
        throw new PaperkeepError({
          code: 'NO_QUERY',
          message: `${listDay.list} has no query`,
          hint: 'name it in PAPERKEEP_WATCH',
        });
      }
      return ask(searchPath(query), deadline);
  }
}

async function visitDay(ask: FeedClient, day: Day, judge: ClassifyOutcome, deadline: Deadline): Promise<FeedResult> {
  const first = await askPages(ask, day, deadline);
  const api = first.repeats ? joined(first, await askPages(ask, day, deadline)) : first;
  if (api.exchanges.length === 0 || !WORTH_THE_PAGE.has(judge(api.exchanges))) {
    return { exchanges: api.exchanges, trouble: api.trouble };
  }
  return joined(api, await ask(dayPagePath(day), deadline));
}

/** All pages of a day; `repeats` when the last one was reached and a paper was on two of them. */
async function askPages(
  ask: FeedClient,
  day: Day,
  deadline: Deadline,
): Promise<FeedResult & { readonly repeats: boolean }> {
  const pages: unknown[][] = [];
  let answers: FeedResult = { exchanges: [], trouble: null };
  let repeats = false;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await ask(dailyApiPath(day, { limit: PAGE, number: page }), deadline);
    answers = joined(answers, answer);
    const ids = answer.trouble === null ? paperIds(answer.exchanges.at(-1)) : null;
    if (ids === null) return { ...answers, repeats: false };
    if (isRepeatedPage(ids, pages, PAGE)) break;
    const seen = new Set(pages.flat());
    repeats ||= ids.some((id) => id !== undefined && seen.has(id));
    pages.push(ids);
    if (ids.length < PAGE) break;
  }
  return { ...answers, repeats };
}

const joined = (before: FeedResult, after: FeedResult): FeedResult => ({
  exchanges: [...before.exchanges, ...after.exchanges],
  trouble: after.trouble,
});

/** The id of every entry of a page of the API, undefined where there is none; null when it is no page. */
function paperIds(exchange: Exchange | undefined): unknown[] | null {
  if (exchange?.status !== 200 || exchange.cut) return null;
  try {
    const entries: unknown = JSON.parse(new TextDecoder().decode(exchange.body));
    return Array.isArray(entries) ? entryIds(entries) : null;
  } catch {
    return null;
  }
}
