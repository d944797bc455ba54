import type { Instant } from '../kit/clock.ts';
import { isUsable } from '../model/listing.ts';
import { listingsBetween, listPk } from '../record/keys.ts';
import { asListing } from '../record/listing.ts';
import type { Records } from '../record/records.ts';
import { firstSeen, lastSeen, type On } from './content.ts';

/** What a usable capture of a list showed of a paper; `row` is null where the paper was not in it. */
export type Look = {
  readonly at: Instant;
  /** False when the capture is known to be cut: that a paper is not in it says nothing. */
  readonly whole: boolean;
  readonly row: {
    readonly rank: number;
    readonly upvotes: number | null;
    readonly comments: number | null;
    readonly githubStars: number | null;
  } | null;
};

/** The looks at a paper on one list from `from` to `to`, both included; from first to last sight unless told. Oldest first. */
export async function looksAt(
  records: Records,
  on: On,
  from: Instant = firstSeen(on),
  to: Instant = lastSeen(on),
): Promise<Look[]> {
  const items = await records.range({ pk: listPk(on.target), ...listingsBetween(from, to) });
  return items
    .map(asListing)
    .filter(({ outcome, query }) => isUsable(outcome) && query === on.summary.query)
    .map(({ at, complete, papers, ranks, upvotes, comments, stars }) => {
      const row = papers.findIndex((paper) => on.names.includes(paper));
      return {
        at,
        whole: complete !== false,
        row:
          row < 0
            ? null
            : {
                rank: ranks[row] as number,
                upvotes: upvotes[row] ?? null,
                comments: comments[row] ?? null,
                githubStars: stars[row] ?? null,
              },
      };
    });
}
