import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFileExportStore } from '../../shared/export/files.ts';
import { exportedTables } from '../../shared/export/schema.ts';
import { type ExportStore, readExportManifest } from '../../shared/export/store.ts';
import { getHistory, getPaper } from '../../shared/query/paper.ts';
import { aFolder } from '../cli/run.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { anExport, digestsIn, folderStore, HOSTILE, isWhole, someMonths } from './made.ts';

type Row = Record<string, string | number | null>;

const rowsOf = (folder: string, sql: string): Row[] => {
  const db = new DatabaseSync(join(folder, 'paperkeep.sqlite'), { readOnly: true });
  try {
    return db.prepare(sql).all() as Row[];
  } finally {
    db.close();
  }
};
const csvIn = (folder: string, table: string, month: string): Record<string, string>[] =>
  parse(readFileSync(join(folder, `csv/${table}/month=${month}/part.csv`)), { columns: true });
const linesIn = (folder: string) =>
  gunzipSync(readFileSync(join(folder, 'papers.jsonl.gz')))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('an export', () => {
  it('has files by format, table and month, and a manifest that tells all of them truly', async () => {
    const { folder, manifest } = await anExport();
    expect(await isWhole(folder)).toBe(true);
    const paths = manifest.files.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('/papers/'))).toEqual([
      'csv/papers/month=2025-01/part.csv',
      'csv/papers/month=2025-02/part.csv',
      'csv/papers/month=2025-03/part.csv',
      'parquet/papers/month=2025-01/part.parquet',
      'parquet/papers/month=2025-02/part.parquet',
      'parquet/papers/month=2025-03/part.parquet',
    ]);
    expect(paths.filter((path) => !path.includes('/'))).toEqual(['paperkeep.sqlite', 'papers.jsonl.gz', 'schema.json']);
    expect(manifest).toMatchObject({
      madeAt: '2025-03-20T12:00:00Z',
      release: null,
      builtFrom: { snapshots: 13, newestCapture: '2025-03-05T06:00:00Z', archive: null, sample: false },
    });
    expect(JSON.stringify(manifest)).not.toContain(folder);
  });

  it('has the same bytes whatever the order in which the snapshots were recorded, and whenever it is made', async () => {
    const { 'manifest.json': _, ...wanted } = digestsIn((await anExport()).folder);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...someMonths], { minLength: someMonths.length }),
        fc.constantFrom('2025-03-20T12:00:00Z', '2026-01-01T00:00:00Z'),
        async (captures, now) => {
          const { folder } = await anExport(await anArchive(captures, now));
          const { 'manifest.json': _, ...files } = digestsIn(folder);
          expect(files).toEqual(wanted);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('says the same in every format', async () => {
    const { folder, manifest } = await anExport();
    for (const { name } of exportedTables(true)) {
      const parts = manifest.files.filter(({ path }) => path.startsWith(`csv/${name}/`));
      const counted = parts.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
      expect([name, counted, rowsOf(folder, `SELECT * FROM ${name}`).length]).toEqual([
        name,
        manifest.rows[name],
        manifest.rows[name],
      ]);
    }
    expect(linesIn(folder).map(({ id }) => id)).toEqual(
      rowsOf(folder, 'SELECT id FROM papers ORDER BY id').map(({ id }) => id),
    );
  });

  it('has every observation that the history of a paper has', async () => {
    const context = await anArchive(someMonths);
    const { folder } = await anExport(context);
    const ids = rowsOf(folder, 'SELECT id FROM papers').map(({ id }) => String(id));
    for (const id of ids) {
      const told = await getHistory(context, id, { list: null, from: null, to: null });
      const rows = rowsOf(folder, `SELECT * FROM observations WHERE paper_id = '${id}' ORDER BY at, list`);
      expect(rows.map((o) => [o.at, o.list, o.day, o.rank, o.upvotes, o.comments, o.github_stars])).toEqual(
        told?.observations.map((o) => [o.at, o.list, o.day, o.rank, o.upvotes, o.comments, o.githubStars]),
      );
    }
    expect(rowsOf(folder, 'SELECT list, rank FROM observations WHERE paper_id IS NULL')).toEqual([
      { list: 'trending', rank: 2 },
    ]);
  });

  it('tells a paper in a line as its page does, with its appearances', async () => {
    const context = await anArchive(someMonths);
    const { folder } = await anExport(context);
    for (const { appearances, readAt: _, ...paper } of linesIn(folder)) {
      const told = await getPaper(context, paper.id);
      const { firstUpvotes: _f, peakUpvotes: _p, gain: _g, ageHours: _a, ...facts } = told?.paper ?? {};
      expect([paper, appearances]).toEqual([facts, told?.appearances]);
    }
  });

  it('has upvotes at ages: per daily list from the captures of it, elsewhere over the days of the list', async () => {
    const { folder } = await anExport();
    const at = (paper: string, list: string) =>
      rowsOf(
        folder,
        `SELECT * FROM votes_at_age WHERE paper_id = '${paper}' AND list = '${list}' ORDER BY age_hours`,
      ).map((row) => [row.listed_on, row.age_hours, row.upvotes, row.read_at]);
    expect(at('2501.00002', 'daily')).toEqual([
      ['2025-01-08', 6, 2, '2025-01-08T06:00:00Z'],
      ['2025-01-08', 24, null, null],
      ['2025-01-08', 48, 11, '2025-01-10T00:30:00Z'],
      ['2025-01-08', 168, null, null],
      ['2025-01-08', 336, null, null],
    ]);
    expect(at('2501.00002', 'trending')).toEqual([
      ['2025-01-08', 6, null, null],
      ['2025-01-08', 24, 8, '2025-01-08T23:10:00Z'],
      ['2025-01-08', 48, 12, '2025-01-10T08:00:00Z'],
      ['2025-01-08', 168, null, null],
      ['2025-01-08', 336, null, null],
    ]);
    expect(at('2501.00002', 'watched:tea').filter(([, , upvotes]) => upvotes !== null)).toEqual([
      ['2025-01-08', 24, 9, '2025-01-09T00:00:00Z'],
    ]);
    // never on a daily list: it has no age
    expect(at('2501.00007', 'trending')).toEqual([]);
  });

  it('of two captures in one second has the rows of both', async () => {
    const both = [
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2, 4], [1, 3])),
    ];
    const { folder } = await anExport(both);
    expect(rowsOf(folder, 'SELECT rank FROM observations').map(({ rank }) => rank)).toEqual([1, 1, 2, 2]);
  });

  it('brings hostile text through every format as it is', async () => {
    const { folder } = await anExport();
    const [row] = rowsOf(folder, "SELECT * FROM papers WHERE id = '2502.00001'");
    const abstract = HOSTILE.abstract.replaceAll(/\s+/g, ' ');
    expect(row).toMatchObject({
      title: HOSTILE.title,
      abstract,
      authors: JSON.stringify(HOSTILE.authors),
      keywords: null,
    });
    const line = linesIn(folder).find(({ id }) => id === '2502.00001');
    expect(line).toMatchObject({ title: HOSTILE.title, abstract, authors: HOSTILE.authors, keywords: null });
    const cells = csvIn(folder, 'papers', '2025-02').find(({ id }) => id === '2502.00001');
    expect(cells).toMatchObject({ title: HOSTILE.title, abstract, authors: HOSTILE.authors.join('; '), keywords: '' });
  });

  it('has in CSV an empty cell for null, true and false, and CRLF', async () => {
    const { folder } = await anExport();
    const text = readFileSync(join(folder, 'csv/coverage/month=2025-01/part.csv'), 'utf8');
    expect(text).toMatch(
      /^list,day,status,captures,failures,longest_gap_minutes,papers,complete,settled,first,last\r\n/,
    );
    expect(text).toContain('daily,2025-01-09,missing,0,0,,0,,false,,\r\n');
    expect(text).toMatch(/daily,2025-01-08,captured,4,1,2190,3,true,false,.*\r\n/);
    const [paper] = csvIn(folder, 'papers', '2025-03');
    expect(paper).toMatchObject({ github_stars: '', listed_on: '2025-03-05', authors: 'Ada Example; Ben Example' });
  });

  it('finds papers by full text in the database, abstracts too', async () => {
    const { folder } = await anExport();
    const found = rowsOf(
      folder,
      "SELECT id FROM papers_fts JOIN papers ON papers.rowid = papers_fts.rowid WHERE papers_fts MATCH 'abstract : NULL'",
    );
    expect(found).toEqual([{ id: '2502.00001' }]);
  });

  it('of a stretch has the lists of its days, and the papers on them as they were last known', async () => {
    const { folder, manifest } = await anExport(someMonths, {
      range: { from: day('2025-01-09'), to: day('2025-02-03') },
    });
    expect(rowsOf(folder, 'SELECT DISTINCT day FROM listings ORDER BY day').map(({ day }) => day)).toEqual([
      '2025-01-09',
      '2025-01-10',
      '2025-01-11',
      '2025-02-03',
    ]);
    expect(rowsOf(folder, 'SELECT id, upvotes FROM papers ORDER BY id')).toEqual([
      { id: '2501.00002', upvotes: 12 },
      { id: '2501.00007', upvotes: 44 },
      { id: '2502.00001', upvotes: 10 },
      { id: '2502.00003', upvotes: 5 },
      { id: 'cs/0301012', upvotes: null },
    ]);
    expect(linesIn(folder)[0].appearances.map(({ day }: { day: string }) => day)).toEqual([
      '2025-01-09',
      '2025-01-09',
      '2025-01-10',
    ]);
    expect(manifest).toMatchObject({ from: '2025-01-09', to: '2025-02-03' });
    const strangers = 'SELECT paper_id FROM observations WHERE paper_id NOT IN (SELECT id FROM papers)';
    expect(rowsOf(folder, strangers)).toEqual([]);
  });

  it('without abstracts has them nowhere, and says so', async () => {
    const { folder, manifest } = await anExport(someMonths, { abstracts: false });
    expect(manifest.leftOut).toEqual(['papers.abstract', 'papers.ai_summary']);
    expect(JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8')).leftOut).toEqual(manifest.leftOut);
    expect(linesIn(folder).filter((paper) => 'abstract' in paper || 'aiSummary' in paper)).toEqual([]);
    const files = Object.keys(digestsIn(folder)).filter((path) => !/parquet|gz$|schema/.test(path));
    for (const path of files) expect(readFileSync(join(folder, path)).includes('It is made up')).toBe(false);
  });

  it('of days that were never visited is refused, and nothing is written', async () => {
    const folder = aFolder();
    const range = { from: day('2031-01-01'), to: null };
    await expect(anExport(someMonths, { range }, folder)).rejects.toMatchObject({ code: 'NOTHING_TO_EXPORT' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tells of one state, though captures come in while it is made', async () => {
    const context = await anArchive(someMonths);
    const { folder: before } = await anExport(context);
    const other = await anArchive([...someMonths, seen('daily 2025-01-08', '2025-01-11T00:00:00Z', papers([1, 70]))]);
    // the table is ahead of the catalog
    const { folder } = await anExport({ ...other, catalog: context.catalog });
    expect(rowsOf(folder, 'SELECT * FROM observations')).toEqual(rowsOf(before, 'SELECT * FROM observations'));
  });
});

describe('a set that takes the place of another', () => {
  it('leaves nothing of it, nor touches what is not its own', async () => {
    const { folder } = await anExport();
    mkdirSync(join(folder, 'releases'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await anExport(someMonths, { formats: ['csv'], range: { from: day('2025-03-01'), to: null } }, folder);
    const paths = Object.keys(digestsIn(folder));
    expect(paths.filter((path) => path.includes('month=2025-01'))).toEqual([]);
    expect(paths).toContain('notes.txt');
    expect(readdirSync(folder).sort()).toEqual(['csv', 'manifest.json', 'notes.txt', 'releases', 'schema.json']);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  /** A store that comes to its end at the so-many-th file it takes over. */
  const ending = (folder: string, at: number): ExportStore => {
    const store = folderStore(folder);
    let taken = 0;
    return {
      ...store,
      put: async (...of) => {
        taken += 1;
        if (taken === at) throw new Error('killed');
        await store.put(...of);
      },
    };
  };

  it.each([1, 2, 20, 39])(
    'killed while file %i is moved shows no export, and the next run leaves a whole one',
    async (at) => {
      const { folder } = await anExport(someMonths, { formats: ['csv'] });
      await expect(anExport(someMonths, {}, folder, ending(folder, at))).rejects.toThrow('killed');
      expect(await readExportManifest(folderStore(folder))).toBeNull();
      await anExport(someMonths, { formats: ['jsonl'] }, folder);
      expect(Object.keys(digestsIn(folder))).toEqual(['manifest.json', 'papers.jsonl.gz', 'schema.json']);
      expect(await isWhole(folder)).toBe(true);
    },
  );

  it('ended while it is made changes nothing', async () => {
    const { folder } = await anExport();
    const before = digestsIn(folder);
    const context = await anArchive(someMonths);
    const failing = {
      ...context,
      table: {
        ...context.table,
        range: async () => {
          throw new Error('killed');
        },
      },
    };
    const catalog = await context.catalog();
    await expect(anExport({ ...failing, catalog: async () => catalog }, {}, folder)).rejects.toThrow('killed');
    expect(digestsIn(folder)).toEqual(before);
  });

  it('waits for no other process, and clears away what a dead one left', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, '.making-4242'));
    const others = (alive: boolean) => createFileExportStore(folder, { pid: 1, isAlive: () => alive });
    await expect(anExport(someMonths, {}, folder, others(true))).rejects.toMatchObject({ code: 'EXPORT_RUNNING' });
    await anExport(someMonths, {}, folder, others(false));
    expect(existsSync(join(folder, '.making-4242'))).toBe(false);
    expect(await isWhole(folder)).toBe(true);
  });
});

describe('a release', () => {
  it('has its coverage by list and year, what read it, and how it is cited', async () => {
    const { folder, manifest } = await anExport(someMonths, { release: '2025-q1' });
    const { years, parsers, commit } = JSON.parse(readFileSync(join(folder, 'coverage.json'), 'utf8'));
    expect(years).toEqual([
      {
        list: 'daily',
        year: '2025',
        captured: 3,
        partial: 0,
        empty: 1,
        failed: 0,
        missing: 53,
        captures: 7,
        failures: 1,
      },
      {
        list: 'trending',
        year: '2025',
        captured: 4,
        partial: 0,
        empty: 0,
        failed: 0,
        missing: 32,
        captures: 4,
        failures: 0,
      },
      {
        list: 'watched:tea',
        year: '2025',
        captured: 1,
        partial: 0,
        empty: 0,
        failed: 0,
        missing: 0,
        captures: 1,
        failures: 0,
      },
    ]);
    expect([parsers, commit, manifest.release]).toEqual([{ daily: 1 }, null, '2025-q1']);
    expect(readFileSync(join(folder, 'coverage.md'), 'utf8')).toContain(
      '| daily | 2025 | 3 | 0 | 1 | 0 | 53 | 7 | 1 |',
    );
    expect(readFileSync(join(folder, 'CITATION.cff'), 'utf8')).toContain('version: "2025-q1"');
    expect(await isWhole(folder)).toBe(true);
  });
});

describe('a paper that lists nothing', () => {
  it('is kept with an empty list, which is not null', async () => {
    const { folder } = await anExport([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [
        aPaper({ keywords: [] }),
        aPaper({ id: '2501.00002', rank: 2, keywords: null }),
      ]),
    ]);
    expect(csvIn(folder, 'papers', '2025-01').map(({ keywords }) => keywords)).toEqual(['', '']);
    expect(readFileSync(join(folder, 'csv/papers/month=2025-01/part.csv'), 'utf8')).toContain(',"",,');
    expect(rowsOf(folder, 'SELECT keywords FROM papers')).toEqual([{ keywords: '[]' }, { keywords: null }]);
  });
});
