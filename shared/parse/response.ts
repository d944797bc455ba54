import { type Exchange, getHeader } from '../model/capture.ts';
import { DAILY_API_PATH, PAPERS_PATH } from '../model/feed-urls.ts';
import { MAX_PARSED_BODY_BYTES } from '../model/limits.ts';
import type { Outcome } from '../model/listing.ts';
import { describeUnreadableFile } from './unreadable.ts';

/** Why an answer is no list: what came of it, and a sentence for people. */
export type ParseFailure = { readonly outcome: Outcome; readonly why: string };

/** What a body is made of. */
type Kind = 'json' | 'html' | 'text';

/** How an answer is read: as a page of the API, as a web page, as the text of one that a person copied. */
type Role = 'api' | 'page' | 'text';

/** A challenge page is a script and little else (under 1 kB where seen); a page of papers is above 20 kB. */
const CHALLENGE_BYTES = 8_000;

/** The URL, or null if it is none. */
export const requestUrl = (exchange: Exchange): URL | null => URL.parse(exchange.url);

/** The body as text: UTF-8 without its byte order mark; bytes that are no UTF-8 become U+FFFD. */
export const bodyText = (exchange: Exchange): string => new TextDecoder().decode(exchange.body);

/** What the body is made of, by its `content-type` where that says, else by its first character that is not blank. */
function kindOf(exchange: Exchange): Kind {
  const type = getHeader(exchange, 'content-type')?.toLowerCase() ?? '';
  if (type.includes('json')) return 'json';
  if (type.includes('html')) return 'html';
  if (type.startsWith('text/plain')) return 'text';
  const first = bodyText({ ...exchange, body: exchange.body.subarray(0, 1000) }).trimStart()[0];
  if (first === '[' || first === '{') return 'json';
  return first === '<' ? 'html' : 'text';
}

/** How to read an answer: by the path that was asked, and where only a payload is known (or the path is strange) by what it is made of. */
export function responseRole(exchange: Exchange): Role {
  const path = requestUrl(exchange)?.pathname ?? '';
  const byPath = path === DAILY_API_PATH ? 'api' : path.startsWith(PAPERS_PATH) ? 'page' : null;
  if (byPath && (exchange.status !== null || exchange.body.length === 0)) return byPath;
  return ({ json: 'api', html: 'page', text: 'text' } as const)[kindOf(exchange)];
}

/** Why an answer cannot hold a list whatever it was asked for: there is none, it is a file that cannot be read, its status, its header, a cut or an empty body. Null: it may hold one. */
export function findFailure(exchange: Exchange): ParseFailure | null {
  if (exchange.unanswered !== undefined) return { outcome: 'unreachable', why: exchange.unanswered };
  const unreadable = describeUnreadableFile(exchange);
  if (unreadable) return unreadable;
  const status = exchange.status ?? 200;
  if (status === 429 || status === 401 || status === 403)
    return { outcome: 'refused', why: `the feed refused (${status})` };
  if (status >= 500 && status < 600) return { outcome: 'server-error', why: `the feed failed (${status})` };
  if (status === 202 || status === 405 || getHeader(exchange, 'x-amzn-waf-action') !== null)
    return { outcome: 'challenge', why: `the feed asked for proof that a person reads it (${status})` };
  if (exchange.cut) return { outcome: 'cut', why: 'the connection ended before the answer did' };
  if (status === 404 || status === 410) return { outcome: 'not-found', why: `the feed has no such page (${status})` };
  if (status < 200 || status >= 300) return { outcome: 'other-shape', why: `the answer is no list (${status})` };
  if (exchange.body.length === 0) return { outcome: 'no-body', why: 'the answer is empty' };
  if (exchange.body.length > MAX_PARSED_BODY_BYTES)
    return { outcome: 'other-shape', why: 'the answer is too large to be a list' };
  return null;
}

/** The entries of an answer of the API, or why there are none. */
export function parseEntryArray(exchange: Exchange): readonly unknown[] | ParseFailure {
  const failure = findFailure(exchange);
  if (failure) return failure;
  const text = bodyText(exchange);
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
    return { outcome: 'other-shape', why: 'the answer is JSON, but not a list' };
  } catch {
    return endsInside(text)
      ? { outcome: 'cut', why: 'the JSON ends in the middle' }
      : { outcome: 'other-shape', why: 'the answer is not JSON' };
  }
}

/** Why a page without papers has none. */
export function findPageFailure(html: string): ParseFailure {
  if (!isWholePage(html)) return { outcome: 'cut', why: 'the page ends in the middle' };
  const scripts = html.match(/<script/gi)?.length ?? 0;
  if (html.length < CHALLENGE_BYTES && scripts === 1 && html.includes('challenge.js'))
    return { outcome: 'challenge', why: 'the page holds nothing but a challenge' };
  return { outcome: 'other-shape', why: 'the page shows no list of papers' };
}

/** True unless a page began and did not end. */
export const isWholePage = (html: string): boolean =>
  /<\/html>\s*$/i.test(html.slice(-200)) || !/<html[\s>]/i.test(html);

/** True for JSON that stops with something still open. */
function endsInside(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (quoted) {
      if (mark === '\\') at++;
      else if (mark === '"') quoted = false;
    } else if (mark === '"') quoted = true;
    else if (mark === '[' || mark === '{') depth++;
    else if (mark === ']' || mark === '}') depth--;
  }
  return quoted || depth > 0;
}
