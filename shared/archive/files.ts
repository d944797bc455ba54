import { randomUUID } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { batches, mapConcurrent } from '../lib/concurrency.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { type Instant, parseDay, toInstant } from '../lib/time.ts';
import { type ListDay, parseListName, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import { checkKey } from './keys.ts';
import type { SnapshotStore, StoredObject } from './store.ts';

/** The part of `node:fs/promises` that the store uses. */
type FileSystem = Pick<
  typeof nodeFiles,
  'link' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'stat' | 'unlink' | 'writeFile'
>;

/** Folder for files that are being written, beside `raw/`: never listed, and on the same disk, so that files can be linked into place. */
const INCOMING = '.incoming';
/** Folder for damaged files that were replaced, beside `raw/`. */
const DAMAGED = '.damaged';
/** The age at which a file in `.incoming` was left by a killed process, a day in milliseconds; writing takes milliseconds. */
const LEFT_BEHIND_MS = 86_400_000;
/** Errors of reading that are about one file, not about the archive: a bad block, missing rights, or a folder or a loop of links under its name. */
const UNREADABLE: ReadonlySet<string> = new Set(['EIO', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP']);
/** Folders listed at once: most hold a few files, and what takes time is to ask for each. */
const FOLDERS_AT_ONCE = 16;

/**
 * Snapshots as files below a folder, which is created with the first snapshot; several processes may share it.
 * A snapshot appears whole or not at all, and is on the disk when `putIfAbsent` returns.
 *
 * @throws PaperkeepError `NOT_A_KEY`, `DISK_FULL`, and `ARCHIVE_REFUSED` for whatever else the system refuses.
 */
export function createFileStore(root: string, files: FileSystem = nodeFiles): SnapshotStore {
  const url = `file:${root}`;
  const base = resolve(root);
  const incoming = join(base, INCOMING);
  const sync = shareSyncs((folder) => syncFolder(files, folder));
  let swept = false;

  async function put(key: string, bytes: Uint8Array): Promise<'stored' | 'there already'> {
    const path = join(base, checkKey(key));
    const temporary = join(incoming, randomUUID());
    try {
      const firstCreated = await files.mkdir(incoming, { recursive: true });
      await files.writeFile(temporary, bytes, { flag: 'wx', flush: true });
      if (!swept) await sweep(temporary);
      swept = true;
      await files.mkdir(dirname(path), { recursive: true });
      const outcome = await linkIntoPlace(temporary, path);
      // Every folder up to the root: another put may have just created one and not synced it yet.
      const created = foldersBetween(dirname(path), dirname(firstCreated ?? incoming));
      await Promise.all(created.map(sync));
      return outcome;
    } finally {
      // The outcome is decided by now; a file that cannot be removed is swept a day later.
      await files.unlink(temporary).catch(() => {});
    }
  }

  /** Links a finished file to its place; the first one to get there wins. */
  async function linkIntoPlace(temporary: string, path: string): Promise<'stored' | 'there already'> {
    try {
      await files.link(temporary, path);
      return 'stored';
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return 'there already';
      throw error;
    }
  }

  /** Removes what killed processes left, by the disk's own clock: files a day older than the one just written. */
  async function sweep(newest: string): Promise<void> {
    const now = (await files.stat(newest)).mtimeMs;
    for (const name of await files.readdir(incoming)) {
      const path = join(incoming, name);
      // Another process may remove its own meanwhile.
      const written = await files.stat(path).catch(() => null);
      if (written && now - written.mtimeMs > LEFT_BEHIND_MS) await files.rm(path, { force: true });
    }
  }

  async function setAside(key: string): Promise<void> {
    const path = join(base, checkKey(key));
    const kept = join(base, DAMAGED, `${key}.${randomUUID()}`);
    await files.mkdir(dirname(kept), { recursive: true });
    try {
      await files.rename(path, kept);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  async function get(key: string): Promise<Uint8Array | null> {
    const path = join(base, checkKey(key));
    try {
      return await files.readFile(path);
    } catch (error) {
      const code = errorCode(error) ?? '';
      if (code === 'ENOENT') return null;
      if (!UNREADABLE.has(code)) throw error;
      const message = `${key} cannot be read from ${url}: ${errorMessage(error)}`;
      const hint = 'put it back from a copy of the archive';
      throw new PaperkeepError({ code: 'SNAPSHOT_UNREADABLE', message, hint, cause: error });
    }
  }

  /** The size of a file; 0 where it cannot be read, since reading it will say why. */
  const sizeOf = (key: string): Promise<number> =>
    files.stat(join(base, key)).then(
      ({ size }) => size,
      () => 0,
    );

  async function* list(prefix: string, from: string): AsyncGenerator<StoredObject> {
    const listFolder = async ({ folder }: { readonly folder: string }): Promise<StoredObject[]> => {
      const keys = (await listNames(join(base, folder))).map((name) => folder + name);
      const wanted = keys.filter((key) => key.startsWith(prefix) && key >= from && parseSnapshotKey(key));
      return mapConcurrent(wanted, async (key) => ({ key, bytes: await sizeOf(key) }));
    };
    for await (const folders of batches(listFolders(prefix, from), FOLDERS_AT_ONCE)) {
      yield* (await Promise.all(folders.map(listFolder))).flat();
    }
  }

  async function touched(since: Instant): Promise<ListDay[]> {
    const listDays: ListDay[] = [];
    for await (const { folder, listDay } of listFolders('', '')) {
      if (toInstant((await files.stat(join(base, folder))).mtimeMs) >= since) listDays.push(listDay);
    }
    return listDays;
  }

  /** The folders of all list days that may hold keys with this prefix, from `from` on, in the order of keys. */
  async function* listFolders(prefix: string, from: string): AsyncGenerator<{ folder: string; listDay: ListDay }> {
    const mayHold = (folder: string): boolean =>
      (folder.startsWith(prefix) || prefix.startsWith(folder)) && (folder >= from || from.startsWith(folder));
    for (const name of await listNames(join(base, 'raw'), ['ENOENT'])) {
      const list = parseListName(name.replace('=', ':'));
      if (!list || !mayHold(`raw/${name}/`)) continue;
      for (const inner of await listNames(join(base, 'raw', name))) {
        const day = parseDay(inner);
        const folder = `raw/${name}/${inner}/`;
        if (day && mayHold(folder) && snapshotPrefix({ list, day }) === folder)
          yield { folder, listDay: { list, day } };
      }
    }
  }

  /**
   * Names in a folder in the order of keys: as if each were followed by a slash, which sorts after `-`. None where there is no folder,
   * or a file that paperkeep did not write.
   */
  async function listNames(folder: string, absent: readonly string[] = ['ENOENT', 'ENOTDIR']): Promise<string[]> {
    try {
      const names = (await files.readdir(folder)).map((name) => `${name}/`);
      return names.sort().map((name) => name.slice(0, -1));
    } catch (error) {
      if (absent.includes(errorCode(error) ?? '')) return [];
      throw error;
    }
  }

  const refuse = (error: unknown): never => {
    throw toArchiveError(url, error);
  };
  return {
    url,
    putIfAbsent: (key, bytes) => put(key, bytes).catch(refuse),
    setAside: (key) => setAside(key).catch(refuse),
    get: (key) => get(key).catch(refuse),
    async *list(prefix, from = '') {
      try {
        yield* list(prefix, from);
      } catch (error) {
        refuse(error);
      }
    },
    touched: (since) => touched(since).catch(refuse),
  };
}

/** A folder and those above it, up to `last`. */
const foldersBetween = (folder: string, last: string): string[] =>
  folder === last ? [folder] : [folder, ...foldersBetween(dirname(folder), last)];

/**
 * Shares syncs of the same folder: callers who ask while none has started yet get the next one, since all that lies in the folder by then
 * is in it. So files that are stored at once cost little more than one.
 */
function shareSyncs(sync: (folder: string) => Promise<void>): (folder: string) => Promise<void> {
  const waiting = new Map<string, Promise<void>>();
  const running = new Map<string, Promise<void>>();
  return (folder) => {
    const shared = waiting.get(folder);
    if (shared) return shared;
    const next = (running.get(folder) ?? Promise.resolve()).then(() => {
      waiting.delete(folder);
      const synced = sync(folder);
      // Whether it failed concerns those who shared it, not the next one.
      const over = synced.catch(() => {}).then(() => void (running.get(folder) === over && running.delete(folder)));
      running.set(folder, over);
      return synced;
    });
    waiting.set(folder, next);
    return next;
  };
}

async function syncFolder(files: FileSystem, folder: string): Promise<void> {
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Windows cannot do this for a folder, and does not need it.
    if (errorCode(error) !== 'EPERM') throw error;
  } finally {
    await handle.close();
  }
}

const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** An error of the system as one that a person can act on; any other error as it is. */
function toArchiveError(url: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (cause instanceof PaperkeepError || code === null) return cause;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `no space is left at ${url} (${errorMessage(cause)})`;
    const hint = 'free some space and run again: what was reported as done is kept';
    return new PaperkeepError({ code: 'DISK_FULL', message, hint, cause });
  }
  if (code === 'ENOTDIR') {
    const message = `the archive ${url} cannot be used: a file stands where its folder belongs (${errorMessage(cause)})`;
    const hint = 'move that file away, or set PAPERKEEP_ARCHIVE to another folder';
    return new PaperkeepError({ code: 'ARCHIVE_REFUSED', message, hint, cause });
  }
  const message = `the archive ${url} cannot be used: ${errorMessage(cause)}`;
  const hint = 'see that the folder may be written and lies on a disk that supports hard links';
  return new PaperkeepError({ code: 'ARCHIVE_REFUSED', message, hint, cause });
}
