import type { Listing, ParseResult } from '../model/listing.ts';
import { MAX_ENTRIES, type ParsedEntries } from './entry.ts';

/** Creates the listing of parsed entries. It is not complete when entries were rejected or left out, whatever `facts` say. */
export const createListing = (
  entries: ParsedEntries,
  facts: Pick<Listing, 'via' | 'pages' | 'complete' | 'query'>,
): Listing => ({
  ...facts,
  complete: entries.rejects.length > 0 || entries.listed > MAX_ENTRIES ? false : facts.complete,
  listed: entries.listed,
  rows: entries.rows,
  rejects: entries.rejects,
  unknown: entries.unknown,
});

/** Decides what a listing comes to: `list`, `empty`, or `drift` when all its entries were rejected or over half are `withoutUpvotes`. */
export function concludeListing(listing: Listing, withoutUpvotes: number, whys: readonly string[] = []): ParseResult {
  const rejected = listing.rejects.length;
  const why = [...whys, ...(rejected ? [`${rejected} of ${listing.listed} entries could not be read`] : [])];
  if (listing.listed === 0) return { outcome: 'empty', why: why.join('; '), listing };
  const isDrift = rejected === listing.listed || (listing.via !== 'text' && withoutUpvotes * 2 > listing.listed);
  if (!isDrift) return { outcome: 'list', why: why.join('; '), listing };
  return {
    outcome: 'drift',
    why: [`${withoutUpvotes} of ${listing.listed} entries have no upvotes that are numbers`, ...why].join('; '),
    listing,
  };
}
