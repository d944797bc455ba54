import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { type ImportDeps, importFiles } from '../../shared/import/run.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openTable } from '../../shared/table/open.ts';
import { buildExport, folderStore, isCompleteExport } from '../export/build.ts';
import { instant } from '../support/build.ts';
import { catalogOf } from '../support/catalog.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';
const NOW = instant('2026-11-20T12:00:00Z');

/** An entry of the feed, as far as it is counted here. */
type Entry = {
  readonly paper: {
    readonly id: string;
    readonly upvotes: number;
    readonly authors: readonly object[];
    readonly ai_keywords?: readonly string[];
    readonly githubStars?: number;
  };
};
/** A capture: the day of its list, and its time. */
type Capture = { readonly day: string; readonly at: string; readonly entries: readonly Entry[] };

async function readCaptures(): Promise<Capture[]> {
  const captures: Capture[] = [];
  for (const file of await readdir(join(corpus, 'api-daily'))) {
    const [, day, time] = /^(\S{10})__(\d{8}T\d{6}Z)\.json\.gz$/.exec(file) ?? [];
    if (!day || !time) continue;
    const at = time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
    captures.push({
      day,
      at,
      entries: JSON.parse(gunzipSync(await readFile(join(corpus, 'api-daily', file))).toString()),
    });
  }
  return captures;
}

describe.skipIf(!corpus)('an export of real captures', { timeout: 240_000 }, () => {
  let home = '';
  let captures: Capture[] = [];
  let db: DatabaseSync;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'paperkeep-export-'));
    captures = await readCaptures();
    const archive = createFileStore(join(home, 'archive'));
    const table = await openTable(`sqlite:${join(home, 'papers.sqlite')}`);
    const workspace = { archive, table, parsers, read: (key: string) => readSnapshot(archive, key) };
    const files = (await readdir(join(corpus, 'api-daily'))).filter((file) => file.endsWith('.json.gz'));
    const imports = files.map((file) => ({
      name: file,
      list: null,
      day: null,
      at: null,
      read: () => readFile(join(corpus, 'api-daily', file)),
    }));
    const importing: ImportDeps = {
      archive,
      watched: [],
      clock: systemClock,
      record: (stored, reported) => recordSnapshots(workspace, stored, reported),
    };
    for await (const _ of importFiles(importing, imports));
    const clock = () => NOW;
    const context = { table, catalog: catalogOf(table, clock), clock, sample: false };
    const folder = join(home, 'exports');
    await buildExport(context, {}, folder, folderStore(folder));
    await table.close();
    db = new DatabaseSync(join(folder, 'paperkeep.sqlite'), { readOnly: true });
  }, 240_000);
  afterAll(async () => {
    db?.close();
    await rm(home, { recursive: true, force: true });
  });

  const numbers = (sql: string) => Object.values(db.prepare(sql).get() ?? {});

  it('holds exactly what its manifest says', async () => {
    expect(await isCompleteExport(join(home, 'exports'))).toBe(true);
  });

  it('has every entry of every capture as an observation, with its upvotes and stars', () => {
    let [rows, upvotes, starred, stars] = [0, 0, 0, 0];
    for (const { entries } of captures)
      for (const { paper } of entries) {
        rows += 1;
        upvotes += paper.upvotes;
        if (paper.githubStars === undefined) continue;
        starred += 1;
        stars += paper.githubStars;
      }
    const sql = 'SELECT count(*), sum(upvotes), count(github_stars), sum(github_stars) FROM observations';
    expect(numbers(sql)).toEqual([rows, upvotes, starred, stars]);
    expect(rows).toBeGreaterThan(5000);
  });

  it('has each paper once, with the authors, keywords and upvotes of its last capture', () => {
    const last = new Map<string, Entry['paper']>();
    for (const { entries } of captures.toSorted((a, b) =>
      a.at < b.at ? -1 : a.at > b.at ? 1 : a.day < b.day ? -1 : 1,
    ))
      for (const { paper } of entries) last.set(paper.id, paper);
    let [upvotes, authors, keywords] = [0, 0, 0];
    for (const paper of last.values()) {
      upvotes += paper.upvotes;
      authors += paper.authors.length;
      keywords += paper.ai_keywords?.filter((keyword) => keyword !== '').length ?? 0;
    }
    expect(numbers('SELECT count(*), sum(upvotes) FROM papers')).toEqual([last.size, upvotes]);
    expect(numbers('SELECT count(*) FROM paper_authors')).toEqual([authors]);
    expect(numbers('SELECT count(*) FROM paper_keywords')).toEqual([keywords]);
  });

  it('has a visit for every capture, and a row for every paper on every day', () => {
    const on = new Set<string>();
    for (const { day, entries } of captures) for (const { paper } of entries) on.add(`${day} ${paper.id}`);
    expect(numbers('SELECT count(*), count(DISTINCT day) FROM listings')).toEqual([
      captures.length,
      new Set(captures.map(({ day }) => day)).size,
    ]);
    expect(numbers('SELECT count(*) FROM appearances')).toEqual([on.size]);
  });

  it('has at each age the upvotes of the nearest capture that is near enough', () => {
    const HOUR = 3_600_000;
    let wanted = 0;
    let known = 0;
    let upvotes = 0;
    const days = new Map<string, Capture[]>();
    for (const capture of captures) days.set(capture.day, [...(days.get(capture.day) ?? []), capture]);
    for (const [day, visits] of days) {
      const ids = new Set(visits.flatMap(({ entries }) => entries.map(({ paper }) => paper.id)));
      for (const id of ids)
        for (const age of [6, 24, 48, 168, 336]) {
          wanted += 1;
          const aim = Date.parse(day) + age * HOUR;
          let best: { off: number; at: number; upvotes: number } | null = null;
          for (const { at, entries } of visits) {
            const paper = entries.find((entry) => entry.paper.id === id)?.paper;
            const off = Math.abs(Date.parse(at) - aim);
            if (!paper || off > Math.max(age / 6, 1) * HOUR) continue;
            if (!best || off < best.off || (off === best.off && Date.parse(at) < best.at))
              best = { off, at: Date.parse(at), upvotes: paper.upvotes };
          }
          if (!best) continue;
          known += 1;
          upvotes += best.upvotes;
        }
    }
    expect(numbers('SELECT count(*), count(upvotes), sum(upvotes) FROM votes_at_age')).toEqual([
      wanted,
      known,
      upvotes,
    ]);
    expect(known).toBeGreaterThan(100);
  });

  it('has the same sums in CSV', async () => {
    let [rows, upvotes] = [0, 0];
    const folder = join(home, 'exports', 'csv', 'observations');
    for (const month of await readdir(folder))
      for (const row of parse(await readFile(join(folder, month, 'part.csv')), { columns: true }) as {
        upvotes: string;
      }[]) {
        rows += 1;
        upvotes += Number(row.upvotes);
      }
    expect(numbers('SELECT count(*), sum(upvotes) FROM observations')).toEqual([rows, upvotes]);
  });
});
