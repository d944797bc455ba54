import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { createFetchedCatalog, createFetchedRecentCatalog } from '../../shared/catalog/fetch.ts';
import { publishCatalog } from '../../shared/catalog/publish.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { createFileExportStore } from '../../shared/export/files.ts';
import { publishNightlyExport } from '../../shared/export/nightly.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import type { Log, LogFields } from '../../shared/lib/log.ts';
import { addDays, addSeconds, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getList } from '../../shared/query/list.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { type BucketDouble, catalogBucket } from '../support/bucket.ts';
import { day, instant } from '../support/build.ts';

const NIGHT = instant('2025-03-20T04:20:00Z');
const OLD = seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2]));
const NEW = seen('daily 2025-03-19', '2025-03-19T06:00:00Z', papers([3, 9]));
const FOREVER = () => Number.POSITIVE_INFINITY;

let folder: string;
let bucket: BucketDouble;
let now: Instant;
let said: string[];
const clock = () => now;
const say = (event: string, { why }: LogFields = {}) => void said.push(why === undefined ? event : `${event}: ${why}`);
const log: Log = { info: say, warn: say };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperkeep-nightly-'));
  bucket = catalogBucket(join(folder, 'object'));
  now = NIGHT;
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, 'work.sqlite');
const night = ({ table }: Pick<QueryContext, 'table'>, deadline = FOREVER) =>
  publishCatalog({ store: bucket, table, clock, log, path: path() }, deadline);

/** Adds a capture to an archive that is there. */
async function add({ table, archive }: Awaited<ReturnType<typeof anArchive>>, capture: Capture): Promise<void> {
  const { key } = await archiveCapture(archive, capture);
  await recordSnapshots({ table, parsers }, [await readSnapshot(archive, key)]);
}

/** Days of trending lists, more than one batch of them. */
const trending = (count: number): Capture[] =>
  Array.from({ length: count }, (_, on) => {
    const at = addDays(day('2024-06-01'), on);
    return seen(`trending ${at}`, `${at}T06:00:00Z`, papers([on + 1]));
  });

/** The ids of papers in what the bucket holds, whether that says that it is whole, and the parts of its full-text index. */
function held(url: string): { ids: string[]; asOf: Instant | null; indexParts: number } {
  const catalog = openCatalog(join(folder, 'object'), url);
  try {
    const rows = catalog.all<{ id: string }>('SELECT id FROM papers ORDER BY id');
    const indexParts = catalog.all('SELECT DISTINCT segid FROM papers_fts_idx').length;
    return { ids: rows.map(({ id }) => id), asOf: catalog.asOf(), indexParts };
  } finally {
    catalog.close();
  }
}

describe('The nightly catalog', () => {
  it('is built from nothing and stored as one file', async () => {
    const it = await anArchive([OLD, NEW]);
    expect(await night(it)).toMatchObject({ partitions: 2, left: 0 });
    expect(bucket.asked).toEqual(['none', 'put']);
    expect(held(it.table.url)).toEqual({
      ids: ['2501.00001', '2501.00002', '2501.00003'],
      asOf: NIGHT,
      indexParts: 1,
    });
    for (const end of ['-wal', '-shm']) expect(existsSync(path() + end)).toBe(false);
  });

  it('is updated from the stored one, and not stored again when nothing changed', async () => {
    const it = await anArchive([OLD]);
    await night(it);
    expect(await night(it)).toMatchObject({ partitions: 0 });
    await add(it, NEW);
    expect(await night(it)).toMatchObject({ partitions: 1, papers: 1 });
    expect(bucket.asked).toEqual(['none', 'put', 'fetch', 'fetch', 'put']);
    expect(held(it.table.url).ids).toHaveLength(3);
    // a search reads one part instead of one for each night
    expect(held(it.table.url).indexParts).toBe(1);
  });

  it('is stored incomplete when time runs out, and says how much is left', async () => {
    const it = await anArchive(trending(202));
    const times = [1, 0];
    expect(await night(it, () => times.shift() ?? 0)).toMatchObject({ partitions: 200, left: 2 });
    expect(held(it.table.url)).toMatchObject({ asOf: null });
    expect(held(it.table.url).ids).toHaveLength(200);
    expect(await night(it)).toMatchObject({ partitions: 2, left: 0 });
    expect(held(it.table.url).ids).toHaveLength(202);
    expect(held(it.table.url).asOf).toBe(NIGHT);
    expect(said).toEqual(['catalog incomplete', 'catalog up to date']);
  });

  it('is marked as complete once it is, even when nothing was left to do', async () => {
    const it = await anArchive(trending(200));
    const times = [1, 0];
    await night(it, () => times.shift() ?? 0);
    expect(held(it.table.url).asOf).toBe(NIGHT);
  });

  it('is rebuilt when it is damaged, and unchanged when the bucket cannot be reached', async () => {
    const it = await anArchive([OLD]);
    bucket.trouble = new PaperkeepError({ code: 'CATALOG_UNREACHABLE', message: 'away', hint: 'again' });
    await expect(night(it)).rejects.toMatchObject({ code: 'CATALOG_UNREACHABLE' });
    expect(bucket.asked).toEqual([]);
    bucket.trouble = new PaperkeepError({ code: 'CATALOG_DAMAGED', message: 'half of it', hint: 'delete it' });
    writeFileSync(`${path()}-wal`, 'of a run that was ended');
    expect(await night(it)).toMatchObject({ partitions: 1 });
    expect(bucket.asked).toEqual(['put']);
    expect(said[0]).toBe('catalog damaged, building a new one: half of it');
  });
});

describe('A file that an earlier run of the same function left', () => {
  it('has no part in a catalog that is built anew, as it is when the published one was deleted', async () => {
    const context = await anArchive([OLD]);
    await night(context);
    const left = openCatalog(path(), context.table.url);
    left.write((run) => run('DELETE FROM papers'));
    left.close();
    bucket = catalogBucket(join(folder, 'object'));
    await night(context);
    expect(held(context.table.url).ids).toEqual(['2501.00001', '2501.00002']);
  });
});

describe('The nightly export', () => {
  const about = { paperkeep: '0.0.0', commit: null, archive: null, parsers: {}, sample: false };
  const store = () => createFileExportStore(join(folder, 'exports'), { pid: 1, isAlive: () => false });
  const exported = async (it: Pick<QueryContext, 'table'>, deadline = FOREVER) =>
    publishNightlyExport({ table: it.table, clock, log, path: path() }, await night(it, deadline), {
      store: store(),
      about,
    });

  it('is made from the catalog, and again only when that changed', async () => {
    const it = await anArchive([OLD]);
    expect(await exported(it)).toBeGreaterThan(5);
    expect(existsSync(join(folder, 'exports/parquet/papers/month=2025-01/part.parquet'))).toBe(true);
    expect(await exported(it)).toBeNull();
    await add(it, NEW);
    expect(await exported(it)).toBeGreaterThan(5);
    expect(existsSync(join(folder, 'exports/parquet/appearances/month=2025-03/part.parquet'))).toBe(true);
  });

  it('is made by the next run when one failed, although nothing changed since', async () => {
    const it = await anArchive([OLD]);
    await exported(it);
    await add(it, NEW);
    const full = { ...store(), createStagingFolder: () => Promise.reject(new Error('no space')) };
    const deps = { table: it.table, clock, log, path: path() };
    await expect(publishNightlyExport(deps, await night(it), { store: full, about })).rejects.toThrow('no space');
    expect(await exported(it)).toBeGreaterThan(5);
    expect(existsSync(join(folder, 'exports/parquet/appearances/month=2025-03/part.parquet'))).toBe(true);
    expect(await exported(it)).toBeNull();
  });

  it('never removes a file outside its folder, whatever its lists of files say', async () => {
    const it = await anArchive([OLD]);
    await exported(it);
    const [mine, manifest] = [join(folder, 'thesis.txt'), join(folder, 'exports', 'manifest.json')];
    writeFileSync(mine, 'two years of work');
    writeFileSync(join(folder, 'exports', 'changing.json'), '["../thesis.txt"]');
    await add(it, NEW);
    await exported(it);
    expect(existsSync(mine)).toBe(true);
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('papers.jsonl.gz', '../thesis.txt'));
    expect(await exported(it)).toBeGreaterThan(5);
    expect(existsSync(mine)).toBe(true);
  });

  it('is made when none was made before, but not from an incomplete catalog', async () => {
    const it = await anArchive(trending(202));
    const times = [1, 0];
    expect(await exported(it, () => times.shift() ?? 0)).toBeNull();
    await night(it);
    expect(await exported(it)).toBeGreaterThan(5);
  });
});

describe('The catalog of a site in AWS', () => {
  const site = ({ table }: Pick<QueryContext, 'table'>) =>
    createFetchedCatalog({ store: bucket, table, clock, log, folder });
  const ids = async (ask: ReturnType<typeof createFetchedCatalog>) =>
    (await ask()).all<{ id: string }>('SELECT id FROM papers ORDER BY id').map(({ id }) => id.slice(-1));

  it('is the nightly one with what was recorded since', async () => {
    const it = await anArchive([OLD]);
    await night(it);
    await add(it, NEW);
    now = addSeconds(NIGHT, 7200);
    const ask = site(it);
    expect(await ids(ask)).toEqual(['1', '2', '3']);
    // older lists are those of the night
    expect((await ask()).asOf()).toBe(NIGHT);
  });

  it('is updated once a minute and fetched again once an hour', async () => {
    const it = await anArchive([OLD]);
    await night(it);
    const ask = site(it);
    await ask();
    await add(it, NEW);
    now = addSeconds(NIGHT, 59);
    expect(await ids(ask)).toEqual(['1', '2']);
    now = addSeconds(NIGHT, 60);
    expect(await ids(ask)).toEqual(['1', '2', '3']);
    now = addSeconds(NIGHT, 3599);
    await ask();
    expect(bucket.asked.slice(2)).toEqual(['fetch']);
    now = addSeconds(NIGHT, 3600);
    await Promise.all([ask(), ask(), ask()]);
    expect(bucket.asked.slice(2)).toEqual(['fetch', 'same']);
  });

  it('replaces the file when a newer one exists, even while the old one is open', async () => {
    const it = await anArchive([OLD]);
    await night(it);
    const ask = site(it);
    const given = await ask();
    await add(it, seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([7])));
    now = addSeconds(NIGHT, 86_400);
    // so old a list is only seen at night
    expect(await ids(ask)).toEqual(['1', '2']);
    await night(it);
    now = addSeconds(NIGHT, 86_400 + 3600 + 1);
    expect(await ids(ask)).toEqual(['1', '2', '7']);
    expect(given.all('SELECT id FROM papers')).toHaveLength(3);
    expect(existsSync(join(folder, 'catalog-0.sqlite'))).toBe(false);
  });

  it('covers only the last 45 days where no nightly one exists, and says that it is incomplete', async () => {
    const it = await anArchive([OLD, NEW]);
    const ask = site(it);
    expect(await ids(ask)).toEqual(['3']);
    expect((await ask()).asOf()).toBeNull();
    await night(it);
    now = addSeconds(NIGHT, 3600);
    expect(await ids(ask)).toEqual(['1', '2', '3']);
    expect((await ask()).asOf()).toBe(NIGHT);
  });

  it('is complete without a nightly one where the archive is younger than 45 days', async () => {
    const ask = site(await anArchive([NEW]));
    expect((await ask()).asOf()).toBe(NIGHT);
  });

  it('keeps the file it has when the bucket cannot be reached, logs that, and tries again after a minute', async () => {
    const it = await anArchive([OLD, NEW]);
    await night(it);
    bucket.trouble = new PaperkeepError({ code: 'CATALOG_UNREACHABLE', message: 'away', hint: 'again' });
    const ask = site(it);
    expect(await ids(ask)).toEqual(['3']);
    await ask();
    expect(said.slice(1)).toEqual(['catalog not fetched: away']);
    bucket.trouble = null;
    now = addSeconds(NIGHT, 60);
    expect(await ids(ask)).toEqual(['1', '2', '3']);
  });
});

describe('The small part of the catalog that list pages read in AWS', () => {
  /** 100 papers with 1 to 100 upvotes at an age of 6 hours, and three papers of the next day. */
  const listed = day('2025-03-18');
  const captures = [
    seen(
      `daily ${listed}`,
      `${listed}T06:00:00Z`,
      papers(...Array.from({ length: 100 }, (_, n) => [n + 1, n + 1] as const)),
    ),
    seen('daily 2025-03-19', '2025-03-19T06:00:00Z', papers([200, 9, { listedOn: day('2025-03-19') }])),
  ];
  const site = (table: QueryContext['table']) => {
    const whole = createFetchedCatalog({ store: bucket, table, clock, log, folder });
    return createFetchedRecentCatalog({ store: bucket, table, clock, log, folder }, whole);
  };
  const expectedOn = async (context: QueryContext, day: Day, at: Instant | null = null) => {
    const { papers } = await getList(context, { list: 'daily', day }, { at, sort: 'rank' });
    return papers.map(({ expectedUpvotes }) => expectedUpvotes);
  };

  it('has the upvotes to expect, now and as of a time, without the whole catalog', async () => {
    const it = await anArchive(captures, NIGHT);
    await night(it);
    const context = { ...it, recentCatalog: site(it.table) };
    expect(await expectedOn(context, day('2025-03-19'))).toEqual([50.5]);
    expect(await expectedOn(context, day('2025-03-19'), instant('2025-03-19T08:00:00Z'))).toEqual([50.5]);
    expect(bucket.asked).toEqual(['none', 'put']);
  });

  it('holds the topics that rise', async () => {
    const kites = Array.from({ length: 6 }, (_, n) => [n + 201, 9, { keywords: ['kites'] }] as const);
    const before = Array.from({ length: 100 }, (_, n) => [n + 1, 9] as const);
    const lists = [
      seen('daily 2025-03-01', '2025-03-01T06:00:00Z', papers(...before)),
      seen('daily 2025-03-18', '2025-03-18T06:00:00Z', papers(...kites)),
    ];
    const it = await anArchive(lists, NIGHT);
    await night(it);
    const recent = await site(it.table)(null);
    expect(recent.all('SELECT topic, papers, papers_before FROM rising')).toEqual([
      { topic: 'kites', papers: 6, papers_before: 0 },
    ]);
  });

  it('is left for the whole catalog where older lists are needed', async () => {
    const it = await anArchive(captures, NIGHT);
    await night(it);
    const recent = site(it.table);
    await recent(addDays(dayOf(NIGHT), -120));
    expect(bucket.asked).toEqual(['none', 'put']);
    expect((await recent(addDays(dayOf(NIGHT), -121))).all('SELECT id FROM papers')).toHaveLength(101);
    expect(bucket.asked).toEqual(['none', 'put', 'fetch']);
  });

  it('stays open until another one is there, and is closed then', async () => {
    const it = await anArchive(captures, NIGHT);
    await night(it);
    const recent = site(it.table);
    const first = await recent(null);
    now = addSeconds(NIGHT, 3600);
    expect(await recent(null)).toBe(first);
    await add(it, NEW);
    await night(it);
    now = addSeconds(NIGHT, 7200);
    expect(await recent(null)).not.toBe(first);
    expect(() => first.asOf()).toThrow('not open');
  });

  it('is fetched again once an hour, and leaves what it would say unknown before the first night and while it cannot be reached', async () => {
    const it = await anArchive(captures, NIGHT);
    const context = { ...it, recentCatalog: site(it.table) };
    expect(await expectedOn(context, day('2025-03-19'))).toEqual([null]);
    await night(it);
    expect(await expectedOn(context, day('2025-03-19'))).toEqual([null]);
    now = addSeconds(NIGHT, 3600);
    bucket.trouble = new PaperkeepError({ code: 'CATALOG_UNREACHABLE', message: 'away', hint: 'again' });
    expect(await expectedOn(context, day('2025-03-19'))).toEqual([null]);
    expect(said).toContain('recent catalog not fetched: away');
    bucket.trouble = null;
    now = addSeconds(NIGHT, 3660);
    expect(await expectedOn(context, day('2025-03-19'))).toEqual([50.5]);
  });
});
