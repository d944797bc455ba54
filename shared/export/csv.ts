import type { ColumnSchema } from '../catalog/columns.ts';
import { type CsvValue, formatCsv } from '../lib/csv.ts';
import type { Cell } from './row-types.ts';
import { type FormatWriter, formatPartPath, type StagedFiles } from './staging.ts';

/** Writes `csv/<table>/month=<month>/part.csv`. Text that begins like a formula stays as it is, because these files are for programs. */
export const createCsvWriter = (staged: StagedFiles): FormatWriter => ({
  writeMonth(table, month, rows) {
    const header = table.columns.map(({ name }) => name);
    const lines = rows.map((row) => table.columns.map((column, at) => toCsvValue(column, row[at] ?? null)));
    return staged.write(formatPartPath('csv', table, month), formatCsv(header, lines), rows.length);
  },
});

function toCsvValue({ type }: ColumnSchema, cell: Cell): CsvValue {
  if (cell === null) return null;
  if (type === 'boolean') return cell !== 0;
  return type === 'list' ? (JSON.parse(String(cell)) as string[]) : cell;
}
