import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { errorMessage, isDiskFull, PaperkeepError } from '../lib/errors.ts';
import { createFolder } from '../lib/folders.ts';
import type { ExportStore } from './store.ts';

/** The id of this process, and whether another one still runs: only the staging folder of an ended process is removed. */
export type ProcessInfo = { readonly pid: number; isAlive(pid: number): boolean };

/** Staging folders, beside the export and on the same disk, so that files can be moved. */
const STAGING = /^\.making-(\d+)$/;

/**
 * Stores exports as files below a folder, which is created with the first one.
 *
 * @throws PaperkeepError `EXPORT_RUNNING` while another process makes an export there; `DISK_FULL` and `EXPORT_REFUSED` for errors of the file system.
 */
export function createFileExportStore(root: string, processes: ProcessInfo): ExportStore {
  const base = resolve(root);
  const url = `file:${root}`;
  const guarded = <T>(result: Promise<T>): Promise<T> => result.catch((error) => throwExportError(url, error));

  async function createStagingFolder() {
    createFolder(base);
    for (const name of await readdir(base)) {
      const pid = Number(STAGING.exec(name)?.[1] ?? processes.pid);
      if (pid !== processes.pid && processes.isAlive(pid)) {
        const hint = `wait for it to end; if another program has that process id now, remove ${join(root, name)}`;
        throw new PaperkeepError({
          code: 'EXPORT_RUNNING',
          message: `process ${pid} is making an export in ${root}`,
          hint,
        });
      }
      if (STAGING.test(name)) await rm(join(base, name), { recursive: true, force: true });
    }
    const folder = join(base, `.making-${processes.pid}`);
    await mkdir(folder);
    return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
  }

  async function write(path: string, text: string): Promise<void> {
    const partial = join(base, `${path}.partial`);
    createFolder(base);
    await writeFile(partial, text);
    await rename(partial, join(base, path));
  }

  async function put(path: string, file: string): Promise<void> {
    createFolder(dirname(join(base, path)));
    await rename(file, join(base, path));
  }

  async function remove(path: string): Promise<void> {
    await rm(join(base, path), { force: true });
    // also the folders that are empty now
    for (let folder = dirname(join(base, path)); folder !== base; folder = dirname(folder)) {
      const removed = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!removed) return;
    }
  }

  const missing = (error: unknown): null => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '')) return null;
    throw error;
  };
  return {
    url,
    createStagingFolder: () => guarded(createStagingFolder()),
    put: (path, file) => guarded(put(path, file)),
    read: (path) => guarded(readFile(join(base, path), 'utf8').catch(missing)),
    write: (path, text) => guarded(write(path, text)),
    remove: (path) => guarded(remove(path)),
    async open(path, range) {
      const handle = await guarded(open(join(base, path)).catch(missing));
      if (!handle) return null;
      return Readable.toWeb(
        createReadStream('', { fd: handle, ...(range && { start: range.first, end: range.last }) }),
      ) as ReadableStream<Uint8Array>;
    },
  };
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Throws a `PaperkeepError` for an error of the file system or of SQLite while files are written; any other error unchanged. */
export function throwExportError(url: string, error: unknown): never {
  const code = codeOf(error);
  if (error instanceof PaperkeepError || code === null) throw error;
  if (isDiskFull(error)) {
    const hint = 'free some space, or export to a folder on another disk; an earlier export is untouched';
    throw new PaperkeepError({
      code: 'DISK_FULL',
      message: `no space is left for the export to ${url} (${errorMessage(error)})`,
      hint,
      cause: error,
    });
  }
  if (code.startsWith('ERR_')) throw error;
  const hint = 'check that the folder is writable, or export to another one';
  throw new PaperkeepError({
    code: 'EXPORT_REFUSED',
    message: `cannot export to ${url}: ${errorMessage(error)}`,
    hint,
    cause: error,
  });
}
