import type { Capture, Exchange } from '../model/capture.ts';
import { listKind } from '../model/list.ts';
import type { ParseResult } from '../model/listing.ts';
import { parseEntries } from './entry.ts';
import { concludeListing, createListing } from './listing.ts';
import { parsePage } from './page.ts';
import { parseEntryArray, requestUrl, responseRole } from './response.ts';
import { parseCopiedText } from './text.ts';

/** Reads a trending list or a watched search: the last page of the visit; of an import also its saved entries or its copied text. */
export function parseTrendingList({ exchanges, imported, list }: Capture): ParseResult {
  const answer = exchanges.findLast((exchange) => responseRole(exchange) === 'page') ?? exchanges.at(-1);
  const role = answer && responseRole(answer);
  const query = listKind(list) === 'watched' && answer ? (requestUrl(answer)?.searchParams.get('q') ?? null) : null;
  if (answer && role === 'page') return parsePage(answer, { day: null, query });
  if (answer && role === 'text' && imported) return parseCopiedText(answer, query);
  if (answer && role === 'api' && imported) return readSaved(answer, query);
  return { outcome: 'other-shape', why: 'no answer is a list', listing: null };
}

function readSaved(answer: Exchange, query: string | null): ParseResult {
  const entries = parseEntryArray(answer);
  if ('why' in entries) return { ...entries, listing: null };
  const read = parseEntries([entries], null);
  return concludeListing(createListing(read, { via: 'api', pages: 1, complete: null, query }), read.withoutUpvotes);
}
