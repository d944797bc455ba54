import type { ColumnSchema, TableSchema } from '../catalog/schema.ts';
import type { Cell, ExportRow } from './rows.ts';
import { type ExportFormat, type FileSet, partPath } from './set.ts';

/** Writes `csv/<table>/month=<month>/part.csv`. */
export const createCsvFormat = (set: FileSet): ExportFormat => ({
  part: (table, month, rows) => set.write(partPath('csv', table, month), toExportCsv(table, rows), rows.length),
  end: async () => {},
});

/**
 * RFC 4180 with CRLF and a header. Null is an empty cell, an empty text a quoted one; booleans are `true` and `false`; lists are joined
 * by `; `. Text is as it is, also where a spreadsheet would take it for a formula: an export is for programs.
 */
export function toExportCsv({ columns }: Pick<TableSchema, 'columns'>, rows: readonly ExportRow[]): string {
  const lines = rows.map((row) => columns.map((column, at) => cellOf(column, row[at] ?? null)).join(','));
  return [columns.map(({ name }) => name).join(','), ...lines, ''].join('\r\n');
}

function cellOf({ type }: ColumnSchema, cell: Cell): string {
  if (cell === null) return '';
  if (type === 'boolean') return cell ? 'true' : 'false';
  const text = type === 'list' ? (JSON.parse(String(cell)) as string[]).join('; ') : String(cell);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
