import { Parser } from 'htmlparser2';
import { type Day, parseDay } from '../lib/time.ts';
import type { Exchange } from '../model/capture.ts';
import type { ParseResult } from '../model/listing.ts';
import { parseCards } from './cards.ts';
import { parseEntries } from './entry.ts';
import { buildListing } from './listing.ts';
import { bodyText, findFailure, findPageFailure, isWholePage } from './response.ts';

/**
 * What a page must be to be read. With a `day` it must show that day's list: for a day without papers the feed shows another day's. With null
 * it must show no day.
 */
type ExpectedPage = { readonly day: Day | null; readonly query: string | null };

/** Parses the list of a page: its hydration data, or its cards without those. */
export function parsePage(exchange: Exchange, { day, query }: ExpectedPage): ParseResult {
  const failure = findFailure(exchange);
  if (failure) return { ...failure, listing: null };
  const html = bodyText(exchange);
  const props = readHydrationData(html);
  const papers = papersIn(props);
  const entries = papers ? parseEntries([papers], day) : isWholePage(html) ? parseCards(html, day) : null;
  if (!entries) return { ...findPageFailure(html), listing: null };
  // Without hydration data, a page that shows no day may still have the dates of its papers.
  const shown = day || papers ? dayShown(html, props) : null;
  if (shown !== day) {
    const why = `the page shows ${shown ?? 'no day of its own'}, not ${day ?? 'a list that is of no day'}`;
    return { outcome: 'another-day', why, listing: null };
  }
  const otherList = day === null && props ? otherListShown(props, query) : null;
  if (otherList) return { outcome: 'another-day', why: `the page shows ${otherList}`, listing: null };
  const via = papers ? 'page' : 'cards';
  return buildListing(entries, { via, pages: 1, complete: null, query });
}

/** What a page without a day shows in place of trending (no `query`) or of a search. */
function otherListShown({ periodType = 'day', query: searched }: Props, query: string | null): string | null {
  if (periodType !== 'day') return `the list of a ${periodType}`;
  return query === null && isObject(searched) && searched.q ? 'a search' : null;
}

/** The day that a page shows; null if it shows none or is the page of a week, a month, a search or trending. */
export const pageDay = (html: string): Day | null => dayShown(html, readHydrationData(html));

/** The hydration data of a page's list: an object of unknown shape. */
type Props = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Props => typeof value === 'object' && value !== null;

const papersIn = (props: Props | null): readonly unknown[] | null =>
  Array.isArray(props?.dailyPapers) ? props.dailyPapers : null;

function dayShown(html: string, props: Props | null): Day | null {
  if (!papersIn(props)) return parseDay(/<time\b[^>]*\bdatetime="(\d{4}-\d\d-\d\d)/.exec(html)?.[1] ?? '');
  const { date, dateString, periodType = 'day', isTrending, query } = props as Props;
  if (periodType !== 'day' || isTrending === true || (isObject(query) && query.q)) return null;
  const shown = dateString ?? date; // `date`, a time, until 2024; `dateString` since
  return typeof shown === 'string' ? parseDay(shown.slice(0, 10)) : null;
}

const TARGET = 'DailyPapers';

/**
 * Reads the hydration data of the page's list; null if they are missing, cut or not an object. It stops at their tag: building a tree of the
 * page would take ten times as long as all the rest.
 */
function readHydrationData(html: string): Props | null {
  if (!html.includes(TARGET)) return null;
  let props: Props | null = null;
  const onopentag = (_: string, attributes: Readonly<Record<string, string>>) => {
    if (attributes['data-target'] !== TARGET) return;
    props = parseObject(decodeEntities(attributes['data-props'] ?? ''));
    if (props) parser.pause();
  };
  // Decoding while parsing takes ten times as long as decoding this one attribute.
  const parser = new Parser({ onopentag }, { decodeEntities: false });
  parser.write(html);
  return props;
}

/** Decodes the character references of an attribute. Nearly all are quotes, and no other reference can decode to one. */
const decodeEntities = (value: string): string =>
  value.replaceAll('&quot;', '"').replaceAll(/&#?\w+;/g, (reference) => {
    let text = '';
    const ontext = (decoded: string) => {
      text += decoded;
    };
    new Parser({ ontext }).end(reference);
    return text;
  });

function parseObject(json: string): Props | null {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
