import type { Listing, ParseResult } from '../model/listing.ts';
import { MAX_ENTRIES, type ParsedEntries } from './entry.ts';

/** The listing of what was read. A list that was cut short by entries that could not be read is not complete, whatever is said of it. */
export const createListing = (
  read: ParsedEntries,
  said: Pick<Listing, 'via' | 'pages' | 'complete' | 'query'>,
): Listing => ({
  ...said,
  complete: read.rejects.length > 0 || read.listed > MAX_ENTRIES ? false : said.complete,
  listed: read.listed,
  rows: read.rows,
  rejects: read.rejects,
  unknown: read.unknown,
});

/** What a list that was read comes to; `withoutUpvotes` of its entries have no upvotes that are numbers. */
export function concludeListing(listing: Listing, withoutUpvotes: number, whys: readonly string[] = []): ParseResult {
  const rejected = listing.rejects.length;
  const why = [...whys, ...(rejected ? [`${rejected} of ${listing.listed} entries could not be read`] : [])];
  if (listing.listed === 0) return { outcome: 'empty', why: why.join('; '), listing };
  const drifted = rejected === listing.listed || (listing.via !== 'text' && withoutUpvotes * 2 > listing.listed);
  if (!drifted) return { outcome: 'list', why: why.join('; '), listing };
  return {
    outcome: 'drift',
    why: [`${withoutUpvotes} of ${listing.listed} entries have no upvotes that are numbers`, ...why].join('; '),
    listing,
  };
}
