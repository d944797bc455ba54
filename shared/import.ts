import { asDay, asInstant, type Day, dayOf, type Instant } from './kit/clock.ts';
import { type ExitCode, messageOf, PaperkeepError } from './kit/errors.ts';
import type { Capture } from './model/capture.ts';
import { isUsable, type Outcome } from './model/listing.ts';
import { kindOf, type SourceName } from './model/target.ts';
import { ownDay } from './parse/page.ts';
import type { ListingItem } from './record/listing.ts';
import { type Bare, captureOf, isOurs, readForeignWarc, unpack } from './snapshot/foreign.ts';
import { keyOf } from './snapshot/key.ts';
import type { SnapshotStore } from './snapshot/store.ts';
import type { Snapshot } from './snapshot/warc.ts';
import { readWarc } from './snapshot/warc.ts';
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
  /** Records a stored snapshot. */
  readonly record: (snapshot: Snapshot) => Promise<ListingItem>;
};

/** What became of one capture (or of a file in which none was found: `key` is null). */
export type Imported = {
  readonly file: string;
  readonly key: string | null;
  readonly stored: 'stored' | 'there already' | null;
  readonly outcome: Outcome | null;
  readonly why: string;
  readonly exit: ExitCode;
};

/** Files read, packed and stored at a time: packing uses other threads, recording goes one by one. */
const AT_ONCE = 8;

/**
 * Brings captures that something else took: our own snapshots keep key and bytes, everything else is marked as imported. Each is stored
 * before it is understood; one that cannot be read is named, and the rest goes on.
 */
export async function* importAll(
  deps: ImportDeps,
  files: AsyncIterable<Brought> | Iterable<Brought>,
): AsyncGenerator<Imported> {
  let batch: Brought[] = [];
  for await (const file of files) {
    batch.push(file);
    if (batch.length < AT_ONCE) continue;
    yield* importBatch(deps, batch);
    batch = [];
  }
  yield* importBatch(deps, batch);
}

async function* importBatch(deps: ImportDeps, batch: readonly Brought[]): AsyncGenerator<Imported> {
  const prepared = await Promise.all(batch.map((file) => prepare(deps, file)));
  for (const { file, snapshots, trouble } of prepared) {
    for (const { stored, snapshot } of snapshots) {
      const { outcome, why } = await deps.record(snapshot);
      yield { file, key: snapshot.key, stored, outcome, why, exit: isUsable(outcome) ? 0 : 4 };
    }
    if (trouble) yield { file, key: null, stored: null, outcome: null, why: trouble.why, exit: trouble.exit };
  }
}

type Prepared = {
  readonly file: string;
  readonly snapshots: readonly { readonly stored: 'stored' | 'there already'; readonly snapshot: Snapshot }[];
  readonly trouble: { readonly why: string; readonly exit: ExitCode } | null;
};

async function prepare(deps: ImportDeps, brought: Brought): Promise<Prepared> {
  const file = brought.name;
  try {
    const { captures, trouble } = await capturesIn(brought, deps.watched);
    const snapshots = [];
    for (const { capture, ours } of captures) snapshots.push(await store(deps.snapshots, capture, ours));
    return { file, snapshots, trouble: trouble === null ? null : { why: trouble, exit: 4 } };
  } catch (error) {
    if (error instanceof PaperkeepError && (error.exit === 1 || error.exit === 2)) throw error;
    return { file, snapshots: [], trouble: { why: messageOf(error), exit: 4 } };
  }
}

/** Stores a capture; one of ours (`ours`: its file's bytes) as the bytes it came as. */
async function store(snapshots: SnapshotStore, capture: Capture, ours: Uint8Array | null) {
  if (!ours) {
    const { outcome, ...snapshot } = await archive(snapshots, capture);
    return { stored: outcome, snapshot };
  }
  const key = keyOf(capture);
  const stored = await snapshots.putIfAbsent(key, ours);
  return { stored, snapshot: { key, bytes: ours, capture } };
}

type Found = {
  readonly captures: readonly { readonly capture: Capture; readonly ours: Uint8Array | null }[];
  readonly trouble: string | null;
};

async function capturesIn(brought: Brought, watched: readonly Watched[]): Promise<Found> {
  const bytes = await brought.read();
  if (await isOurs(bytes)) return { captures: [{ capture: await readWarc(bytes), ours: bytes }], trouble: null };
  const { body, cut } = unpack(bytes);
  const beginning = Buffer.from(body.subarray(0, 1000)).toString('utf8').trimStart();
  if (beginning.startsWith('WARC/')) {
    const { captures, damage } = await readForeignWarc(bytes, watched);
    return { captures: captures.map((capture) => ({ capture, ours: null })), trouble: damage };
  }
  const kind = /^[[{]/.test(beginning) ? 'json' : beginning.startsWith('<') ? 'html' : 'text';
  return { captures: [{ capture: captureOf(factsOf(brought, kind, body, cut, watched)), ours: null }], trouble: null };
}

const DAY_IN_NAME = /(?<!\d)(\d{4}-\d\d-\d\d)(?!\d)/;
const TIME_IN_NAME = /(?<!\d)(\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d[:-]?\d\d[:-]?\d\dZ)/;

/** Of which list and when a bare payload is: as said, else as its name or (a day's page) its own date tells. Nothing is guessed. */
function factsOf(
  brought: Brought,
  kind: Bare['kind'],
  body: Uint8Array,
  cut: boolean,
  watched: readonly Watched[],
): Bare {
  const time = TIME_IN_NAME.exec(brought.name)?.[1]?.replaceAll(/[-:]/g, '');
  const at = brought.at ?? asInstant(time ?? '');
  const source = brought.source ?? (kind === 'json' ? 'daily' : null);
  const ownOf = () => (kind === 'html' ? ownDay(Buffer.from(body).toString('utf8')) : null);
  const named = () => asDay(DAY_IN_NAME.exec(brought.name)?.[1] ?? '');
  const day = brought.target ?? (source === 'daily' ? (ownOf() ?? named()) : at && dayOf(at));
  const lacks = [source ? '' : '--source', day ? '' : '--target', at ? '' : '--at'].filter(Boolean);
  if (!source || !day || !at) {
    throw new PaperkeepError(
      'UNSAID',
      `${brought.name} does not say of which list and when it is`,
      `say ${lacks.join(', ')}, or give a manifest`,
      4,
    );
  }
  const query =
    kindOf(source) === 'watched' ? watched.find(({ slug }) => `watched:${slug}` === source)?.query : undefined;
  return { source, day, at, kind, body, cut, ...(query !== undefined && { query }) };
}
