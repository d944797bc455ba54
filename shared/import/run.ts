import { captureKey } from '../archive/keys.ts';
import { archiveCapture } from '../archive/put.ts';
import type { SnapshotStore } from '../archive/store.ts';
import { isGzip } from '../archive/warc/gzip.ts';
import { toUint8Array } from '../archive/warc/http.ts';
import type { Snapshot } from '../archive/warc/snapshot.ts';
import { parseSnapshot, readSnapshot } from '../archive/warc/snapshot.ts';
import { batches, mapConcurrent, prefetch } from '../lib/concurrency.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { type Clock, type Day, dayOf, type Instant, latestPlausible, parseDay, parseInstant } from '../lib/time.ts';
import type { WatchedSearch } from '../lists.ts';
import type { Capture } from '../model/capture.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';
import { type ListName, listKind } from '../model/list.ts';
import { type CaptureResult, isUsable, type Outcome } from '../model/listing.ts';
import { pageDay } from '../parse/page.ts';
import type { ListingItem } from '../table/items.ts';
import {
  type CaptureHints,
  gunzipIfNeeded,
  type ImportPayload,
  isPaperkeepWarc,
  isWarc,
  payloadCapture,
  readCaptureHints,
  readForeignWarc,
} from './foreign.ts';
import { isGzippedByRecord, type RepackedCaptures, readRepackedWarc } from './repacked.ts';

/** One file to import, and what is said of it; null where it has to tell itself. */
export type ImportFile = {
  /** As the owner knows it; for messages. */
  readonly name: string;
  readonly list: ListName | null;
  readonly day: Day | null;
  readonly at: Instant | null;
  read(): Promise<Uint8Array>;
};

/** What importing needs. */
export type ImportDeps = {
  readonly archive: SnapshotStore;
  readonly watched: readonly WatchedSearch[];
  readonly clock: Clock;
  /** Records stored snapshots; `tell` is told each listing once it is in the table. */
  readonly record: (snapshots: readonly Snapshot[], tell: (listing: ListingItem) => void) => Promise<void>;
};

/**
 * What became of one capture (or of a file in which none was found: `key` is null). `result` is `unreadable` for what could not be read; a failed
 * visit that comes as our own snapshot was read well: that the feed failed then is what it says.
 */
export type ImportResult = {
  readonly file: string;
  readonly key: string | null;
  readonly stored: 'stored' | 'there already' | null;
  readonly outcome: Outcome | null;
  readonly why: string;
  /** Of what could not be brought, the code of the error; null where it has none. */
  readonly code: string | null;
  readonly result: CaptureResult;
};

/** Files that are stored, some at once, and then recorded at one go. */
const BATCH = 32;
/** So many at first, then twice as many each time: recording has nothing to do until the first are stored. */
const FIRST_BATCH = 4;

/**
 * Brings captures that something else took: our own snapshots keep key and bytes, everything else is marked as imported. Each is stored
 * before it is understood; one that cannot be read is named, and the rest goes on.
 */
export async function* importFiles(
  deps: ImportDeps,
  files: AsyncIterable<ImportFile> | Iterable<ImportFile>,
): AsyncGenerator<ImportResult> {
  // Storing waits for the disk, recording works: the next files are stored while these are recorded.
  const stored = prefetch(batches(files, BATCH, FIRST_BATCH), (batch) =>
    mapConcurrent(batch, (file) => prepare(deps, file)),
  );
  for await (const batch of stored) yield* recordBatch(deps, batch);
}

async function* recordBatch(deps: ImportDeps, prepared: readonly Prepared[]): AsyncGenerator<ImportResult> {
  const listings = new Map<string, ListingItem>();
  const stored = prepared.flatMap(({ snapshots }) => snapshots.map(({ snapshot }) => snapshot));
  await deps.record(stored, (listing) => listings.set(listing.key, listing));
  for (const { file, snapshots, troubles } of prepared) {
    for (const { stored, ours, snapshot } of snapshots) {
      const { outcome, why } = listings.get(snapshot.key) as ListingItem;
      yield {
        file,
        key: snapshot.key,
        stored,
        outcome,
        why,
        code: null,
        result: isUsable(outcome) || ours ? 'done' : 'unreadable',
      };
    }
    for (const trouble of troubles) yield { file, key: null, stored: null, outcome: null, ...trouble };
  }
}

/** A stored capture; `ours`: it came as a snapshot of a paperkeep. */
type StoredCapture = {
  readonly stored: 'stored' | 'there already';
  readonly ours: boolean;
  readonly snapshot: Snapshot;
};
type Trouble = Pick<ImportResult, 'why' | 'code' | 'result'>;
type Prepared = {
  readonly file: string;
  readonly snapshots: readonly StoredCapture[];
  readonly troubles: readonly Trouble[];
};

async function prepare(deps: ImportDeps, brought: ImportFile): Promise<Prepared> {
  const found = await capturesIn(brought, deps.watched).catch(
    (error: unknown): Found => ({ captures: [], troubles: [troubleOf(error)] }),
  );
  const now = deps.clock();
  const snapshots: StoredCapture[] = [];
  const troubles = [...found.troubles];
  for (const one of found.captures) {
    if (one.capture.at > latestPlausible(now)) troubles.push(troubleOf(fromTheFuture(one.capture, now)));
    else snapshots.push(await store(deps.archive, one));
  }
  return { file: brought.name, snapshots, troubles };
}

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof PaperkeepError)) return { why: errorMessage(error), code: null, result: 'unreadable' };
  const { code, message, hint } = error;
  // Whatever is wrong with a file is no damage of the archive, which 5 would be.
  return { why: `${message}: ${hint}`, code, result: code === 'NOT_FETCHED' ? 'retry' : 'unreadable' };
}

/** A capture of the future would be shown as the newest until its time has come. */
function fromTheFuture({ list, day, at }: Capture, now: Instant): PaperkeepError {
  const what = `${list} of ${day}: its time ${at} lies in the future (now is ${now}, UTC)`;
  return new PaperkeepError({
    code: 'FUTURE',
    message: what,
    hint: 'give the time at which it was seen, or set the clock of this machine',
  });
}

/** Stores a capture; a packed one of ours as the bytes it came as. */
async function store(archive: SnapshotStore, { capture, ours, packed }: FoundCapture): Promise<StoredCapture> {
  if (!packed) {
    const { outcome, ...snapshot } = await archiveCapture(archive, capture);
    return { stored: outcome, ours, snapshot };
  }
  const key = captureKey(capture);
  const stored = await archive.putIfAbsent(key, packed);
  return {
    stored,
    ours,
    snapshot: stored === 'stored' ? { key, bytes: packed, capture } : await readSnapshot(archive, key),
  };
}

/** A capture in a file; `ours`: a paperkeep wrote it; `packed`: its bytes, where they are as the archive keeps them. */
type FoundCapture = { readonly capture: Capture; readonly ours: boolean; readonly packed: Uint8Array | null };
type Found = {
  readonly captures: readonly FoundCapture[];
  readonly troubles: readonly Trouble[];
};

async function capturesIn(brought: ImportFile, watched: readonly WatchedSearch[]): Promise<Found> {
  const bytes = await brought.read();
  try {
    return (await isPaperkeepWarc(bytes))
      ? await oursIn(bytes)
      : isWarc(bytes)
        ? await foreignIn(bytes, watched)
        : payloadIn(brought, bytes, watched);
  } catch (error) {
    if (!(error instanceof PaperkeepError) || !UNREADABLE.has(error.code)) throw error;
    return unreadableIn(brought, bytes, error, watched);
  }
}

async function oursIn(bytes: Uint8Array): Promise<Found> {
  const capture = await parseSnapshot(bytes);
  const packed = isGzip(bytes) && isGzippedByRecord(bytes) ? bytes : null;
  return { captures: [{ capture, ours: true, packed }], troubles: [] };
}

async function foreignIn(bytes: Uint8Array, watched: readonly WatchedSearch[]): Promise<Found> {
  const { captures, damage } = await readForeignWarc(bytes, watched);
  return {
    captures: captures.map((capture) => ({ capture, ours: false, packed: null })),
    troubles: damage === null ? [] : [{ why: damage, code: 'WARC_UNREADABLE', result: 'unreadable' }],
  };
}

function payloadIn(brought: ImportFile, bytes: Uint8Array, watched: readonly WatchedSearch[]): Found {
  const { body, cut } = gunzipIfNeeded(bytes);
  const beginning = Buffer.from(body.subarray(0, 1000)).toString('utf8').trimStart();
  const kind = /^[[{]/.test(beginning) ? 'json' : beginning.startsWith('<') ? 'html' : 'text';
  if (kind === 'text' && WARC_NAME.test(brought.name))
    throw new PaperkeepError({
      code: 'WARC_UNREADABLE',
      message: 'no WARC begins in it',
      hint: 'fetch the file again',
    });
  const capture = payloadCapture(factsOf(brought, { kind, body, cut, told: null }, watched));
  return { captures: [{ capture, ours: false, packed: null }], troubles: [] };
}

const NOTHING: RepackedCaptures = { captures: [], damages: [] };

/** What is said of a file that is a WARC or gzip, and cannot be read as such. */
const UNREADABLE: ReadonlySet<string> = new Set(['SNAPSHOT_DAMAGED', 'WARC_UNREADABLE', 'GZIP_DAMAGED']);

/** The snapshots of ours that somebody packed again or put together, or else the file as it came: what is wrong with it is said by whoever reads it. */
async function unreadableIn(
  brought: ImportFile,
  bytes: Uint8Array,
  damage: PaperkeepError,
  watched: readonly WatchedSearch[],
): Promise<Found> {
  const kind = damage.code === 'GZIP_DAMAGED' && !WARC_NAME.test(brought.name) ? 'gzip' : 'warc';
  const { captures, damages } = kind === 'warc' ? await readRepackedWarc(bytes) : NOTHING;
  if (captures.length > 0) {
    return {
      captures: captures.map((capture) => ({ capture, ours: true, packed: null })),
      troubles: damages.map((why) => ({
        why: `${why}: ${damage.hint}`,
        code: 'SNAPSHOT_DAMAGED',
        result: 'unreadable',
      })),
    };
  }
  if (bytes.length > MAX_IMPORTED_BODY_BYTES) {
    throw new PaperkeepError({
      code: damage.code,
      message: `${damage.message}; larger than 64 MB, it is not kept`,
      hint: damage.hint,
    });
  }
  try {
    const told = kind === 'warc' ? await readCaptureHints(bytes, watched) : null;
    const capture = payloadCapture(factsOf(brought, { kind, body: toUint8Array(bytes), cut: false, told }, watched));
    return { captures: [{ capture, ours: false, packed: null }], troubles: [] };
  } catch (error) {
    if (!(error instanceof PaperkeepError)) throw error;
    throw new PaperkeepError({
      code: error.code,
      message: `${damage.message}; ${error.message}`,
      hint: error.hint,
      cause: error,
    });
  }
}

/** A day that is not the beginning of a time. */
const DAY_IN_NAME = /(?<!\d)(\d{4}-\d\d-\d\d)(?![\dT])/;
const TIME_IN_NAME = /(?<!\d)(\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d[:-]?\d\d[:-]?\d\dZ)/;

/** A saved answer of the API, whatever is in it. */
const JSON_NAME = /\.json(?:\.gz)?$/;
const WARC_NAME = /\.warc(?:\.gz)?$/;

/** The first match in a file's name, else in that of the nearest folder that has one; empty if none has. */
const inName = (name: string, pattern: RegExp): string =>
  name
    .split(/[\\/]/)
    .reverse()
    .map((part) => pattern.exec(part)?.[1])
    .find((found) => found !== undefined) ?? '';

/** A payload in a file, and what that tells of it. */
type Held = Pick<ImportPayload, 'kind' | 'body' | 'cut'> & { readonly told: CaptureHints | null };

/** Of which list and when a payload is: as said, else as it tells itself (`told`; a day's page by its own date), else as its name does. Nothing is guessed. */
function factsOf(
  brought: ImportFile,
  { kind, body, cut, told }: Held,
  watched: readonly WatchedSearch[],
): ImportPayload {
  const at = brought.at ?? told?.at ?? parseInstant(inName(brought.name, TIME_IN_NAME).replaceAll(/[-:]/g, ''));
  const isList = kind === 'json' || JSON_NAME.test(brought.name);
  const list = brought.list ?? told?.list ?? (isList ? 'daily' : null);
  const same = told?.list === list ? told : null;
  const ownOf = () => (kind === 'html' ? pageDay(Buffer.from(body).toString('utf8')) : null);
  const named = () => parseDay(inName(brought.name, DAY_IN_NAME));
  const day = brought.day ?? (list === 'daily' ? (same?.day ?? ownOf() ?? named()) : at && dayOf(at));
  const lacks = [list ? '' : '--list', day ? '' : '--day', at ? '' : '--at'].filter(Boolean);
  if (!list || !day || !at) {
    throw new PaperkeepError({
      code: 'UNSAID',
      message: `${brought.name} does not say of which list and when it is`,
      hint: `say ${lacks.join(', ')}, or give a manifest`,
    });
  }
  const isDaily = listKind(list) === 'daily';
  if (isDaily ? dayOf(at) < day : dayOf(at) !== day) {
    throw new PaperkeepError({
      code: 'CONTRADICTION',
      message: `${brought.name} is said to be ${list} of ${day}, seen at ${at}`,
      hint: isDaily
        ? 'no list is shown before its day: mend the listDay or the time'
        : 'its day is that of the time at which it was seen: leave the listDay out, or mend the time',
    });
  }
  const query =
    listKind(list) === 'watched' ? watched.find(({ slug }) => `watched:${slug}` === list)?.query : undefined;
  const url = same?.day === day ? same.url : null;
  return { list, day, at, kind, body, cut, ...(query !== undefined && { query }), ...(url !== null && { url }) };
}
