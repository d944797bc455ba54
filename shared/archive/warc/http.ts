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

/** The same bytes as a plain array, not the Buffer they may be: what is read equals what was written. Nothing is copied. */
export const toUint8Array = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

/** Takes a message apart; its body is a view of the block. Lines that are no header are left out, folded ones joined; without a blank line all of it is head. */
export function parseHttpMessage(block: Uint8Array): HttpMessage {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const blank = bytes.indexOf('\r\n\r\n');
  // Some write bare line feeds; a body is not searched for them.
  const bare = bytes.subarray(0, blank < 0 ? bytes.length : blank).indexOf('\n\n');
  const [end, next] = bare >= 0 ? [bare, bare + 2] : blank >= 0 ? [blank, blank + 4] : [bytes.length, bytes.length];
  const head = bytes.toString('latin1', 0, end).replaceAll(/\r?\n[ \t]+/g, ' ');
  const [first = '', ...lines] = head.split(/\r?\n/);
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, Math.max(0, colon)), line.slice(colon + 1).replaceAll(/^[ \t]+|[ \t]+$/g, '')];
    return isValidHeader(name, value) ? [[name, value]] : [];
  });
  return { first, headers, body: toUint8Array(bytes.subarray(next)) };
}
