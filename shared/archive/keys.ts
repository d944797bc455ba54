import { hash } from 'node:crypto';
import { PaperkeepError } from '../lib/errors.ts';
import type { Capture } from '../model/capture.ts';
import { parseSnapshotKey, snapshotKey } from '../model/list.ts';

/** SHA-256 as 64 lower-case hex digits. */
export const sha256 = (bytes: Uint8Array | string): string => hash('sha256', bytes);

/**
 * The key of a capture: the same capture has the same key, wherever and whenever it is computed.
 *
 * Its 12 hex digits are the first 48 bits of SHA-256 over this UTF-8 text, which can never change:
 * the lines `<list>`, `<day>`, `<at>`, then a line per exchange in order, `<url> <status> <SHA-256 of the body, hex>`,
 * the status being `-` where it is not known; every line ends with one `\n`.
 * Headers, the times of single exchanges, `cut` and `imported` are not part of it.
 */
export const captureKey = (capture: Capture): string => captureKeyWithDigests(capture, payloadDigests(capture));

/** The key of a capture whose {@link payloadDigests} are computed already. */
export function captureKeyWithDigests({ list, day, at, exchanges }: Capture, digests: readonly string[]): string {
  const lines = exchanges.map(({ url, status }, index) => `${url} ${status ?? '-'} ${digests[index]}\n`);
  const digest = sha256(`${list}\n${day}\n${at}\n${lines.join('')}`).slice(0, 12);
  return snapshotKey({ list, day, at, digest });
}

/** SHA-256 of each body of a capture, hex. */
export const payloadDigests = ({ exchanges }: Capture): string[] => exchanges.map(({ body }) => sha256(body));

/**
 * Returns the key itself, so that nothing but a key reaches a store.
 *
 * @throws PaperkeepError `NOT_A_KEY`.
 */
export function checkKey(key: string): string {
  if (parseSnapshotKey(key)) return key;
  const message = `${JSON.stringify(key)} is no key of a snapshot`;
  const hint = 'give one like raw/<list>/<day>/<time>-<12 hex>.warc.gz';
  throw new PaperkeepError({ code: 'NOT_A_KEY', message, hint });
}
