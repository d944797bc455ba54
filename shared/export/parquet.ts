import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import type { ColumnSchema, TableSchema } from '../catalog/schema.ts';
import { countDays, type Day, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import type { Cell, ExportRow } from './rows.ts';
import { type ExportFormat, type FileSet, partPath } from './set.ts';

type Schema = NonNullable<Parameters<typeof parquetWrite>[0]['schema']>;

/** Writes `parquet/<table>/month=<month>/part.parquet`. */
export const createParquetFormat = (set: FileSet): ExportFormat => ({
  part: (table, month, rows) => set.write(partPath('parquet', table, month), toParquet(table, rows), rows.length),
  end: async () => {},
});

/** A Parquet file, ZSTD: instants as UTC timestamps to the millisecond, days as dates, lists as lists of texts. Same rows, same bytes. */
export function toParquet({ columns }: Pick<TableSchema, 'columns'>, rows: readonly ExportRow[]): Uint8Array {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    codec: 'ZSTD',
    compressors: { ZSTD: zstdCompressSync },
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)],
    columnData: columns.map((column, at) => ({ name: column.name, data: dataOf(column, at, rows) })),
    createdBy: 'paperkeep',
    // a month is one group: readers take whole columns of it
    rowGroupSize: Math.max(1, rows.length),
  });
  return writer.getBytes();
}

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
/** How each type is said in Parquet; the older and the newer way for instants, since readers look for either. */
const ELEMENTS = {
  text: TEXT,
  integer: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  day: { type: 'INT32', converted_type: 'DATE' },
} as const;

function elementsOf({ name, type, nullMeans }: ColumnSchema): Schema {
  const repetition_type = nullMeans === null ? 'REQUIRED' : 'OPTIONAL';
  if (type !== 'list') return [{ name, repetition_type, ...ELEMENTS[type] }];
  return [
    { name, repetition_type, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...TEXT },
  ];
}

const EPOCH = '1970-01-01' as Day;
const AS: Readonly<Record<ColumnSchema['type'], (cell: string | number) => unknown>> = {
  text: (cell) => cell,
  integer: (cell) => cell,
  boolean: Boolean,
  instant: (cell) => secondsBetween(startOfDay(EPOCH), cell as Instant) * 1000,
  day: (cell) => countDays(EPOCH, cell as Day),
  list: (cell) => JSON.parse(String(cell)) as string[],
};

/** A column's values; those that come again and again, as times and days do, are read once. */
function dataOf({ type }: ColumnSchema, at: number, rows: readonly ExportRow[]): unknown[] {
  const read = new Map<Cell, unknown>([[null, null]]);
  return rows.map((row) => {
    const cell = row[at] ?? null;
    if (cell !== null && !read.has(cell)) read.set(cell, AS[type](cell));
    return read.get(cell);
  });
}
