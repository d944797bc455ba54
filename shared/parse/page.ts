import { type Day, parseDay } from '../lib/time.ts';
import type { Exchange } from '../model/capture.ts';
import type { ParseResult } from '../model/listing.ts';
import { parseCards } from './cards.ts';
import { parseEntries } from './entry.ts';
import { concludeListing, createListing } from './listing.ts';
import { bodyText, findFailure, findPageFailure, isWholePage } from './response.ts';

/**
 * What a page is read as: the list of a day, which it must name itself (it shows another day's when there is none), or (null) a list that
 * is of no day, which it must not say to be.
 */
type Wanted = { readonly day: Day | null; readonly query: string | null };

/** Reads the list of a page: its hydration data, or its cards when there is none. */
export function parsePage(exchange: Exchange, { day, query }: Wanted): ParseResult {
  const failure = findFailure(exchange);
  if (failure) return { ...failure, listing: null };
  const html = bodyText(exchange);
  const props = propsOf(html);
  const papers = papersOf(props);
  const readout = papers ? parseEntries([papers], day) : isWholePage(html) ? parseCards(html, day) : null;
  if (!readout) return { ...findPageFailure(html), listing: null };
  // without its data a page of no day may still hold the days of its papers
  const shown = day || papers ? dayOfPage(html, props) : null;
  if (shown !== day) {
    const why = `the page shows ${shown ?? 'no day of its own'}, not ${day ?? 'a list that is of no day'}`;
    return { outcome: 'another-day', why, listing: null };
  }
  const via = papers ? 'page' : 'cards';
  return concludeListing(createListing(readout, { via, pages: 1, complete: null, query }), readout.withoutUpvotes);
}

/** The day that a day page says it shows; null if it says none, or is no page of a day (a week, a month, a search, trending). */
export const pageDay = (html: string): Day | null => dayOfPage(html, propsOf(html));

/** What a page's script is given: an object, of a shape that nobody vouches for. */
type Props = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Props => typeof value === 'object' && value !== null;

const papersOf = (props: Props | null): readonly unknown[] | null =>
  Array.isArray(props?.dailyPapers) ? props.dailyPapers : null;

function dayOfPage(html: string, props: Props | null): Day | null {
  if (!papersOf(props)) return parseDay(/<time\b[^>]*\bdatetime="(\d{4}-\d\d-\d\d)/.exec(html)?.[1] ?? '');
  const { date, dateString, periodType = 'day', isTrending, query } = props as Props;
  if (periodType !== 'day' || isTrending === true || (isObject(query) && query.q)) return null;
  const said = dateString ?? date; // `date` until 2024, a time; `dateString` since
  return typeof said === 'string' ? parseDay(said.slice(0, 10)) : null;
}

const MARK = 'data-target="DailyPapers"';
const TAG = /<[a-z][a-z0-9]*(?=\s)/iy;
const ATTRIBUTE = /\s+([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;

/** Tags that are looked at to find the one with the mark; it is the first, unless an attribute before the mark holds a bare `<`. */
const MOST_TRIES = 10_000;

/**
 * The hydration data of the page's list of papers, null if it is missing, cut or no JSON. The page is not made into a tree for it:
 * that takes many times as long as all the rest.
 */
function propsOf(html: string): Props | null {
  let tries = 0;
  for (let mark = html.indexOf(MARK); mark >= 0; mark = html.indexOf(MARK, mark + 1)) {
    for (
      let start = html.lastIndexOf('<', mark);
      start >= 0;
      start = start > 0 ? html.lastIndexOf('<', start - 1) : -1
    ) {
      if (tries++ > MOST_TRIES) return null;
      const attributes = attributesAt(html, start);
      if (attributes.get('data-target') !== 'DailyPapers') continue;
      const props = objectIn(attributes.get('data-props') ?? '');
      if (props) return props;
      break;
    }
  }
  return null;
}

/** The attributes of the start tag that begins there, their values still escaped; none if there is no such tag. */
function attributesAt(html: string, start: number): Map<string, string> {
  const attributes = new Map<string, string>();
  TAG.lastIndex = start;
  if (!TAG.test(html)) return attributes;
  ATTRIBUTE.lastIndex = TAG.lastIndex;
  for (let found = ATTRIBUTE.exec(html); found; found = ATTRIBUTE.exec(html)) {
    const [, name = '', double, single, bare] = found;
    attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '');
  }
  return attributes;
}

function objectIn(escaped: string): Props | null {
  try {
    const value: unknown = JSON.parse(unescaped(escaped));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Undoes HTML's escaping. Quotes first and in one go: they are nearly all there is, and no other entity can make one. */
const unescaped = (value: string): string =>
  value
    .replaceAll('&quot;', '"')
    .replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (entity, hex, decimal, name) => {
      if (name) return NAMED[name.toLowerCase()] ?? entity;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    });
