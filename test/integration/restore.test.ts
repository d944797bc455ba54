import { hash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { openTable, SCHEMA_KEY } from '../../shared/table/open.ts';
import { inEnvironment } from '../cli/aws/environment.ts';
import { aFolder, type Env, run } from '../cli/run.ts';
import { saveDay } from '../cli/saved.ts';
import { itemsOf } from '../record/workspace.ts';
import { startDynalite } from '../support/dynalite.ts';
import { BUCKET, startS3 } from '../support/s3.ts';

const TIMES = ['2026-03-03T12:00:00Z', '2026-03-03T18:00:00Z', '2026-03-04T12:00:00Z', '2026-04-04T12:00:00Z'];

/** A paperkeep with four captures, a copy of its archive, and nothing else of it. */
async function aBackup(): Promise<{ readonly env: Env; readonly backup: string }> {
  const env: Env = { PAPERKEEP_DATA: join(aFolder(), 'data'), PAPERKEEP_ORIGIN: 'http://127.0.0.1:9' };
  const saved = aFolder();
  for (const at of TIMES) saveDay(saved, at as Instant);
  const backup = `file:${aFolder()}`;
  await succeed(['import', saved], env);
  await succeed(['copy', `file:${join(env.PAPERKEEP_DATA as string, 'archive')}`, backup], env);
  return { env, backup };
}

async function succeed(args: readonly string[], env: Env): Promise<void> {
  const { exit, err } = await run([...args, '--quiet'], env);
  expect({ args, exit, err }).toEqual({ args, exit: 0, err: '' });
}

const settingsOf = ({
  PAPERKEEP_DATA = '',
  PAPERKEEP_TABLE = `sqlite:${join(PAPERKEEP_DATA, 'papers.sqlite')}`,
}: Env) => PAPERKEEP_TABLE;

/** Every row of the table, but the one about the table itself. */
async function rowsOf(env: Env) {
  const table = await openTable(settingsOf(env));
  const rows = (await itemsOf(table)).filter(({ pk }) => pk !== SCHEMA_KEY.pk);
  await table.close();
  return rows;
}

/** The SHA-256 of every file of an export, by its path; without the manifest, which says when and from where it was made. */
async function exportOf(env: Env): Promise<Record<string, string>> {
  const folder = aFolder();
  await succeed(['export', '--out', folder], env);
  const isData = (path: string) => path !== 'manifest.json' && statSync(join(folder, path)).isFile();
  const paths = globSync('**/*.*', { cwd: folder }).filter(isData).sort();
  expect(paths.length).toBeGreaterThan(20);
  return Object.fromEntries(paths.map((path) => [path, hash('sha256', readFileSync(join(folder, path)))]));
}

describe('A paperkeep restored from a copy of its archive alone', () => {
  it('has on another machine every row and every export as before', { timeout: 120_000 }, async () => {
    const { env, backup } = await aBackup();
    const restored: Env = { ...env, PAPERKEEP_DATA: join(aFolder(), 'data') };
    await succeed(['copy', backup, `file:${join(restored.PAPERKEEP_DATA as string, 'archive')}`], restored);
    await succeed(['replay'], restored);
    await succeed(['verify'], restored);
    expect(await rowsOf(restored)).toEqual(await rowsOf(env));
    expect(await exportOf(restored)).toEqual(await exportOf(env));
  });

  it('has in a bucket and DynamoDB every row and every export as before', { timeout: 120_000 }, async () => {
    const { env, backup } = await aBackup();
    const [bucket, dynamo] = await Promise.all([startS3(), startDynalite()]);
    onTestFinished(() => Promise.all([bucket.stop(), dynamo.stop()]).then(() => {}));
    inEnvironment({ AWS_ENDPOINT_URL_S3: bucket.endpoint, AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint });
    const restored: Env = {
      ...env,
      PAPERKEEP_DATA: join(aFolder(), 'data'),
      PAPERKEEP_ARCHIVE: `s3://${BUCKET}`,
      PAPERKEEP_TABLE: 'dynamodb:papers',
    };
    await succeed(['copy', backup, `s3://${BUCKET}`], restored);
    await succeed(['replay'], restored);
    await succeed(['verify'], restored);
    expect(await rowsOf(restored)).toEqual(await rowsOf(env));
    expect(await exportOf(restored)).toEqual(await exportOf(env));
  });
});
