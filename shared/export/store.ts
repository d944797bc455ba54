import { ExportManifest } from '../query/schemas/exports.ts';

/** Where exports are kept: a folder or a bucket. Paths are relative, with slashes: `parquet/papers/month=2025-01/part.parquet`. */
export type ExportStore = {
  /** Where it is, for messages. */
  readonly url: string;
  /** A folder of this machine to make a set in, empty; `done` removes it with all that is left in it. Throws EXPORT_RUNNING. */
  workshop(): Promise<{ readonly folder: string; done(): Promise<void> }>;
  /** Takes over a finished file of a workshop. */
  put(path: string, file: string, sha256: string): Promise<void>;
  /** The text of a small file; null when there is none. */
  read(path: string): Promise<string | null>;
  /** Writes a small file; it appears whole. */
  write(path: string, text: string): Promise<void>;
  /** Takes a file away; it need not be there. */
  remove(path: string): Promise<void>;
  /** The bytes of a file, as they are asked for; null when there is none. */
  open(path: string): Promise<ReadableStream<Uint8Array> | null>;
  /** A short-lived address that gives the file as a download to whoever has it; absent where the store has no such thing. */
  readonly link?: (path: string, fileName: string) => Promise<string>;
};

/** The file that tells what an export holds; an export without it is not whole. */
export const MANIFEST_NAME = 'manifest.json';

/** What is told of the export that a store holds; null when there is none that is whole. */
export async function readExportManifest(store: ExportStore): Promise<ExportManifest | null> {
  const text = await store.read(MANIFEST_NAME);
  if (text === null) return null;
  try {
    return ExportManifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
