import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';
import { aFolder, type Env, run, start } from './run.ts';
import { saveDay } from './saved.ts';

/** Makes a folder read-only, for root too, and returns what makes it writable again; null where the system offers no way to. */
function makeReadOnly(folder: string): (() => void) | null {
  const sh = (...args: string[]) => spawnSync(args[0] as string, args.slice(1)).status === 0;
  if (process.getuid?.() !== 0)
    return sh('chmod', '-R', 'a-w', folder) ? () => void sh('chmod', '-R', 'u+w', folder) : null;
  if (!sh('mount', '--bind', folder, folder)) return null;
  if (sh('mount', '-o', 'remount,bind,ro', folder)) return () => void sh('umount', '-l', folder);
  sh('umount', '-l', folder);
  return null;
}

describe('a data folder that can only be read', () => {
  const copyToWritable = (copy: string) => {
    cpSync(env.PAPERKEEP_DATA as string, copy, { recursive: true });
    spawnSync('chmod', ['-R', 'u+w', copy]);
  };
  const root = mkdtempSync(join(tmpdir(), 'paperkeep-read-only-'));
  const env: Env = { PAPERKEEP_DATA: join(root, 'data'), PAPERKEEP_ORIGIN: 'http://127.0.0.1:9' };
  let release: (() => void) | null = null;
  beforeAll(async () => {
    const saved = mkdtempSync(join(root, 'saved-'));
    for (const at of ['2026-03-03T12:00:00Z', '2026-03-04T12:00:00Z']) saveDay(saved, at as Instant);
    expect((await run(['import', saved, '--quiet'], env)).exit).toBe(0);
    release = makeReadOnly(root);
  });
  afterAll(() => {
    release?.();
    rmSync(root, { recursive: true, force: true });
  });

  it.each([
    ['status'],
    ['show', 'daily', '2026-03-04'],
    ['show', 'top', '2026'],
    ['show', 'top', '--from', '2026-03-01', '--to', '2026-03-05'],
    ['search', '--list', 'daily'],
    ['verify'],
    ['replay', '--dry-run'],
  ])('is read by %s', async (...args) => {
    const { exit, err } = await run([...args, '--json', '--quiet'], env);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
  });

  it('is searched by a copy of the search index that is in it', async () => {
    const copy = join(aFolder(), 'data');
    copyToWritable(copy);
    const search = () => run(['search', '--list', 'daily', '--json'], { ...env, PAPERKEEP_DATA: copy });
    const { total } = JSON.parse((await search()).out);
    const undo = makeReadOnly(copy);
    try {
      const { exit, out } = await search();
      expect([exit, JSON.parse(out).total]).toEqual([0, total]);
    } finally {
      undo?.();
    }
  });

  it('is exported to another folder', async () => {
    const out = aFolder();
    expect(await run(['export', '--format', 'csv', '--out', out], env)).toMatchObject({ exit: 0 });
  });

  it('is served from a read-only folder, with search', async () => {
    const { child, ended } = start(['serve', '--port', '0'], env);
    const url = await new Promise<string>((found) =>
      child.stdout?.once('data', (line: Buffer) => found(line.toString().trim().split(' ').at(-1) as string)),
    );
    const daily = (await (await fetch(`${url}/daily/2026-03-04.json`)).json()) as { total: number };
    const search = (await (await fetch(`${url}/search.json?list=daily`)).json()) as { total: number };
    child.kill('SIGTERM');
    await ended;
    expect(daily.total).toBeGreaterThan(5);
    expect(search.total).toBeGreaterThan(daily.total);
  });

  it('refuses to be written, with what to do', async ({ skip }) => {
    if (!release) skip('no folder can be made read-only here');
    const table = await openTable(`sqlite:${join(env.PAPERKEEP_DATA as string, 'papers.sqlite')}`);
    await expect(table.put({ pk: 'P', sk: 'S' })).rejects.toMatchObject({
      code: 'TABLE_READ_ONLY',
      hint: expect.stringContaining('writable'),
    });
    await table.close();
  });

  it('is read with the changes that another process left in the write-ahead log', async ({ skip }) => {
    if (!release) skip('no folder can be made read-only here');
    // copied while a connection holds the log open, as a backup of a running archive is
    const folder = aFolder();
    const copy = join(folder, 'data');
    copyToWritable(copy);
    const db = new DatabaseSync(join(copy, 'papers.sqlite'));
    db.exec("INSERT INTO records VALUES ('X', 'Y', '{}')");
    const backup = join(folder, 'backup');
    cpSync(copy, backup, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    db.close();
    const undo = makeReadOnly(backup);
    try {
      const { out } = await run(['verify', '--json', '--quiet'], { ...env, PAPERKEEP_DATA: backup });
      expect(JSON.parse(out).findings).toMatchObject([{ what: 'orphan', name: 'X Y' }]);
    } finally {
      undo?.();
    }
  });
});
