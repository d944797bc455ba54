import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Snapshot } from '../archive/warc/write-snapshot.ts';
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
import { formatKey, listPk, monthKey, parseListPk, SUMMARY_SK } from '../table/keys.ts';
import type { Item, TableStore } from '../table/store.ts';
import { foldListings } from './fold.ts';
import { type CaptureItems, createCaptureItems } from './items.ts';

/** A snapshot to record. `parsed` is what its capture was parsed to, if the caller has done that already. */
export type SnapshotToRecord = Snapshot & { readonly parsed?: ParseResult };

/** Parses a snapshot, unless it is parsed already, and creates its items. Pure. */
export function parseSnapshotItems(parsers: Parsers, { key, bytes, capture, parsed }: SnapshotToRecord): CaptureItems {
  const parts = parseSnapshotKey(key);
  if (!parts) throw new TypeError(`not a snapshot's key: ${key}`);
  const { parse, epoch } = parsers[listKind(capture.list)];
  const sha256 = hash('sha256', bytes);
  return createCaptureItems({ ...parts, key, bytes: bytes.length, sha256 }, capture, parsed ?? parse(capture), epoch);
}

/** What recording needs. */
export type RecordDeps = { readonly table: TableStore; readonly parsers: Parsers };

/**
 * Captures whose items are written together. The some 300 items of a capture are all over the table: written one capture at a time, 40 % of
 * a replay rewrote the same pages of the file. 32 captures are some 10,000 items, about 5 MB.
 */
const BATCH = 32;

/**
 * Records snapshots of any lists: puts their listings, then folds the list days they belong to. Idempotent: any order and any repetition
 * give the same table.
 *
 * @param onRecorded Called with each listing once it is in the table.
 */
export async function recordSnapshots(
  { table, parsers }: RecordDeps,
  snapshots: Iterable<SnapshotToRecord> | AsyncIterable<SnapshotToRecord>,
  onRecorded: (listing: ListingItem) => void = () => {},
): Promise<void> {
  async function* parsed() {
    for await (const snapshot of snapshots) {
      yield parseSnapshotItems(parsers, snapshot);
      // parsing blocks the process: requests and reads get their turn between two captures
      await nextTurn();
    }
  }
  for await (const batch of batches(parsed(), BATCH)) {
    await putListings(table, batch);
    const listDays = new Map(batch.map(({ listing: { pk } }) => [pk, parseListPk(pk) as ListDay]));
    await foldListDays(table, [...listDays.values()]);
    for (const { listing } of batch) onRecorded(listing);
  }
}

/**
 * Puts the items of captures: pointers, then contents, then the listings, so that a listing in the table always has its contents. Puts
 * contents that are missing also for a listing that exists; keeps a listing of this epoch or a higher one.
 */
async function putListings(table: TableStore, batch: readonly CaptureItems[]): Promise<void> {
  const missing = await findMissing(
    table,
    batch.flatMap(({ contents }) => contents.map(({ content }) => content)),
  );
  if (missing.size > 0) {
    const pointers = batch.flatMap(({ contents }) =>
      contents.flatMap(({ content, pointers }) => (missing.has(formatKey(content)) ? pointers : [])),
    );
    await table.putMany(pointers);
    await table.putMany([...missing.values()]);
  }
  const stored = new Map(
    (await table.getMany(batch.map(({ listing }) => listing))).map((item) => [
      formatKey(item),
      decodeListing(item).epoch,
    ]),
  );
  await table.putInOrder(
    batch
      .filter(({ listing }) => (stored.get(formatKey(listing)) ?? -1) < listing.epoch)
      .map(({ listing }) => ({
        item: encodeListing(listing),
        condition: { if: 'below', field: 'epoch', value: listing.epoch },
      })),
  );
}

/** The items that are not in the table. Reading costs a tenth of writing, and most contents were written with an earlier capture. */
async function findMissing(table: TableStore, items: readonly Item[]): Promise<Map<string, Item>> {
  const missing = new Map(items.map((item) => [formatKey(item), item]));
  for (const item of await table.getMany([...missing.values()])) missing.delete(formatKey(item));
  return missing;
}

/**
 * Folds all listings of list days, and stores what follows: appearances first, then of each list day the calendar and last the summary, if
 * its version is higher than the stored one. Otherwise another process has folded these listings or more, and there is nothing to do.
 *
 * Why any interleaving ends in the same table: listings are only added or replaced by those of a higher epoch, so the version tells how much
 * was folded; the process that put the last listing reads the partition after it, consistently, and so stores the highest version.
 * Appearances are only added, before the first summary that needs them: deleting those of papers that a new epoch drops lost some that a
 * faster recorder needed. The few that stay point at a summary without the paper; readers skip them, and verifying removes them.
 */
export async function foldListDays(table: TableStore, listDays: readonly ListDay[]): Promise<void> {
  const newer: Item[] = [];
  const pointers: Item[] = [];
  for (const listDay of listDays) {
    const items = await table.range({ pk: listPk(listDay), consistent: true });
    const stored = decodeSummary(items.find(({ sk }) => sk === SUMMARY_SK));
    const summary = foldListings(listDay, items.filter(({ sk }) => sk !== SUMMARY_SK).map(decodeListing));
    if (!summary || (stored && stored.version >= summary.version)) continue;
    const known = new Set(stored?.papers);
    const added = summary.papers.filter((paper) => !known.has(paper));
    pointers.push(...(stored ? [] : [monthKey(listDay)]), ...createAppearanceItems(listDay, added));
    const encoded = createSummaryItems(listDay, summary);
    newer.push(encoded.calendar, encoded.summary);
  }
  await table.putMany(pointers);
  await table.putInOrder(
    newer.map((item) => ({ item, condition: { if: 'below', field: 'version', value: item.version as number } })),
  );
}
