import { asBuffer, toUint8Array } from '../../lib/bytes.ts';

/** Names and values of headers, in order. Each character is one byte of the wire, U+0000 to U+00FF. */
export type HeaderList = readonly (readonly [string, string])[];

/** An HTTP message as it stands in a WARC record: request or status line, headers, body. */
export type HttpMessage = {
  readonly first: string;
  readonly headers: readonly [string, string][];
  readonly body: Uint8Array;
};

const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

/** Drops the headers that carry credentials: authorization and cookies, either way. */
export const withoutCredentials = (headers: HeaderList): [string, string][] =>
  headers.filter(([name]) => !CREDENTIALS.has(name.toLowerCase())).map(([name, value]) => [name, value]);

/** A token, as RFC 9110 5.6.2 has it. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Bytes without line ends and NUL, not beginning or ending with a blank. */
const VALUE = /^(?![ \t])[^\0\r\n\u0100-\uffff]*(?<![ \t])$/;

/** True for a header that an HTTP message can carry and give back unchanged. */
export const isValidHeader = (name: string, value: string): boolean => NAME.test(name) && VALUE.test(value);

/** True for a media type that a WARC field can carry and give back unchanged: printable ASCII. */
export const isMediaType = (type: string): boolean => /^[!-~](?:[ -~]*[!-~])?$/.test(type);

/** The bytes of a message's head, blank line included. */
export const serializeHead = (first: string, headers: HeaderList): Buffer =>
  Buffer.from(`${first}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1');

/** Where the head ends that bytes begin with, its blank line included; null where no blank line is in them. */
export function findHeadEnd(bytes: Buffer): number | null {
  const blank = bytes.indexOf('\n\r\n');
  // Some write line feeds alone; a body is not searched for them.
  const bare = bytes.subarray(0, blank < 0 ? bytes.length : blank + 1).indexOf('\n\n');
  if (bare >= 0) return bare + 2;
  return blank < 0 ? null : blank + 3;
}

/**
 * Splits a message; its body is a view of the block. Lines that are no header are left out, folded ones joined; where there is no blank
 * line, all of it is head.
 */
export function parseHttpMessage(block: Uint8Array): HttpMessage {
  const bytes = asBuffer(block);
  const end = findHeadEnd(bytes) ?? bytes.length;
  const head = bytes.toString('latin1', 0, end).replaceAll(/\r?\n[ \t]+/g, ' ');
  const [first = '', ...lines] = head.split(/\r?\n/);
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, Math.max(0, colon)), line.slice(colon + 1).replaceAll(/^[ \t]+|[ \t]+$/g, '')];
    return isValidHeader(name, value) ? [[name, value]] : [];
  });
  return { first, headers, body: toUint8Array(bytes.subarray(end)) };
}
