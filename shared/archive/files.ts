import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { batches, mapConcurrent } from '../lib/concurrency.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { type Instant, parseDay, toInstant } from '../lib/time.ts';
import { type ListDay, parseListName, parseSnapshotKey, snapshotKey, snapshotPrefix } from '../model/list.ts';
import type { SnapshotStore, StoredObject } from './store.ts';

/** Folder for files that are being written, beside `raw/`: never listed, and on the same disk, so that they can be linked into place. */
const INCOMING = '.incoming';
/** Folder for damaged files that were replaced, beside `raw/`. */
const DAMAGED = '.damaged';
/** After how long a file that is being written was left by a killed process, a day in milliseconds; writing takes milliseconds. */
const LEFT_BEHIND_MS = 86_400_000;

/** Folders that are listed at once: most hold a few files, and what takes time is to ask for each. */
const FOLDERS_AT_ONCE = 16;

/**
 * Snapshots as files below a folder, which is made when the first one comes; several processes may share it.
 * A snapshot appears whole or not at all, and is on the disk when `putIfAbsent` returns.
 *
 * @throws PaperkeepError `NOT_A_KEY`, `DISK_FULL`, and `ARCHIVE_REFUSED` for whatever else the system refuses.
 */
export function createFileStore(root: string): SnapshotStore {
  const url = `file:${root}`;
  const base = resolve(root);
  const incoming = join(base, INCOMING);
  const sync = sharedSync();
  let swept = false;

  async function put(key: string, bytes: Uint8Array): Promise<'stored' | 'there already'> {
    const path = join(base, checked(key));
    const temporary = join(incoming, randomUUID());
    try {
      const above = await mkdir(incoming, { recursive: true });
      await writeFile(temporary, bytes, { flag: 'wx', flush: true });
      if (!swept) await sweep(incoming, temporary);
      swept = true;
      await mkdir(dirname(path), { recursive: true });
      const outcome = await linked(temporary, path);
      // All of them: another put may have made one just now, and not have brought it to the disk yet.
      await Promise.all(foldersFrom(dirname(path), dirname(above ?? incoming)).map(sync));
      return outcome;
    } finally {
      // Whatever happened is told by then; a file that stays is swept a day later.
      await unlink(temporary).catch(() => {});
    }
  }

  async function got(key: string): Promise<Uint8Array | null> {
    const path = join(base, checked(key));
    try {
      return await readFile(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  async function setAside(key: string): Promise<void> {
    const path = join(base, checked(key));
    const kept = join(base, DAMAGED, `${key}.${randomUUID()}`);
    await mkdir(dirname(kept), { recursive: true });
    try {
      await rename(path, kept);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }

  async function* listed(prefix: string, from: string): AsyncGenerator<StoredObject> {
    const storedIn = async ({ folder }: { readonly folder: string }): Promise<StoredObject[]> => {
      const keys = (await namesIn(join(base, folder))).map((name) => folder + name);
      const wanted = keys.filter((key) => key.startsWith(prefix) && key >= from && isKey(key));
      return mapConcurrent(wanted, async (key) => ({ key, bytes: (await stat(join(base, key))).size }));
    };
    for await (const folders of batches(foldersOf(base, prefix, from), FOLDERS_AT_ONCE)) {
      yield* (await Promise.all(folders.map(storedIn))).flat();
    }
  }

  async function changed(since: Instant): Promise<ListDay[]> {
    const listDays: ListDay[] = [];
    for await (const { folder, listDay } of foldersOf(base, '', '')) {
      if (toInstant((await stat(join(base, folder))).mtimeMs) >= since) listDays.push(listDay);
    }
    return listDays;
  }

  return {
    url,
    putIfAbsent: (key, bytes) => put(key, bytes).catch((error: unknown) => refuse(url, error)),
    setAside: (key) => setAside(key).catch((error: unknown) => refuse(url, error)),
    get: (key) => got(key).catch((error: unknown) => refuse(url, error)),
    async *list(prefix, from = '') {
      try {
        yield* listed(prefix, from);
      } catch (error) {
        refuse(url, error);
      }
    },
    touched: (since) => changed(since).catch((error: unknown) => refuse(url, error)),
  };
}

const isKey = (key: string): boolean => {
  const facts = parseSnapshotKey(key);
  return facts !== null && snapshotKey(facts) === key;
};

/** The key itself; whatever is not one never reaches the file system. */
function checked(key: string): string {
  if (isKey(key)) return key;
  const shape = 'raw/<source>/<day>/<time>-<12 hex>.warc.gz';
  throw new PaperkeepError({
    code: 'NOT_A_KEY',
    message: `${JSON.stringify(key)} is no key of a snapshot`,
    hint: `give one like ${shape}`,
  });
}

/** Links a finished file to its place; the first one to get there wins. */
async function linked(temporary: string, path: string): Promise<'stored' | 'there already'> {
  try {
    await link(temporary, path);
    return 'stored';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'there already';
    throw error;
  }
}

/** A folder and those above it, up to `last`. */
const foldersFrom = (folder: string, last: string): string[] =>
  folder === last ? [folder] : [folder, ...foldersFrom(dirname(folder), last)];

/**
 * Brings folders to the disk. Whoever asks while a folder's sync has not begun yet shares it: what lies in the folder by now is in it.
 * So files that come at once cost little more than one.
 */
function sharedSync(): (folder: string) => Promise<void> {
  const waiting = new Map<string, Promise<void>>();
  const running = new Map<string, Promise<void>>();
  return (folder) => {
    const shared = waiting.get(folder);
    if (shared) return shared;
    const next = (running.get(folder) ?? Promise.resolve()).then(() => {
      waiting.delete(folder);
      const done = syncFolder(folder);
      // Whether it failed is for those who shared it.
      const over = done.catch(() => {}).then(() => void (running.get(folder) === over && running.delete(folder)));
      running.set(folder, over);
      return done;
    });
    waiting.set(folder, next);
    return next;
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Windows cannot do this for a folder, and does not need it.
    if (codeOf(error) !== 'EPERM') throw error;
  } finally {
    await handle.close();
  }
}

/** Removes what killed processes left, told by the disk's own clock: files a day older than the one just written. */
async function sweep(incoming: string, newest: string): Promise<void> {
  const now = (await stat(newest)).mtimeMs;
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    // Another process may finish with one of its own meanwhile.
    const at = await stat(path).catch(() => null);
    if (at && now - at.mtimeMs > LEFT_BEHIND_MS) await rm(path, { force: true });
  }
}

/** The folders of all list days that may hold keys with this prefix, at or behind `from`, in key order. */
async function* foldersOf(
  root: string,
  prefix: string,
  from: string,
): AsyncGenerator<{ folder: string; listDay: ListDay }> {
  const within = (folder: string): boolean =>
    (folder.startsWith(prefix) || prefix.startsWith(folder)) && (folder >= from || from.startsWith(folder));
  for (const name of await namesIn(join(root, 'raw'), ['ENOENT'])) {
    const list = parseListName(name.replace('=', ':'));
    if (!list || !within(`raw/${name}/`)) continue;
    for (const inner of await namesIn(join(root, 'raw', name))) {
      const day = parseDay(inner);
      const folder = `raw/${name}/${inner}/`;
      if (day && within(folder) && snapshotPrefix({ list, day }) === folder) yield { folder, listDay: { list, day } };
    }
  }
}

/** Names in a folder in key order: as if each were followed by a slash, which sorts behind `-`. None where there is no folder, or a file that is none of ours. */
async function namesIn(folder: string, nothing: readonly string[] = ['ENOENT', 'ENOTDIR']): Promise<string[]> {
  try {
    return (await readdir(folder))
      .map((name) => `${name}/`)
      .sort()
      .map((name) => name.slice(0, -1));
  } catch (error) {
    if (nothing.includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Throws what a person can act on for what the system said; anything else as it is. */
function refuse(url: string, error: unknown): never {
  if (error instanceof PaperkeepError || codeOf(error) === null) throw error;
  if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') {
    const hint = 'free some space and run again: what was reported as done is kept';
    throw new PaperkeepError({
      code: 'DISK_FULL',
      message: `no space is left at ${url} (${errorMessage(error)})`,
      hint,
      cause: error,
    });
  }
  if (codeOf(error) === 'ENOTDIR') {
    const what = `the archive ${url} cannot be used: a file stands where its folder belongs (${errorMessage(error)})`;
    const hint = 'move that file away, or set PAPERKEEP_ARCHIVE to another folder';
    throw new PaperkeepError({ code: 'ARCHIVE_REFUSED', message: what, hint, cause: error });
  }
  const hint = 'see that the folder may be written and lies on a disk that knows hard links';
  throw new PaperkeepError({
    code: 'ARCHIVE_REFUSED',
    message: `the archive ${url} cannot be used: ${errorMessage(error)}`,
    hint,
    cause: error,
  });
}
