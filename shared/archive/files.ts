import { randomUUID } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { batches, mapConcurrent } from '../lib/concurrency.ts';
import { errorCode, errorMessage, isDiskFull, PaperkeepError } from '../lib/errors.ts';
import { createFolder } from '../lib/folders.ts';
import { hasEnded, identifyProcess } from '../lib/processes.ts';
import { type Instant, parseDay, toInstant } from '../lib/time.ts';
import { type ListDay, parseListName, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import { checkKey } from './keys.ts';
import type { OnUnreadable, SnapshotStore, StoredObject } from './store.ts';

/** The part of `node:fs/promises` that the store uses. */
type FileSystem = Pick<
  typeof nodeFiles,
  'link' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'stat' | 'unlink' | 'writeFile'
>;

/** Folder for files that are being written, beside `raw/`: never listed, and on the same disk, so that files can be linked into place. */
const INCOMING = '.incoming';
/** Folder for damaged files that were replaced, beside `raw/`. */
const DAMAGED = '.damaged';
/** The age at which a file in `.incoming` of another machine was left by a killed process, a day in milliseconds; writing takes milliseconds. */
const LEFT_BEHIND_MS = 86_400_000;
/** Errors of reading that are about one file or folder, not about the archive: a bad block, missing rights, or something else under its name. */
const UNREADABLE: ReadonlySet<string> = new Set(['EIO', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP']);
/** Errors of disks that have no hard links or cannot flush a folder: network and FUSE file systems, Windows. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
/** Folders listed at once: most hold a few files, and what takes time is to ask for each. */
const FOLDERS_AT_ONCE = 16;

/**
 * Snapshots as files below a folder, which is created with the first snapshot; several processes may share it.
 * A snapshot appears whole or not at all, and is on the disk when `putIfAbsent` returns, as far as the disk can do that.
 *
 * @param warn Called once for each thing that the disk cannot do.
 * @throws PaperkeepError `NOT_A_KEY`, `DISK_FULL`, `SNAPSHOT_UNREADABLE`, and `ARCHIVE_REFUSED` for whatever else the system refuses.
 */
export function createFileStore(
  root: string,
  files: FileSystem = nodeFiles,
  warn: (message: string) => void = process.emitWarning,
): SnapshotStore {
  const url = `file:${root}`;
  const base = resolve(root);
  const incoming = join(base, INCOMING);
  const warned = new Set<string>();
  /** Goes on where the disk cannot do something, and says so once. */
  const tolerate = (error: unknown, what: string): void => {
    if (!UNSUPPORTED.has(errorCode(error))) throw error;
    if (!warned.has(what)) warn(`the disk of ${url} ${what} (${errorCode(error)})`);
    warned.add(what);
  };
  const sync = shareSyncs((folder) =>
    syncFolder(files, folder).catch((error: unknown) => tolerate(error, NO_FOLDER_SYNC)),
  );
  let swept = false;

  async function put(key: string, bytes: Uint8Array): Promise<'stored' | 'there already'> {
    const path = join(base, checkKey(key));
    const temporary = join(incoming, `${OWN_FILES}${randomUUID()}`);
    try {
      const topmostCreated = createFolder(incoming);
      await files.writeFile(temporary, bytes, { flag: 'wx', flush: true });
      if (!swept) await sweep(temporary);
      swept = true;
      createFolder(dirname(path));
      const outcome = await moveIntoPlace(temporary, path);
      // Every folder up to the root: another put may have just created one and not synced it yet.
      const created = foldersBetween(dirname(path), dirname(topmostCreated ?? incoming));
      await Promise.all(created.map(sync));
      return outcome;
    } finally {
      // The outcome is decided by now; a file that cannot be removed is swept later.
      await files.unlink(temporary).catch(() => {});
    }
  }

  /** Links a finished file to its place; the first one to get there wins. */
  async function moveIntoPlace(temporary: string, path: string): Promise<'stored' | 'there already'> {
    try {
      await files.link(temporary, path);
      return 'stored';
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return 'there already';
      tolerate(error, NO_HARD_LINKS);
      return renameIntoPlace(temporary, path);
    }
  }

  /** Without hard links: an empty file takes the name, and the finished one replaces it. A killed process may leave the empty one. */
  async function renameIntoPlace(temporary: string, path: string): Promise<'stored' | 'there already'> {
    try {
      await files.writeFile(path, '', { flag: 'wx' });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      if ((await files.stat(path)).size > 0) return 'there already';
    }
    await files.rename(temporary, path);
    return 'stored';
  }

  /** Removes what killed processes left: those of this machine that no longer run, and files a day older than the one just written. */
  async function sweep(newest: string): Promise<void> {
    const now = (await files.stat(newest)).mtimeMs;
    for (const name of await files.readdir(incoming)) {
      const path = join(incoming, name);
      const [, host, pid, identity = ''] = /^(.+)\.(\d+)\.([^.]*)\.[^.]+$/.exec(name) ?? [];
      // Another process may remove its own meanwhile.
      const written = await files.stat(path).catch(() => null);
      const isLeft = host === hostname() && hasEnded(Number(pid), identity);
      if (written && (isLeft || now - written.mtimeMs > LEFT_BEHIND_MS)) await files.rm(path, { force: true });
    }
  }

  async function setAside(key: string): Promise<void> {
    const path = join(base, checkKey(key));
    const kept = join(base, DAMAGED, `${key}.${randomUUID()}`);
    createFolder(dirname(kept));
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
      const code = errorCode(error);
      if (code === 'ENOENT') return null;
      // where the whole archive cannot be read, this says so
      if (code === 'ENOTDIR') await files.readdir(join(base, 'raw'));
      throw UNREADABLE.has(code) ? unreadableError(key, error) : error;
    }
  }

  function unreadableError(key: string, cause: unknown): PaperkeepError {
    const what = errorCode(cause) === 'ENOTDIR' ? 'a file stands where its folder belongs' : errorMessage(cause);
    const hint = 'put it back from a copy of the archive';
    const message = `${key} cannot be read from ${url}: ${what}`;
    return new PaperkeepError({ code: 'SNAPSHOT_UNREADABLE', message, hint, cause });
  }

  /** The size of a file; 0 where it cannot be read, since reading it will say why. */
  const sizeOf = (key: string): Promise<number> =>
    files.stat(join(base, key)).then(
      ({ size }) => size,
      () => 0,
    );

  async function* list(prefix: string, from: string, onUnreadable?: OnUnreadable): AsyncGenerator<StoredObject> {
    const listFolder = async ({ folder }: { readonly folder: string }): Promise<StoredObject[]> => {
      const keys = (await listNames(folder, onUnreadable)).map((name) => folder + name);
      const wanted = keys.filter((key) => key.startsWith(prefix) && key >= from && parseSnapshotKey(key));
      return mapConcurrent(wanted, async (key) => ({ key, bytes: await sizeOf(key) }));
    };
    for await (const folders of batches(listFolders(prefix, from, onUnreadable), FOLDERS_AT_ONCE)) {
      yield* (await Promise.all(folders.map(listFolder))).flat();
    }
  }

  async function touched(since: Instant, onUnreadable?: OnUnreadable): Promise<ListDay[]> {
    const listDays: ListDay[] = [];
    for await (const { folder, listDay } of listFolders('', '', onUnreadable)) {
      // one whose time cannot be read may have been
      const changed = await files.stat(join(base, folder)).catch(() => null);
      if (changed === null || toInstant(changed.mtimeMs) >= since) listDays.push(listDay);
    }
    return listDays;
  }

  /** The folders of all list days that may hold keys with this prefix, from `from` on, in the order of keys. */
  async function* listFolders(
    prefix: string,
    from: string,
    onUnreadable?: OnUnreadable,
  ): AsyncGenerator<{ folder: string; listDay: ListDay }> {
    const mayHold = (folder: string): boolean =>
      (folder.startsWith(prefix) || prefix.startsWith(folder)) && (folder >= from || from.startsWith(folder));
    for (const name of await listNames('raw/', onUnreadable)) {
      const list = parseListName(name.replace('=', ':'));
      if (!list || !mayHold(`raw/${name}/`)) continue;
      for (const inner of await listNames(`raw/${name}/`, onUnreadable)) {
        const day = parseDay(inner);
        const folder = `raw/${name}/${inner}/`;
        if (day && mayHold(folder) && snapshotPrefix({ list, day }) === folder)
          yield { folder, listDay: { list, day } };
      }
    }
  }

  /**
   * Names in a folder in the order of keys: as if each were followed by a slash, which sorts after `-`. None where the archive has no
   * folder yet; where a folder of it cannot be read, `onUnreadable` is called, or the error is thrown.
   */
  async function listNames(folder: string, onUnreadable?: OnUnreadable): Promise<string[]> {
    try {
      const names = (await files.readdir(join(base, folder))).map((name) => `${name}/`);
      return names.sort().map((name) => name.slice(0, -1));
    } catch (cause) {
      const code = errorCode(cause);
      if (folder === 'raw/' && code === 'ENOENT') return [];
      if (folder === 'raw/' || !(UNREADABLE.has(code) || code === 'ENOENT')) throw cause;
      const error = unreadableError(folder, cause);
      if (!onUnreadable) throw error;
      onUnreadable({ key: folder, error });
      return [];
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
    async *list(prefix, from = '', onUnreadable) {
      try {
        yield* list(prefix, from, onUnreadable);
      } catch (error) {
        refuse(error);
      }
    },
    touched: (since, onUnreadable) => touched(since, onUnreadable).catch(refuse),
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
  } finally {
    await handle.close();
  }
}

const NO_HARD_LINKS = 'has no hard links: a process that is killed while it stores a snapshot may leave an empty file';
const NO_FOLDER_SYNC = 'cannot flush folders: a snapshot may be missing after a power cut';

/** What the disk of an existing folder cannot do, found out with a file that is removed again; empty where nothing is missing. */
export async function findDiskLimits(folder: string, files: FileSystem = nodeFiles): Promise<string[]> {
  const file = join(folder, `.paperkeep-${randomUUID()}`);
  await files.writeFile(file, '', { flag: 'wx' });
  const unlessRefused = (work: Promise<void>, what: string): Promise<string[]> =>
    work.then(
      () => [],
      () => [what],
    );
  try {
    return [
      ...(await unlessRefused(files.link(file, `${file}-link`), NO_HARD_LINKS)),
      ...(await unlessRefused(syncFolder(files, folder), NO_FOLDER_SYNC)),
    ];
  } finally {
    await files.rm(`${file}-link`, { force: true });
    await files.rm(file, { force: true });
  }
}

/** How the names of this process's files in `.incoming` begin: they say which process writes them. */
const OWN_FILES = `${hostname()}.${process.pid}.${identifyProcess(process.pid) ?? ''}.`;

/** An error of the system as one that a person can act on; any other error as it is. */
function toArchiveError(url: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (cause instanceof PaperkeepError || code === '') return cause;
  const problem = (code: string, message: string, hint: string) => new PaperkeepError({ code, message, hint, cause });
  if (isDiskFull(cause)) {
    const hint = 'free some space and run again: what was reported as done is kept';
    return problem('DISK_FULL', `no space is left at ${url} (${errorMessage(cause)})`, hint);
  }
  const unusable = `the archive ${url} cannot be used`;
  if (code !== 'ENOTDIR')
    return problem(
      'ARCHIVE_REFUSED',
      `${unusable}: ${errorMessage(cause)}`,
      'see that the folder can be created and written',
    );
  const hint = 'move that file away, or set PAPERKEEP_ARCHIVE to another folder';
  const message = `${unusable}: a file stands where its folder belongs (${errorMessage(cause)})`;
  return problem('ARCHIVE_REFUSED', message, hint);
}
