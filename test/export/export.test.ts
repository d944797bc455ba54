import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFileExportStore } from '../../shared/export/files.ts';
import { EXPORT_SCHEMA_VERSION, listExportedTables } from '../../shared/export/schema.ts';
import { type ExportStore, readExportManifest } from '../../shared/export/store.ts';
import { getHistory } from '../../shared/query/history.ts';
import { getPaper } from '../../shared/query/paper.ts';
import { aFolder } from '../cli/run.ts';
import { anArchive, copied, papers, refused, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { buildExport, CAPTURES, digestsIn, folderStore, HOSTILE, isCompleteExport } from './build.ts';

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

describe('An export', () => {
  it('has files by format, table and month, and a manifest with the true size and digest of each', async () => {
    const { folder, manifest } = await buildExport();
    expect(await isCompleteExport(folder)).toBe(true);
    const paths = manifest.files.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('/papers/'))).toEqual([
      'csv/papers/month=2025-01/part.csv',
      'csv/papers/month=2025-02/part.csv',
      'csv/papers/month=2025-03/part.csv',
      'parquet/papers/month=2025-01/part.parquet',
      'parquet/papers/month=2025-02/part.parquet',
      'parquet/papers/month=2025-03/part.parquet',
    ]);
    expect(paths.filter((path) => !path.includes('/'))).toEqual([
      'datapackage.json',
      'paperkeep.sqlite',
      'papers.jsonl.gz',
      'schema.json',
    ]);
    expect(manifest).toMatchObject({
      madeAt: '2025-03-20T12:00:00Z',
      release: null,
      builtFrom: { snapshots: 13, newestCapture: '2025-03-05T06:00:00Z', archive: null, sample: false },
    });
    expect(JSON.stringify(manifest)).not.toContain(folder);
  });

  it('has the same bytes in whatever order the snapshots were recorded, and whenever it is made', async () => {
    const { 'manifest.json': _, ...wanted } = digestsIn((await buildExport()).folder);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...CAPTURES], { minLength: CAPTURES.length }),
        fc.constantFrom('2025-03-20T12:00:00Z', '2026-01-01T00:00:00Z'),
        async (captures, now) => {
          const { folder } = await buildExport(await anArchive(captures, now));
          const { 'manifest.json': _, ...files } = digestsIn(folder);
          expect(files).toEqual(wanted);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('has the same rows in every format', async () => {
    const { folder, manifest } = await buildExport();
    for (const { name } of listExportedTables(true)) {
      const parts = manifest.files.filter(({ path }) => path.startsWith(`csv/${name}/`));
      const counted = parts.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
      expect([name, counted, rowsOf(folder, `SELECT * FROM ${name}`).length]).toEqual([
        name,
        manifest.rows[name],
        manifest.rows[name],
      ]);
    }
    expect(linesIn(folder).map(({ id }) => id)).toEqual(
      rowsOf(folder, 'SELECT id FROM papers ORDER BY id NULLS LAST').map(({ id }) => id),
    );
  });

  it('has every observation of the history of each paper', async () => {
    const context = await anArchive(CAPTURES);
    const { folder } = await buildExport(context);
    const ids = rowsOf(folder, 'SELECT id FROM papers WHERE id IS NOT NULL').map(({ id }) => String(id));
    for (const id of ids) {
      const history = await getHistory(context, id, { list: null, from: null, to: null });
      const rows = rowsOf(folder, `SELECT * FROM observations WHERE paper_id = '${id}' ORDER BY observed_at, list`);
      expect(rows.map((o) => [o.observed_at, o.list, o.day, o.rank, o.upvotes, o.comments, o.github_stars])).toEqual(
        history?.observations.map((o) => [o.at, o.list, o.day, o.rank, o.upvotes, o.comments, o.githubStars]),
      );
    }
    expect(rowsOf(folder, 'SELECT list, rank FROM observations WHERE paper_id IS NULL')).toEqual([
      { list: 'trending', rank: 2 },
    ]);
  });

  it('has rows of copied text without an id, joined by the key of their title', async () => {
    const { folder } = await buildExport();
    const joined = (table: string) =>
      rowsOf(folder, `SELECT title, rank FROM papers JOIN ${table} USING (title_key) WHERE papers.id IS NULL`);
    expect(joined('observations')).toEqual([{ title: 'No paper has this title', rank: 2 }]);
    expect(joined('(SELECT title_key, best_rank AS rank FROM appearances)')).toEqual(joined('observations'));
    expect(linesIn(folder).at(-1)).toMatchObject({ id: null, url: null, appearances: [{ list: 'trending' }] });
    expect(rowsOf(folder, 'SELECT * FROM votes_at_age WHERE paper_id IS NULL')).toEqual([]);
    expect(rowsOf(folder, 'PRAGMA foreign_key_check')).toEqual([]);
  });

  it('has each paper as one line of JSON, with the values and appearances of the API', async () => {
    const context = await anArchive(CAPTURES);
    const { folder } = await buildExport(context);
    for (const { appearances, readAt: _, ...paper } of linesIn(folder).filter(({ id }) => id !== null)) {
      const answer = await getPaper(context, paper.id);
      const {
        firstUpvotes: _f,
        peakUpvotes: _p,
        gain: _g,
        ageHours: _a,
        expectedUpvotes: _e,
        ...facts
      } = answer?.paper ?? {};
      expect([paper, appearances]).toEqual([facts, answer?.appearances]);
    }
  });

  it('has every paper as a line of JSON where there are more than are read at a time', async () => {
    const days = Array.from({ length: 11 }, (_, n) => `2025-01-${String(n + 10)}`);
    const rows = (n: number) => papers(...Array.from({ length: 50 }, (_, at) => [50 * n + at + 1] as const));
    const captures = days.map((on, n) => seen(`daily ${on}`, `${on}T06:00:00Z`, rows(n)));
    const { folder } = await buildExport(captures, { formats: ['jsonl'] });
    expect(new Set(linesIn(folder).map(({ id }) => id)).size).toBe(550);
  });

  it('has a paper in the month of its daily list, whenever that was captured', async () => {
    const late = seen('daily 2025-01-31', '2025-02-01T00:30:00Z', papers([1, 3, { listedOn: day('2025-01-31') }]));
    const { folder } = await buildExport([late], { formats: ['csv'] });
    expect(csvIn(folder, 'papers', '2025-01').map(({ id }) => id)).toEqual(['2501.00001']);
  });

  it('has upvotes at fixed ages, from one list day for daily and over all days for other lists', async () => {
    const { folder } = await buildExport();
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

  it('has no upvotes at an age from a capture between two stays on trending, nor of a row without an id', async () => {
    const { folder } = await buildExport([
      seen('trending 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 10])),
      seen('trending 2025-01-09', '2025-01-09T00:00:00Z', papers([2, 9])),
      seen('trending 2025-01-09', '2025-01-09T06:00:00Z', papers([1, 20], [2, 9])),
      copied('daily 2025-01-10', '2025-01-10T09:00:00Z', [
        ['Kites on Long Strings', 'We fly kites on long strings, and they stay up in the air.'],
      ]),
    ]);
    const rows = rowsOf(folder, 'SELECT DISTINCT paper_id FROM votes_at_age ORDER BY paper_id');
    expect(rows.map(({ paper_id }) => paper_id)).toEqual(['2501.00001', '2501.00002']);
    const [read] = rowsOf(folder, "SELECT * FROM votes_at_age WHERE paper_id = '2501.00001' AND age_hours = 24");
    expect(read).toMatchObject({ list: 'trending', upvotes: null });
  });

  it('states the newest usable capture of its days and a digest of their lists, whatever other days have', async () => {
    const range = { from: null, to: day('2025-01-31') };
    const captures = [
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3])),
      refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
    ];
    const { manifest } = await buildExport(captures, { formats: ['csv'], range });
    expect(manifest.builtFrom).toMatchObject({ snapshots: 2, newestCapture: '2025-01-08T06:00:00Z' });
    const later = seen('daily 2025-02-03', '2025-02-03T06:00:00Z', papers([2, 3]));
    const { manifest: same } = await buildExport([...captures, later], { formats: ['csv'], range });
    expect(same.builtFrom).toEqual(manifest.builtFrom);
  });

  it('has the rows of both captures that were taken in the same second', async () => {
    const both = [
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2, 4], [1, 3])),
    ];
    const { folder } = await buildExport(both);
    expect(rowsOf(folder, 'SELECT rank FROM observations').map(({ rank }) => rank)).toEqual([1, 1, 2, 2]);
  });

  it('keeps quotes, formulas, control characters and other scripts unchanged in every format', async () => {
    const { folder } = await buildExport();
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

  it('writes null as an empty CSV cell, booleans as true and false, and lines that end in CRLF', async () => {
    const { folder } = await buildExport();
    const text = readFileSync(join(folder, 'csv/coverage/month=2025-01/part.csv'), 'utf8');
    expect(text).toMatch(
      /^list,day,status,captures,failures,longest_gap_minutes,papers,complete,settled,first,last\r\n/,
    );
    expect(text).toContain('daily,2025-01-09,missing,0,0,,,,false,,\r\n');
    expect(text).toMatch(/daily,2025-01-08,captured,4,1,2190,3,true,false,.*\r\n/);
    const [paper] = csvIn(folder, 'papers', '2025-03');
    expect(paper).toMatchObject({ github_stars: '', listed_on: '2025-03-05', authors: 'Ada Example; Ben Example' });
  });

  it('has U+FFFD in place of lone surrogates in every format', async () => {
    const lone = 'cut \ud83d off';
    const fixed = 'cut \ufffd off';
    const { folder } = await buildExport([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [aPaper({ title: lone, abstract: lone, authors: [lone] })]),
    ]);
    expect(rowsOf(folder, 'SELECT title, abstract, authors FROM papers')).toEqual([
      { title: fixed, abstract: fixed, authors: JSON.stringify([fixed]) },
    ]);
    expect(csvIn(folder, 'papers', '2025-01')).toMatchObject([{ title: fixed, abstract: fixed, authors: fixed }]);
    expect(linesIn(folder)).toMatchObject([{ title: fixed, abstract: fixed, authors: [fixed] }]);
    const lines = gunzipSync(readFileSync(join(folder, 'papers.jsonl.gz'))).toString();
    expect(lines).not.toMatch(/\\ud[89a-f]/i);
  });

  it('has no empty keyword, and unknown keywords where the feed gave only that', async () => {
    const { folder } = await buildExport([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [
        aPaper({ keywords: ['', 'kites'] }),
        aPaper({ id: '2501.00002', rank: 2, keywords: [''] }),
      ]),
    ]);
    expect(rowsOf(folder, 'SELECT keywords FROM papers')).toEqual([{ keywords: '["kites"]' }, { keywords: null }]);
    expect(rowsOf(folder, 'SELECT keyword FROM paper_keywords')).toEqual([{ keyword: 'kites' }]);
  });

  it('has no number of papers on days without a usable capture', async () => {
    const { folder } = await buildExport([...CAPTURES, refused('daily 2025-01-12', '2025-01-12T07:00:00Z')]);
    const counts = rowsOf(folder, "SELECT day, status, papers FROM coverage WHERE list = 'daily' ORDER BY day LIMIT 5");
    expect(counts.map(({ status, papers }) => [status, papers])).toEqual([
      ['captured', 3],
      ['missing', null],
      ['missing', null],
      ['empty', 0],
      ['failed', null],
    ]);
  });

  it.each([undefined, { range: { from: day('2025-01-09'), to: day('2025-02-03') } }])(
    'has a SQLite file without a violated foreign key: %j',
    async (options) => {
      const { folder } = await buildExport(CAPTURES, options);
      const references = rowsOf(folder, "SELECT * FROM pragma_foreign_key_list('observations')");
      expect(references.map(({ from, table, to }) => [from, table, to])).toEqual(
        expect.arrayContaining([
          ['paper_id', 'papers', 'id'],
          ['day', 'coverage', 'day'],
        ]),
      );
      expect(rowsOf(folder, 'PRAGMA foreign_key_check')).toEqual([]);
    },
  );

  it('describes its CSV files in a data package, with ids as text', async () => {
    const { folder, manifest } = await buildExport();
    const { resources } = JSON.parse(readFileSync(join(folder, 'datapackage.json'), 'utf8')) as {
      resources: {
        name: string;
        path: string[];
        schema: { fields: { name: string; type: string }[]; primaryKey?: string[] };
      }[];
    };
    const described = resources.flatMap(({ path }) => path).sort();
    expect(described).toEqual(manifest.files.map(({ path }) => path).filter((path) => path.startsWith('csv/')));
    for (const { name, path, schema } of resources) {
      const [header = ''] = readFileSync(join(folder, path[0] ?? ''), 'utf8').split('\r\n');
      expect([name, schema.fields.map((field) => field.name)]).toEqual([name, header.split(',')]);
    }
    const ids = resources.flatMap(({ schema }) => schema.fields).filter(({ name }) => /^(paper_)?id$/.test(name));
    expect(new Set(ids.map(({ type }) => type))).toEqual(new Set(['string']));
    // rows of observations may be equal, and a row of copied text has no id
    const keyed = resources.flatMap(({ name, schema }) => (schema.primaryKey ? [name] : []));
    expect(keyed.sort()).toEqual(['coverage', 'listings', 'paper_authors', 'paper_keywords', 'votes_at_age']);
    const { manifest: parquet } = await buildExport(CAPTURES, { formats: ['parquet'] });
    expect(parquet.files.map(({ path }) => path)).not.toContain('datapackage.json');
  });

  it('has a SQLite file with the version of its schema, whose full-text index finds words of abstracts', async () => {
    const { folder } = await buildExport();
    expect(rowsOf(folder, 'PRAGMA user_version')).toEqual([{ user_version: EXPORT_SCHEMA_VERSION }]);
    const found = rowsOf(
      folder,
      "SELECT id FROM papers_fts JOIN papers ON papers.rowid = papers_fts.rowid WHERE papers_fts MATCH 'abstract : NULL'",
    );
    expect(found).toEqual([{ id: '2502.00001' }]);
  });

  it('of a date range has the lists of its days, and the papers on them as last known', async () => {
    const { folder, manifest } = await buildExport(CAPTURES, {
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
    const orphans = 'SELECT paper_id FROM observations WHERE paper_id NOT IN (SELECT id FROM papers)';
    expect(rowsOf(folder, orphans)).toEqual([]);
  });

  it('has no abstracts in any file when they are left out, and lists what was left out', async () => {
    const { folder, manifest } = await buildExport(CAPTURES, { abstracts: false });
    expect(manifest.leftOut).toEqual(['papers.abstract', 'papers.ai_summary']);
    expect(JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8')).leftOut).toEqual(manifest.leftOut);
    expect(linesIn(folder).filter((paper) => 'abstract' in paper || 'aiSummary' in paper)).toEqual([]);
    const files = Object.keys(digestsIn(folder)).filter((path) => !/parquet|gz$|schema/.test(path));
    for (const path of files) expect(readFileSync(join(folder, path)).includes('It is made up')).toBe(false);
  });

  it('of days that were never captured is refused, and nothing is written', async () => {
    const folder = aFolder();
    const range = { from: day('2031-01-01'), to: null };
    await expect(buildExport(CAPTURES, { range }, folder)).rejects.toMatchObject({ code: 'NOTHING_TO_EXPORT' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('covers one state of the archive although captures are recorded while it is made', async () => {
    const context = await anArchive(CAPTURES);
    const { folder: before } = await buildExport(context);
    const rows = papers([1, 70], [9, 1, { title: 'No paper has this title' }]);
    const other = await anArchive([...CAPTURES, seen('daily 2025-01-08', '2025-01-11T00:00:00Z', rows)]);
    // the table is ahead of the catalog
    const { folder } = await buildExport({ ...other, catalog: context.catalog });
    expect(rowsOf(folder, 'SELECT * FROM observations')).toEqual(rowsOf(before, 'SELECT * FROM observations'));
  });
});

describe('An export that replaces another', () => {
  it('removes all files of the old export and no file of anyone else', async () => {
    const { folder } = await buildExport();
    mkdirSync(join(folder, 'releases'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await buildExport(CAPTURES, { formats: ['csv'], range: { from: day('2025-03-01'), to: null } }, folder);
    const paths = Object.keys(digestsIn(folder));
    expect(paths.filter((path) => path.includes('month=2025-01'))).toEqual([]);
    expect(paths).toContain('notes.txt');
    expect(readdirSync(folder).sort()).toEqual([
      'csv',
      'datapackage.json',
      'manifest.json',
      'notes.txt',
      'releases',
      'schema.json',
    ]);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  /** A store that fails at the file with this number. */
  const failAt = (folder: string, at: number): ExportStore => {
    const store = folderStore(folder);
    let files = 0;
    return {
      ...store,
      put: async (...args) => {
        files += 1;
        if (files === at) throw new Error('killed');
        await store.put(...args);
      },
    };
  };

  it.each([1, 2, 20, 39])(
    'that is killed while it moves file %i shows no export, and the next run leaves a complete one',
    async (at) => {
      const { folder } = await buildExport(CAPTURES, { formats: ['csv'] });
      await expect(buildExport(CAPTURES, {}, folder, failAt(folder, at))).rejects.toThrow('killed');
      expect(await readExportManifest(folderStore(folder))).toBeNull();
      await buildExport(CAPTURES, { formats: ['jsonl'] }, folder);
      expect(Object.keys(digestsIn(folder))).toEqual(['manifest.json', 'papers.jsonl.gz', 'schema.json']);
      expect(await isCompleteExport(folder)).toBe(true);
    },
  );

  it('that fails while it is made leaves the old export unchanged', async () => {
    const { folder } = await buildExport();
    const before = digestsIn(folder);
    const context = await anArchive(CAPTURES);
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
    await expect(buildExport({ ...failing, catalog: async () => catalog }, {}, folder)).rejects.toThrow('killed');
    expect(digestsIn(folder)).toEqual(before);
  });

  it.runIf(process.platform === 'linux')('that fails leaves no file of it open', async () => {
    const context = await anArchive(CAPTURES);
    const catalog = await context.catalog();
    const range = async () => {
      throw new Error('killed');
    };
    const folder = aFolder();
    await expect(
      buildExport({ ...context, table: { ...context.table, range }, catalog: async () => catalog }, {}, folder),
    ).rejects.toThrow('killed');
    const open = readdirSync('/proc/self/fd').flatMap((fd) => {
      const link = `/proc/self/fd/${fd}`;
      return lstatSync(link, { throwIfNoEntry: false }) ? readlinkSync(link) : [];
    });
    expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
  });

  it('replaces its manifest whole, so that a program that is reading the old one reads it to its end', async () => {
    const folder = aFolder();
    const store = folderStore(folder);
    await store.write('manifest.json', 'the old one');
    linkSync(join(folder, 'manifest.json'), join(folder, 'open'));
    await store.write('manifest.json', 'the new one');
    expect(['manifest.json', 'open'].map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([
      'the new one',
      'the old one',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'open']);
  });

  it('is refused while another process makes one, and removes the staging folder of an ended process', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, '.making-4242'));
    const others = (alive: boolean) => createFileExportStore(folder, { pid: 1, isAlive: () => alive });
    await expect(buildExport(CAPTURES, {}, folder, others(true))).rejects.toMatchObject({ code: 'EXPORT_RUNNING' });
    await buildExport(CAPTURES, {}, folder, others(false));
    expect(existsSync(join(folder, '.making-4242'))).toBe(false);
    // a container that was restarted has the pid that it had before
    mkdirSync(join(folder, '.making-1'));
    await buildExport(CAPTURES, {}, folder, others(true));
    expect(await isCompleteExport(folder)).toBe(true);
  });
});

describe('A release', () => {
  it('of a date range counts only the days of that range', async () => {
    const range = { from: day('2025-02-01'), to: day('2025-02-28') };
    const { folder } = await buildExport(CAPTURES, { release: '2025-02', range });
    const { years } = JSON.parse(readFileSync(join(folder, 'coverage.json'), 'utf8'));
    expect(years).toMatchObject([
      { list: 'daily', captured: 1, missing: 27 },
      { list: 'trending', captured: 1, missing: 11 },
    ]);
  });

  it('has its coverage by list and year, the parsers that read it, and a citation', async () => {
    const { folder, manifest } = await buildExport(CAPTURES, { release: '2025-q1' });
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
    expect(await isCompleteExport(folder)).toBe(true);
  });
});

describe('A paper with an empty list of keywords', () => {
  it('is exported with an empty list, which differs from unknown keywords', async () => {
    const { folder } = await buildExport([
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
