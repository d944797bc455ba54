import {
  GZIP_HEAD,
  GZIP_MAGIC,
  type GzipMember,
  gunzipReadablePart,
  isGzip,
  readGzipMember,
} from '../archive/warc/gzip.ts';
import { parseSnapshot } from '../archive/warc/snapshot.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Capture } from '../model/capture.ts';
import { MAX_RECORD_BYTES } from '../model/limits.ts';

/** The most bytes that one gzip member may unpack to. Ours hold a record each; a file that was packed again may be a member as a whole. */
const LARGEST_MEMBER = 4 * MAX_RECORD_BYTES;
/** The warcinfo of a snapshot of ours, its head included, is shorter than this; packed, too. */
const INFO_BYTES = 1024;
const BLANK = '\r\n\r\n';
/** How a snapshot of ours begins. */
const BEGINNING = 'WARC/1.1\r\nWARC-Type: warcinfo\r\n';

/** What a file of several snapshots held. */
export type RepackedCaptures = {
  /** In the order in which they stand in it. */
  readonly captures: Capture[];
  /** What is wrong with the others, a sentence for each. */
  readonly damages: string[];
};

/**
 * Reads a file that is not one snapshot as `writeWarc` gives it: one that somebody packed again, or several of them behind one another,
 * packed or not. Each is checked as `readWarc` checks it; behind a damaged one reading goes on with the next.
 */
export async function readRepackedWarc(bytes: Uint8Array): Promise<RepackedCaptures> {
  const captures: Capture[] = [];
  const damages: string[] = [];
  for (const { plain, torn } of stretches(viewOf(bytes))) {
    const parts = [...partsOf(plain)];
    if (parts.length === 0 && torn !== null) damages.push(damageOf(plain, torn));
    for (const part of parts) {
      // what is torn shows where the bytes end, and is told better by where that was
      const { capture, damage } = await readPart(part, part === parts.at(-1) ? torn : null);
      if (capture) captures.push(capture);
      if (damage !== null) damages.push(damage);
    }
  }
  return { captures, damages };
}

const NO_RECORD = 'something that is no whole record stands in it';

/** True for a packed snapshot whose members are those of `writeWarc`: each holds one record. Throws where it is damaged. */
export function isGzippedByRecord(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let at = 0; at < view.length; ) {
    const { plain, end } = readGzipMember(view, at, MAX_RECORD_BYTES);
    if (recordEnd(plain, 0) !== plain.length) return false;
    at = end;
  }
  return true;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** Plain bytes that belong together; `torn` says what is wrong where they end, null if nothing is. */
type Stretch = { readonly plain: Buffer; readonly torn: string | null };

function* stretches(view: Buffer): Generator<Stretch> {
  if (!isGzip(view)) {
    yield { plain: view, torn: null };
    return;
  }
  let parts: Buffer[] = [];
  for (let at = 0; at < view.length; ) {
    const whole = memberOrWhy(view, at);
    if (typeof whole !== 'string') {
      if (isBeginning(whole.plain) && parts.length > 0) {
        yield { plain: Buffer.concat(parts), torn: null };
        parts = [];
      }
      parts.push(whole.plain);
      at = whole.end;
      continue;
    }
    const next = nextPacked(view, at + 1);
    const member = view.subarray(at, next);
    // a member of ours is one record, and half of it is of no use
    const rest = member.subarray(0, GZIP_HEAD.length).equals(GZIP_HEAD)
      ? []
      : [gunzipReadablePart(member, LARGEST_MEMBER)];
    yield { plain: Buffer.concat([...parts, ...rest]), torn: whole };
    parts = [];
    at = next;
  }
  if (parts.length > 0) yield { plain: Buffer.concat(parts), torn: null };
}

function memberOrWhy(view: Buffer, at: number): GzipMember | string {
  try {
    return readGzipMember(view, at, LARGEST_MEMBER);
  } catch (error) {
    return errorMessage(error);
  }
}

/** True for plain bytes that begin as a snapshot of ours does. */
const isBeginning = (plain: Buffer): boolean => {
  const first = plain.toString('latin1', 0, INFO_BYTES);
  return first.startsWith(BEGINNING) && first.includes('software: paperkeep\r\n');
};

/** Where behind a byte a member begins that begins a snapshot of ours; the end of all where none does. */
function nextPacked(view: Buffer, from: number): number {
  for (let at = view.indexOf(GZIP_MAGIC, from); at >= 0; at = view.indexOf(GZIP_MAGIC, at + 1)) {
    if (isBeginning(gunzipReadablePart(view.subarray(at, at + INFO_BYTES), MAX_RECORD_BYTES))) return at;
  }
  return view.length;
}

/** The same of plain bytes. */
function nextPlain(plain: Buffer, from: number): number {
  for (let at = plain.indexOf(BEGINNING, from); at >= 0; at = plain.indexOf(BEGINNING, at + 1)) {
    if (isBeginning(plain.subarray(at))) return at;
  }
  return plain.length;
}

/** The whole records of a snapshot, and what stands behind them that is none; where that is not empty, the snapshot need not be theirs. */
type Part = { readonly records: Buffer; readonly rest: Buffer };

/** Plain bytes, parted where snapshots of ours begin: from record to record, so that one that is kept in the body of another stays there. */
function* partsOf(plain: Buffer): Generator<Part> {
  const NOTHING = plain.subarray(0, 0);
  let start = 0;
  for (let at = 0; at < plain.length; ) {
    const end = recordEnd(plain, at);
    const next = end ?? nextPlain(plain, at + 1);
    const ends = next === plain.length || isBeginning(plain.subarray(next));
    if (ends && end !== null) yield { records: plain.subarray(start, end), rest: NOTHING };
    if (ends && end === null) yield { records: plain.subarray(start, at), rest: plain.subarray(at, next) };
    if (ends) start = next;
    at = next;
  }
}

/** A snapshot, if it is whole, and what is wrong with it or with what stands behind it. */
async function readPart({ records, rest }: Part, torn: string | null) {
  const read = await parseSnapshot(records).catch(errorMessage);
  const why = torn ?? (rest.length > 0 ? NO_RECORD : null);
  if (typeof read !== 'string') return { capture: read, damage: why === null ? null : damageOf(rest, why) };
  const damaged = records.length > 0 ? records : rest;
  return { capture: null, damage: why === null ? `${nameOf(damaged)}: ${read}` : damageOf(damaged, why) };
}

const damageOf = (snapshot: Buffer, why: string): string => `${nameOf(snapshot)}: the snapshot is damaged: ${why}`;

/** Where the record that begins at a byte has ended; null if there is no whole one. */
function recordEnd(plain: Buffer, at: number): number | null {
  const body = plain.indexOf(BLANK, at) + BLANK.length;
  if (body < BLANK.length) return null;
  const head = plain.toString('latin1', at, body);
  const [, length] = /^WARC\/1\.[01]\r\n(?:.*\r\n)*?Content-Length: (\d+)\r\n/i.exec(head) ?? [];
  // a head that was cut ends in that of the snapshot behind it
  if (length === undefined || head.includes(BEGINNING, 1)) return null;
  const end = body + Number(length);
  return plain.toString('latin1', end, end + BLANK.length) === BLANK ? end + BLANK.length : null;
}

/** Of which list and when a damaged snapshot says that it is, in words; where it does not say it, that. */
function nameOf(snapshot: Buffer): string {
  const first = snapshot.toString('latin1', 0, INFO_BYTES);
  const [source, target, at] = ['source', 'target', 'at'].map(
    (name) => new RegExp(`\\r\\npaperkeep-${name}: ([ -~]+)\\r\\n`).exec(first)?.[1],
  );
  return source && target && at ? `${source} of ${target}, seen at ${at}` : 'one that does not say what it is';
}
