import type { Capture, Exchange } from '../model/capture.ts';
import { listKind } from '../model/list.ts';
import type { ParseResult } from '../model/listing.ts';
import { parseEntries } from './entry.ts';
import { buildListing } from './listing.ts';
import { parsePage } from './page.ts';
import { parseEntryArray, requestUrl, responseRole } from './response.ts';
import { parseCopiedText } from './text.ts';

/** Parses a trending list or a watched search: the last page of the visit; of an import also saved entries or copied text. */
export function parseTrendingList({ exchanges, imported, list }: Capture): ParseResult {
  const response = exchanges.findLast((exchange) => responseRole(exchange) === 'page') ?? exchanges.at(-1);
  const role = response && responseRole(response);
  const query = listKind(list) === 'watched' && response ? (requestUrl(response)?.searchParams.get('q') ?? null) : null;
  if (response && role === 'page') return parsePage(response, { day: null, query });
  if (response && role === 'text' && imported) return parseCopiedText(response, query);
  if (response && role === 'api' && imported) return parseSavedEntries(response, query);
  return { outcome: 'other-shape', why: 'no answer is a list', listing: null };
}

function parseSavedEntries(response: Exchange, query: string | null): ParseResult {
  const array = parseEntryArray(response);
  if ('why' in array) return { ...array, listing: null };
  return buildListing(parseEntries([array], null), { via: 'api', pages: 1, complete: null, query });
}
