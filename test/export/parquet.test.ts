import { zstdDecompressSync } from 'node:zlib';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { tables } from '../../shared/catalog/schema.ts';
import { toParquet } from '../../shared/export/parquet.ts';

const readMetadata = (rows: number) => {
  const row = tables.paper_keywords.columns.map(({ type }, at) => (type === 'integer' ? at : `text ${at}`));
  const bytes = toParquet(
    tables.paper_keywords,
    Array.from({ length: rows }, () => row),
  );
  return parquetMetadata(new Uint8Array(bytes).buffer);
};

describe('A Parquet file', () => {
  it('requires the columns that are never null, and no others', () => {
    const { columns } = tables.observations;
    const { schema } = parquetMetadata(new Uint8Array(toParquet({ columns }, [])).buffer);
    const types = Object.fromEntries(schema.slice(1).map(({ name, repetition_type }) => [name, repetition_type]));
    expect(types).toEqual(
      Object.fromEntries(columns.map(({ name, nullMeans }) => [name, nullMeans === null ? 'REQUIRED' : 'OPTIONAL'])),
    );
  });

  it('gives instants, days and lists back as they were', async () => {
    const columns = tables.papers.columns.filter(({ name }) => ['first_seen', 'listed_on', 'authors'].includes(name));
    const cells: Readonly<Record<string, string>> = {
      first_seen: '2025-01-08T06:15:01Z',
      listed_on: '2025-01-08',
      authors: '["Ada Example","O\'Brien; Ben"]',
    };
    const bytes = toParquet({ columns }, [columns.map(({ name }) => cells[name] ?? null)]);
    const file = new Uint8Array(bytes).buffer;
    const rows = await parquetReadObjects({ file, compressors: { ZSTD: (packed) => zstdDecompressSync(packed) } });
    expect(rows).toEqual([
      {
        first_seen: new Date('2025-01-08T06:15:01Z'),
        listed_on: new Date('2025-01-08'),
        authors: ['Ada Example', "O'Brien; Ben"],
      },
    ]);
  });

  it('has one row group, however many rows a month has', () => {
    expect(readMetadata(250_000).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([250_000]);
  });
});
