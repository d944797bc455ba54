import type { ColumnType, TableSchema } from '../catalog/schema.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { type Day, FIRST_DAY, LAST_DAY } from '../lib/time.ts';
import type { TableStore } from '../table/store.ts';
import { readObservationRows } from './observations.ts';
import { readUpvotesAtAge } from './votes-at-age.ts';

/** A value as SQLite stores it: lists are JSON, booleans 0 or 1. */
export type Cell = string | number | null;
/** A row, with its cells in the order of the table's columns. */
export type ExportRow = readonly Cell[];

/** List days, both included; null for an open end. */
export type ExportRange = { readonly from: Day | null; readonly to: Day | null };

/** Where rows are read from. */
export type RowSource = { readonly table: TableStore; readonly catalog: Catalog; readonly range: ExportRange };

/** A month of the archive: its days within the range, and its papers, by id. */
export type ExportMonth = {
  readonly name: string;
  readonly first: string;
  readonly last: string;
  readonly papers: readonly string[];
  readonly lists: readonly string[];
};

const ALWAYS = { from: FIRST_DAY, to: LAST_DAY };

/** The months of a range, oldest first: those of its list days and those of the papers that were on a list of them. */
export function listExportMonths({ catalog, range }: RowSource): ExportMonth[] {
  const [from, to] = [range.from ?? ALWAYS.from, range.to ?? ALWAYS.to];
  const days = catalog.all<{ list: string; month: string }>(
    'SELECT DISTINCT list, substr(day, 1, 7) AS month FROM coverage WHERE day BETWEEN ? AND ? ORDER BY list',
    [from, to],
  );
  const papers = catalog.all<{ id: string; month: string }>(
    `SELECT id, substr(coalesce(listed_on, first_seen), 1, 7) AS month FROM papers
      WHERE id IN (SELECT paper_id FROM appearances WHERE day BETWEEN ? AND ?) ORDER BY id`,
    [from, to],
  );
  const lists = Map.groupBy(days, ({ month }) => month);
  const ids = Map.groupBy(papers, ({ month }) => month);
  return [...new Set([...lists.keys(), ...ids.keys()])].sort().map((name) => ({
    name,
    first: from > `${name}-01` ? from : `${name}-01`,
    last: to < `${name}-31` ? to : `${name}-31`,
    papers: ids.get(name)?.map(({ id }) => id) ?? [],
    lists: lists.get(name)?.map(({ list }) => list) ?? [],
  }));
}

/** The rows of a table in a month, in the order of its key. */
export async function readRows(source: RowSource, table: TableSchema, month: ExportMonth): Promise<ExportRow[]> {
  if (table.name === 'observations') return readObservationRows(source, month);
  if (table.name === 'votes_at_age') return readUpvotesAtAge(source, month);
  const names = table.columns.map(({ name }) => name);
  const select = `SELECT ${names.join(', ')} FROM ${table.name} WHERE`;
  const ordered = `ORDER BY ${table.key.join(', ')}`;
  const rows =
    table.month === null
      ? readPaperRows(source.catalog, `${select} ${table.key[0]} IN (SELECT value FROM json_each(?)) ${ordered}`, month)
      : month.lists.flatMap((list) =>
          source.catalog.all<Readonly<Record<string, Cell>>>(
            `${select} list = ? AND ${table.month} BETWEEN ? AND ? ${ordered}`,
            [list, month.first, month.last],
          ),
        );
  return rows.map((row) => table.columns.map(({ name, type }) => toWellFormed(type, row[name] ?? null)));
}

const ESCAPED_SURROGATE = /\\ud[89a-f]/i;

/** A cell with U+FFFD in place of lone surrogates, which no UTF-8 file can hold and readers refuse. */
function toWellFormed(type: ColumnType, cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  if (type !== 'list' || !ESCAPED_SURROGATE.test(cell)) return cell.toWellFormed();
  return JSON.stringify((JSON.parse(cell) as string[]).map((text) => text.toWellFormed()));
}

const readPaperRows = (catalog: Catalog, sql: string, { papers }: ExportMonth) =>
  papers.length === 0 ? [] : catalog.all<Readonly<Record<string, Cell>>>(sql, [JSON.stringify(papers)]);
