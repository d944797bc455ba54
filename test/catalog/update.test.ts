import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { countByBlocks, countByRows, type FacetCounts } from '../../shared/catalog/facets.ts';
import { joinSearchIndex } from '../../shared/catalog/papers.ts';
import { tables } from '../../shared/catalog/schema.ts';
import { type Catalog, type CatalogFile, openCatalog } from '../../shared/catalog/sqlite.ts';
import { createUpdatingCatalog, updateCatalog } from '../../shared/catalog/update.ts';
import { findSqliteDamage } from '../../shared/lib/sqlite.ts';
import { addDays } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { upvotesPerCapture } from '../../shared/model/upvotes.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { getHistory } from '../../shared/query/history.ts';
import { getPaper } from '../../shared/query/paper.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { isTitleKey } from '../../shared/table/titles.ts';
import { anArchive, copied, cut, papers, refused, seen } from '../query/archive.ts';
import { day, instant } from '../support/build.ts';
import { catalogOf } from '../support/catalog.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const NOW = instant('2025-01-20T12:00:00Z');
const clock = () => NOW;

/** Every row of every table but what depends on the order of writing. */
function everything(catalog: Catalog): Record<string, object[]> {
  const rows = Object.values(tables)
    .filter(({ where }) => where !== 'export')
    .map(({ name, key }) => [name, catalog.all(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`)] as const);
  return { ...Object.fromEntries(rows), ...facetsOf(catalog) };
}

/** What search filters by and counts, by ids and names: rowids and the numbers of values depend on the order of writing. */
function facetsOf(catalog: Catalog): Record<string, object[]> {
  const papers = catalog.all<{ paper: number }>('SELECT paper FROM paper_facets').map(({ paper }) => paper);
  const sorted = (texts: readonly string[]) => texts.toSorted();
  const textsOf = ({ code, lists, organizations, keywords }: FacetCounts) => ({
    code,
    lists: sorted([...lists].flatMap(([value, count]) => value.split(',').map((list) => `${list} ${count}`))),
    organizations: sorted([...organizations].map(([value, count]) => `${value} ${count}`)),
    keywords: sorted([...keywords].map(([value, count]) => `${value} ${count}`)),
  });
  const counts = textsOf(countByRows(catalog, papers));
  expect(textsOf(countByBlocks(catalog, papers, 100))).toEqual(counts);
  return {
    paper_lists: catalog.all(
      `SELECT id, list, l.first_day, l.last_day, l.best_rank, l.upvotes, has_keywords
        FROM paper_lists AS l JOIN paper_facets USING (paper) ORDER BY id, list`,
    ),
    paper_facets: catalog
      .all<{ paper: number; lists: string }>('SELECT * FROM paper_facets ORDER BY id')
      .map(({ paper, lists, ...facets }) => ({ ...facets, lists: sorted(lists.split(',')) })),
    keyword_papers: catalog.all(
      `SELECT value, papers.id FROM keyword_papers JOIN facet_values ON facet_values.id = keyword
        JOIN papers ON papers.rowid = paper ORDER BY value, papers.id`,
    ),
    counts: [counts],
  };
}

const found = (catalog: Catalog, words: string): string[] =>
  catalog
    .all<{ id: string }>(
      'SELECT id FROM papers_fts JOIN papers ON papers.rowid = papers_fts.rowid WHERE papers_fts MATCH ? ORDER BY id',
      [words],
    )
    .map(({ id }) => id);

/** A table that captures are recorded in one by one. */
async function aTable() {
  const table = openSqliteTable(':memory:');
  const snapshots = createMemoryArchive();
  const add = async (capture: Capture) => {
    const { key } = await archiveCapture(snapshots, capture);
    await recordSnapshots({ table, parsers }, [await readSnapshot(snapshots, key)]);
  };
  return { table, add };
}

/** A table whose first range cannot be read. */
function failingOnce(table: TableStore): TableStore {
  const failures = [new Error('no answer')];
  return {
    ...table,
    range: async (range) => {
      for (const failure of failures.splice(0)) throw failure;
      return table.range(range);
    },
  };
}

const week: readonly Capture[] = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
  refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
  cut('daily 2025-01-08', '2025-01-08T08:00:00Z', papers([3, 1])),
  seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([2, 9], [1, 4])),
  seen(
    'daily 2025-01-08',
    '2025-01-10T12:00:00Z',
    papers([2, 11], [3, 5], [1, 4, { title: 'Kites on Strings', keywords: ['kites'], organization: null }]),
  ),
  seen('daily 2025-01-11', '2025-01-11T06:00:00Z', []),
  seen('trending 2025-01-09', '2025-01-09T06:00:00Z', papers([7, 40], [2, 9])),
  seen('trending 2025-01-09', '2025-01-09T07:00:00Z', papers([2, 10])),
  seen('trending 2025-01-09', '2025-01-09T08:00:00Z', papers([7, 44], [2, 10])),
  seen('watched:tea 2025-01-09', '2025-01-09T00:00:00Z', papers([2, 9])),
  copied('trending 2025-01-12', '2025-01-12T09:00:00Z', [
    ['What the paper 2501.00007 is called', 'We fly kites on long strings, and they stay up in the air.'],
    ['Nobody bears this title', 'We brew tea, and drink it with everybody who comes by.'],
  ]),
];

describe('the catalog', () => {
  it('has the same appearances of each paper as its own page', async () => {
    const asked = await anArchive(week);
    const catalog = await asked.catalog();
    const rows = catalog.all<Record<string, unknown>>('SELECT * FROM appearances ORDER BY paper_id, first_seen, list');
    expect(rows.length).toBeGreaterThan(6);
    const ids = new Set(rows.map(({ paper_id }) => String(paper_id)).filter((id) => !isTitleKey(id)));
    for (const id of ids) {
      const answer = await getPaper(asked, id);
      const reported = answer?.appearances.map((on) => [on.list, on.day, on.captures, on.bestRank, on.peakUpvotes]);
      const kept = rows.filter((row) => row.paper_id === id);
      expect(kept.map((row) => [row.list, row.day, row.captures, row.best_rank, row.peak_upvotes])).toEqual(reported);
      const [paper] = catalog.all<Record<string, unknown>>('SELECT * FROM papers WHERE id = ?', [id]);
      expect(paper).toMatchObject({
        title: answer?.paper.title,
        abstract: answer?.paper.abstract,
        authors: JSON.stringify(answer?.paper.authors),
        upvotes: answer?.paper.upvotes,
        github_stars: answer?.paper.githubStars,
        first_seen: answer?.paper.firstSeen,
        last_seen: answer?.paper.lastSeen,
        listed_on: answer?.paper.listedOn,
      });
    }
  });

  it('keeps the votes of every capture, and holes where a paper was not on the list', async () => {
    const asked = await anArchive(week);
    const catalog = await asked.catalog();
    const rows = catalog.all<{ paper_id: string; list: string; votes: string; times: string }>(
      'SELECT paper_id, a.list, votes, times FROM appearances a JOIN coverage c ON c.list = a.list AND c.day = a.day WHERE a.day < ?',
      ['2025-01-12'],
    );
    for (const { paper_id, list, votes, times } of rows) {
      const at = JSON.parse(times) as string[];
      const each = upvotesPerCapture(JSON.parse(votes), at.length).flatMap((upvotes, time) =>
        upvotes === null ? [] : [[at[time], upvotes]],
      );
      const reported = await getHistory(asked, paper_id, { list: list as 'daily', from: null, to: null });
      const before = reported?.observations.filter(({ day }) => day < '2025-01-12');
      expect(each).toEqual(before?.map(({ at, upvotes }) => [at, upvotes]));
    }
    expect(rows.find(({ paper_id, list }) => paper_id === '2501.00007' && list === 'trending')?.votes).toBe(
      '[0,40,1,null,2,44]',
    );
  });

  it('is the same whether it is built at once or step by step, in any order', async () => {
    const whole = await anArchive(week);
    const wanted = everything(await whole.catalog());
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...week], { minLength: week.length }),
        fc.array(fc.nat(week.length), { maxLength: 4 }),
        async (captures, stops) => {
          const { table, add } = await aTable();
          const catalog = openCatalog(':memory:', table.url);
          for (const [at, capture] of captures.entries()) {
            await add(capture);
            if (stops.includes(at)) await updateCatalog({ table, catalog, clock }, null);
          }
          await updateCatalog({ table, catalog, clock }, null);
          expect(everything(catalog)).toEqual(wanted);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('finds papers by their current words, not by former ones', async () => {
    const { table, add } = await aTable();
    const catalog = catalogOf(table, clock);
    for (const capture of week.slice(0, 4)) await add(capture);
    expect(found(await catalog(), 'title : paper')).toEqual(['2501.00001', '2501.00002', '2501.00003']);
    await add(week[4] as Capture);
    expect(found(await catalog(), 'title : paper')).toEqual(['2501.00002', '2501.00003']);
    expect(found(await catalog(), 'kites')).toEqual(['2501.00001']);
  });

  it('reads one part of its full-text index after the parts of several updates were joined, and finds the same', async () => {
    const { table, add } = await aTable();
    const catalog = openCatalog(':memory:', table.url);
    for (const capture of week) {
      await add(capture);
      await updateCatalog({ table, catalog, clock }, null);
    }
    const parts = () => catalog.all('SELECT DISTINCT segid FROM papers_fts_idx').length;
    const before = found(catalog, 'paper');
    expect(parts()).toBeGreaterThan(1);
    joinSearchIndex(catalog);
    expect(parts()).toBe(1);
    expect(found(catalog, 'paper')).toEqual(before);
    expect(before).not.toEqual([]);
  });

  it('names every day between the first and the last of a list', async () => {
    const catalog = await (await anArchive(week)).catalog();
    const days = catalog.all<{ day: string; status: string }>(
      "SELECT day, status FROM coverage WHERE list = 'daily' ORDER BY day",
    );
    expect(days.map(({ day, status }) => `${day} ${status}`)).toEqual([
      '2025-01-08 captured',
      '2025-01-09 missing',
      '2025-01-10 missing',
      '2025-01-11 empty',
    ]);
  });

  it('updates only the lists that changed', async () => {
    const { table, add } = await aTable();
    const catalog = openCatalog(':memory:', table.url);
    for (const capture of week.slice(0, 9)) await add(capture);
    expect(await updateCatalog({ table, catalog, clock }, null)).toMatchObject({ partitions: 3 });
    expect(await updateCatalog({ table, catalog, clock }, null)).toEqual({ partitions: 0, papers: 0, left: 0 });
    await add(week[9] as Capture);
    expect(await updateCatalog({ table, catalog, clock }, null)).toEqual({ partitions: 1, papers: 1, left: 0 });
    await add(seen('daily 2025-01-08', '2025-01-12T12:00:00Z', papers([2, 12])));
    expect(await updateCatalog({ table, catalog, clock }, day('2025-01-09'))).toMatchObject({ partitions: 0 });
    expect(await updateCatalog({ table, catalog, clock }, day('2025-01-08'))).toMatchObject({ partitions: 1 });
  });

  it('continues where it was after an update that was ended midway', async () => {
    const { table, add } = await aTable();
    for (const capture of week) await add(capture);
    const wanted = everything(await catalogOf(table, clock)());
    const catalog = openCatalog(':memory:', table.url);
    let reads = 0;
    const failing: TableStore = {
      ...table,
      getMany: async (keys) => {
        reads += 1;
        if (reads === 1) throw new Error('killed');
        return table.getMany(keys);
      },
    };
    await expect(updateCatalog({ table: failing, catalog, clock }, null)).rejects.toThrow('killed');
    expect(catalog.asOf()).toBeNull();
    await updateCatalog({ table, catalog, clock }, null);
    expect(everything(catalog)).toEqual(wanted);
    expect(catalog.asOf()).toBe(NOW);
  });

  it.each([
    ['shrank', week, week.slice(0, 6)],
    ['grew', week.slice(0, 5), week],
  ])(
    'is the same in the end wherever an update was ended after the archive %s, and never holds a paper that is on no list',
    async (_, earlier, later) => {
      const [before, after] = [await anArchive(earlier), await anArchive(later)];
      const wanted = everything(await after.catalog());
      for (let steps = 0; ; steps += 1) {
        const catalog = openCatalog(':memory:', 'sqlite:any');
        await updateCatalog({ table: before.table, catalog, clock }, null);
        let left = steps;
        const step = () => {
          left -= 1;
          if (left < 0) throw new Error('killed');
        };
        const write: CatalogFile['write'] = (work) => {
          step();
          return catalog.write(work);
        };
        const getMany: TableStore['getMany'] = async (keys) => {
          step();
          return after.table.getMany(keys);
        };
        const dying = { table: { ...after.table, getMany }, catalog: { ...catalog, write }, clock };
        const ended = await updateCatalog(dying, null).catch((error: Error) => error.message);
        const orphans = catalog.all('SELECT id FROM papers WHERE id NOT IN (SELECT paper_id FROM appearances)');
        expect(orphans, `killed after ${steps} steps`).toEqual([]);
        await updateCatalog({ table: after.table, catalog, clock }, null);
        expect(everything(catalog), `killed after ${steps} steps`).toEqual(wanted);
        if (ended !== 'killed') break;
      }
    },
  );

  it('stops between two batches when time runs out, is then marked incomplete, and continues there', async () => {
    const { table, add } = await aTable();
    for (let on = 0; on < 205; on += 1) {
      const at = addDays(day('2024-06-01'), on);
      // no visit on one day of the batch that is not done
      if (on !== 202) await add(seen(`trending ${at}`, `${at}T06:00:00Z`, papers([on + 1])));
    }
    const wanted = everything(await catalogOf(table, clock)());
    const catalog = openCatalog(':memory:', table.url);
    const times = [1, 0];
    const deadline = () => times.shift() ?? 0;
    expect(await updateCatalog({ table, catalog, clock }, null, deadline)).toMatchObject({
      partitions: 200,
      left: 4,
    });
    expect(catalog.asOf()).toBeNull();
    expect(await updateCatalog({ table, catalog, clock }, day('2024-12-22'))).toMatchObject({
      partitions: 1,
      left: 0,
    });
    expect(catalog.asOf()).toBeNull();
    expect(catalog.all("SELECT day FROM coverage WHERE status = 'missing'")).toEqual([]);
    expect(await updateCatalog({ table, catalog, clock }, null)).toMatchObject({ partitions: 3, left: 0 });
    expect(everything(catalog)).toEqual(wanted);
    expect(catalog.asOf()).toBe(NOW);
  });

  it('is marked incomplete when it has only the newest lists, unless there are no older ones', async () => {
    const { table } = await anArchive(week);
    const [some, all] = [openCatalog(':memory:', table.url), openCatalog(':memory:', table.url)];
    await updateCatalog({ table, catalog: some, clock }, day('2025-01-09'));
    expect(some.asOf()).toBeNull();
    await updateCatalog({ table, catalog: all, clock }, day('2024-12-31'));
    expect(all.asOf()).toBe(NOW);
    expect(everything(all)).toEqual(everything(await catalogOf(table, clock)()));
  });

  it('removes lists that are no longer in the table', async () => {
    const [all, some] = [await anArchive(week), await anArchive(week.slice(0, 6))];
    const catalog = openCatalog(':memory:', 'sqlite:any');
    await updateCatalog({ table: all.table, catalog, clock }, null);
    await updateCatalog({ table: some.table, catalog, clock }, null);
    expect(everything(catalog)).toEqual(everything(await some.catalog()));
    expect(found(catalog, 'title : 00007')).toEqual([]);
  });

  it('has no trace of a removed list between two others: its day is missing, and no expected upvotes come from it', async () => {
    const days = ['2025-01-06', '2025-01-07', '2025-01-09'].map((on, n) =>
      seen(`daily ${on}`, `${on}T06:00:00Z`, papers([n + 1, 10 ** n])),
    );
    const [all, some] = [await anArchive(days), await anArchive(days.toSpliced(1, 1))];
    const catalog = openCatalog(':memory:', 'sqlite:any');
    await updateCatalog({ table: all.table, catalog, clock }, null);
    await updateCatalog({ table: some.table, catalog, clock }, null);
    expect(everything(catalog)).toEqual(everything(await some.catalog()));
  });

  it('stays marked incomplete while a table that reports its changes has none', async () => {
    const { table } = await anArchive(week);
    const catalog = openCatalog(':memory:', table.url);
    const ask = createUpdatingCatalog({ table, catalog, clock }, 0, () => day('2025-01-09'));
    expect([(await ask()).asOf(), (await ask()).asOf()]).toEqual([null, null]);
  });

  it('is compared with a table that reports its changes only after a change', async () => {
    const { table, add } = await aTable();
    await add(week[0] as Capture);
    const times = ['2025-01-20T12:00:00Z', '2025-01-20T12:00:05Z', '2025-01-20T12:00:10Z'].map(instant);
    let ranges = 0;
    const counting: TableStore = {
      ...table,
      range: async (range) => {
        ranges += 1;
        return table.range(range);
      },
    };
    const catalog = openCatalog(':memory:', table.url);
    const ask = createUpdatingCatalog({ table: counting, catalog, clock: () => times[0] as typeof NOW }, 5, () => null);
    await ask();
    const first = ranges;
    times.shift();
    expect((await ask()).asOf()).toBe('2025-01-20T12:00:05Z');
    expect(ranges).toBe(first);
    await add(week[3] as Capture);
    times.shift();
    expect((await ask()).all('SELECT * FROM listings')).toHaveLength(2);
  });

  it('is compared again after an update that failed, although the table has not changed since', async () => {
    const { table } = await anArchive(week);
    const failing = failingOnce(table);
    const times = ['2025-01-20T12:00:00Z', '2025-01-20T12:00:05Z'].map(instant);
    const catalog = openCatalog(':memory:', table.url);
    const ask = createUpdatingCatalog({ table: failing, catalog, clock: () => times[0] as typeof NOW }, 5, () => null);
    await expect(ask()).rejects.toThrow('no answer');
    times.shift();
    expect((await ask()).all('SELECT * FROM listings')).toHaveLength(week.length);
  });

  it('is built by the next request where its first build failed, however recently', async () => {
    const { table } = await anArchive(week);
    const failing = failingOnce(table);
    const catalog = openCatalog(':memory:', table.url);
    const ask = createUpdatingCatalog({ table: failing, catalog, clock }, 60, () => null);
    await expect(ask()).rejects.toThrow('no answer');
    expect((await ask()).all('SELECT * FROM listings')).toHaveLength(week.length);
  });

  it('keeps its state when nothing has changed, so that what was read from it stays cached', async () => {
    const { table, catalog } = await anArchive(week);
    const file = (await catalog()) as CatalogFile;
    const state = file.state();
    await updateCatalog({ table, catalog: file, clock }, null);
    expect(file.state()).toBe(state);
  });

  it('is updated once for all callers that ask at the same time', async () => {
    const { stamp: _, ...records } = (await anArchive(week)).table;
    let looks = 0;
    const counting: TableStore = {
      ...records,
      range: async (range) => {
        looks += range.pk === 'CALENDAR' ? 1 : 0;
        return records.range(range);
      },
    };
    const times = ['2025-01-20T12:00:00Z', '2025-01-20T12:00:04Z', '2025-01-20T12:00:05Z'].map(instant);
    const ask = createUpdatingCatalog(
      { table: counting, catalog: openCatalog(':memory:', records.url), clock: () => times[0] as typeof NOW },
      5,
      () => null,
    );
    await Promise.all([ask(), ask(), ask()]);
    const first = looks;
    times.shift();
    await ask();
    expect(looks).toBe(first);
    times.shift();
    await ask();
    expect(looks).toBe(first * 2);
  });
});

describe('the file of a catalog', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paperkeep-catalog-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const papersIn = (catalog: CatalogFile) => catalog.all('SELECT id FROM papers').length;

  it('is reused when it is opened again', async () => {
    const { table } = await anArchive(week);
    const first = openCatalog(join(folder, 'catalog.sqlite'), table.url);
    await updateCatalog({ table, catalog: first, clock }, null);
    first.close();
    const second = openCatalog(join(folder, 'catalog.sqlite'), table.url);
    expect(papersIn(second)).toBe(5);
    expect(second.asOf()).toBe(NOW);
    second.close();
  });

  it('can be updated by several processes at once', async () => {
    const { table } = await anArchive(week);
    const files = ['one', 'two', 'three'].map(() => openCatalog(join(folder, 'catalog.sqlite'), table.url));
    await Promise.all(files.map((catalog) => updateCatalog({ table, catalog, clock }, null)));
    const wanted = everything(await catalogOf(table, clock)());
    for (const catalog of files) {
      expect(everything(catalog)).toEqual(wanted);
      catalog.close();
    }
  });

  it('is not discarded while another process writes it', async () => {
    const { table } = await anArchive(week);
    const path = join(folder, 'catalog.sqlite');
    const first = openCatalog(path, table.url);
    await updateCatalog({ table, catalog: first, clock }, null);
    first.write(() => {
      const second = openCatalog(path, table.url);
      expect(papersIn(second)).toBe(5);
      second.close();
    });
    expect(papersIn(first)).toBe(5);
    first.close();
    const again = openCatalog(path, table.url);
    expect(papersIn(again)).toBe(5);
    again.close();
  });

  it('is not discarded for an error that is not the fault of the file', () => {
    writeFileSync(join(folder, 'file'), 'no folder');
    const unreachable = (path: string) =>
      expect.objectContaining({ code: 'CATALOG_UNREACHABLE', message: expect.stringContaining(path) });
    for (const path of [join(folder, 'file', 'catalog.sqlite'), folder])
      expect(() => openCatalog(path, 'sqlite:any')).toThrow(unreachable(path));
  });

  it('is rebuilt when it belongs to another table, or is damaged', async () => {
    const { table } = await anArchive(week);
    const path = join(folder, 'catalog.sqlite');
    const first = openCatalog(path, table.url);
    await updateCatalog({ table, catalog: first, clock }, null);
    first.close();
    const other = openCatalog(path, 'sqlite:other');
    expect(papersIn(other)).toBe(0);
    other.close();
    writeFileSync(path, 'this is no database, but it is long enough to be taken for one at first sight');
    const rebuilt = openCatalog(path, 'sqlite:other');
    expect(papersIn(rebuilt)).toBe(0);
    rebuilt.close();
  });

  it('is removed as soon as damage inside it is found, and rebuilt when it is opened next', async () => {
    const { table } = await anArchive(week);
    const path = join(folder, 'catalog.sqlite');
    const first = openCatalog(path, table.url);
    await updateCatalog({ table, catalog: first, clock }, null);
    const before = everything(first);
    first.close();
    damageInside(path);
    expect(findSqliteDamage(path)).not.toBeNull();
    const damaged = openCatalog(path, table.url);
    expect(() => everything(damaged)).toThrow(expect.objectContaining({ code: 'CATALOG_DAMAGED' }));
    expect(existsSync(path)).toBe(false);
    damaged.close();
    const again = openCatalog(path, table.url);
    await updateCatalog({ table, catalog: again, clock }, null);
    expect(everything(again)).toEqual(before);
    again.close();
    expect(findSqliteDamage(path)).toBeNull();
  });
});

/** Overwrites the first page of `papers`, so that the file still opens. */
function damageInside(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true });
  const page = Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'papers'").get()?.rootpage) - 1;
  db.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  closeSync(file);
}
