import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TableSchema } from '../catalog/schema.ts';
import type { ExportedFile } from '../query/schemas/exports.ts';
import type { ExportRow } from './rows.ts';

/** A set of files while it is made in a folder. */
export type FileSet = {
  readonly folder: string;
  /** What is there so far. */
  readonly files: ExportedFile[];
  /** Writes a file. */
  write(path: string, bytes: string | Uint8Array, rows: number | null): Promise<void>;
  /** Takes a file in that was written otherwise. */
  add(path: string, rows: number | null): Promise<void>;
};

/** One format of an export: takes the rows table by table, each table month by month, in the order of their key. */
export type ExportFormat = {
  part(table: TableSchema, month: string, rows: readonly ExportRow[]): Promise<void> | void;
  end(): Promise<void>;
  /** Lets go of what is open, should the end never come. */
  close?(): void;
};

/** An empty set in a folder. */
export function createFileSet(folder: string): FileSet {
  const files: ExportedFile[] = [];
  return {
    folder,
    files,
    async write(path, bytes, rows) {
      const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), data);
      files.push({ path, bytes: data.length, rows, sha256: createHash('sha256').update(data).digest('hex') });
    },
    async add(path, rows) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(join(folder, path)), hash);
      files.push({ path, bytes: (await stat(join(folder, path))).size, rows, sha256: hash.digest('hex') });
    },
  };
}

/** Where a month of a table lies. */
export const partPath = (format: 'parquet' | 'csv', { name }: TableSchema, month: string): string =>
  `${format}/${name}/month=${month}/part.${format}`;
