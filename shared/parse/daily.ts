import type { Day } from '../lib/time.ts';
import type { Capture, Exchange } from '../model/capture.ts';
import { parseListUrl } from '../model/feed-urls.ts';
import { isUnexpectedFormat, isUsable, type ParseFailure, type ParseResult } from '../model/listing.ts';
import { entryDay, entryIds, isRepeatedPage } from '../model/pages.ts';
import { parseEntries } from './entry.ts';
import { buildListing } from './listing.ts';
import { parsePage } from './page.ts';
import { parseEntryArray, requestUrl, responseRole } from './response.ts';
import { parseCopiedText } from './text.ts';

/** The most entries of a page of the API, whatever `limit` is requested. */
const MAX_PAGE_LENGTH = 100;
/** The entries of a full page when no limit is requested. */
const DEFAULT_PAGE_LENGTH = 50;

/** Parses a daily list: the responses of the API, else the page of that very day, else the copied text of one. */
export function parseDailyList({ day, exchanges, imported }: Capture): ParseResult {
  const byRole = Object.groupBy(exchanges, responseRole);
  const { api = [] } = byRole;
  const page = byRole.page?.at(-1);
  const text = byRole.text?.at(-1);
  if (api.length > 0) {
    const fromApi = parseApi(api, day, imported);
    if (!page || !isUnexpectedFormat(fromApi.outcome)) return fromApi;
    const fromPage = parsePage(page, { day, query: null });
    return isUsable(fromPage.outcome) ? fromPage : { ...fromApi, why: `API: ${fromApi.why}; page: ${fromPage.why}` };
  }
  if (page) return parsePage(page, { day, query: null });
  if (text && imported) return parseCopiedText(text, null);
  return { outcome: 'other-shape', why: 'no answer is a list', listing: null };
}

/** One response of the API: the number of its page, the limit requested (null: none), and its entries. */
type ApiPage = {
  readonly number: number;
  readonly limit: number | null;
  readonly entries: readonly unknown[] | ParseFailure;
};

const isFailure = (entries: ApiPage['entries']): entries is ParseFailure => 'why' in entries;

function parseApiPage(exchange: Exchange): ApiPage {
  const parameters = requestUrl(exchange)?.searchParams;
  const number = Number(parameters?.get('p') ?? 0);
  const limit = Number(parameters?.get('limit') ?? 0);
  return {
    number: Number.isInteger(number) && number > 0 ? number : 0,
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, MAX_PAGE_LENGTH) : null,
    entries: parseEntryArray(exchange),
  };
}

/** Parses the responses of the API, in the order they came. Our own visits request pages until one is short: without that, the list is cut. */
function parseApi(exchanges: readonly Exchange[], day: Day, imported: boolean): ParseResult {
  const pass = lastPass(exchanges.map(parseApiPage));
  const limit = pass.get(0)?.limit ?? null;
  const { pages: received, failure, repeats } = collectPages(pass, limit ?? DEFAULT_PAGE_LENGTH);
  if (failure && received.length === 0) return { ...failure, listing: null };
  const isPart = exchanges.every(namesNoDay);
  const pages = isPart ? received.map((page) => page.filter((entry) => entryDay(entry) === day)) : received;
  if (isPart && pages.flat().length === 0) return { ...NO_ENTRY_OF_DAY, listing: null };
  const entries = parseEntries(pages, day);
  if (entries.ofOtherDays * 2 > entries.listed)
    return { outcome: 'another-day', why: `most entries name other days than ${day}`, listing: null };
  const hasEnd = repeats ? null : reachesEnd(pages, limit);
  const isUnanswered = !imported && limit !== null && hasEnd === null && !repeats;
  const cut = failure
    ? `is missing: ${failure.why}`
    : isUnanswered
      ? 'got no answer'
      : isPart
        ? NOT_REQUESTED_DAY
        : null;
  const trouble = cut ?? (repeats ? 'only repeats what came before' : null);
  const complete = cut !== null ? false : entries.repeatsAcrossPages ? null : hasEnd;
  const whys = trouble === null ? [] : [`page ${pages.length} of the list ${trouble}`];
  return buildListing(entries, { via: 'api', pages: pages.length, complete, query: null }, whys);
}

/** True for a request without a date: the feed answers with its newest entries, and those of one day are a part of that day's list. */
function namesNoDay({ url }: Exchange): boolean {
  const list = parseListUrl(url);
  return list?.kind === 'daily' && list.date === null;
}

const NO_ENTRY_OF_DAY: ParseFailure = {
  outcome: 'another-day',
  why: 'the request names no day, and no entry says that it belongs to this one',
};
/** Goes on from "page 1 of the list". */
const NOT_REQUESTED_DAY = 'may lack papers: the request names no day';

/** The pages of a pass up to the first that is no list (`failure`) or only repeats those before it. */
type Pages = {
  readonly pages: readonly (readonly unknown[])[];
  readonly failure: ParseFailure | null;
  readonly repeats: boolean;
};

function collectPages(pass: ReadonlyMap<number, ApiPage>, maxLength: number): Pages {
  const pages: (readonly unknown[])[] = [];
  for (let number = 0; number <= Math.max(...pass.keys()); number++) {
    const entries = pass.get(number)?.entries ?? NOT_REQUESTED;
    if (isFailure(entries)) return { pages, failure: entries, repeats: false };
    if (isRepeatedPage(entryIds(entries), pages.map(entryIds), maxLength))
      return { pages, failure: null, repeats: true };
    pages.push(entries);
  }
  return { pages, failure: null, repeats: false };
}

const NOT_REQUESTED: ParseFailure = { outcome: 'other-shape', why: 'it was not asked for' };

/**
 * The responses of the last pass over the pages, per page the last one (after retries). A pass begins with page 0, and so does each retry of
 * page 0: the last page 0 that has a list begins the pass that counts, or the very last one when none has.
 */
function lastPass(responses: readonly ApiPage[]): ReadonlyMap<number, ApiPage> {
  const withList = responses.findLastIndex(({ number, entries }) => number === 0 && !isFailure(entries));
  const first = withList >= 0 ? withList : responses.findLastIndex(({ number }) => number === 0);
  const pass = responses.slice(Math.max(0, first));
  const next = pass.findIndex(({ number }, at) => at > 0 && number === 0);
  return new Map((next < 0 ? pass : pass.slice(0, next)).map((response) => [response.number, response]));
}

/** True when the last page is not full; null when it is, so that more may follow. */
function reachesEnd(pages: readonly (readonly unknown[])[], limit: number | null): true | null {
  if (limit !== null) return (pages.at(-1)?.length ?? 0) < limit ? true : null;
  // Without a limit in the URL the request may have had the default or the largest.
  const listed = pages.reduce((sum, entries) => sum + entries.length, 0);
  return listed < DEFAULT_PAGE_LENGTH || (listed > DEFAULT_PAGE_LENGTH && listed < MAX_PAGE_LENGTH) ? true : null;
}
