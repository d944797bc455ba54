import { fileURLToPath } from 'node:url';
import { PaperkeepError } from '../lib/errors.ts';
import { createFileStore } from './files.ts';
import type { SnapshotStore } from './store.ts';

/**
 * Opens the archive at an address: `file:<path>`, relative to the working directory or absolute, or `file:///<path>`; or
 * `s3://<bucket>`, `s3://<bucket>/<prefix>`.
 *
 * @throws PaperkeepError `BAD_SETTING` for anything else.
 */
export async function openArchive(url: string): Promise<SnapshotStore> {
  // Loaded here, because the AWS SDK takes longer to load than most local commands to run.
  if (url.startsWith('s3://')) return (await import('./s3.ts')).openS3Store(url);
  const path = parseFileUrl(url);
  if (path) return createFileStore(path);
  const hint = 'give file:<folder> or s3://<bucket>[/<prefix>]';
  throw new PaperkeepError({ code: 'BAD_SETTING', message: `"${url}" is not the address of an archive`, hint });
}

/** The folder of a `file:` URL: after `file:` alone a path as it is written, after `file://` a URL, in which `%20` is a blank. */
function parseFileUrl(url: string): string | null {
  if (!url.startsWith('file://')) return /^file:(.+)$/s.exec(url)?.[1] ?? null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}
