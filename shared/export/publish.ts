import { join } from 'node:path';
import * as z from 'zod';
import { type ExportManifest, ExportPath } from '../query/schemas/exports.ts';
import { type ExportStore, MANIFEST_NAME, readExportManifest } from './store.ts';

/** Names every file that was or is being put, while one set takes the place of another. */
const CHANGING = 'changing.json';

/**
 * Puts a finished set in the place of the one that is there. Meanwhile there is no manifest, so whoever looks sees no export rather than
 * half of one; ended midway, the next publication also removes what was left. Files of others are never touched.
 */
export async function publishFiles(store: ExportStore, folder: string, manifest: ExportManifest): Promise<void> {
  const paths = new Set(manifest.files.map(({ path }) => path));
  const before = await readExportManifest(store);
  const known = [...(before?.files.map(({ path }) => path) ?? []), ...(await readNames(store))];
  await store.write(CHANGING, JSON.stringify([...new Set([...known, ...paths])].sort()));
  await store.remove(MANIFEST_NAME);
  const there = new Map(before?.files.map(({ path, sha256 }) => [path, sha256]));
  // the same bytes are not sent twice: a month that is over does not change
  for (const { path, sha256 } of manifest.files)
    if (!store.link || there.get(path) !== sha256) await store.put(path, join(folder, path), sha256);
  for (const path of known) if (!paths.has(path)) await store.remove(path);
  await store.write(MANIFEST_NAME, `${JSON.stringify(manifest, null, 2)}\n`);
  await store.remove(CHANGING);
}

/** The names of a publication that was ended; none where the file is not as we write it, since what it names is taken away. */
async function readNames(store: ExportStore): Promise<string[]> {
  try {
    return z.array(ExportPath).parse(JSON.parse((await store.read(CHANGING)) ?? '[]'));
  } catch {
    return [];
  }
}
