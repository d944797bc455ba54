import type { Listing, ParseResult } from '../model/listing.ts';
import { MAX_ENTRIES, type ParsedEntries } from './entry.ts';

/**
 * Makes the listing of parsed entries and decides what it comes to: `list`, `empty`, or `drift` when all entries were rejected or over half
 * have no upvotes. It is not complete when entries were rejected or left out, whatever `facts` say.
 */
export function buildListing(
  entries: ParsedEntries,
  facts: Pick<Listing, 'via' | 'pages' | 'complete' | 'query'>,
  whys: readonly string[] = [],
): ParseResult {
  const { rows, rejects, unknown, listed, withoutUpvotes, ofOtherDays } = entries;
  const complete = rejects.length > 0 || listed > MAX_ENTRIES ? false : facts.complete;
  const listing: Listing = { ...facts, complete, listed, rows, rejects, unknown };
  const allWhys = [
    ...whys,
    ...(rejects.length > 0 ? [`${rejects.length} of ${listed} entries could not be read`] : []),
    ...(ofOtherDays > 0 ? [`${ofOtherDays} of ${listed} entries name another day`] : []),
  ];
  if (listed === 0) return { outcome: 'empty', why: allWhys.join('; '), listing };
  const isDrift = rejects.length === listed || (facts.via !== 'text' && withoutUpvotes * 2 > listed);
  if (!isDrift) return { outcome: 'list', why: allWhys.join('; '), listing };
  const why = [`${withoutUpvotes} of ${listed} entries have no upvotes that are numbers`, ...allWhys].join('; ');
  return { outcome: 'drift', why, listing };
}
