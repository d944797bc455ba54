import { PaperkeepError } from '../lib/errors.ts';
import type { Day, Deadline } from '../lib/time.ts';
import type { Exchange } from '../model/capture.ts';
import { dailyApiPath, dayPagePath, searchPath, TRENDING_PATH } from '../model/feed-urls.ts';
import { type ListDay, listKind } from '../model/list.ts';
import { isUnexpectedFormat, type ParseResult } from '../model/listing.ts';
import { entryIds, isRepeatedPage } from '../model/pages.ts';
import { parseEntryArray } from '../parse/response.ts';
import type { FeedClient, FeedResult } from './client.ts';

/** Parses what one visit received so far, at least one exchange, as the list that it is for. */
export type ParseExchanges = (exchanges: readonly Exchange[]) => ParseResult;

/** What a visit received. `parsed` is what it was parsed to, where the visit had to know; null otherwise. */
export type VisitResult = FeedResult & { readonly parsed: ParseResult | null };

/** Entries of a full page of the API: the most it gives (its default of 50 would cut a large day). */
const PAGE_LENGTH = 100;
/** The most pages of one day; the largest day seen had 62 papers, one page. */
const MAX_PAGES = 20;

/**
 * Makes the requests for one list day and returns every exchange in order. `trending` and a watched search are one page. `daily` is the API,
 * page after page until one is not full or only repeats (at most 20), all of them once more when a paper is on two pages (the list moved in
 * between), and then the day's HTML page if `parse` finds that the API answered in an unexpected format.
 *
 * @param query What a watched search looks for; null for other lists.
 * @throws PaperkeepError `NO_QUERY` when a watched search has none.
 */
export async function visitList(
  feed: FeedClient,
  listDay: ListDay,
  query: string | null,
  parse: ParseExchanges,
  deadline: Deadline,
): Promise<VisitResult> {
  switch (listKind(listDay.list)) {
    case 'daily':
      return visitDay(feed, listDay.day, parse, deadline);
    case 'trending':
      return { ...(await feed.get(TRENDING_PATH, deadline)), parsed: null };
    case 'watched':
      if (query === null) {
        throw new PaperkeepError({
          code: 'NO_QUERY',
          message: `${listDay.list} has no query`,
          hint: 'name it in PAPERKEEP_WATCH',
        });
      }
      return { ...(await feed.get(searchPath(query), deadline)), parsed: null };
  }
}

async function visitDay(feed: FeedClient, day: Day, parse: ParseExchanges, deadline: Deadline): Promise<VisitResult> {
  const first = await getPages(feed, day, deadline);
  const { repeats, ...api } = first.repeats ? joinResults(first, await getPages(feed, day, deadline)) : first;
  if (api.exchanges.length === 0) return { ...api, parsed: null };
  const parsed = parse(api.exchanges);
  if (!isUnexpectedFormat(parsed.outcome)) return { ...api, parsed };
  return { ...joinResults(api, await feed.get(dayPagePath(day), deadline)), parsed: null };
}

/** Requests all pages of a day; `repeats` when the end was reached and a paper is on two of them. */
async function getPages(
  feed: FeedClient,
  day: Day,
  deadline: Deadline,
): Promise<FeedResult & { readonly repeats: boolean }> {
  const pages: unknown[][] = [];
  let results: FeedResult = { exchanges: [], failure: null };
  let repeats = false;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result = await feed.get(dailyApiPath(day, { limit: PAGE_LENGTH, number: page }), deadline);
    results = joinResults(results, result);
    const ids = result.failure === null ? pageIds(result.exchanges.at(-1)) : null;
    if (ids === null) return { ...results, repeats: false };
    if (isRepeatedPage(ids, pages, PAGE_LENGTH)) break;
    const seen = new Set(pages.flat());
    repeats ||= ids.some((id) => id !== undefined && seen.has(id));
    pages.push(ids);
    if (ids.length < PAGE_LENGTH) break;
  }
  return { ...results, repeats };
}

const joinResults = <Later extends FeedResult>(before: FeedResult, after: Later): Later => ({
  ...after,
  exchanges: [...before.exchanges, ...after.exchanges],
});

/** The id of every entry of a page of the API, undefined where an entry has none; null when the response is no page of it. */
function pageIds(exchange: Exchange | undefined): unknown[] | null {
  const entries = exchange ? parseEntryArray(exchange) : null;
  return entries && !('why' in entries) ? entryIds(entries) : null;
}
