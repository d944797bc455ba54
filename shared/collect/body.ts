import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';

/** A body, and whether it ended before it was whole. */
export type ReceivedBody = { readonly bytes: Uint8Array; readonly cut: boolean };

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // Servers send it with and without the zlib head, which says deflate (8) in the lower half of its first byte.
  deflate: (bytes) => ((bytes[0] ?? 8) % 16 === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/** What a stream gives as far as it comes, which is a cut body when it breaks off or gives more than `most` bytes. Never throws. */
export function readStream(stream: Readable, most: number): Promise<ReceivedBody> {
  return new Promise((done) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let whole = false;
    // Read as it flows: bytes that wait in a stream are lost with it.
    stream.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > most) stream.destroy();
    });
    stream.on('end', () => {
      whole = true;
    });
    // What broke it off does not matter: the rest is not to be had. `close` follows.
    stream.on('error', () => {});
    stream.on('close', () => {
      done({ bytes: new Uint8Array(Buffer.concat(chunks, Math.min(size, most))), cut: !whole || size > most });
    });
  });
}

/**
 * A body with the codings of its `content-encoding` undone, the last first, as far as that goes; null when there is none, or one
 * that is not known here. Where bytes are wrong rather than few, what was decoded in the same step as the fault is lost (16 kB, or a block).
 */
export async function decodeBody(
  body: ReceivedBody,
  codings: readonly string[],
  most: number,
): Promise<ReceivedBody | null> {
  const decoders = codings.map((name) => DECODERS[name]);
  if (decoders.length === 0 || decoders.includes(undefined)) return null;
  let { bytes, cut } = body;
  for (const decoder of decoders.toReversed()) {
    // Nothing at all is what many servers say with a status alone.
    if (!decoder || bytes.length === 0) break;
    const stream = decoder(bytes);
    // Not ended at once: what is decoded in the same step as a missing end is found would be lost.
    stream.write(bytes, () => stream.end());
    const plain = await readStream(stream, most);
    bytes = plain.bytes;
    cut ||= plain.cut;
  }
  return { bytes, cut };
}
