import { ExportManifest } from '../query/exports.schema.ts';

/** An empty folder of this machine to make an export in; `remove` deletes it with everything left in it. */
export type StagingFolder = { readonly folder: string; remove(): Promise<void> };

/** Part of a file: its first and last byte, both included, counted from 0. */
export type FileRange = { readonly first: number; readonly last: number };

/** Where exports are stored: a folder or a bucket. Paths are relative, with slashes: `parquet/papers/month=2025-01/part.parquet`. */
export type ExportStore = {
  /** Its address, for messages. */
  readonly url: string;
  /**
   * Creates the staging folder of one export.
   * @throws PaperkeepError `EXPORT_RUNNING` while another process makes an export here.
   */
  createStagingFolder(): Promise<StagingFolder>;
  /** Stores a finished file of a staging folder. */
  put(path: string, file: string, sha256: string): Promise<void>;
  /** The text of a small file; null when it does not exist. */
  read(path: string): Promise<string | null>;
  /** Writes a small file at once, never a part of it. */
  write(path: string, text: string): Promise<void>;
  /** Removes a file, if it exists. */
  remove(path: string): Promise<void>;
  /** The bytes of a file, or of a part of it, as a stream; null when it does not exist. */
  open(path: string, range?: FileRange | null): Promise<ReadableStream<Uint8Array> | null>;
  /** A short-lived URL that downloads the file; absent where the store has no URLs. */
  readonly link?: (path: string, fileName: string) => Promise<string>;
};

/** The file that lists what an export contains. An export without it is incomplete. */
export const MANIFEST_NAME = 'manifest.json';

/** The manifest of the export in a store; null when there is no complete export. */
export async function readExportManifest(store: ExportStore): Promise<ExportManifest | null> {
  const text = await store.read(MANIFEST_NAME);
  if (text === null) return null;
  try {
    return ExportManifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
