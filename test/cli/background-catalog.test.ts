import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openBackgroundCatalog } from '../../functions/cli/background-catalog.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { type Instant, systemClock } from '../../shared/lib/time.ts';
import { Settings } from '../../shared/settings.ts';
import { openTable } from '../../shared/table/open.ts';
import { aFolder, run } from './run.ts';
import { saveDay } from './saved.ts';

const PAPERS = 'SELECT id FROM papers';

/** A table with one list, and its catalog as a server opens it. */
async function openServed() {
  const data = aFolder();
  const importDay = (at: string) =>
    run(['import', saveDay(data, at as Instant), '--quiet'], { PAPERKEEP_DATA: join(data, 'data') });
  await importDay('2026-03-03T12:00:00Z');
  const settings = parseEnv(Settings, { PAPERKEEP_DATA: join(data, 'data') });
  const table = await openTable(settings.table);
  const served = openBackgroundCatalog(settings, table, systemClock);
  onTestFinished(async () => {
    await served.close();
    await table.close();
  });
  return { ...served, table, importDay, path: join(settings.data, 'catalog.sqlite') };
}

describe('the catalog of a server', () => {
  it('is built by a worker thread, and updated as soon as the table has changed', async () => {
    const { catalog, importDay } = await openServed();
    const before = (await catalog()).all(PAPERS).length;
    expect(before).toBeGreaterThan(5);
    await importDay('2026-03-04T12:00:00Z');
    // a request waits 1.5 seconds for an update, which is enough but on a machine that is busy
    await expect.poll(async () => (await catalog()).all(PAPERS).length, { timeout: 4000 }).toBeGreaterThan(before);
  });

  it('is built again when another version of the program has replaced it by an empty one', async () => {
    const { catalog, table, path } = await openServed();
    const before = (await catalog()).all(PAPERS).length;
    rmSync(path);
    openCatalog(path, table.url).close();
    const papers = () =>
      catalog().then(
        (built) => built.all(PAPERS).length,
        () => null,
      );
    await expect.poll(papers, { timeout: 20_000 }).toBe(before);
  });

  it('is reported as under construction while the first build takes long, and nothing else waits for it', async () => {
    const { catalog, table, path } = await openServed();
    openCatalog(path, table.url).close();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let longestBlock = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longestBlock = Math.max(longestBlock, performance.now() - last);
      last = performance.now();
    }, 10);
    await expect(catalog()).rejects.toMatchObject({
      code: 'CATALOG_BUILDING',
      message: 'the search index is being built: 0 %',
    });
    clearInterval(ticks);
    expect(longestBlock).toBeLessThan(1000);
    other.exec('COMMIT');
    other.close();
    await expect
      .poll(
        () =>
          catalog().then(
            (built) => built.all(PAPERS).length,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .toBeGreaterThan(5);
  });

  it('is given as it was while an update takes long', async () => {
    const { catalog, importDay, path } = await openServed();
    const before = (await catalog()).all(PAPERS).length;
    await importDay('2026-03-04T12:00:00Z');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect((await catalog()).all(PAPERS)).toHaveLength(before);
    other.exec('COMMIT');
    other.close();
  });
});
