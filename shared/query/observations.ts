import type { Instant } from '../lib/time.ts';
import { isUsable } from '../model/listing.ts';
import { decodeListing } from '../table/items.ts';
import { listingsBetween, listPk } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { firstSeen, lastSeen, type PaperListDay } from './paper-summaries.ts';

/** What a usable capture of a list showed of a paper; `row` is null where the paper was not in it. */
export type Observation = {
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

/** The usable captures of a list between two moments (first and last sight of the paper unless given), both included, oldest first. */
export async function observationsBetween(
  table: TableStore,
  on: PaperListDay,
  from: Instant = firstSeen(on),
  to: Instant = lastSeen(on),
): Promise<Observation[]> {
  const items = await table.range({ pk: listPk(on.listDay), ...listingsBetween(from, to) });
  return items
    .map(decodeListing)
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
