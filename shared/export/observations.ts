import { type ListDayPartition, parseListDayRow, readPartition, summarizedListings } from '../catalog/partition.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { mapConcurrent } from '../lib/concurrency.ts';
import type { ListDay } from '../model/list.ts';
import type { ListingItem } from '../table/items.ts';
import type { PaperKey } from '../table/keys.ts';
import type { ExportMonth, ExportRow, RowSource } from './row-types.ts';
import { splitPaperKey } from './schema.ts';

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
  const partitions = await mapConcurrent(listDays, (row) => {
    const listDay = parseListDayRow(row);
    return readPartition(table, listDay, async () => readCopiedTitles(catalog, listDay));
  });
  return partitions.flatMap((partition) => (partition ? toObservationRows(catalog, partition) : []));
}

/** The papers that rows of copied text were found to be when the catalog was made. */
function readCopiedTitles(catalog: Catalog, { list, day }: ListDay): Map<PaperKey, string> {
  const rows = catalog.all<{ title_key: string; paper_id: string }>(
    'SELECT title_key, paper_id FROM copied_titles WHERE list = ? AND day = ? AND paper_id IS NOT NULL',
    [list, day],
  );
  return new Map(rows.map(({ title_key, paper_id }) => [title_key, paper_id]));
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
    cells: [...splitPaperKey(paper), upvotes[row] ?? null, comments[row] ?? null, stars[row] ?? null],
  };
};
