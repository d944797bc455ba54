import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { addSeconds, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import type { TableStore } from '../../shared/table/store.ts';
import type { ShownCapture } from '../digest/captures.ts';
import { mailThrough } from '../digest/mailing.ts';
import { aCapture, aPaper, day } from '../support/build.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';

/** An entry of the feed, with the fields that plain loops compare. */
type Entry = {
  readonly organization?: { readonly name: string; readonly fullname: string };
  readonly paper: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
    readonly submittedOnDailyAt?: string;
    readonly githubRepo?: string;
    readonly authors: readonly { readonly name: string }[];
    readonly ai_keywords?: readonly string[];
  };
};
/** A capture with its real bytes, where there are some. */
type RealCapture = ShownCapture & { readonly body: string | null };

const rowOf = ({ paper, organization }: Entry, at: number): ListingRow =>
  aPaper({
    rank: at + 1,
    id: paper.id,
    upvotes: paper.upvotes,
    title: paper.title,
    abstract: paper.summary,
    authors: paper.authors.map(({ name }) => name),
    keywords: paper.ai_keywords ?? null,
    organization: organization ?? null,
    githubUrl: paper.githubRepo ?? null,
    listedOn: paper.submittedOnDailyAt?.slice(0, 10) as Day,
  });

function readDaily(): RealCapture[] {
  return readdirSync(join(corpus, 'api-daily')).flatMap((file): RealCapture[] => {
    const [, of, time] = /^(\S{10})__(\d{8}T\d{6}Z)\.json\.gz$/.exec(file) ?? [];
    if (!of || !time) return [];
    const at = time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z') as Instant;
    const body = gunzipSync(readFileSync(join(corpus, 'api-daily', file))).toString();
    return [{ list: 'daily', day: day(of), at, rows: (JSON.parse(body) as Entry[]).map(rowOf), body }];
  });
}

/** The real ranks of trending; its papers are those of the daily lists, or have made-up texts. */
function readTrending(daily: readonly RealCapture[]): RealCapture[] {
  const known = new Map(daily.flatMap(({ rows }) => rows.map((row) => [row.id, row] as const)));
  const file = readdirSync(join(corpus, 'trending')).find((name) => name.startsWith('ranks')) ?? '';
  const lines = gunzipSync(readFileSync(join(corpus, 'trending', file)))
    .toString()
    .trim()
    .split('\n')
    .slice(1);
  const captures = Map.groupBy(
    lines.map((line) => line.split(',')),
    ([at]) => `${at?.slice(0, 19)}Z`,
  );
  return [...captures].map(([at, ranks]) => ({
    list: 'trending',
    day: dayOf(at as Instant),
    at: at as Instant,
    rows: ranks.map(([, id = '', rank]) => ({
      ...(known.get(id) ?? aPaper({ id, listedOn: undefined as never, keywords: null })),
      upvotes: 1,
      rank: Number(rank),
    })),
    body: null,
  }));
}

async function record(table: TableStore, captures: readonly RealCapture[]): Promise<void> {
  const archive = createMemoryArchive();
  for (const { rows, body, ...visit } of captures) {
    const answer = body === null ? {} : { body: new TextEncoder().encode(body) };
    const { key } = await archiveCapture(archive, aCapture({ ...visit, papers: rows, answer }));
    await recordSnapshots({ table, parsers }, [await readSnapshot(archive, key)]);
  }
}

const KINDS = [
  {},
  { cadence: 'weekly', zone: 'Europe/Berlin' },
  { minUpvotes: 30 },
  { follow: ['keyword:large-language-models', 'keyword:reinforcement-learning'], zone: 'Asia/Tokyo' },
  { follow: ['phrase:language models', 'phrase:diffusion'], zone: 'America/Los_Angeles', hour: 20 },
  { follow: ['phrase:benchmark'], minUpvotes: 10, hour: 0 },
];

describe.skipIf(!corpus)('Three weeks of mail about real lists', () => {
  it.each([
    // with a day that was captured every hour
    ['2025-01-01', KINDS],
    // with the real ranks of trending from the eleventh on
    ['2026-05-11', [...KINDS, { follow: ['entered-trending'], zone: 'Asia/Kathmandu', hour: 23 }]],
  ])(
    'from %s brings each subscriber the right papers, none twice and none missed',
    async (begin, kinds) => {
      const first = day(begin);
      const end = addSeconds(`${first}T00:00:00Z` as Instant, 21 * 86_400);
      const start = addSeconds(`${first}T00:00:00Z` as Instant, -15 * 86_400);
      const daily = readDaily().filter(({ at }) => at >= start && at < end);
      const trending = readTrending(daily).filter(({ at }) => at >= start && at < end);
      const captures = [...daily, ...trending].sort((a, b) => (a.at < b.at ? -1 : 1));
      const [late] = daily.filter(({ at }) => dayOf(at) === dayOf(addSeconds(start, 20 * 86_400)));
      // one capture is recorded two hours late, and one imported three days later
      const knownAt = (capture: RealCapture): Instant =>
        capture === late
          ? addSeconds(capture.at, 7200)
          : capture === daily.at(-6)
            ? addSeconds(capture.at, 3 * 86_400)
            : capture.at;
      const { messages, sent } = await mailThrough({ kinds, first, days: 21, captures, knownAt, record });
      expect(messages).toBeGreaterThan(40);
      expect([...sent.values()].filter((matches) => matches.size > 3).length).toBeGreaterThan(4);
    },
    300_000,
  );
});
