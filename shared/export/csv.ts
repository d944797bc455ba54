import type { ColumnSchema } from '../catalog/schema.ts';
import { type CsvValue, formatCsv } from '../lib/csv.ts';
import type { Cell } from './rows.ts';
import { type ExportFormat, type FileSet, partPath } from './set.ts';

/** Writes `csv/<table>/month=<month>/part.csv`; text that begins like a formula is left as it is, for programs. */
export const createCsvFormat = (set: FileSet): ExportFormat => ({
  part(table, month, rows) {
    const header = table.columns.map(({ name }) => name);
    const lines = rows.map((row) => table.columns.map((column, at) => toCsvValue(column, row[at] ?? null)));
    return set.write(partPath('csv', table, month), formatCsv(header, lines), rows.length);
  },
  end: async () => {},
});

function toCsvValue({ type }: ColumnSchema, cell: Cell): CsvValue {
  if (cell === null) return null;
  if (type === 'boolean') return cell !== 0;
  return type === 'list' ? (JSON.parse(String(cell)) as string[]) : cell;
}
