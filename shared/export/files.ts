import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { errorMessage, isDiskFull, PaperkeepError } from '../lib/errors.ts';
import type { ExportStore } from './store.ts';

/** What a process knows of itself and of others: only the folder of one that has ended is cleared away. */
export type ProcessInfo = { readonly pid: number; isAlive(pid: number): boolean };

/** Folders that sets are made in, beside the set itself and on the same disk, so that files can be moved into place. */
const WORKSHOP = /^\.making-(\d+)$/;

/**
 * Exports as files below a folder, which is made when the first one comes.
 *
 * @throws PaperkeepError `EXPORT_RUNNING` when another process makes one there; `DISK_FULL`, `EXPORT_REFUSED` for what the system refuses.
 */
export function createFileExportStore(root: string, processes: ProcessInfo): ExportStore {
  const base = resolve(root);
  const url = `file:${root}`;
  const guarded = <T>(answer: Promise<T>): Promise<T> => answer.catch((error) => toExportError(url, error));

  async function workshop() {
    await mkdir(base, { recursive: true });
    for (const name of await readdir(base)) {
      const pid = Number(WORKSHOP.exec(name)?.[1] ?? processes.pid);
      if (pid !== processes.pid && processes.isAlive(pid)) {
        const hint = `wait for it to end; if it is something else that only got the same number, remove ${join(root, name)}`;
        throw new PaperkeepError({
          code: 'EXPORT_RUNNING',
          message: `process ${pid} makes an export in ${root}`,
          hint,
        });
      }
      if (WORKSHOP.test(name)) await rm(join(base, name), { recursive: true, force: true });
    }
    const folder = join(base, `.making-${processes.pid}`);
    await mkdir(folder);
    return { folder, done: () => rm(folder, { recursive: true, force: true }) };
  }

  async function write(path: string, text: string): Promise<void> {
    const half = join(base, `${path}.half`);
    await mkdir(base, { recursive: true });
    await writeFile(half, text);
    await rename(half, join(base, path));
  }

  async function put(path: string, file: string): Promise<void> {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await rename(file, join(base, path));
  }

  async function remove(path: string): Promise<void> {
    await rm(join(base, path), { force: true });
    // folders that are empty now go too, up to the set's own
    for (let folder = dirname(join(base, path)); folder !== base; folder = dirname(folder)) {
      const gone = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!gone) return;
    }
  }

  const missing = (error: unknown): null => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '')) return null;
    throw error;
  };
  return {
    url,
    workshop: () => guarded(workshop()),
    put: (path, file) => guarded(put(path, file)),
    read: (path) => guarded(readFile(join(base, path), 'utf8').catch(missing)),
    write: (path, text) => guarded(write(path, text)),
    remove: (path) => guarded(remove(path)),
    async open(path) {
      const handle = await guarded(open(join(base, path)).catch(missing));
      if (!handle) return null;
      return Readable.toWeb(createReadStream('', { fd: handle })) as ReadableStream<Uint8Array>;
    },
  };
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Throws what a person can act on for what the system or SQLite said while files were written; anything else as it is. */
export function toExportError(url: string, error: unknown): never {
  const code = codeOf(error);
  if (error instanceof PaperkeepError || code === null) throw error;
  if (isDiskFull(error)) {
    const hint = 'free some space, or export to a folder on another disk; an earlier export is untouched';
    throw new PaperkeepError({
      code: 'DISK_FULL',
      message: `no space is left to export to ${url} (${errorMessage(error)})`,
      hint,
      cause: error,
    });
  }
  if (code.startsWith('ERR_')) throw error;
  const hint = 'check that the folder can be written, or export to another one';
  throw new PaperkeepError({
    code: 'EXPORT_REFUSED',
    message: `cannot export to ${url}: ${errorMessage(error)}`,
    hint,
    cause: error,
  });
}
