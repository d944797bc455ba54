import { fileURLToPath } from 'node:url';
import { PaperkeepError } from '../kit/errors.ts';
import { fileSnapshots } from './files.ts';
import type { SnapshotStore } from './store.ts';

/**
 * Opens the archive that a setting names: `file:<path>`, relative to the working directory or absolute, or `file:///<path>`.
 *
 * @throws PaperkeepError `BAD_SETTING` for anything else.
 */
export function openSnapshots(url: string): SnapshotStore {
  const path = folderNamed(url);
  if (path) return fileSnapshots(path);
  throw new PaperkeepError('BAD_SETTING', `"${url}" names no archive`, 'set PAPERKEEP_ARCHIVE to file:<folder>', 2);
}

/** The folder of a `file:` URL. Behind a bare `file:` stands a path as it is; only behind `file:///` is `%20` a blank. */
function folderNamed(url: string): string | null {
  if (!url.startsWith('file://')) return /^file:(.+)$/s.exec(url)?.[1] ?? null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}
