import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { importFiles } from '../../shared/import/run.ts';
import { type Day, type Instant, systemClock } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getNewPapers } from '../../shared/query/new.ts';
import { ALL_ITEMS } from '../../shared/query/paging.ts';
import { searchPapers } from '../../shared/query/search.ts';
import { searchText } from '../../shared/query/search-text.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { catalogOf } from '../support/catalog.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';
const NOW = '2026-11-20T12:00:00Z' as Instant;

/** An entry of the feed, with the fields that this test reads. */
type Entry = {
  readonly paper: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
    readonly authors: readonly { readonly name: string }[];
    readonly ai_keywords?: readonly string[];
  };
};
type Fields = 'title' | 'abstract' | 'author' | 'keyword';
/** A paper as plain loops over the captures put it together: words of its newest texts, and where it was. */
type Seen = {
  at: string;
  firstSeen: string;
  upvotes: number;
  words: Record<Fields, string[]>;
  readonly days: Map<string, { at: string; best: number; upvotes: number }>;
};

/** Words as the index has them: letters and digits, small, without accents. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{Co}]+/u)
    .filter((word) => word !== '');

function add(seen: Map<string, Seen>, day: string, at: string, entries: readonly Entry[]): void {
  for (let place = 0; place < entries.length; place++) {
    const { paper } = entries[place] as Entry;
    const words = {
      title: wordsOf(paper.title),
      abstract: wordsOf(paper.summary),
      author: paper.authors.flatMap(({ name }) => wordsOf(name)),
      keyword: (paper.ai_keywords ?? []).flatMap(wordsOf),
    };
    const known = seen.get(paper.id) ?? { at, firstSeen: at, upvotes: paper.upvotes, words, days: new Map() };
    if (at < known.firstSeen) known.firstSeen = at;
    if (at >= known.at) Object.assign(known, { at, upvotes: paper.upvotes, words });
    const on = known.days.get(day) ?? { at, best: place + 1, upvotes: paper.upvotes };
    on.best = Math.min(on.best, place + 1);
    if (at >= on.at) Object.assign(on, { at, upvotes: paper.upvotes });
    known.days.set(day, on);
    seen.set(paper.id, known);
  }
}

/** What is looked for, taken apart by hand. */
type Term = { readonly phrase: string; readonly field?: Fields; readonly prefix?: true; readonly without?: true };

function holds(paper: Seen, { phrase, field, prefix }: Term): boolean {
  const wanted = phrase.split(' ');
  const fields = field ? [field] : (['title', 'abstract', 'author', 'keyword'] as const);
  for (const name of fields) {
    const words = paper.words[name];
    for (let from = 0; from + wanted.length <= words.length; from++) {
      let same = true;
      for (let at = 0; at < wanted.length; at++) {
        const [word, want] = [words[from + at] as string, wanted[at] as string];
        if (prefix && at === wanted.length - 1 ? !word.startsWith(want) : word !== want) same = false;
      }
      if (same) return true;
    }
  }
  return false;
}

type Filters = { readonly from?: Day; readonly to?: Day; readonly maxRank?: number; readonly minUpvotes?: number };

const fits = (paper: Seen, { from, to, maxRank, minUpvotes }: Filters, daily: boolean): boolean =>
  (daily || minUpvotes === undefined || paper.upvotes >= minUpvotes) &&
  [...paper.days].some(
    ([day, on]) =>
      (!from || day >= from) &&
      (!to || day <= to) &&
      (!maxRank || on.best <= maxRank) &&
      (!daily || minUpvotes === undefined || on.upvotes >= minUpvotes),
  );

const QUERIES: readonly (readonly [q: string, terms: readonly Term[]])[] = [
  ['model', [{ phrase: 'model' }]],
  ['Diffusion Models', [{ phrase: 'diffusion' }, { phrase: 'models' }]],
  ['"large language models"', [{ phrase: 'large language models' }]],
  ['diffus*', [{ phrase: 'diffus', prefix: true }]],
  ['title:video', [{ phrase: 'video', field: 'title' }]],
  [
    'title:gen* robot*',
    [
      { phrase: 'gen', field: 'title', prefix: true },
      { phrase: 'robot', prefix: true },
    ],
  ],
  ['author:wang', [{ phrase: 'wang', field: 'author' }]],
  ['author:"wei li"', [{ phrase: 'wei li', field: 'author' }]],
  ['keyword:"reinforcement learning"', [{ phrase: 'reinforcement learning', field: 'keyword' }]],
  ['benchmark -video', [{ phrase: 'benchmark' }, { phrase: 'video', without: true }]],
  [
    'state-of-the-art -title:agents -"fine tuning"',
    [
      { phrase: 'state of the art' },
      { phrase: 'agents', field: 'title', without: true },
      { phrase: 'fine tuning', without: true },
    ],
  ],
  ['multi-modal', [{ phrase: 'multi modal' }]],
  ['3d', [{ phrase: '3d' }]],
  ['"in context learn"*', [{ phrase: 'in context learn', prefix: true }]],
  ['abstract:"we introduce" benchmark', [{ phrase: 'we introduce', field: 'abstract' }, { phrase: 'benchmark' }]],
  ['jose', [{ phrase: 'jose' }]],
  ['GPT-4', [{ phrase: 'gpt 4' }]],
  ['the of and', [{ phrase: 'the' }, { phrase: 'of' }, { phrase: 'and' }]],
  ['zyzzyva', [{ phrase: 'zyzzyva' }]],
];
const NO_FACETS = { keyword: null, organization: null, code: null } as const;
const FILTERS: readonly Filters[] = [
  {},
  { from: '2025-03-01' as Day, to: '2025-06-30' as Day },
  { maxRank: 3 },
  { minUpvotes: 40 },
  { from: '2025-01-01' as Day, maxRank: 10, minUpvotes: 20 },
];

describe.skipIf(!corpus)('real captures', { timeout: 240_000 }, () => {
  const seen = new Map<string, Seen>();
  let table: TableStore;
  let context: QueryContext;

  beforeAll(async () => {
    const files = (await readdir(join(corpus, 'api-daily'))).filter((file) => file.endsWith('.json.gz')).sort();
    const bodies = new Map<string, Buffer>();
    for (const file of files) {
      const [, day = '', time = ''] = /^(\S{10})__(\d{8}T\d{6}Z)\.json\.gz$/.exec(file) ?? [];
      const at = time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
      const body = await readFile(join(corpus, 'api-daily', file));
      bodies.set(file, body);
      add(seen, day, at, JSON.parse(gunzipSync(body).toString()));
    }
    table = openSqliteTable(':memory:');
    const archive = createMemoryArchive();
    const deps = { table, archive, parsers, read: (key: string) => readSnapshot(archive, key) };
    const bring = files.map((name) => ({
      name,
      list: null,
      day: null,
      at: null,
      read: async () => bodies.get(name) as Buffer,
    }));
    const reported = importFiles(
      { archive, watched: [], clock: systemClock, record: (stored, say) => recordSnapshots(deps, stored, say) },
      bring,
    );
    for await (const { result } of reported) expect(result).toBe('done');
    const catalog = await catalogOf(table, () => NOW)();
    context = { table, catalog: async () => catalog, clock: () => NOW, sample: false };
  }, 240_000);
  afterAll(() => table.close());

  it('are found as plain loops over their JSON find them, with every filter and order', async () => {
    let compared = 0;
    for (const [q, terms] of QUERIES) {
      for (const filters of FILTERS)
        for (const list of [null, 'daily'] as const) {
          const expected = [...seen]
            .filter(([, paper]) => terms.every((term) => holds(paper, term) !== (term.without ?? false)))
            .filter(([, paper]) => fits(paper, filters, list === 'daily'))
            .map(([id]) => id)
            .sort();
          const { from = null, to = null, maxRank = null, minUpvotes = null } = filters;
          for (const sort of [null, 'date', 'upvotes'] as const) {
            const filtered = {
              ...NO_FACETS,
              list,
              from,
              to,
              maxRank,
              minUpvotes,
              sort,
              limit: ALL_ITEMS,
              cursor: null,
            };
            const answer = await searchPapers(context, { q: searchText.parse(q), ...filtered });
            const found = answer.papers.map(({ id }) => id).sort();
            expect([q, filters, list, sort, answer.total, found]).toEqual([
              q,
              filters,
              list,
              sort,
              expected.length,
              expected,
            ]);
          }
          compared += expected.length;
        }
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it('are new since a time as plain loops say', async () => {
    const times = [...seen.values()].map(({ firstSeen }) => firstSeen).sort();
    for (const share of [0, 0.2, 0.5, 0.8, 0.99]) {
      const at = times[Math.floor(share * (times.length - 1))] as string;
      const expected = [...seen]
        .filter(([, { firstSeen }]) => firstSeen >= at)
        .sort(([a, one], [b, two]) =>
          one.firstSeen === two.firstSeen ? (a < b ? -1 : 1) : one.firstSeen < two.firstSeen ? 1 : -1,
        )
        .map(([id]) => id);
      const answer = await getNewPapers(context, { since: at as Instant, list: null, limit: ALL_ITEMS, cursor: null });
      expect(answer.papers.map(({ id }) => id)).toEqual(expected);
    }
  });
});
