import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileStore, findDiskLimits } from '../../shared/archive/files.ts';
import { captureKey } from '../../shared/archive/keys.ts';
import { openArchive } from '../../shared/archive/open.ts';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { identifyProcess } from '../../shared/lib/processes.ts';
import type { Instant } from '../../shared/lib/time.ts';
import { aCapture, anExchange, utf8 } from './captures.ts';
import { snapshotStoreContract } from './contract.ts';

const home = mkdtempSync(join(tmpdir(), 'paperkeep-files-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const newRoot = () => join(mkdtempSync(join(home, 'a-')), 'not', 'made', 'yet');

snapshotStoreContract('files', async () => createFileStore(newRoot()));

const KEY = 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';
const OTHER = 'raw/trending/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';

const all = async (root: string) => {
  const keys: string[] = [];
  for await (const { key } of createFileStore(root).list('')) keys.push(key);
  return keys;
};

describe('a folder of snapshots', () => {
  it('holds each under its key, and nothing that is half written', async () => {
    const root = newRoot();
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    expect(existsSync(join(root, KEY))).toBe(true);
    expect(readdirSync(join(root, '.incoming'))).toEqual([]);
  });

  it('may be given relative to the working directory', async () => {
    const root = newRoot();
    await createFileStore(relative(process.cwd(), root)).putIfAbsent(KEY, utf8('x'));
    expect(await all(root)).toEqual([KEY]);
  });

  it('ignores files that are no snapshots', async () => {
    const root = newRoot();
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    for (const stray of [
      'raw/notes.txt',
      'raw/daily/.DS_Store',
      'raw/daily/2025-01-08/README',
      'raw/daily/2025-01-08.zip',
    ]) {
      writeFileSync(join(root, stray), 'x');
    }
    mkdirSync(join(root, 'raw/unknown/2025-01-08'), { recursive: true });
    writeFileSync(join(root, 'raw/unknown/2025-01-08', KEY.slice(21)), 'x');
    expect(await all(root)).toEqual([KEY]);
    expect(await createFileStore(root).touched('1970-01-01T00:00:00Z' as Instant)).toEqual([
      { list: 'daily', day: '2025-01-08' },
    ]);
  });

  it('does not name list days whose folders have not changed since', async () => {
    const root = newRoot();
    const store = createFileStore(root);
    await store.putIfAbsent(KEY, utf8('x'));
    await store.putIfAbsent(OTHER, utf8('x'));
    const at = 1_736_316_900; // 2025-01-08T06:15:00Z
    utimesSync(join(root, 'raw/daily/2025-01-08'), at, at);
    const sourcesSince = async (since: string) => (await store.touched(since as Instant)).map(({ list }) => list);
    expect(await sourcesSince('2025-01-08T06:15:00Z')).toEqual(['daily', 'trending']);
    expect(await sourcesSince('2025-01-08T06:15:01Z')).toEqual(['trending']);
  });

  it('has a snapshot on the disk when it returns: it flushes the file, then every folder up to its root', async () => {
    const root = newRoot();
    const events: string[] = [];
    const named = (path: unknown) =>
      relative(root, String(path)).replace(/^\.incoming\/.*/, 'a new file') || 'the archive';
    const files: typeof nodeFiles = {
      ...nodeFiles,
      writeFile: async (path, bytes, options) => {
        await nodeFiles.writeFile(path, bytes, options);
        if (typeof options === 'object' && options?.flush) events.push(`flush ${named(path)}`);
      },
      link: async (from, to) => {
        await nodeFiles.link(from, to);
        events.push(`link ${named(to)}`);
      },
      open: async (path, flags) => {
        const handle = await nodeFiles.open(path, flags);
        const sync = handle.sync.bind(handle);
        handle.sync = async () => {
          await sync();
          events.push(`sync ${named(path)}`);
        };
        return handle;
      },
    };
    const store = createFileStore(root, files);
    expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('stored');
    const above = ['sync ../../..', 'sync ../..', 'sync ..'];
    const folders = ['raw/daily/2025-01-08', 'raw/daily', 'raw', 'the archive'].map((folder) => `sync ${folder}`);
    expect(events.slice(0, 2)).toEqual(['flush a new file', `link ${KEY}`]);
    expect(events.slice(2).toSorted()).toEqual([...above, ...folders].toSorted());
    events.length = 0;
    await store.putIfAbsent(OTHER, utf8('x'));
    expect(events.slice(0, 2)).toEqual(['flush a new file', `link ${OTHER}`]);
    expect(events).toContain('sync raw/trending/2025-01-08');
    expect(events).toContain('sync raw');
  });

  it.each(['ENOSPC', 'EDQUOT'])('says that the disk is full where the system says %s', async (code) => {
    const refusing: typeof nodeFiles = {
      ...nodeFiles,
      writeFile: () => Promise.reject(Object.assign(new Error(code), { code })),
    };
    const store = createFileStore(newRoot(), refusing);
    await expect(store.putIfAbsent(KEY, utf8('x'))).rejects.toMatchObject({ code: 'DISK_FULL' });
  });

  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  it.each(['EPERM', 'ENOTSUP', 'EINVAL'])(
    'stores on a disk without hard links and without flushing of folders (%s), and warns once of each',
    async (code) => {
      const root = newRoot();
      const warnings: string[] = [];
      const files: typeof nodeFiles = {
        ...nodeFiles,
        link: failing(code),
        open: async (path, flags) => Object.assign(await nodeFiles.open(path, flags), { sync: failing(code) }),
      };
      const store = createFileStore(root, files, (message) => warnings.push(message));
      expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('stored');
      expect(await store.putIfAbsent(KEY, utf8('y'))).toBe('there already');
      expect(await store.putIfAbsent(OTHER, utf8('z'))).toBe('stored');
      expect(await store.get(KEY)).toEqual(Buffer.from('x'));
      expect(readdirSync(join(root, '.incoming'))).toEqual([]);
      expect(warnings).toEqual([
        expect.stringMatching(/has no hard links/),
        expect.stringMatching(/cannot flush folders/),
      ]);
      expect(await findDiskLimits(root, files)).toHaveLength(2);
      expect(await findDiskLimits(root)).toEqual([]);
      expect(readdirSync(root).sort()).toEqual(['.incoming', 'raw']);
    },
  );

  it('replaces the empty file that a process killed on a disk without hard links left', async () => {
    const root = newRoot();
    mkdirSync(dirname(join(root, KEY)), { recursive: true });
    writeFileSync(join(root, KEY), '');
    const store = createFileStore(root, { ...nodeFiles, link: failing('ENOTSUP') }, () => {});
    expect(await store.putIfAbsent(KEY, utf8('x'))).toBe('stored');
    expect(await store.get(KEY)).toEqual(Buffer.from('x'));
  });

  it.each(['EIO', 'EACCES'])(
    'lists the rest where the system cannot read a folder (%s), and names it',
    async (code) => {
      const root = newRoot();
      await createFileStore(root).putIfAbsent(KEY, utf8('x'));
      await createFileStore(root).putIfAbsent(OTHER, utf8('x'));
      const readdir = ((path: string) =>
        path.endsWith('raw/daily/2025-01-08/') ? failing(code)() : nodeFiles.readdir(path)) as typeof nodeFiles.readdir;
      const store = createFileStore(root, { ...nodeFiles, readdir });
      const named: string[] = [];
      const listed = await Array.fromAsync(
        store.list('raw/', '', ({ key, error }) => named.push(`${error.code} ${key}`)),
      );
      expect(listed.map(({ key }) => key)).toEqual([OTHER]);
      expect(named).toEqual(['SNAPSHOT_UNREADABLE raw/daily/2025-01-08/']);
      await expect(Array.fromAsync(store.list('raw/'))).rejects.toMatchObject({ code: 'SNAPSHOT_UNREADABLE' });
    },
  );

  it('removes at once what processes of this machine left that no longer run', async () => {
    const root = newRoot();
    const incoming = join(root, '.incoming');
    mkdirSync(incoming, { recursive: true });
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const left = `${hostname()}.${ended}.1-2.0`;
    const kept = [`${hostname()}.${process.pid}.${identifyProcess(process.pid)}.0`, `elsewhere.${ended}.1-2.0`];
    for (const name of [left, ...kept]) writeFileSync(join(incoming, name), 'half');
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    expect(readdirSync(incoming).sort()).toEqual(kept.toSorted());
  });

  it('does not take a folder for a list day whose name only looks like one', async () => {
    const root = newRoot();
    mkdirSync(join(root, 'raw/watched:agents/2025-01-08'), { recursive: true });
    mkdirSync(join(root, 'raw/watched=agents/2025-01-08'), { recursive: true });
    const touched = await createFileStore(root).touched('1970-01-01T00:00:00Z' as Instant);
    expect(touched).toEqual([{ list: 'watched:agents', day: '2025-01-08' }]);
  });

  it('removes what a killed process left a day ago, and nothing that may still be being written', async () => {
    const root = newRoot();
    const incoming = join(root, '.incoming');
    mkdirSync(incoming, { recursive: true });
    const left = (name: string, seconds: number) => {
      writeFileSync(join(incoming, name), 'half');
      const at = Date.now() / 1000 - seconds;
      utimesSync(join(incoming, name), at, at);
    };
    left('old', 86_400 + 60);
    left('fresh', 86_400 - 60);
    expect(await all(root)).toEqual([]);
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    expect(readdirSync(incoming)).toEqual(['fresh']);
    expect(await all(root)).toEqual([KEY]);
  });

  it('gives the message of the system when it cannot be used', async () => {
    const file = join(mkdtempSync(join(home, 'a-')), 'a-file');
    writeFileSync(file, 'not a folder');
    await expect(createFileStore(file).putIfAbsent(KEY, utf8('x'))).rejects.toMatchObject({
      name: 'PaperkeepError',
      code: 'ARCHIVE_REFUSED',
      message: expect.stringMatching(/a-file.*(?:ENOTDIR|EEXIST)/),
    });
    await expect(createFileStore(file).get(KEY)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  });

  it('is not taken for empty when a file stands in the place of its folder', async () => {
    const root = mkdtempSync(join(home, 'a-'));
    writeFileSync(join(root, 'raw'), 'not a folder');
    for (const place of [root, join(root, 'raw')]) {
      const refused = { code: 'ARCHIVE_REFUSED', message: expect.stringMatching(/a file stands where/) };
      await expect(all(place)).rejects.toMatchObject(refused);
      await expect(createFileStore(place).touched('2025-01-01T00:00:00Z' as Instant)).rejects.toMatchObject(refused);
    }
    expect(await all(join(root, 'not-there'))).toEqual([]);
  });

  it('says that the disk is full, keeps what was stored and leaves nothing half written', async (context) => {
    const program = `
      import { readdirSync } from 'node:fs';
      import { createFileStore } from ${JSON.stringify(new URL('../../shared/archive/files.ts', import.meta.url).href)};
      const store = createFileStore('disk/archive');
      const outcomes = [await store.putIfAbsent('${KEY}', new Uint8Array(4096))];
      const error = await store.putIfAbsent('${OTHER}', new Uint8Array(4_000_000)).catch((thrown) => thrown);
      outcomes.push(error.code, error.hint);
      const keys = [];
      for await (const { key } of store.list('')) keys.push(key);
      console.log(JSON.stringify({ outcomes, keys, incoming: readdirSync('disk/archive/.incoming') }));`;
    const folder = mkdtempSync(join(home, 'full-'));
    mkdirSync(join(folder, 'disk'));
    writeFileSync(join(folder, 'fill.mjs'), program);
    const mount = 'mount -t tmpfs -o size=256k none disk';
    const inside = (command: string) =>
      spawnSync('unshare', ['-rm', 'sh', '-c', `${mount} && ${command}`], { cwd: folder, encoding: 'utf8' });
    if (inside('true').status !== 0) context.skip('a disk of 256 kB cannot be mounted here');
    const { stdout, stderr } = inside(`exec '${process.execPath}' fill.mjs`);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      outcomes: ['stored', 'DISK_FULL', expect.stringContaining('free some space and run again')],
      keys: [KEY],
      incoming: [],
    });
  });
});

describe('archiving', () => {
  it('stores a capture once, under its own key, to be read again', async () => {
    const store = createFileStore(newRoot());
    const capture = aCapture();
    const { outcome, ...snapshot } = await archiveCapture(store, capture);
    expect(outcome).toBe('stored');
    expect(snapshot).toMatchObject({ key: captureKey(capture), capture });
    expect(await readSnapshot(store, captureKey(capture))).toEqual(snapshot);
    expect(await archiveCapture(store, capture)).toEqual({ outcome: 'there already', ...snapshot });
  });

  it('gives what is stored when the same capture was stored with other headers before', async () => {
    const store = createFileStore(newRoot());
    const first = await archiveCapture(store, aCapture());
    const again = await archiveCapture(store, aCapture({ exchanges: [anExchange({ headers: [] })] }));
    expect(again).toEqual({ ...first, outcome: 'there already' });
  });
});

describe('the address of an archive', () => {
  it('is a folder, relative or absolute', async () => {
    const root = newRoot();
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    const urls = [`file:${root}`, `file://${root}`, `file:${relative(process.cwd(), root)}`];
    for (const url of urls) expect(await (await openArchive(url)).get(KEY), url).not.toBeNull();
  });

  it('reads a path as it is written, and a URL with its escapes', async () => {
    const root = join(newRoot(), 'with blank%20');
    await createFileStore(root).putIfAbsent(KEY, utf8('x'));
    const asWritten = await openArchive(`file:${root}`);
    expect(asWritten.url).toBe(`file:${root}`);
    expect(await asWritten.get(KEY)).not.toBeNull();
    expect(await (await openArchive(`file://${encodeURI(root)}`)).get(KEY)).not.toBeNull();
  });

  it.each(['', 'file:', 'file://host/archive', 'data/archive', 'ftp://host/archive', 'file:///%', 's3:bucket'])(
    'is refused when it is %j',
    async (url) => {
      const hint = expect.stringMatching(/file:<folder>.*s3:\/\/<bucket>/);
      await expect(openArchive(url)).rejects.toMatchObject({ code: 'BAD_SETTING', hint });
    },
  );
});
