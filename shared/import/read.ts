import { parseSnapshot } from '../archive/warc/read-snapshot.ts';
import { createSnapshot, type Snapshot } from '../archive/warc/write-snapshot.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import type { WatchedSearch } from '../lists.ts';
import type { Capture } from '../model/capture.ts';
import { MAX_IMPORTED_BODY_BYTES } from '../model/limits.ts';
import { listKind } from '../model/list.ts';
import { isUsable } from '../model/listing.ts';
import { parsers } from '../parse/parsers.ts';
import { readFileContent } from './formats.ts';
import { createPayloadCaptures, type DamagedWarcInfo, type KnownCaptureInfo } from './payload.ts';
import { detectWarc, type Revisit, readWarcFile } from './warc.ts';

/** One file to import, and what is known of it; what is null, the file has to say. */
export type ImportFile = KnownCaptureInfo & {
  /** As its owner knows it; for messages. */
  readonly name: string;
  /** True for a file whose bytes are stored only if they hold a list. */
  readonly listsOnly?: boolean;
  read(): Promise<Uint8Array>;
};

/** A capture in a file. */
export type FoundCapture = {
  readonly snapshot: Snapshot;
  /** True for a snapshot that a paperkeep made. */
  readonly isOurs: boolean;
  /** What a `revisit` may call each exchange. */
  readonly names: readonly (readonly string[])[];
};

/** Why something in a file is not stored, with the error's code if it has one. */
export type ImportProblem = {
  readonly why: string;
  readonly code: string | null;
  readonly result: 'done' | 'retry' | 'unreadable' | 'damaged';
};

/** What a file holds. */
export type FileCaptures = {
  readonly captures: readonly FoundCapture[];
  readonly revisits: readonly Revisit[];
  readonly troubles: readonly ImportProblem[];
};

const WARC_NAME = /\.warc(?:\.gz)?$/i;

/**
 * Finds the captures in a file. It never throws for what is in the file: what cannot be read is kept whole where its list, day and time
 * are known, and named otherwise.
 */
export async function readImportFile(file: ImportFile, watched: readonly WatchedSearch[]): Promise<FileCaptures> {
  try {
    const bytes = await file.read();
    const kind = await detectWarc(bytes);
    const snapshot = kind === 'ours' ? await parseSnapshot(bytes).catch(() => null) : null;
    if (snapshot) return { captures: [{ snapshot, isOurs: true, names: [] }], revisits: [], troubles: [] };
    if (kind) return await readWarc(file, bytes, watched);
    if (WARC_NAME.test(file.name)) return await keepWarc(file, bytes, 'no WARC begins in it', null, watched);
    return await toFileCaptures(file, createPayloadCaptures(file, readFileContent(file.name, bytes), watched));
  } catch (error) {
    return { captures: [], revisits: [], troubles: [describeTrouble(error)] };
  }
}

/** An error as a result. What is wrong with a file is no damage of the archive, whatever the error's code. */
export function describeTrouble(error: unknown): ImportProblem {
  if (!(error instanceof PaperkeepError)) return { why: errorMessage(error), code: null, result: 'unreadable' };
  const { code, message, hint } = error;
  return { why: hint ? `${message}: ${hint}` : message, code, result: code === 'NOT_FETCHED' ? 'retry' : 'unreadable' };
}

async function toFileCaptures({ listsOnly }: ImportFile, captures: readonly Capture[]): Promise<FileCaptures> {
  for (const capture of listsOnly ? captures : []) {
    const { outcome, why } = parsers[listKind(capture.list)].parse(capture);
    if (isUsable(outcome)) continue;
    const message = `${why}; only a list is kept from outside of the manifest's folder`;
    throw new PaperkeepError({ code: 'MANIFEST_LINE', message, hint: 'import it by its own path' });
  }
  const snapshots = await Promise.all(captures.map(createSnapshot));
  return {
    captures: snapshots.map((snapshot) => ({ snapshot, isOurs: false, names: [] })),
    revisits: [],
    troubles: [],
  };
}

async function readWarc(file: ImportFile, bytes: Uint8Array, watched: readonly WatchedSearch[]): Promise<FileCaptures> {
  const { snapshots, captures, revisits, skipped, damagedSnapshots, damages, hints, records } = await readWarcFile(
    bytes,
    watched,
  );
  const troubles = [
    ...skipped.map(
      ({ url, why, lost }): ImportProblem => ({
        why: `${url}: ${why}`,
        code: 'SKIPPED',
        result: lost ? 'unreadable' : 'done',
      }),
    ),
    ...damagedSnapshots.map((why): ImportProblem => ({ why, code: 'SNAPSHOT_DAMAGED', result: 'unreadable' })),
    ...damages.map((why): ImportProblem => ({ why, code: 'WARC_UNREADABLE', result: 'unreadable' })),
  ];
  if (snapshots.length + captures.length + revisits.length > 0) {
    const foreign = captures.map(async ({ capture, names }) => ({
      snapshot: await createSnapshot(capture),
      isOurs: false,
      names,
    }));
    const ours = snapshots.map((snapshot) => ({ snapshot, isOurs: true, names: [] }));
    return { captures: [...ours, ...(await Promise.all(foreign))], revisits, troubles };
  }
  const damage = damagedSnapshots[0] ?? damages[0];
  if (damage !== undefined) return keepWarc(file, bytes, damage, hints, watched);
  const message = `it holds no list of the feed (${records} records)`;
  const hint = 'give a WARC that holds daily, trending or watched lists';
  const none = describeTrouble(new PaperkeepError({ code: 'NOTHING_OF_THE_FEED', message, hint }));
  return { captures: [], revisits: [], troubles: [...troubles, none] };
}

/** Keeps an unreadable WARC unchanged; its parser says what is wrong with it. */
async function keepWarc(
  file: ImportFile,
  bytes: Uint8Array,
  damage: string,
  hints: DamagedWarcInfo | null,
  watched: readonly WatchedSearch[],
): Promise<FileCaptures> {
  const message = `no WARC that can be read: ${damage}`;
  const hint = 'fetch the file again';
  if (bytes.length > MAX_IMPORTED_BODY_BYTES) {
    const tooLarge = `${message}; it is larger than ${MAX_IMPORTED_BODY_BYTES / 1e6} MB`;
    throw new PaperkeepError({ code: 'WARC_UNREADABLE', message: tooLarge, hint });
  }
  try {
    const content = { mediaType: 'application/warc', body: bytes, cut: false };
    return await toFileCaptures(file, createPayloadCaptures(file, content, watched, hints));
  } catch (error) {
    if (!(error instanceof PaperkeepError)) throw error;
    const both = `${message}; ${error.message}`;
    throw new PaperkeepError({ code: error.code, message: both, hint: error.hint, cause: error });
  }
}
