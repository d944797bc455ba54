import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Snapshot } from '../archive/warc/snapshot.ts';
import { batches } from '../lib/concurrency.ts';
import { type ListDay, listKind, parseSnapshotKey } from '../model/list.ts';
import type { ParseResult } from '../model/listing.ts';
import type { Parsers } from '../parse/parsers.ts';
import {
  createAppearanceItems,
  createSummaryItems,
  decodeListing,
  decodeSummary,
  encodeListing,
  type ListingItem,
} from '../table/items.ts';
import { listPk, monthKey, parseListPk, SUMMARY_SK } from '../table/keys.ts';
import type { Item, Key, TableStore } from '../table/store.ts';
import { foldListings } from './fold.ts';
import { type CaptureItems, createCaptureItems } from './items.ts';

/** A snapshot to record. `parsed` is what its capture was parsed to, if the caller has done that already. */
export type SnapshotToRecord = Snapshot & { readonly parsed?: ParseResult };

/** Parses a snapshot, unless it is parsed already, and makes its items; pure. */
export function parseSnapshotItems(parsers: Parsers, { key, bytes, capture, parsed }: SnapshotToRecord): CaptureItems {
  const facts = parseSnapshotKey(key);
  if (!facts) throw new TypeError(`not a snapshot's key: ${key}`);
  const { parse, epoch } = parsers[listKind(capture.list)];
  const sha256 = hash('sha256', bytes);
  return createCaptureItems({ ...facts, key, bytes: bytes.length, sha256 }, capture, parsed ?? parse(capture), epoch);
}

/** What recording needs. */
export type RecordDeps = { readonly table: TableStore; readonly parsers: Parsers };

/**
 * Captures whose items are written at one go. A capture's some 300 items lie all over the table: written one capture at a time, 40 % of a
 * replay was the same pages of the file again and again. 32 captures are some 10,000 items, about 5 MB.
 */
const BATCH = 32;

/**
 * Records snapshots, of whatever lists: their listings, then a fold of each partition they belong to. `tell` is told each listing once it
 * is in the table. Idempotent; any order, any repetition gives the same table.
 */
export async function recordSnapshots(
  { table, parsers }: RecordDeps,
  snapshots: Iterable<SnapshotToRecord> | AsyncIterable<SnapshotToRecord>,
  tell: (listing: ListingItem) => void = () => {},
): Promise<void> {
  async function* recorded() {
    for await (const snapshot of snapshots) {
      yield parseSnapshotItems(parsers, snapshot);
      // Between two captures everything else gets its turn: what is read or stored ahead, and a visitor of the pages.
      await turn();
    }
  }
  for await (const batch of batches(recorded(), BATCH)) await recordBatch(table, batch, tell);
}

async function recordBatch(
  table: TableStore,
  batch: readonly CaptureItems[],
  tell: (listing: ListingItem) => void,
): Promise<void> {
  await putListings(table, batch);
  const listDays = new Map(batch.map(({ listing }) => [listing.pk, parseListPk(listing.pk) as ListDay]));
  await foldListDays(table, [...listDays.values()]);
  for (const { listing } of batch) tell(listing);
}

/**
 * Puts the items of captures: pointers, then contents, then the listings, so that a listing in the table always has its contents.
 * A listing that is there already with this epoch or a higher one is left alone. Folding is the next step, whatever this did.
 */
async function putListings(table: TableStore, batch: readonly CaptureItems[]): Promise<void> {
  const there = new Map((await table.getMany(batch.map(({ listing }) => listing))).map((item) => [nameOf(item), item]));
  const fresh = batch.filter(({ listing }) => {
    const before = there.get(nameOf(listing));
    return !before || decodeListing(before).epoch < listing.epoch;
  });
  const missing = await absent(
    table,
    fresh.flatMap(({ contents }) => contents.map(({ content }) => content)),
  );
  if (missing.size > 0) {
    const pointers = fresh.flatMap(({ contents }) =>
      contents.flatMap(({ content, pointers }) => (missing.has(nameOf(content)) ? pointers : [])),
    );
    await table.putMany(pointers);
    await table.putMany([...missing.values()]);
  }
  await table.putInOrder(
    fresh.map(({ listing }) => ({
      item: encodeListing(listing),
      condition: { if: 'below', field: 'epoch', value: listing.epoch },
    })),
  );
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** The items that are not in the table. Reading is a tenth of the price of writing, and most contents were written by an earlier capture. */
async function absent(table: TableStore, items: readonly Item[]): Promise<Map<string, Item>> {
  const missing = new Map(items.map((item) => [nameOf(item), item]));
  for (const item of await table.getMany([...missing.values()])) missing.delete(nameOf(item));
  return missing;
}

/**
 * Folds everything that is known of partitions and stores what follows: appearances first, then of each the calendar and last the summary,
 * only if its version is higher than what is there. Refused, somebody has folded these listings or more, and there is nothing left to do.
 *
 * Why any interleaving ends in one table: listings only ever come or rise in epoch, so a version tells how much was folded; whoever put
 * the last one reads the partition after it, consistently, and so holds the highest. Appearances are only ever put, before the first
 * summary that needs them: deleting those of papers that a raised epoch drops was tried, and lost some that a faster recorder needed.
 * The few that stay behind point at a summary that does not name the paper; parsers skip them and `verify --fix` removes them.
 */
export async function foldListDays(table: TableStore, listDays: readonly ListDay[]): Promise<void> {
  const better: Item[] = [];
  const pointers: Item[] = [];
  for (const listDay of listDays) {
    const items = await table.range({ pk: listPk(listDay), consistent: true });
    const stored = decodeSummary(items.find(({ sk }) => sk === SUMMARY_SK));
    const summary = foldListings(listDay, items.filter(({ sk }) => sk !== SUMMARY_SK).map(decodeListing));
    if (!summary || (stored && stored.version >= summary.version)) continue;
    const pointed = new Set(stored?.papers);
    const fresh = summary.papers.filter((paper) => !pointed.has(paper));
    pointers.push(...(stored ? [] : [monthKey(listDay)]), ...createAppearanceItems(listDay, fresh));
    const made = createSummaryItems(listDay, summary);
    better.push(made.calendar, made.summary);
  }
  await table.putMany(pointers);
  await table.putInOrder(
    better.map((item) => ({ item, condition: { if: 'below', field: 'version', value: item.version as number } })),
  );
}
