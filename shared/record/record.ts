import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { inBatches } from '../kit/turns.ts';
import type { Capture } from '../model/capture.ts';
import type { Parsed } from '../model/listing.ts';
import { kindOf, readKey, type SourceKind, type Target } from '../model/target.ts';
import type { Snapshot } from '../snapshot/warc.ts';
import { appearancesOf, asSummary, fold, summaryItems } from './fold.ts';
import { listPk, monthKey, readListPk, SUMMARY } from './keys.ts';
import { asListing, itemsOf, type ListingItem, listingItem, type Recorded } from './listing.ts';
import type { Item, Key, Records } from './records.ts';

/** A parser as recording sees it: what kind of source it is for decides which one; `epoch` rises when older output was wrong. */
export type Reader = { readonly epoch: number; read(capture: Capture): Parsed };
/** One for each kind of source. */
export type Readers = Readonly<Record<SourceKind, Reader>>;

/** Parses a snapshot and makes its items; pure. */
export function readSnapshotItems(readers: Readers, { key, bytes, capture }: Snapshot): Recorded {
  const facts = readKey(key);
  if (!facts) throw new TypeError(`not a snapshot's key: ${key}`);
  const reader = readers[kindOf(capture.source)];
  const sha256 = hash('sha256', bytes);
  return itemsOf({ ...facts, key, bytes: bytes.length, sha256 }, capture, reader.read(capture), reader.epoch);
}

/** What recording needs. */
export type RecordDeps = { readonly records: Records; readonly readers: Readers };

/**
 * Captures whose items are written at one go. A capture's some 300 items lie all over the table: written one capture at a time, 40 % of a
 * replay was the same pages of the file again and again. 32 captures are some 10,000 items, about 5 MB.
 */
const BATCH = 32;

/**
 * Records snapshots, of whatever lists: their listings, then a fold of each partition they belong to. `tell` is told each listing once it
 * is in the table. Idempotent; any order, any repetition gives the same table.
 */
export async function record(
  { records, readers }: RecordDeps,
  snapshots: Iterable<Snapshot> | AsyncIterable<Snapshot>,
  tell: (listing: ListingItem) => void = () => {},
): Promise<void> {
  async function* recorded() {
    for await (const snapshot of snapshots) {
      yield readSnapshotItems(readers, snapshot);
      // Between two captures everything else gets its turn: what is read or stored ahead, and a visitor of the pages.
      await turn();
    }
  }
  for await (const batch of inBatches(recorded(), BATCH)) await recordBatch(records, batch, tell);
}

async function recordBatch(
  records: Records,
  batch: readonly Recorded[],
  tell: (listing: ListingItem) => void,
): Promise<void> {
  await putListings(records, batch);
  const targets = new Map(batch.map(({ listing }) => [listing.pk, readListPk(listing.pk) as Target]));
  await foldPartitions(records, [...targets.values()]);
  for (const { listing } of batch) tell(listing);
}

/**
 * Puts the items of captures: pointers, then contents, then the listings, so that a listing in the table always has its contents.
 * A listing that is there already with this epoch or a higher one is left alone. Folding is the next step, whatever this did.
 */
async function putListings(records: Records, batch: readonly Recorded[]): Promise<void> {
  const there = new Map(
    (await records.getMany(batch.map(({ listing }) => listing))).map((item) => [nameOf(item), item]),
  );
  const fresh = batch.filter(({ listing }) => {
    const before = there.get(nameOf(listing));
    return !before || asListing(before).epoch < listing.epoch;
  });
  const missing = await absent(
    records,
    fresh.flatMap(({ contents }) => contents.map(({ content }) => content)),
  );
  if (missing.size > 0) {
    const pointers = fresh.flatMap(({ contents }) =>
      contents.flatMap(({ content, pointers }) => (missing.has(nameOf(content)) ? pointers : [])),
    );
    await records.putMany(pointers);
    await records.putMany([...missing.values()]);
  }
  await records.putInOrder(
    fresh.map(({ listing }) => ({
      item: listingItem(listing),
      condition: { if: 'below', field: 'epoch', value: listing.epoch },
    })),
  );
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** The items that are not in the table. Reading is a tenth of the price of writing, and most contents were written by an earlier capture. */
async function absent(records: Records, items: readonly Item[]): Promise<Map<string, Item>> {
  const missing = new Map(items.map((item) => [nameOf(item), item]));
  for (const item of await records.getMany([...missing.values()])) missing.delete(nameOf(item));
  return missing;
}

/**
 * Folds everything that is known of partitions and stores what follows: appearances first, then of each the calendar and last the summary,
 * only if its version is higher than what is there. Refused, somebody has folded these listings or more, and there is nothing left to do.
 *
 * Why any interleaving ends in one table: listings only ever come or rise in epoch, so a version tells how much was folded; whoever put
 * the last one reads the partition after it, consistently, and so holds the highest. Appearances are only ever put, before the first
 * summary that needs them: deleting those of papers that a raised epoch drops was tried, and lost some that a faster recorder needed.
 * The few that stay behind point at a summary that does not name the paper; readers skip them and `verify --fix` removes them.
 */
export async function foldPartitions(records: Records, targets: readonly Target[]): Promise<void> {
  const better: Item[] = [];
  const pointers: Item[] = [];
  for (const target of targets) {
    const items = await records.range({ pk: listPk(target), consistent: true });
    const stored = asSummary(items.find(({ sk }) => sk === SUMMARY));
    const summary = fold(target, items.filter(({ sk }) => sk !== SUMMARY).map(asListing));
    if (!summary || (stored && stored.version >= summary.version)) continue;
    const pointed = new Set(stored?.papers);
    const fresh = summary.papers.filter((paper) => !pointed.has(paper));
    pointers.push(...(stored ? [] : [monthKey(target)]), ...appearancesOf(target, fresh));
    const made = summaryItems(target, summary);
    better.push(made.calendar, made.summary);
  }
  await records.putMany(pointers);
  await records.putInOrder(
    better.map((item) => ({ item, condition: { if: 'below', field: 'version', value: item.version as number } })),
  );
}
