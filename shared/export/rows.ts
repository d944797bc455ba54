import type { ColumnType, TableSchema } from '../catalog/columns.ts';
import { tables } from '../catalog/schema.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { FIRST_DAY, LAST_DAY } from '../lib/time.ts';
import { readObservationRows } from './observations.ts';
import type { Cell, ExportMonth, ExportRow, RowSource } from './row-types.ts';
import { splitPaperKey } from './schema.ts';
import { readUpvotesAtAge } from './votes-at-age.ts';

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
  const key = tables[table.name as keyof typeof tables].key;
  const names = table.columns.map(({ name }) => name).filter((name) => name !== 'title_key');
  const select = `SELECT ${names.join(', ')} FROM ${table.name} WHERE`;
  const ordered = `ORDER BY ${key.join(', ')}`;
  const rows =
    table.month === null
      ? readPaperRows(source.catalog, `${select} ${key[0]} IN (SELECT value FROM json_each(?)) ${ordered}`, month)
      : month.lists.flatMap((list) =>
          source.catalog.all<Readonly<Record<string, Cell>>>(
            `${select} list = ? AND ${table.month} BETWEEN ? AND ? ${ordered}`,
            [list, month.first, month.last],
          ),
        );
  return rows.map((row) => {
    const [id, title_key] = splitPaperKey(String(row.paper_id ?? row.id));
    const cells: Readonly<Record<string, Cell>> = { ...row, id, paper_id: id, title_key };
    return table.columns.map(({ name, type }) => toWellFormed(type, cells[name] ?? null));
  });
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
