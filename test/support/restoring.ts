import { hash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { openTable, SCHEMA_KEY } from '../../shared/table/open.ts';
import type { Item } from '../../shared/table/store.ts';
import { aFolder, type Env, run } from '../cli/run.ts';
import { saveDay } from '../cli/saved.ts';
import { itemsOf } from '../record/workspace.ts';

const TIMES = ['2026-03-03T12:00:00Z', '2026-03-03T18:00:00Z', '2026-03-04T12:00:00Z', '2026-04-04T12:00:00Z'];

/** A paperkeep with four captures, a copy of its archive, and nothing else of it. */
export async function aBackup(): Promise<{ readonly env: Env; readonly backup: string }> {
  const env: Env = { PAPERKEEP_DATA: join(aFolder(), 'data'), PAPERKEEP_ORIGIN: 'http://127.0.0.1:9' };
  const saved = aFolder();
  for (const at of TIMES) saveDay(saved, at as Instant);
  const backup = `file:${aFolder()}`;
  await succeed(['import', saved], env);
  await succeed(['copy', `file:${join(env.PAPERKEEP_DATA as string, 'archive')}`, backup], env);
  return { env, backup };
}

/** Runs a command line that must succeed and say nothing on stderr. */
export async function succeed(args: readonly string[], env: Env): Promise<void> {
  const { exit, err } = await run([...args, '--quiet'], env);
  expect({ args, exit, err }).toEqual({ args, exit: 0, err: '' });
}

const urlOf = ({
  PAPERKEEP_DATA = '',
  PAPERKEEP_TABLE = `sqlite:${join(PAPERKEEP_DATA, 'papers.sqlite')}`,
}: Env): string => PAPERKEEP_TABLE;

/** Every row of the table, but the one about the table itself. */
export async function rowsOf(env: Env): Promise<Item[]> {
  const table = await openTable(urlOf(env));
  const rows = (await itemsOf(table)).filter(({ pk }) => pk !== SCHEMA_KEY.pk);
  await table.close();
  return rows;
}

/** The SHA-256 of every file of an export, by its path; without the manifest, which says when and from where it was made. */
export async function exportOf(env: Env, ...flags: string[]): Promise<Record<string, string>> {
  const folder = aFolder();
  await succeed(['export', '--out', folder, ...flags], env);
  const isData = (path: string) => path !== 'manifest.json' && statSync(join(folder, path)).isFile();
  const paths = globSync('**/*.*', { cwd: folder }).filter(isData).sort();
  expect(paths.length).toBeGreaterThan(20);
  return Object.fromEntries(paths.map((path) => [path, hash('sha256', readFileSync(join(folder, path)))]));
}
