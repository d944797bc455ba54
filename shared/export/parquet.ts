import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import type { Column, Table } from '../catalog/tables.ts';
import { type Day, daysBetween, type Instant, secondsBetween, startOf } from '../kit/clock.ts';
import type { Cell, Row } from './rows.ts';
import { type FileSet, type Format, partPath } from './set.ts';

type Schema = NonNullable<Parameters<typeof parquetWrite>[0]['schema']>;

/** Writes `parquet/<table>/month=<month>/part.parquet`. */
export const parquetFormat = (set: FileSet): Format => ({
  part: (table, month, rows) => set.write(partPath('parquet', table, month), parquetOf(table, rows), rows.length),
  end: async () => {},
});

/** A Parquet file, ZSTD: instants as UTC timestamps to the millisecond, days as dates, lists as lists of texts. Same rows, same bytes. */
export function parquetOf({ columns }: Pick<Table, 'columns'>, rows: readonly Row[]): Uint8Array {
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

function elementsOf({ name, type, unknown }: Column): Schema {
  const repetition_type = unknown === null ? 'REQUIRED' : 'OPTIONAL';
  if (type !== 'list') return [{ name, repetition_type, ...ELEMENTS[type] }];
  return [
    { name, repetition_type, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...TEXT },
  ];
}

const EPOCH = '1970-01-01' as Day;
const AS: Readonly<Record<Column['type'], (cell: string | number) => unknown>> = {
  text: (cell) => cell,
  integer: (cell) => cell,
  boolean: Boolean,
  instant: (cell) => secondsBetween(startOf(EPOCH), cell as Instant) * 1000,
  day: (cell) => daysBetween(EPOCH, cell as Day),
  list: (cell) => JSON.parse(String(cell)) as string[],
};

/** A column's values; those that come again and again, as times and days do, are read once. */
function dataOf({ type }: Column, at: number, rows: readonly Row[]): unknown[] {
  const read = new Map<Cell, unknown>([[null, null]]);
  return rows.map((row) => {
    const cell = row[at] ?? null;
    if (cell !== null && !read.has(cell)) read.set(cell, AS[type](cell));
    return read.get(cell);
  });
}
