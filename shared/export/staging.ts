import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TableSchema } from '../catalog/columns.ts';
import type { ExportedFile } from '../query/exports.schema.ts';
import type { ExportRow } from './row-types.ts';

/** The files of an export while it is made in a staging folder. */
export type StagedFiles = {
  readonly folder: string;
  /** The finished files so far. */
  readonly files: ExportedFile[];
  /** Writes a file. */
  write(path: string, data: string | Uint8Array, rows: number | null): Promise<void>;
  /** Adds a file that something else wrote into the folder. */
  add(path: string, rows: number | null): Promise<void>;
};

/** Writes one format of an export. It receives the rows table by table and month by month, in the order of their key. */
export type FormatWriter = {
  writeMonth(table: TableSchema, month: string, rows: readonly ExportRow[]): Promise<void> | void;
  finish?(): Promise<void>;
  /** Closes what is open when the export fails. */
  abort?(): void;
};

/** No files yet, in a folder that exists. */
export function createStagedFiles(folder: string): StagedFiles {
  const files: ExportedFile[] = [];
  return {
    folder,
    files,
    async write(path, data, rows) {
      const bytes = Buffer.from(data);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
      files.push({ path, bytes: bytes.length, rows, sha256: createHash('sha256').update(bytes).digest('hex') });
    },
    async add(path, rows) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(join(folder, path)), hash);
      files.push({ path, bytes: (await stat(join(folder, path))).size, rows, sha256: hash.digest('hex') });
    },
  };
}

/** The path of a month of a table. */
export const formatPartPath = (format: 'parquet' | 'csv', { name }: TableSchema, month: string): string =>
  `${format}/${name}/month=${month}/part.${format}`;
