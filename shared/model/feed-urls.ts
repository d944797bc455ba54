import { type Day, dayOf, parseDay, parseInstant } from '../lib/time.ts';

/** Where the feed is, unless the settings name another origin. */
export const FEED_ORIGIN = 'https://huggingface.co';
/** Names of the feed, and of this machine, where stand-ins for the feed run. */
const FEED_HOSTS = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co', '127.0.0.1', 'localhost', '[::1]']);

/** The path of the API's daily list. */
export const DAILY_API_PATH = '/api/daily_papers';
/** The path of the trending page. */
export const TRENDING_PATH = '/papers/trending';
/** The path of the papers pages: the newest day's page, searches, and what begins all other papers pages. */
export const PAPERS_PATH = '/papers';

/** Parameters with which the API answers with another list than that of one day. */
const OTHER_LIST_PARAMETERS = ['week', 'month', 'submitter', 'cursor'];

/**
 * The path and query of the API's list of a day; with `page`, of one page of it, counted from 0.
 *
 * @example
 * dailyApiPath(day, { limit: 100, number: 0 }); // '/api/daily_papers?date=2025-01-08&limit=100&p=0'
 */
export const dailyApiPath = (day: Day, page?: { readonly limit: number; readonly number: number }): string =>
  `${DAILY_API_PATH}?date=${day}${page ? `&limit=${page.limit}&p=${page.number}` : ''}`;

/** The path of the page that shows a day's list. */
export const dayPagePath = (day: Day): string => `${PAPERS_PATH}/date/${day}`;

/** The path and query of the page that shows what a search finds. */
export const searchPath = (query: string): string => `${PAPERS_PATH}?q=${encodeURIComponent(query)}`;

/** The list of the feed that a URL asks for. `date` is as asked, null where the URL names no day; see {@link parseFeedDate}. */
export type RequestedList =
  | { readonly kind: 'daily'; readonly date: string | null }
  | { readonly kind: 'trending' }
  | { readonly kind: 'watched'; readonly query: string };

/** Recognises the URLs of lists of the feed; null for every other URL, those of weeks, months and single papers included. */
export function parseListUrl(text: string): RequestedList | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || !FEED_HOSTS.has(url.hostname)) return null;
  const path = url.pathname.replace(/\/$/, '');
  const parameters = url.searchParams;
  const pageDate = /^\/papers\/date\/([^/]+)$/.exec(path)?.[1];
  if (pageDate !== undefined) return { kind: 'daily', date: pageDate };
  if (path === TRENDING_PATH) return { kind: 'trending' };
  const query = parameters.get('q');
  if (path === PAPERS_PATH && query) return { kind: 'watched', query };
  const showsOneDay = path === DAILY_API_PATH && !OTHER_LIST_PARAMETERS.some((name) => parameters.has(name));
  return path === PAPERS_PATH || showsOneDay ? { kind: 'daily', date: parameters.get('date') } : null;
}

/** Reads a date as the feed takes it: a day, or a full time of that day (`2025-01-08T00:00:00.000Z`). Null for anything else. */
export function parseFeedDate(text: string): Day | null {
  const at = parseInstant(text);
  return parseDay(text) ?? (at && dayOf(at));
}
