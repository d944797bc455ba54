import { type ListDayPartition, parseListDayRow, readPartition, summarizedListings } from '../catalog/partition.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { mapConcurrent } from '../lib/concurrency.ts';
import type { ListingItem } from '../table/items.ts';
import { isTitleKey } from '../table/titles.ts';
import type { ExportMonth, ExportRow, RowSource } from './row-types.ts';

/** The rows of `observations` in a month, from the listings of the table that the catalog has too. */
export async function readObservationRows(
  { table, catalog }: RowSource,
  { lists, first, last }: ExportMonth,
): Promise<ExportRow[]> {
  const listDays = lists.flatMap((list) =>
    catalog.all<{ list: string; day: string }>(
      'SELECT list, day AS day FROM coverage WHERE list = ? AND captures > 0 AND day BETWEEN ? AND ? ORDER BY day',
      [list, first, last],
    ),
  );
  const partitions = await mapConcurrent(listDays, (day) => readPartition(table, parseListDayRow(day)));
  return partitions.flatMap((partition) => (partition ? toObservationRows(catalog, partition) : []));
}

function toObservationRows(catalog: Catalog, partition: ListDayPartition): ExportRow[] {
  const { list, day } = partition.listDay;
  const known = new Set(
    catalog
      .all<{ key: string }>('SELECT key FROM listings WHERE list = ? AND day = ?', [list, day])
      .map(({ key }) => key),
  );
  // the table may have newer captures; all files of an export cover the same ones
  const series = summarizedListings(partition).filter(({ key }) => known.has(key));
  return [...Map.groupBy(series, ({ at }) => at).values()].flatMap((captures) =>
    captures
      .flatMap((listing) => listing.papers.map((_, row) => toObservation(listing, row)))
      .sort((a, b) => a.rank - b.rank)
      .map(({ at, rank, cells }) => [list, day, at, rank, ...cells]),
  );
}

const toObservation = ({ papers, ranks, at, upvotes, comments, stars }: ListingItem, row: number) => {
  const paper = papers[row] as string;
  return {
    at,
    rank: ranks[row] as number,
    cells: [isTitleKey(paper) ? null : paper, upvotes[row] ?? null, comments[row] ?? null, stars[row] ?? null],
  };
};
