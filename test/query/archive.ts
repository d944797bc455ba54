import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { ListDay, ListName } from '../../shared/model/list.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { aCapture, aPaper, day, instant } from '../support/build.ts';
import { catalogOf } from '../support/catalog.ts';
import { createMemoryArchive, type MemoryArchive } from '../support/snapshots.ts';

/** A small archive through the real stages: captures are written as snapshots, read back, parsed and recorded in a table in memory. */
export async function anArchive(
  captures: readonly Capture[],
  now = '2025-01-20T12:00:00Z',
  sample = false,
): Promise<QueryContext & { readonly archive: MemoryArchive }> {
  const archive = createMemoryArchive();
  const table = openSqliteTable(':memory:');
  for (const capture of captures) {
    const { key } = await archiveCapture(archive, capture);
    await recordSnapshots({ table, parsers }, [await readSnapshot(archive, key)]);
  }
  const clock = () => instant(now);
  return { table, catalog: catalogOf(table, clock), archive, clock, sample };
}

/** A list of a day by its names: `daily 2025-01-08`. */
export function listDay(text: string): ListDay {
  const [source, on] = text.split(' ');
  return { list: source as ListName, day: day(on ?? '') };
}

/** Rows by the last digits of their ids, first rank first: `{ 1: 10, 2: 7 }` are two papers with their upvotes. */
export const papers = (
  ...rows: readonly (readonly [id: number, upvotes?: number, more?: Partial<ListingRow['content']>])[]
) =>
  rows.map(([id, upvotes = 10, more = {}], at) =>
    aPaper({ rank: at + 1, id: `2501.${String(id).padStart(5, '0')}`, upvotes, ...more }),
  );

/** A visit of a list that showed those papers. */
export const seen = (
  list: string,
  at: string,
  rows: readonly ListingRow[],
  change: Parameters<typeof aCapture>[0] = {},
): Capture => aCapture({ ...listDay(list), at: instant(at), papers: rows, ...change });

/** A visit that the feed refused. */
export const refused = (list: string, at: string): Capture =>
  aCapture({ ...listDay(list), at: instant(at), answer: { status: 503, body: new TextEncoder().encode('busy') } });

/** A visit of a daily list that stopped after a full first page: known to be cut. */
export function cut(list: string, at: string, rows: readonly ListingRow[]): Capture {
  const first = seen(list, at, rows);
  const [page] = first.exchanges;
  if (!page) throw new Error('a capture has an exchange');
  const failed = { ...page, url: page.url.replace('p=0', 'p=1'), status: 503, body: new Uint8Array() };
  const full = { ...page, url: page.url.replace('limit=100', `limit=${rows.length}`) };
  return { ...first, exchanges: [full, { ...failed, url: failed.url.replace('limit=100', `limit=${rows.length}`) }] };
}

/** A copied page's text: title and abstract of each paper. */
export const copied = (
  list: string,
  at: string,
  rows: readonly (readonly [title: string, abstract: string])[],
): Capture =>
  aCapture({
    ...listDay(list),
    at: instant(at),
    imported: true,
    answer: {
      status: null,
      headers: [['content-type', 'text/plain']],
      sent: null,
      body: new TextEncoder().encode(['Daily Papers', 'Mar 12', ...rows.flat()].join('\n\n')),
    },
  });

/** An archive's question of the newest, by rank. */
export const NEWEST = { at: null, sort: 'rank' } as const;
