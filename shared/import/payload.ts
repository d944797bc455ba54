import { toUint8Array } from '../lib/bytes.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { type Day, dayOf, type Instant, parseDay, parseInstant } from '../lib/time.ts';
import type { WatchedSearch } from '../lists.ts';
import type { Capture, Exchange } from '../model/capture.ts';
import {
  DAILY_API_PATH,
  dailyApiPath,
  dayPagePath,
  FEED_ORIGIN,
  searchPath,
  TRENDING_PATH,
} from '../model/feed-urls.ts';
import { type ListDay, type ListName, listKind } from '../model/list.ts';
import { entryDay } from '../model/pages.ts';
import { pageDay } from '../parse/page.ts';
import { describeOtherFormat } from '../parse/unreadable.ts';
import type { FileContent } from './formats.ts';

/** What is known of a capture beside its payload; null where it is not known. */
export type KnownCaptureInfo = {
  readonly list: ListName | null;
  readonly day: Day | null;
  readonly at: Instant | null;
};

/** What a WARC that cannot be read says of itself in the part that can. */
export type DamagedWarcInfo = ListDay & { readonly at: Instant; readonly url: string | null };

/** A day that is not the beginning of a time. */
const DAY_IN_NAME = /(?<!\d)(\d{4}-\d\d-\d\d)(?![\dT])/;
const TIME_IN_NAME = /(?<!\d)(\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d[:-]?\d\d[:-]?\d\dZ)/;
const JSON_NAME = /\.json(?:\.gz)?$/i;

/**
 * The captures that a file with a payload is: the response's status and headers are not known, its URL is the one that the feed has for
 * such a list. List, day and time are those given with the file, else those that its content states (`hints`; a page's own day; the
 * days that the entries of an API response name, each of which is a capture), else those in its name. Nothing is guessed: a daily list
 * without a day is kept under the day of its time as the response to a request without a day, and so belongs to no day. Copied text, which
 * never says its day, is not.
 *
 * @throws PaperkeepError `UNSAID` where list, day or time is nowhere (`OTHER_FORMAT` where it would not help), `CONTRADICTION` where day and time do not fit, `NO_QUERY` for a
 * watched search without its query.
 */
export function createPayloadCaptures(
  file: KnownCaptureInfo & { readonly name: string },
  content: FileContent,
  watched: readonly WatchedSearch[],
  hints: DamagedWarcInfo | null = null,
): Capture[] {
  const { mediaType, body } = content;
  const isJson = mediaType === 'application/json' || JSON_NAME.test(file.name);
  const list = file.list ?? hints?.list ?? (isJson ? 'daily' : null);
  const at = file.at ?? hints?.at ?? parseInstant(findInName(file.name, TIME_IN_NAME).replaceAll(/[-:]/g, ''));
  const own = hints?.list === list ? hints : null;
  const shownDay = () => (mediaType === 'text/html' ? pageDay(Buffer.from(body).toString('utf8')) : null);
  const day =
    file.day ??
    (list === 'daily' ? (own?.day ?? shownDay() ?? parseDay(findInName(file.name, DAY_IN_NAME))) : at && dayOf(at));
  const stated = day ? [day] : list === 'daily' && mediaType === 'application/json' ? findEntryDays(body) : [];
  const days = stated.length === 0 && list === 'daily' && at && mediaType !== 'text/plain' ? [dayOf(at)] : stated;
  if (!list || days.length === 0 || !at) {
    const missing = [list ? '' : 'list', days.length > 0 ? '' : 'day', at ? '' : 'time'].filter(Boolean).join(', ');
    const format = describeOtherFormat(mediaType);
    if (format) throw new PaperkeepError({ code: 'OTHER_FORMAT', message: format });
    const hint = 'give it with the file, in its name or in a manifest';
    throw new PaperkeepError({ code: 'UNSAID', message: `${file.name} does not say its ${missing}`, hint });
  }
  const url = own && own.day === day && own.url ? own.url : FEED_ORIGIN + listPath(list, day, mediaType, watched);
  return days.map((day) => {
    checkDay(file.name, { list, day, at });
    const headers: [string, string][] = [['content-type', mediaType]];
    const { cut } = content;
    const exchange: Exchange = { url, at, status: null, headers, sent: null, body: toUint8Array(body), cut };
    return { list, day, at, imported: true, exchanges: [exchange] };
  });
}

/** The first match in a file's name, else in that of the nearest folder that has one; empty if none has. */
const findInName = (name: string, pattern: RegExp): string =>
  name
    .split(/[\\/]/)
    .reverse()
    .map((part) => pattern.exec(part)?.[1])
    .find((match) => match !== undefined) ?? '';

function checkDay(name: string, { list, day, at }: ListDay & { readonly at: Instant }): void {
  const isDaily = listKind(list) === 'daily';
  if (isDaily ? dayOf(at) >= day : dayOf(at) === day) return;
  throw new PaperkeepError({
    code: 'CONTRADICTION',
    message: `${name} is given as ${list} of ${day}, captured at ${at}`,
    hint: isDaily
      ? 'no list is shown before its day: correct the day or the time'
      : 'its day is that of the capture: leave the day out, or correct the time',
  });
}

/** The path that the feed has for a list; `day` is null where the request named none. */
function listPath(list: ListName, day: Day | null, mediaType: string, watched: readonly WatchedSearch[]): string {
  switch (listKind(list)) {
    case 'daily':
      if (day === null) return DAILY_API_PATH;
      return /^text\/(?:html|plain)$/.test(mediaType) ? dayPagePath(day) : dailyApiPath(day);
    case 'trending':
      return TRENDING_PATH;
    case 'watched': {
      const search = watched.find(({ slug }) => `watched:${slug}` === list);
      if (search) return searchPath(search.query);
      const hint = 'name it in PAPERKEEP_WATCH';
      throw new PaperkeepError({ code: 'NO_QUERY', message: `${list} has no query`, hint });
    }
  }
}

/** The days that the entries of an API response say they were submitted for, in order; none where none says so. */
export function findEntryDays(body: Uint8Array): Day[] {
  try {
    const entries: unknown[] = JSON.parse(new TextDecoder().decode(body));
    const days = entries.map(entryDay);
    return [...new Set(days.filter((day) => day !== null))].sort();
  } catch {
    return [];
  }
}
