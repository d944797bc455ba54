import { asDay, asInstant, type Clock, type Day, dayOf, type Instant, latestAt } from './kit/clock.ts';
import { type ExitCode, messageOf, PaperkeepError } from './kit/errors.ts';
import { ahead, inBatches, inTurns } from './kit/turns.ts';
import type { Capture } from './model/capture.ts';
import { isUsable, type Outcome } from './model/listing.ts';
import { kindOf, type SourceName } from './model/target.ts';
import { ownDay } from './parse/page.ts';
import type { ListingItem } from './record/listing.ts';
import { LARGEST_BODY } from './snapshot/coding.ts';
import {
  type Bare,
  captureOf,
  isOurs,
  isWarc,
  readForeignWarc,
  type Told,
  toldBy,
  unpack,
} from './snapshot/foreign.ts';
import { isGzip } from './snapshot/gzip.ts';
import { plainView } from './snapshot/http.ts';
import { keyOf } from './snapshot/key.ts';
import { isPackedByRecord, readSeveral, type Several } from './snapshot/several.ts';
import type { SnapshotStore } from './snapshot/store.ts';
import type { Snapshot } from './snapshot/warc.ts';
import { readSnapshot, readWarc } from './snapshot/warc.ts';
import { archive } from './snapshot/write.ts';
import type { Watched } from './sources.ts';

/** One file to import, and what is said of it; null where it has to tell itself. */
export type Brought = {
  /** As the owner knows it; for messages. */
  readonly name: string;
  readonly source: SourceName | null;
  readonly target: Day | null;
  readonly at: Instant | null;
  read(): Promise<Uint8Array>;
};

/** What importing needs. */
export type ImportDeps = {
  readonly snapshots: SnapshotStore;
  readonly watched: readonly Watched[];
  readonly clock: Clock;
  /** Records stored snapshots; `tell` is told each listing once it is in the table. */
  readonly record: (snapshots: readonly Snapshot[], tell: (listing: ListingItem) => void) => Promise<void>;
};

/**
 * What became of one capture (or of a file in which none was found: `key` is null). `exit` is 4 for what could not be read; a failed
 * visit that comes as our own snapshot was read well: that the feed failed then is what it says.
 */
export type Imported = {
  readonly file: string;
  readonly key: string | null;
  readonly stored: 'stored' | 'there already' | null;
  readonly outcome: Outcome | null;
  readonly why: string;
  /** Of what could not be brought, the code of the error; null where it has none. */
  readonly code: string | null;
  readonly exit: ExitCode;
};

/** Files that are stored, some at once, and then recorded at one go. */
const BATCH = 32;
/** So many at first, then twice as many each time: recording has nothing to do until the first are stored. */
const FIRST_BATCH = 4;

/**
 * Brings captures that something else took: our own snapshots keep key and bytes, everything else is marked as imported. Each is stored
 * before it is understood; one that cannot be read is named, and the rest goes on.
 */
export async function* importAll(
  deps: ImportDeps,
  files: AsyncIterable<Brought> | Iterable<Brought>,
): AsyncGenerator<Imported> {
  // Storing waits for the disk, recording works: the next files are stored while these are recorded.
  const stored = ahead(inBatches(files, BATCH, FIRST_BATCH), (batch) => inTurns(batch, (file) => prepare(deps, file)));
  for await (const batch of stored) yield* recordBatch(deps, batch);
}

async function* recordBatch(deps: ImportDeps, prepared: readonly Prepared[]): AsyncGenerator<Imported> {
  const listings = new Map<string, ListingItem>();
  const stored = prepared.flatMap(({ snapshots }) => snapshots.map(({ snapshot }) => snapshot));
  await deps.record(stored, (listing) => listings.set(listing.key, listing));
  for (const { file, snapshots, troubles } of prepared) {
    for (const { stored, ours, snapshot } of snapshots) {
      const { outcome, why } = listings.get(snapshot.key) as ListingItem;
      yield { file, key: snapshot.key, stored, outcome, why, code: null, exit: isUsable(outcome) || ours ? 0 : 4 };
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
type Trouble = Pick<Imported, 'why' | 'code' | 'exit'>;
type Prepared = {
  readonly file: string;
  readonly snapshots: readonly StoredCapture[];
  readonly troubles: readonly Trouble[];
};

async function prepare(deps: ImportDeps, brought: Brought): Promise<Prepared> {
  const found = await capturesIn(brought, deps.watched).catch(
    (error: unknown): Found => ({ captures: [], troubles: [troubleOf(error)] }),
  );
  const now = deps.clock();
  const snapshots: StoredCapture[] = [];
  const troubles = [...found.troubles];
  for (const one of found.captures) {
    if (one.capture.at > latestAt(now)) troubles.push(troubleOf(fromTheFuture(one.capture, now)));
    else snapshots.push(await store(deps.snapshots, one));
  }
  return { file: brought.name, snapshots, troubles };
}

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof PaperkeepError)) return { why: messageOf(error), code: null, exit: 4 };
  const { code, message, mend, exit } = error;
  // Whatever is wrong with a file is no damage of the archive, which 5 would be.
  return { why: `${message}: ${mend}`, code, exit: exit === 5 ? 4 : exit };
}

/** A capture of the future would be shown as the newest until its time has come. */
function fromTheFuture({ source, day, at }: Capture, now: Instant): PaperkeepError {
  const what = `${source} of ${day}: its time ${at} lies in the future (now is ${now}, UTC)`;
  return new PaperkeepError('FUTURE', what, 'give the time at which it was seen, or set the clock of this machine', 4);
}

/** Stores a capture; a packed one of ours as the bytes it came as. */
async function store(snapshots: SnapshotStore, { capture, ours, packed }: FoundCapture): Promise<StoredCapture> {
  if (!packed) {
    const { outcome, ...snapshot } = await archive(snapshots, capture);
    return { stored: outcome, ours, snapshot };
  }
  const key = keyOf(capture);
  const stored = await snapshots.putIfAbsent(key, packed);
  return {
    stored,
    ours,
    snapshot: stored === 'stored' ? { key, bytes: packed, capture } : await readSnapshot(snapshots, key),
  };
}

/** A capture in a file; `ours`: a paperkeep wrote it; `packed`: its bytes, where they are as the archive keeps them. */
type FoundCapture = { readonly capture: Capture; readonly ours: boolean; readonly packed: Uint8Array | null };
type Found = {
  readonly captures: readonly FoundCapture[];
  readonly troubles: readonly Trouble[];
};

async function capturesIn(brought: Brought, watched: readonly Watched[]): Promise<Found> {
  const bytes = await brought.read();
  try {
    return (await isOurs(bytes))
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
  const capture = await readWarc(bytes);
  const packed = isGzip(bytes) && isPackedByRecord(bytes) ? bytes : null;
  return { captures: [{ capture, ours: true, packed }], troubles: [] };
}

async function foreignIn(bytes: Uint8Array, watched: readonly Watched[]): Promise<Found> {
  const { captures, damage } = await readForeignWarc(bytes, watched);
  return {
    captures: captures.map((capture) => ({ capture, ours: false, packed: null })),
    troubles: damage === null ? [] : [{ why: damage, code: 'WARC_UNREADABLE', exit: 4 }],
  };
}

function payloadIn(brought: Brought, bytes: Uint8Array, watched: readonly Watched[]): Found {
  const { body, cut } = unpack(bytes);
  const beginning = Buffer.from(body.subarray(0, 1000)).toString('utf8').trimStart();
  const kind = /^[[{]/.test(beginning) ? 'json' : beginning.startsWith('<') ? 'html' : 'text';
  if (kind === 'text' && WARC_NAME.test(brought.name))
    throw new PaperkeepError('WARC_UNREADABLE', 'no WARC begins in it', 'fetch the file again', 4);
  const capture = captureOf(factsOf(brought, { kind, body, cut, told: null }, watched));
  return { captures: [{ capture, ours: false, packed: null }], troubles: [] };
}

const NOTHING: Several = { captures: [], damages: [] };

/** What is said of a file that is a WARC or gzip, and cannot be read as such. */
const UNREADABLE: ReadonlySet<string> = new Set(['SNAPSHOT_DAMAGED', 'WARC_UNREADABLE', 'GZIP_DAMAGED']);

/** The snapshots of ours that somebody packed again or put together, or else the file as it came: what is wrong with it is said by whoever reads it. */
async function unreadableIn(
  brought: Brought,
  bytes: Uint8Array,
  damage: PaperkeepError,
  watched: readonly Watched[],
): Promise<Found> {
  const kind = damage.code === 'GZIP_DAMAGED' && !WARC_NAME.test(brought.name) ? 'gzip' : 'warc';
  const { captures, damages } = kind === 'warc' ? await readSeveral(bytes) : NOTHING;
  if (captures.length > 0) {
    return {
      captures: captures.map((capture) => ({ capture, ours: true, packed: null })),
      troubles: damages.map((why) => ({ why: `${why}: ${damage.mend}`, code: 'SNAPSHOT_DAMAGED', exit: 4 })),
    };
  }
  if (bytes.length > LARGEST_BODY) {
    throw new PaperkeepError(damage.code, `${damage.message}; larger than 64 MB, it is not kept`, damage.mend, 4);
  }
  try {
    const told = kind === 'warc' ? await toldBy(bytes, watched) : null;
    const capture = captureOf(factsOf(brought, { kind, body: plainView(bytes), cut: false, told }, watched));
    return { captures: [{ capture, ours: false, packed: null }], troubles: [] };
  } catch (error) {
    if (!(error instanceof PaperkeepError)) throw error;
    throw new PaperkeepError(error.code, `${damage.message}; ${error.message}`, error.mend, 4, error);
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
type Held = Pick<Bare, 'kind' | 'body' | 'cut'> & { readonly told: Told | null };

/** Of which list and when a payload is: as said, else as it tells itself (`told`; a day's page by its own date), else as its name does. Nothing is guessed. */
function factsOf(brought: Brought, { kind, body, cut, told }: Held, watched: readonly Watched[]): Bare {
  const at = brought.at ?? told?.at ?? asInstant(inName(brought.name, TIME_IN_NAME).replaceAll(/[-:]/g, ''));
  const isList = kind === 'json' || JSON_NAME.test(brought.name);
  const source = brought.source ?? told?.source ?? (isList ? 'daily' : null);
  const same = told?.source === source ? told : null;
  const ownOf = () => (kind === 'html' ? ownDay(Buffer.from(body).toString('utf8')) : null);
  const named = () => asDay(inName(brought.name, DAY_IN_NAME));
  const day = brought.target ?? (source === 'daily' ? (same?.day ?? ownOf() ?? named()) : at && dayOf(at));
  const lacks = [source ? '' : '--source', day ? '' : '--target', at ? '' : '--at'].filter(Boolean);
  if (!source || !day || !at) {
    throw new PaperkeepError(
      'UNSAID',
      `${brought.name} does not say of which list and when it is`,
      `say ${lacks.join(', ')}, or give a manifest`,
      4,
    );
  }
  const isDaily = kindOf(source) === 'daily';
  if (isDaily ? dayOf(at) < day : dayOf(at) !== day) {
    throw new PaperkeepError(
      'CONTRADICTION',
      `${brought.name} is said to be ${source} of ${day}, seen at ${at}`,
      isDaily
        ? 'no list is shown before its day: mend the target or the time'
        : 'its day is that of the time at which it was seen: leave the target out, or mend the time',
      4,
    );
  }
  const query =
    kindOf(source) === 'watched' ? watched.find(({ slug }) => `watched:${slug}` === source)?.query : undefined;
  const url = same?.day === day ? same.url : null;
  return { source, day, at, kind, body, cut, ...(query !== undefined && { query }), ...(url !== null && { url }) };
}
