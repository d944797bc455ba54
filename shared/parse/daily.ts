import type { Day } from '../lib/time.ts';
import type { Capture, Exchange } from '../model/capture.ts';
import { isUsable, type Outcome, type ParseResult } from '../model/listing.ts';
import { entryIds, isRepeatedPage } from '../model/pages.ts';
import { parseEntries } from './entry.ts';
import { concludeListing, createListing } from './listing.ts';
import { parsePage } from './page.ts';
import { type ParseFailure, parseEntryArray, requestUrl, responseRole } from './response.ts';
import { parseCopiedText } from './text.ts';

/** After these the page of the day may stand in for the API; after the others the API is asked again later. */
const FALLS_BACK: ReadonlySet<Outcome> = new Set(['not-found', 'other-shape', 'drift']);

/** Answers of the API have at most so many entries, whatever `limit` says. */
const MOST_OF_A_PAGE = 100;
/** So many where no limit was asked for. */
const DEFAULT_PAGE = 50;

/** Reads a daily list: what the API said, else the page of that very day, else the copied text of one. */
export function parseDailyList(capture: Capture): ParseResult {
  const { day, exchanges } = capture;
  const api = exchanges.filter((exchange) => responseRole(exchange) === 'api');
  const page = exchanges.findLast((exchange) => responseRole(exchange) === 'page');
  const text = exchanges.findLast((exchange) => responseRole(exchange) === 'text');
  if (api.length > 0) {
    const first = readApi(api, day, capture.imported);
    if (!page || !FALLS_BACK.has(first.outcome)) return first;
    const second = parsePage(page, { day, query: null });
    return isUsable(second.outcome) ? second : { ...first, why: `API: ${first.why}; page: ${second.why}` };
  }
  if (page) return parsePage(page, { day, query: null });
  if (text && capture.imported) return parseCopiedText(text, null);
  return { outcome: 'other-shape', why: 'no answer is a list', listing: null };
}

/** One answer of the API: which page, of at most how many entries (null: asked without a limit), and what it held. */
type Answer = {
  readonly page: number;
  readonly limit: number | null;
  readonly read: readonly unknown[] | ParseFailure;
};

const isFailure = (read: Answer['read']): read is ParseFailure => 'why' in read;

function answerOf(exchange: Exchange): Answer {
  const asked = requestUrl(exchange)?.searchParams;
  const page = Number(asked?.get('p') ?? 0);
  const limit = Number(asked?.get('limit') ?? 0);
  return {
    page: Number.isInteger(page) && page > 0 ? page : 0,
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, MOST_OF_A_PAGE) : null,
    read: parseEntryArray(exchange),
  };
}

/** Reads the answers of the API, in the order they came. A visit of ours asks on until a page is short: had it not come to that, it was cut. */
function readApi(exchanges: readonly Exchange[], day: Day, imported: boolean): ParseResult {
  const pass = lastPass(exchanges.map(answerOf));
  const limit = pass.get(0)?.limit ?? null;
  const { pages, failure, repeats } = pagesOf(pass, limit ?? DEFAULT_PAGE);
  if (failure && pages.length === 0) return { ...failure, listing: null };
  const read = parseEntries(pages, day);
  const reached = repeats ? null : endReached(pages, limit);
  const unanswered = !imported && limit !== null && reached === null && !repeats;
  const cut = failure ? `is missing: ${failure.why}` : unanswered ? 'got no answer' : null;
  const trouble = cut ?? (repeats ? 'only repeats what came before' : null);
  const complete = cut !== null ? false : read.repeatsAcrossPages ? null : reached;
  const whys = trouble === null ? [] : [`page ${pages.length} of the list ${trouble}`];
  return concludeListing(
    createListing(read, { via: 'api', pages: pages.length, complete, query: null }),
    read.withoutUpvotes,
    whys,
  );
}

/** The pages of a pass up to the first that is no list (`failure`) or only repeats those before it. */
type Pages = {
  readonly pages: readonly (readonly unknown[])[];
  readonly failure: ParseFailure | null;
  readonly repeats: boolean;
};

function pagesOf(pass: ReadonlyMap<number, Answer>, most: number): Pages {
  const pages: (readonly unknown[])[] = [];
  for (let page = 0; page <= Math.max(...pass.keys()); page++) {
    const read = pass.get(page)?.read ?? NOT_ASKED;
    if (isFailure(read)) return { pages, failure: read, repeats: false };
    if (isRepeatedPage(entryIds(read), pages.map(entryIds), most)) return { pages, failure: null, repeats: true };
    pages.push(read);
  }
  return { pages, failure: null, repeats: false };
}

const NOT_ASKED: ParseFailure = { outcome: 'other-shape', why: 'it was not asked for' };

/**
 * The answers of the last pass over the pages, per page the last one (after retries). A pass begins with page 0, and so does each retry
 * of page 0: the last page 0 that holds a list begins the pass that counts, or the very last when none does.
 */
function lastPass(answers: readonly Answer[]): ReadonlyMap<number, Answer> {
  const begun = answers.findLastIndex(({ page, read }) => page === 0 && !isFailure(read));
  const from = begun >= 0 ? begun : answers.findLastIndex(({ page }) => page === 0);
  const pass = answers.slice(Math.max(0, from));
  const next = pass.findIndex(({ page }, at) => at > 0 && page === 0);
  return new Map((next < 0 ? pass : pass.slice(0, next)).map((answer) => [answer.page, answer]));
}

/** True when the last page was not full; null when it was, so that more may follow. */
function endReached(pages: readonly (readonly unknown[])[], limit: number | null): true | null {
  if (limit !== null) return (pages.at(-1)?.length ?? 0) < limit ? true : null;
  // Imported, and nobody knows which limit was asked for.
  const listed = pages.reduce((sum, entries) => sum + entries.length, 0);
  return listed < DEFAULT_PAGE || (listed > DEFAULT_PAGE && listed < MOST_OF_A_PAGE) ? true : null;
}
