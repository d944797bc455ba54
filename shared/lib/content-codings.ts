import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

/** How the bytes of one `content-encoding` are decoded: all at once, or as they come. */
export type ContentCoding = {
  readonly decode: (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Uint8Array;
  readonly createDecoder: () => Transform;
  /** The `finishFlush` with which zlib gives what there is of bytes that end early. */
  readonly flush: number;
};

const GZIP: ContentCoding = { decode: gunzipSync, createDecoder: createGunzip, flush: constants.Z_SYNC_FLUSH };
const ZLIB: ContentCoding = { decode: inflateSync, createDecoder: createInflate, flush: constants.Z_SYNC_FLUSH };
const RAW: ContentCoding = { decode: inflateRawSync, createDecoder: createInflateRaw, flush: constants.Z_SYNC_FLUSH };
const BROTLI: ContentCoding = {
  decode: brotliDecompressSync,
  createDecoder: createBrotliDecompress,
  flush: constants.BROTLI_OPERATION_FLUSH,
};
const ZSTD: ContentCoding = {
  decode: zstdDecompressSync,
  createDecoder: createZstdDecompress,
  flush: constants.ZSTD_e_flush,
};

const CODINGS = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['br', BROTLI],
  ['zstd', ZSTD],
]);

/** The coding of a name in `content-encoding`, in lower case, for these bytes; null where it is not known. */
export function findContentCoding(name: string, bytes: Uint8Array): ContentCoding | null {
  // Servers send deflate with and without the zlib header, whose first byte ends in 8.
  if (name === 'deflate') return (bytes[0] ?? 8) % 16 === 8 ? ZLIB : RAW;
  return CODINGS.get(name) ?? null;
}
