import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import type { ColumnSchema, TableSchema } from '../catalog/columns.ts';
import { countDays, type Day, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import type { Cell, ExportRow } from './row-types.ts';
import { type FormatWriter, formatPartPath, type StagedFiles } from './staging.ts';

type Schema = NonNullable<Parameters<typeof parquetWrite>[0]['schema']>;

/** Writes `parquet/<table>/month=<month>/part.parquet`. */
export const createParquetWriter = (staged: StagedFiles): FormatWriter => ({
  writeMonth: (table, month, rows) =>
    staged.write(formatPartPath('parquet', table, month), toParquet(table, rows), rows.length),
});

/** The bytes of a Parquet file, ZSTD: instants are UTC timestamps in milliseconds, days dates, lists lists of strings. The same rows give the same bytes. */
export function toParquet({ columns }: Pick<TableSchema, 'columns'>, rows: readonly ExportRow[]): Uint8Array {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    codec: 'ZSTD',
    compressors: { ZSTD: zstdCompressSync },
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(toSchemaElements)],
    columnData: columns.map((column, at) => ({ name: column.name, data: readColumn(column, at, rows) })),
    createdBy: 'paperkeep',
    // one row group per month, because readers take whole columns of it
    rowGroupSize: rows.length,
  });
  return writer.getBytes();
}

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
/** The Parquet types. Instants have the older and the newer annotation, since readers look for either. */
const ELEMENTS = {
  text: TEXT,
  integer: { type: 'INT32' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  day: { type: 'INT32', converted_type: 'DATE' },
} as const;

function toSchemaElements({ name, type, nullMeans }: ColumnSchema): Schema {
  const repetition_type = nullMeans === null ? 'REQUIRED' : 'OPTIONAL';
  if (type !== 'list') return [{ name, repetition_type, ...ELEMENTS[type] }];
  return [
    { name, repetition_type, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...TEXT },
  ];
}

const EPOCH = '1970-01-01' as Day;
const CONVERT: Readonly<Record<ColumnSchema['type'], (cell: string | number) => unknown>> = {
  text: (cell) => cell,
  integer: (cell) => cell,
  number: (cell) => cell,
  boolean: Boolean,
  instant: (cell) => secondsBetween(startOfDay(EPOCH), cell as Instant) * 1000,
  day: (cell) => countDays(EPOCH, cell as Day),
  list: (cell) => JSON.parse(String(cell)) as string[],
};

/** The values of a column. Repeated ones, such as times and days, are converted once. */
function readColumn({ type }: ColumnSchema, at: number, rows: readonly ExportRow[]): unknown[] {
  const converted = new Map<Cell, unknown>([[null, null]]);
  return rows.map((row) => {
    const cell = row[at] ?? null;
    if (cell !== null && !converted.has(cell)) converted.set(cell, CONVERT[type](cell));
    return converted.get(cell);
  });
}
