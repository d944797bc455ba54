import { type CsvValue, formatCsv } from '../../lib/csv.ts';

/** A table of values: its columns are the names of the JSON, its rows are read by them. */
export type CsvTable = {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};

/** What Excel needs at the beginning of a CSV file to read it as UTF-8. Other programs read the file without it, and some of them only so. */
export const BYTE_ORDER_MARK = '\ufeff';
/** True for the value of the parameter `bom` that asks for it. */
export const wantsByteOrderMark = (bom: unknown): boolean => bom === 'true' || bom === '1';

/** Formats a table as CSV for people: an organization is its name, other objects are JSON, and formulas are guarded. */
export const formatCsvTable = ({ columns, rows }: CsvTable): string =>
  formatCsv(
    columns,
    rows.map((row) => columns.map((column) => toCsvValue(row[column]))),
    { guardFormulas: true },
  );

function toCsvValue(value: unknown): CsvValue {
  if (Array.isArray(value)) return value.map(toCsvValue);
  if (typeof value !== 'object' || value === null) return value as CsvValue;
  return 'name' in value ? toCsvValue(value.name) : JSON.stringify(value);
}
