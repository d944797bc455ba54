import { join } from 'node:path';
import * as z from 'zod';
import { type ExportManifest, ExportPath } from '../query/exports.schema.ts';
import { type ExportStore, MANIFEST_NAME, readExportManifest } from './store.ts';

/** Lists every file of the old and the new export while one replaces the other. */
const CHANGING = 'changing.json';

/**
 * Replaces the export in a store by a finished one. Meanwhile there is no manifest, so readers see no export rather than a mixture. If it is
 * interrupted, the next publication removes what was left. Files that are not part of an export are never touched.
 */
export async function publishExport(store: ExportStore, folder: string, manifest: ExportManifest): Promise<void> {
  const paths = new Set(manifest.files.map(({ path }) => path));
  const before = await readExportManifest(store);
  const known = [...(before?.files.map(({ path }) => path) ?? []), ...(await readNames(store))];
  await store.write(CHANGING, JSON.stringify([...new Set([...known, ...paths])].sort()));
  await store.remove(MANIFEST_NAME);
  const stored = new Map(before?.files.map(({ path, sha256 }) => [path, sha256]));
  // a month that is over does not change, and the same bytes are not uploaded twice
  for (const { path, sha256 } of manifest.files)
    if (!store.link || stored.get(path) !== sha256) await store.put(path, join(folder, path), sha256);
  for (const path of known) if (!paths.has(path)) await store.remove(path);
  await store.write(MANIFEST_NAME, `${JSON.stringify(manifest, null, 2)}\n`);
  await store.remove(CHANGING);
}

/** The files of an interrupted publication; none where the list is not in our format, since its files are removed. */
async function readNames(store: ExportStore): Promise<string[]> {
  try {
    return z.array(ExportPath).parse(JSON.parse((await store.read(CHANGING)) ?? '[]'));
  } catch {
    return [];
  }
}
