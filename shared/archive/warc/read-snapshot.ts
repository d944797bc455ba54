import { asBuffer, toUint8Array } from '../../lib/bytes.ts';
import { PaperkeepError } from '../../lib/errors.ts';
import { type Day, type Instant, parseDay, parseInstant } from '../../lib/time.ts';
import type { Capture, Exchange } from '../../model/capture.ts';
import { type ListName, parseListName } from '../../model/list.ts';
import { captureKeyWithDigests, sha256 } from '../keys.ts';
import type { SnapshotStore } from '../store.ts';
import { GZIP_HEADER, isGzip, readGzipMember } from './gzip.ts';
import { type HttpMessage, parseHttpMessage } from './http.ts';
import { parseRecords, type WarcFields, type WarcRecord } from './records.ts';
import { createSnapshot, labelDigest, type RecordKind, recordId, type Snapshot, UNANSWERED } from './write-snapshot.ts';

const EMPTY = new Uint8Array();
const EMPTY_SHA256 = sha256(EMPTY);

/**
 * Reads a file that `createSnapshot` wrote, decompressed or not, and checks all of it: checksums, digests, that every record is there.
 * (All but the up to 7 bits that deflate leaves unused at the end of a member, which mean nothing.)
 * The snapshot's bytes are the file's where it is compressed record by record, else they are written again.
 *
 * @throws PaperkeepError `SNAPSHOT_DAMAGED` with what is wrong.
 */
export async function parseSnapshot(file: Uint8Array): Promise<Snapshot> {
  const { key, capture, byRecord } = await parseSnapshotFile(file);
  return byRecord ? { key, capture, bytes: file } : createSnapshot(capture);
}

/**
 * Reads the snapshot that is stored under a key.
 *
 * @throws PaperkeepError `SNAPSHOT_MISSING` if no snapshot is stored there, `SNAPSHOT_DAMAGED` if it cannot be read whole or is another capture.
 */
export async function readSnapshot(store: SnapshotStore, key: string): Promise<Snapshot> {
  const bytes = await store.get(key);
  if (bytes === null)
    throw new PaperkeepError({ code: 'SNAPSHOT_MISSING', message: `${key} is not in ${store.url}`, hint: RESTORE });
  const parsed = await parseSnapshotFile(bytes).catch((error: unknown) => {
    throw error instanceof PaperkeepError
      ? new PaperkeepError({ code: error.code, message: `${key}: ${error.message}`, hint: RESTORE })
      : error;
  });
  if (parsed.key !== key) throw damagedSnapshotError(`${key} holds another capture, ${parsed.key}`);
  return { key, bytes, capture: parsed.capture };
}

async function parseSnapshotFile(file: Uint8Array) {
  const pieces = isGzip(file) ? [...readMembers(file)] : [asBuffer(file)];
  const records: WarcRecord[] = [];
  for await (const record of parseRecords(pieces)) {
    if ('damage' in record) throw damagedSnapshotError(record.damage);
    records.push(record);
  }
  return { ...parseSnapshotRecords(records), byRecord: isGzip(file) && pieces.length === records.length };
}

/** The plain bytes of each member of a file of ours; strict, where zlib would pass over what no checksum covers. */
function* readMembers(file: Uint8Array): Generator<Buffer | Error> {
  const view = asBuffer(file);
  for (let at = 0; at < view.length; ) {
    try {
      if (!view.subarray(at, at + GZIP_HEADER.length).equals(GZIP_HEADER))
        throw new Error(`no record begins at byte ${at}`);
      const { plain, end } = readGzipMember(view, at);
      yield plain;
      at = end;
    } catch (error) {
      yield error as Error;
      return;
    }
  }
}

/**
 * Checks the records of one snapshot and gives the capture that they hold.
 *
 * @throws PaperkeepError `SNAPSHOT_DAMAGED` with what is wrong.
 */
export function parseSnapshotRecords(records: readonly WarcRecord[]): Omit<Snapshot, 'bytes'> {
  const info = records[0] && parseWarcinfo(records[0]);
  if (!info) throw damagedSnapshotError('it does not begin with the warcinfo of a paperkeep snapshot');
  const pairs = pairRecords(records.map(checkRecord).slice(1));
  const exchanges = pairs.map(toExchange);
  const { list, day, at, imported } = info;
  if (!list || !day || !at) throw damagedSnapshotError('its warcinfo does not name its list, day and time');
  const capture: Capture = { list, day, at, imported, exchanges };
  const digests = pairs.map(({ response }, index) =>
    exchanges[index]?.unanswered === undefined ? response.sha256 : EMPTY_SHA256,
  );
  const key = captureKeyWithDigests(capture, digests);
  checkIds(records, key);
  return { key, capture };
}

/** What the `warcinfo` of a snapshot says of it; null where it says nothing that can be read. */
export type SnapshotInfo = {
  readonly list: ListName | null;
  readonly day: Day | null;
  readonly at: Instant | null;
  readonly imported: boolean;
};

/** Reads the `warcinfo` of one of our snapshots; null for any other record. */
export function parseWarcinfo({ fields, block }: WarcRecord): SnapshotInfo | null {
  if (fields.get('warc-type') !== 'warcinfo') return null;
  const lines = Buffer.from(block).toString('utf8').split('\r\n');
  const values = new Map(lines.map((line) => line.split(': ', 2) as [string, string]));
  if (values.get('software') !== 'paperkeep') return null;
  return {
    list: parseListName(values.get('paperkeep-source') ?? ''),
    day: parseDay(values.get('paperkeep-target') ?? ''),
    at: parseInstant(values.get('paperkeep-at') ?? ''),
    imported: values.get('paperkeep-imported') === 'yes',
  };
}

/** The codes of errors about one snapshot: damaged, missing, or not readable on its disk. */
const DAMAGE: ReadonlySet<string> = new Set(['SNAPSHOT_DAMAGED', 'SNAPSHOT_MISSING', 'SNAPSHOT_UNREADABLE']);
/** True for an error about one snapshot; false for any other, such as an archive that cannot be reached. */
export const isSnapshotDamage = (error: unknown): boolean => error instanceof PaperkeepError && DAMAGE.has(error.code);

const RESTORE = 'put it back from a copy of the archive';
const damagedSnapshotError = (what: string): PaperkeepError =>
  new PaperkeepError({ code: 'SNAPSHOT_DAMAGED', message: `the snapshot is damaged: ${what}`, hint: RESTORE });

/** A record whose digests are right: its HTTP message, if it is one, and the SHA-256 of its payload, hex. */
type CheckedRecord = WarcRecord & { readonly message: HttpMessage | null; readonly sha256: string };

function checkRecord({ fields, block }: WarcRecord): CheckedRecord {
  const http = /^(?:response|request)$/.test(fields.get('warc-type') ?? '');
  const message = http ? parseHttpMessage(block) : null;
  const payloadDigest = sha256(message?.body ?? block);
  const blockDigest = message ? sha256(block) : payloadDigest;
  if (
    fields.get('warc-block-digest') !== labelDigest(blockDigest) ||
    fields.get('warc-payload-digest') !== labelDigest(payloadDigest)
  ) {
    throw damagedSnapshotError(`the digest of ${describeRecord(fields)} is wrong`);
  }
  return { fields, block, message, sha256: payloadDigest };
}

const describeRecord = (fields: WarcFields): string =>
  `the ${fields.get('warc-type')} of ${fields.get('warc-target-uri') ?? 'it'}`;

/** A response and its request, if it is known. */
type Pair = { readonly response: CheckedRecord; readonly request: CheckedRecord | null };

function pairRecords(records: readonly CheckedRecord[]): Pair[] {
  const pairs: Pair[] = [];
  for (let next = 0; next < records.length; ) {
    const response = records[next++] as CheckedRecord;
    const linked = response.fields.get('warc-concurrent-to');
    const request = linked === null ? null : (records[next++] ?? null);
    if (linked !== null && request?.fields.get('warc-record-id') !== linked) {
      throw damagedSnapshotError(`the request of ${response.fields.get('warc-target-uri')} is missing`);
    }
    pairs.push({ response, request });
  }
  return pairs;
}

function toExchange({ response, request }: Pair): Exchange {
  const at = parseInstant(response.fields.get('warc-date') ?? '');
  if (at === null) throw damagedSnapshotError(`${describeRecord(response.fields)} has no date`);
  const known = {
    url: response.fields.get('warc-target-uri') ?? '',
    at,
    cut: response.fields.get('warc-truncated') !== null,
  };
  const sent = request && (request.message?.headers ?? []);
  if (response.fields.get('warc-type') === 'metadata') {
    const unanswered = Buffer.from(response.block).toString('utf8').slice(UNANSWERED.length, -2);
    return { ...known, status: null, headers: [], sent, body: EMPTY, unanswered };
  }
  if (!response.message) {
    const type =
      response.fields.get('warc-identified-payload-type') === null ? response.fields.get('content-type') : null;
    const headers: [string, string][] = type === null ? [] : [['content-type', type]];
    return { ...known, status: null, headers, sent, body: toUint8Array(response.block) };
  }
  const { first, headers, body } = response.message;
  return { ...known, status: Number(first.split(' ')[1]), headers, sent, body };
}

/** Checks that every record has the id that follows from the capture, so that none is missing, repeated or moved. */
function checkIds(records: readonly WarcRecord[], key: string): void {
  let index = -1;
  for (const { fields } of records) {
    const kind = fields.get('warc-type') as RecordKind;
    if (kind === 'response' || kind === 'resource' || kind === 'metadata') index += 1;
    if (fields.get('warc-record-id') !== recordId(key, Math.max(0, index), kind)) {
      throw damagedSnapshotError(
        `${describeRecord(fields)} does not belong to the capture, or another record is missing`,
      );
    }
  }
}
