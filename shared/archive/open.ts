import { fileURLToPath } from 'node:url';
import { PaperkeepError } from '../lib/errors.ts';
import { createFileStore } from './files.ts';
import type { SnapshotStore } from './store.ts';

/**
 * Opens the archive that a setting names: `file:<path>`, relative to the working directory or absolute, or `file:///<path>`; or
 * `s3://<bucket>`, `s3://<bucket>/<prefix>`.
 *
 * @throws PaperkeepError `BAD_SETTING` for anything else.
 */
export async function openArchive(url: string): Promise<SnapshotStore> {
  // Loaded when it is asked for: the AWS SDK alone takes longer to load than most local commands to run.
  if (url.startsWith('s3://')) return (await import('./s3.ts')).openS3Store(url);
  const path = folderNamed(url);
  if (path) return createFileStore(path);
  const hint = 'set PAPERKEEP_ARCHIVE to file:<folder> or s3://<bucket>[/<prefix>]';
  throw new PaperkeepError({ code: 'BAD_SETTING', message: `"${url}" names no archive`, hint });
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
