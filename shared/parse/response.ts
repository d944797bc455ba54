import { textEncoding } from '../lib/bytes.ts';
import { type Exchange, getHeader, isChallenge } from '../model/capture.ts';
import { DAILY_API_PATH, PAPERS_PATH } from '../model/feed-urls.ts';
import { MAX_PARSED_BODY_BYTES } from '../model/limits.ts';
import type { ParseFailure } from '../model/listing.ts';
import { describeUnreadableFile } from './unreadable.ts';

/** What a body consists of. */
type BodyKind = 'json' | 'html' | 'text';

/** How a response is read: as a page of the API, as a web page, or as the copied text of one. */
type ResponseRole = 'api' | 'page' | 'text';

const ROLES: Readonly<Record<BodyKind, ResponseRole>> = { json: 'api', html: 'page', text: 'text' };

/** A challenge page is a script and little else (under 1 kB where seen); a page of papers is above 20 kB. */
const MAX_CHALLENGE_LENGTH = 8_000;

/** The URL of a request; null if it is not valid. */
export const requestUrl = (exchange: Exchange): URL | null => URL.parse(exchange.url);

/** The body as text without its byte-order mark; invalid bytes become U+FFFD. */
export const bodyText = ({ body }: Exchange): string => new TextDecoder(textEncoding(body)).decode(body);

/** The most U+FFFD, as damaged text has it, per character of a text. */
const MAX_REPLACED = 1 / 1000;

/** The body as text; null for bytes that are not text: invalid in their encoding, with control characters, or decoded wrongly before. */
export function strictBodyText({ body }: Exchange): string | null {
  try {
    const text = new TextDecoder(textEncoding(body), { fatal: true }).decode(body);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\0-\x08\x0e-\x1f\x7f-\x9f]/.test(text)) return null;
    return text.split('\ufffd').length - 1 > text.length * MAX_REPLACED ? null : text;
  } catch {
    return null;
  }
}

/** What a body consists of, by its `content-type`, else by its first character that is not white space. */
function bodyKind(exchange: Exchange): BodyKind {
  const type = getHeader(exchange, 'content-type')?.toLowerCase() ?? '';
  if (type.includes('json')) return 'json';
  if (type.includes('html')) return 'html';
  if (type.startsWith('text/plain')) return 'text';
  const first = bodyText({ ...exchange, body: exchange.body.subarray(0, 1000) }).trimStart()[0];
  if (first === '[' || first === '{') return 'json';
  return first === '<' ? 'html' : 'text';
}

/** How to read a response: by the path requested; where only a payload is known, or for any other path, by what it consists of. */
export function responseRole(exchange: Exchange): ResponseRole {
  const path = requestUrl(exchange)?.pathname ?? '';
  const byPath = path === DAILY_API_PATH ? 'api' : path.startsWith(PAPERS_PATH) ? 'page' : null;
  if (byPath && (exchange.status !== null || exchange.body.length === 0)) return byPath;
  return ROLES[bodyKind(exchange)];
}

/** Why a response cannot have a list, whatever was requested: there is no response, or its status, headers or size say so. Null if it may have one. */
export function findFailure(exchange: Exchange): ParseFailure | null {
  if (exchange.unanswered !== undefined) return { outcome: 'unreachable', why: exchange.unanswered };
  const unreadable = describeUnreadableFile(exchange);
  if (unreadable) return unreadable;
  const status = exchange.status ?? 200;
  if (status === 429 || status === 401 || status === 403)
    return { outcome: 'refused', why: `the feed refused (${status})` };
  if (status >= 500 && status < 600) return { outcome: 'server-error', why: `the feed failed (${status})` };
  if (isChallenge(exchange))
    return { outcome: 'challenge', why: `the feed asked for proof that a person reads it (${status})` };
  if (exchange.cut) return { outcome: 'cut', why: 'the connection ended before the answer did' };
  if (status === 404 || status === 410) return { outcome: 'not-found', why: `the feed has no such page (${status})` };
  if (status < 200 || status >= 300) return { outcome: 'other-shape', why: `the answer is no list (${status})` };
  if (exchange.body.length === 0) return { outcome: 'no-body', why: 'the answer is empty' };
  if (exchange.body.length > MAX_PARSED_BODY_BYTES)
    return { outcome: 'other-shape', why: 'the answer is too large to be a list' };
  return null;
}

/** The entries of a response of the API, or why it has no list. */
export function parseEntryArray(exchange: Exchange): readonly unknown[] | ParseFailure {
  const failure = findFailure(exchange);
  if (failure) return failure;
  const text = bodyText(exchange);
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
    return { outcome: 'other-shape', why: 'the answer is JSON, but not a list' };
  } catch {
    return isCutJson(text)
      ? { outcome: 'cut', why: 'the JSON ends in the middle' }
      : { outcome: 'other-shape', why: 'the answer is not JSON' };
  }
}

/** Why a page shows no list of papers. */
export function findPageFailure(html: string): ParseFailure {
  if (!isWholePage(html)) return { outcome: 'cut', why: 'the page ends in the middle' };
  const scripts = html.match(/<script/gi)?.length ?? 0;
  if (html.length < MAX_CHALLENGE_LENGTH && scripts === 1 && html.includes('challenge.js'))
    return { outcome: 'challenge', why: 'the page holds nothing but a challenge' };
  return { outcome: 'other-shape', why: 'the page shows no list of papers' };
}

/** True unless an HTML document begins and does not end. */
export const isWholePage = (html: string): boolean =>
  /<\/html>\s*$/i.test(html.slice(-200)) || !/<html[\s>]/i.test(html);

/** True for JSON that stops inside a string, an array or an object. */
function isCutJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
  }
  return quoted || depth > 0;
}
