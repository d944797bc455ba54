import type { Column, Table } from '../catalog/tables.ts';
import type { Cell, Row } from './rows.ts';
import { type FileSet, type Format, partPath } from './set.ts';

/** Writes `csv/<table>/month=<month>/part.csv`. */
export const csvFormat = (set: FileSet): Format => ({
  part: (table, month, rows) => set.write(partPath('csv', table, month), csvOf(table, rows), rows.length),
  end: async () => {},
});

/**
 * RFC 4180 with CRLF and a header. Null is an empty cell, an empty text a quoted one; booleans are `true` and `false`; lists are joined
 * by `; `. Text is as it is, also where a spreadsheet would take it for a formula: an export is for programs.
 */
export function csvOf({ columns }: Pick<Table, 'columns'>, rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((column, at) => cellOf(column, row[at] ?? null)).join(','));
  return [columns.map(({ name }) => name).join(','), ...lines, ''].join('\r\n');
}

function cellOf({ type }: Column, cell: Cell): string {
  if (cell === null) return '';
  if (type === 'boolean') return cell ? 'true' : 'false';
  const text = type === 'list' ? (JSON.parse(String(cell)) as string[]).join('; ') : String(cell);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
