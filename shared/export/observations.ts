import type { Catalog } from '../catalog/sqlite.ts';
import { inTurns } from '../kit/turns.ts';
import { isTitle } from '../query/title.ts';
import type { ListingItem } from '../record/listing.ts';
import { type Partition, readPartition, seriesOf, targetOf } from './partition.ts';
import type { Month, Row, RowsOf } from './rows.ts';

/** The rows of `observations` in a month: read from the table's listings, those captures of them that the catalog knows too. */
export async function observationsOf({ records, catalog }: RowsOf, { lists, first, last }: Month): Promise<Row[]> {
  const targets = lists.flatMap((list) =>
    catalog.all<{ list: string; target: string }>(
      'SELECT list, day AS target FROM coverage WHERE list = ? AND captures > 0 AND day BETWEEN ? AND ? ORDER BY day',
      [list, first, last],
    ),
  );
  const partitions = await inTurns(targets, (target) => readPartition(records, targetOf(target)));
  return partitions.flatMap((partition) => (partition ? rowsOf(catalog, partition) : []));
}

function rowsOf(catalog: Catalog, partition: Partition): Row[] {
  const { source, day } = partition.target;
  const known = new Set(
    catalog
      .all<{ key: string }>('SELECT key FROM listings WHERE list = ? AND target = ?', [source, day])
      .map(({ key }) => key),
  );
  // the table may have got captures since: all files of a set tell of the same ones
  const series = seriesOf(partition).filter(({ key }) => known.has(key));
  return [...Map.groupBy(series, ({ at }) => at).values()].flatMap((captures) =>
    captures
      .flatMap((listing) => listing.papers.map((_, row) => observation(listing, row)))
      .sort((a, b) => a.rank - b.rank)
      .map(({ at, rank, cells }) => [source, day, at, rank, ...cells]),
  );
}

const observation = ({ papers, ranks, at, upvotes, comments, stars }: ListingItem, row: number) => {
  const paper = papers[row] as string;
  return {
    at,
    rank: ranks[row] as number,
    cells: [isTitle(paper) ? null : paper, upvotes[row] ?? null, comments[row] ?? null, stars[row] ?? null],
  };
};
