import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { importFiles } from '../../shared/import/run.ts';
import { type Day, type Instant, systemClock, toInstant } from '../../shared/lib/time.ts';
import { parseSnapshotKey } from '../../shared/model/list.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getCoverage } from '../../shared/query/coverage.ts';
import { getList } from '../../shared/query/list.ts';
import type { ReplayDeps } from '../../shared/record/reconcile.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { verifyArchive } from '../../shared/record/verify.ts';
import { openTable, SCHEMA_KEY } from '../../shared/table/open.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';
import { catalogOf } from '../support/catalog.ts';
import { findLargePages, siteOver } from '../web/site.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';
const NOW = '2026-11-20T12:00:00Z' as Instant;

/** An entry of the feed, with the fields that the plain loops of this test read. */
type Entry = {
  readonly numComments: number;
  readonly submittedBy?: { readonly name: string };
  readonly organization?: { readonly name: string; readonly fullname: string };
  readonly paper: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
    readonly publishedAt: string;
    readonly githubStars?: number;
    readonly authors: readonly { readonly name: string }[];
    readonly ai_keywords?: readonly string[];
    readonly submittedOnDailyBy?: { readonly user: string };
  };
};
/** One capture of the corpus. */
type Capture = { readonly file: string; readonly day: Day; readonly at: Instant; readonly entries: readonly Entry[] };

async function readCorpus(): Promise<Capture[]> {
  const files = (await readdir(join(corpus, 'api-daily'))).filter((file) => file.endsWith('.json.gz')).sort();
  return Promise.all(
    files.map(async (file) => {
      const [, day, time] = /^(\S{10})__(\d{8}T\d{6}Z)\.json\.gz$/.exec(file) ?? [];
      const at = time?.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
      const body = gunzipSync(await readFile(join(corpus, 'api-daily', file)));
      return { file, day: day as Day, at: at as Instant, entries: JSON.parse(body.toString()) };
    }),
  );
}

const plain = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

/** What a list of a day must show, from all captures of that day up to this one. */
function expected(captures: readonly Capture[]): object[] {
  const shown = captures.at(-1) as Capture;
  const rows: object[] = [];
  for (let at = 0; at < shown.entries.length; at++) {
    const entry = shown.entries[at] as Entry;
    const { paper } = entry;
    let first: { upvotes: number; rank: number; at: Instant } | null = null;
    let [best, peak, count] = [at + 1, paper.upvotes, 0];
    let previousRank: number | null = null;
    for (let visit = 0; visit < captures.length; visit++) {
      const { entries, at: time } = captures[visit] as Capture;
      for (let place = 0; place < entries.length; place++) {
        const seen = (entries[place] as Entry).paper;
        if (seen.id !== paper.id) continue;
        first ??= { upvotes: seen.upvotes, rank: place + 1, at: time };
        best = Math.min(best, place + 1);
        peak = Math.max(peak, seen.upvotes);
        count++;
        if (visit === captures.length - 2) previousRank = place + 1;
      }
    }
    const organization = entry.organization;
    rows.push({
      rank: at + 1,
      id: paper.id,
      title: plain(paper.title),
      abstract: plain(paper.summary),
      authors: paper.authors.map(({ name }) => plain(name)),
      upvotes: paper.upvotes,
      comments: entry.numComments,
      githubStars: paper.githubStars ?? null,
      // nine papers have only the empty keyword, which does not count
      keywords: paper.ai_keywords?.some((keyword) => keyword !== '') ? paper.ai_keywords.map(plain) : null,
      organization: organization ? { name: organization.name, fullname: plain(organization.fullname) } : null,
      submittedBy: entry.submittedBy?.name ?? paper.submittedOnDailyBy?.user ?? null,
      publishedAt: `${paper.publishedAt.slice(0, 19)}Z`,
      listedOn: shown.day,
      previousRank,
      firstRank: first?.rank,
      bestRank: best,
      firstUpvotes: first?.upvotes,
      peakUpvotes: peak,
      gain: count > 1 ? paper.upvotes - (first?.upvotes ?? 0) : null,
      firstSeen: first?.at,
      ageHours: Math.round((Date.parse(shown.at) - Date.parse(shown.day)) / 360_000) / 10,
    });
  }
  return rows;
}

describe.skipIf(!corpus)('419 real captures of daily lists', { timeout: 120_000 }, () => {
  let folder: string;
  let captures: Capture[];
  let table: TableStore;
  let reread: ReplayDeps;
  let context: QueryContext;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperkeep-lists-'));
    captures = await readCorpus();
    const archive = createFileStore(join(folder, 'archive'));
    table = await openTable(`sqlite:${join(folder, 'papers.sqlite')}`);
    reread = { archive, table, parsers, read: (key) => readSnapshot(archive, key) };
    context = { table, catalog: catalogOf(table, () => NOW), clock: () => NOW, sample: false };
  }, 120_000);

  afterAll(async () => {
    await table.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are imported, every one as a list', async () => {
    const bring = captures.map(({ file }) => ({
      name: file,
      list: null,
      day: null,
      at: null,
      read: () => readFile(join(corpus, 'api-daily', file)),
    }));
    const wrong = [];
    let stored = 0;
    for await (const one of importFiles(
      {
        archive: reread.archive,
        watched: [],
        clock: systemClock,
        record: (stored, reported) => recordSnapshots(reread, stored, reported),
      },
      bring,
    )) {
      if (one.stored === 'stored') stored++;
      if (one.result !== 'done' || one.outcome !== 'list') wrong.push(one);
    }
    expect(wrong).toEqual([]);
    expect(stored).toBe(captures.length);
    expect(captures.length).toBeGreaterThan(400);
  });

  it('are shown as of their time unchanged, with the previous ranks, gains and first values of that time', async () => {
    for (const { file, day, at } of captures) {
      const known = captures
        .filter((capture) => capture.day === day && capture.at <= at)
        .sort((a, b) => (a.at < b.at ? -1 : 1));
      const answer = await getList(context, { list: 'daily', day }, { at, sort: 'rank' });
      const rows = answer.papers.map(
        ({
          url: _url,
          arxivUrl: _arxivUrl,
          githubUrl: _,
          projectUrl: _p,
          aiSummary: _a,
          expectedUpvotes: _e,
          ...row
        }) => row,
      );
      expect([file, rows]).toEqual([file, expected(known)]);
      const listed = known.at(-1)?.entries.length as number;
      expect([file, answer]).toMatchObject([
        file,
        {
          observedAt: at,
          total: listed,
          coverage: { status: 'captured', captures: known.length, listed, complete: listed === 50 ? null : true },
        },
      ]);
    }
  });

  it('are shown, a second earlier, as nothing or as the previous capture', async () => {
    for (const { file, day, at } of captures) {
      const before = captures
        .filter((capture) => capture.day === day && capture.at < at)
        .map((capture) => capture.at)
        .sort()
        .at(-1);
      const earlier = toInstant(Date.parse(at) - 1000);
      const answer = await getList(context, { list: 'daily', day }, { at: earlier, sort: 'rank' });
      expect([file, answer.observedAt]).toEqual([file, before ?? null]);
    }
  });

  it('make pages of at most 60 kB, and 15 kB compressed', async () => {
    const paths = [...new Set(captures.map(({ day }) => `/daily/${day}`))];
    expect(await findLargePages(siteOver({ ...context, archive: reread.archive }), paths)).toEqual([]);
  });

  it('give a calendar with every captured day and every gap', async () => {
    const { days, summary, from } = await getCoverage(context, 'daily', { from: null, to: '2026-06-30' as Day });
    const captured = new Set(captures.map(({ day }) => day));
    expect(from).toBe([...captured].sort()[0]);
    expect(days.filter(({ status }) => status === 'captured').map(({ day }) => day)).toEqual([...captured].sort());
    expect(summary).toMatchObject({
      captured: captured.size,
      captures: captures.length,
      missing: days.length - captured.size,
    });
  });

  it('give the same table when they are read in another order, twice', async () => {
    const other = await openTable('sqlite::memory:');
    const keys: string[] = [];
    for await (const { key } of reread.archive.list('raw/')) keys.push(key);
    for (const key of [...keys.toReversed(), ...keys.filter((_, at) => at % 5 === 0)]) {
      const facts = parseSnapshotKey(key);
      if (!facts) throw new Error(`no key: ${key}`);
      await recordSnapshots({ table: other, parsers }, [await reread.read(key)]);
    }
    const [one, two] = [await contentOf(table), await contentOf(other)];
    await other.close();
    expect(two.size).toBe(one.size);
    expect([...one].filter(([name, item]) => two.get(name) !== item)).toEqual([]);
  });

  it('verify clean, and one changed byte is found and named', async () => {
    const check = (day: Day | null) => verifyArchive(reread, { range: { from: day, to: day } });
    expect(await check(null)).toMatchObject({ findings: [], snapshots: captures.length });
    const keys: string[] = [];
    for await (const { key } of reread.archive.list('raw/daily/2025-01-08/')) keys.push(key);
    const key = keys[4] as string;
    const path = join(folder, 'archive', key);
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] as number) ^ 1;
    await writeFile(path, bytes);
    const { findings } = await check('2025-01-08' as Day);
    expect(findings).toMatchObject([{ what: 'damaged', name: key }]);
  });
});

/** A table's items as text, by key; without the mark of its layout. */
async function contentOf(table: TableStore): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  for await (const item of table.scan())
    if (item.pk !== SCHEMA_KEY.pk) items.set(`${item.pk} ${item.sk}`, textOf(item));
  return items;
}

const textOf = (item: Item): string =>
  JSON.stringify(item, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  );
