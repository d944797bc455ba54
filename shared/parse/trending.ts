import type { Capture, Exchange } from '../model/capture.ts';
import type { Parsed } from '../model/listing.ts';
import { kindOf } from '../model/target.ts';
import { entriesOf, roleOf, urlOf } from './answer.ts';
import { readEntries } from './entry.ts';
import { concluded, listingOf } from './list.ts';
import { readPage } from './page.ts';
import { readText } from './text.ts';

/** Reads a trending list or a watched search: the last page of the visit; of an import also its saved entries or its copied text. */
export function readTrending({ exchanges, imported, source }: Capture): Parsed {
  const answer = exchanges.findLast((exchange) => roleOf(exchange) === 'page') ?? exchanges.at(-1);
  const role = answer && roleOf(answer);
  const query = kindOf(source) === 'watched' && answer ? (urlOf(answer)?.searchParams.get('q') ?? null) : null;
  if (answer && role === 'page') return readPage(answer, { day: null, query });
  if (answer && role === 'text' && imported) return readText(answer, query);
  if (answer && role === 'api' && imported) return readSaved(answer, query);
  return { outcome: 'other-shape', why: 'no answer is a list', listing: null };
}

function readSaved(answer: Exchange, query: string | null): Parsed {
  const entries = entriesOf(answer);
  if ('why' in entries) return { ...entries, listing: null };
  const read = readEntries([entries], null);
  return concluded(listingOf(read, { via: 'api', pages: 1, complete: null, query }), read.voteless);
}
