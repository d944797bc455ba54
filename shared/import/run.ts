import { archiveSnapshot } from '../archive/put.ts';
import type { SnapshotStore } from '../archive/store.ts';
import { isSnapshotDamage, readSnapshot } from '../archive/warc/read-snapshot.ts';
import { createSnapshot, type Snapshot } from '../archive/warc/write-snapshot.ts';
import { batches, mapConcurrent, prefetch } from '../lib/concurrency.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { type Clock, type Instant, withClockSkew } from '../lib/time.ts';
import type { WatchedSearch } from '../lists.ts';
import { type Capture, isSampleCapture, sampleError } from '../model/capture.ts';
import { type CaptureResult, isUsable, type Outcome } from '../model/listing.ts';
import type { ListingItem } from '../table/items.ts';
import { describeTrouble, type FoundCapture, type ImportFile, type ImportProblem, readImportFile } from './read.ts';
import type { Revisit } from './warc.ts';

/** What importing needs. */
export type ImportDeps = {
  readonly archive: SnapshotStore;
  readonly watched: readonly WatchedSearch[];
  readonly clock: Clock;
  /** Records stored snapshots; calls `onRecorded` with each listing once it is in the table. */
  readonly record: (snapshots: readonly Snapshot[], onRecorded: (listing: ListingItem) => void) => Promise<void>;
};

/**
 * What became of one capture; or, where `key` is null, of something that is no capture: a file, a record. `result` is `unreadable` for
 * what could not be read, be it one entry of a list, and `damaged` for a capture of which the archive has a snapshot that cannot be read:
 * it is neither replaced nor recorded. A snapshot of ours was read well whatever its visit came to: that is what it says.
 */
export type ImportResult = {
  readonly file: string;
  readonly key: string | null;
  readonly stored: 'stored' | 'there already' | null;
  readonly outcome: Outcome | null;
  readonly why: string;
  /** The number of entries of the list that could not be read, and the first of them as `path: reason`. */
  readonly rejected: number;
  readonly rejects: readonly string[];
  /** The error's code where nothing was stored; null where it has none. */
  readonly code: string | null;
  readonly result: CaptureResult | 'damaged';
};

/** Files that are stored together and then recorded together. */
const BATCH = 32;
/** The size of the first batch, doubled each time up to `BATCH`: recording has nothing to do until the first files are stored. */
const FIRST_BATCH = 4;

/** Where each exchange that a `revisit` may refer to was stored, by what it may be called. */
type StoredNames = Map<string, { readonly key: string; readonly index: number }>;

/**
 * Imports captures that something else made: snapshots of ours keep key and bytes, everything else is marked as imported. Each is stored
 * before it is parsed. What cannot be read is named, and the rest goes on. Records that repeat an earlier response (`revisit`) come last,
 * since that response may be in any of the files.
 */
export async function* importFiles(
  deps: ImportDeps,
  files: AsyncIterable<ImportFile> | Iterable<ImportFile>,
): AsyncGenerator<ImportResult> {
  const stored: StoredNames = new Map();
  const revisits: { file: string; revisit: Revisit }[] = [];
  // Storing waits for the disk, recording computes: the next files are stored while these are recorded.
  const prepared = prefetch(batches(files, BATCH, FIRST_BATCH), (batch) =>
    mapConcurrent(batch, async (file) => {
      const found = await readImportFile(file, deps.watched);
      revisits.push(...found.revisits.map((revisit) => ({ file: file.name, revisit })));
      return storeCaptures(deps, stored, file.name, found.captures, found.troubles);
    }),
  );
  for await (const batch of prepared) yield* recordBatch(deps, batch);
  for (const { file, revisit } of revisits) yield* recordBatch(deps, [await storeRevisit(deps, stored, file, revisit)]);
}

type StoredCapture = {
  readonly stored: 'stored' | 'there already';
  readonly isOurs: boolean;
  readonly snapshot: Snapshot;
};
type StoredFile = {
  readonly file: string;
  readonly captures: readonly StoredCapture[];
  readonly troubles: readonly ImportProblem[];
};

async function storeCaptures(
  { archive, clock }: ImportDeps,
  stored: StoredNames,
  file: string,
  found: readonly FoundCapture[],
  known: readonly ImportProblem[],
): Promise<StoredFile> {
  const now = clock();
  const captures: StoredCapture[] = [];
  const troubles = [...known];
  for (const { snapshot: one, isOurs, names } of found) {
    if (one.capture.at > withClockSkew(now)) {
      troubles.push(describeTrouble(futureError(one.capture, now)));
      continue;
    }
    if (isSampleCapture(one.capture)) {
      troubles.push(describeTrouble(sampleError(one.capture)));
      continue;
    }
    const archived = await archiveSnapshot(archive, one).catch((error: unknown): ImportProblem => {
      if (!isSnapshotDamage(error)) throw error;
      return { ...describeTrouble(error), result: 'damaged' };
    });
    if ('why' in archived) {
      troubles.push(archived);
      continue;
    }
    const { outcome, ...snapshot } = archived;
    captures.push({ stored: outcome, isOurs, snapshot });
    names.forEach((each, index) => {
      for (const name of each) stored.set(name, { key: snapshot.key, index });
    });
  }
  return { file, captures, troubles };
}

/** A capture of the future would be shown as the newest until its time has come. */
const futureError = ({ list, day, at }: Capture, now: Instant): PaperkeepError =>
  new PaperkeepError({
    code: 'FUTURE',
    message: `${list} of ${day}: its time ${at} lies in the future (now is ${now}, UTC)`,
    hint: 'give the time of the capture, or set the clock of this machine',
  });

async function storeRevisit(deps: ImportDeps, stored: StoredNames, file: string, { url, names, resolve }: Revisit) {
  const skipped = (why: string): StoredFile => ({
    file,
    captures: [],
    troubles: [{ why: `${url}: ${why}`, code: 'SKIPPED', result: 'unreadable' }],
  });
  const place = names.map((name) => stored.get(name)).find((found) => found !== undefined);
  if (!place) return skipped('it repeats an earlier response that is in none of these files');
  const { capture } = await readSnapshot(deps.archive, place.key);
  const earlier = capture.exchanges[place.index];
  const captures = earlier ? resolve(earlier) : [];
  if (typeof captures === 'string') return skipped(captures);
  const found = await Promise.all(
    captures.map(async (one) => ({ snapshot: await createSnapshot(one), isOurs: false, names: [] })),
  );
  return storeCaptures(deps, stored, file, found, []);
}

/** A result without a capture. */
export const NOT_STORED = { key: null, stored: null, outcome: null, rejected: 0, rejects: [] } as const;

async function* recordBatch(deps: ImportDeps, files: readonly StoredFile[]): AsyncGenerator<ImportResult> {
  const listings = new Map<string, ListingItem>();
  const snapshots = files.flatMap(({ captures }) => captures.map(({ snapshot }) => snapshot));
  await deps.record(snapshots, (listing) => listings.set(listing.key, listing));
  for (const { file, captures, troubles } of files) {
    for (const { stored, isOurs, snapshot } of captures) {
      const { outcome, why, rejected, rejects } = listings.get(snapshot.key) as ListingItem;
      const result = (isUsable(outcome) && rejected === 0) || isOurs ? 'done' : 'unreadable';
      yield { file, key: snapshot.key, stored, outcome, why, rejected, rejects, code: null, result };
    }
    for (const trouble of troubles) yield { file, ...NOT_STORED, ...trouble };
  }
}
