import { createHash } from 'node:crypto';
import type { Capture } from '../model/capture.ts';
import type { Parsed } from '../model/listing.ts';
import { kindOf, readKey, type SourceKind, type Target } from '../model/target.ts';
import type { Snapshot } from '../snapshot/warc.ts';
import { appearancesOf, asSummary, fold, summaryItems } from './fold.ts';
import { appearanceKey, listPk, type PaperKey, SUMMARY } from './keys.ts';
import { asListing, type ContentItems, itemsOf, type ListingItem, listingItem, type Recorded } from './listing.ts';
import type { Records } from './records.ts';

/** A parser as recording sees it: what kind of source it is for decides which one; `epoch` rises when older output was wrong. */
export type Reader = { readonly epoch: number; read(capture: Capture): Parsed };
/** One for each kind of source. */
export type Readers = Readonly<Record<SourceKind, Reader>>;

/** Parses a snapshot and makes its items; pure. */
export function readSnapshotItems(readers: Readers, { key, bytes, capture }: Snapshot): Recorded {
  const facts = readKey(key);
  if (!facts) throw new TypeError(`not a snapshot's key: ${key}`);
  const reader = readers[kindOf(capture.source)];
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return itemsOf({ ...facts, key, bytes: bytes.length, sha256 }, capture, reader.read(capture), reader.epoch);
}

/** What recording needs. */
export type RecordDeps = { readonly records: Records; readonly readers: Readers };

/** Records snapshots of one list partition: their listings, then one fold. Idempotent; any order, any repetition gives the same table. */
export async function record(
  { records, readers }: RecordDeps,
  target: Target,
  snapshots: Iterable<Snapshot> | AsyncIterable<Snapshot>,
): Promise<ListingItem[]> {
  const listings: ListingItem[] = [];
  for await (const snapshot of snapshots) {
    const recorded = readSnapshotItems(readers, snapshot);
    await putListing(records, recorded);
    listings.push(recorded.listing);
  }
  await foldPartition(records, target);
  return listings;
}

/**
 * Puts the items of one capture: pointers, then contents, then the listing, so that a listing in the table always has its contents.
 * A listing that is there already with this epoch or a higher one is left alone. Folding is the next step, whatever this did.
 */
async function putListing(records: Records, { listing, contents }: Recorded): Promise<void> {
  const known = await records.getMany([listing, { pk: listing.pk, sk: SUMMARY }]);
  const before = known.find(({ sk }) => sk === listing.sk);
  if (before && asListing(before).epoch >= listing.epoch) return;
  const missing = await withoutStored(records, contents);
  if (missing.length > 0) {
    await records.putMany(missing.flatMap(({ pointers }) => pointers));
    await records.putMany(missing.map(({ content }) => content));
  }
  await records.put(listingItem(listing), { if: 'below', field: 'epoch', value: listing.epoch });
}

/** Reading is a sixth of the price of writing, and most contents were written by an earlier capture. */
async function withoutStored(records: Records, contents: readonly ContentItems[]): Promise<ContentItems[]> {
  const stored = await records.getMany(contents.map(({ content }) => content));
  const there = new Set(stored.map(({ pk, sk }) => `${pk} ${sk}`));
  return contents.filter(({ content: { pk, sk } }) => !there.has(`${pk} ${sk}`));
}

/**
 * Folds everything that is known of a partition and stores what follows: appearances and the calendar first, the summary last,
 * if its version is higher. Refused, another recorder was faster or slower, and it folds again. Listings are read consistently:
 * eventual reads were seen to diverge in a third of simulated interleavings.
 */
export async function foldPartition(records: Records, target: Target): Promise<void> {
  const pointed = new Set<PaperKey>();
  for (;;) {
    const items = await records.range({ pk: listPk(target), consistent: true });
    const stored = asSummary(items.find(({ sk }) => sk === SUMMARY));
    const summary = fold(target, items.filter(({ sk }) => sk !== SUMMARY).map(asListing));
    if (!summary) return;
    const papers = new Set(summary.papers);
    const before = new Set(stored?.papers);
    for (const paper of [...before, ...pointed].filter((paper) => !papers.has(paper))) {
      await records.delete(appearanceKey(paper, target));
    }
    if (stored && stored.version >= summary.version) return;
    const fresh = summary.papers.filter((paper) => !before.has(paper));
    if (!stored || fresh.length > 0) await records.putMany(appearancesOf(target, fresh));
    for (const paper of fresh) pointed.add(paper);
    const made = summaryItems(target, summary);
    const better = { if: 'below', field: 'version', value: summary.version } as const;
    await records.put(made.calendar, better);
    if (await records.put(made.summary, better)) return;
  }
}
