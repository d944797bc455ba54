import type { Readable } from 'node:stream';
import { findContentCoding } from '../lib/content-codings.ts';

/** The bytes of a body as far as they came, and whether it ended early. */
export type ReceivedBody = { readonly bytes: Uint8Array; readonly cut: boolean };

/** Reads a stream to its end. The body is cut when the stream breaks off or gives more than `maxBytes`. Never throws. */
export function readStream(stream: Readable, maxBytes: number): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let ended = false;
    // Read while it flows: bytes still buffered in a stream are lost when it is destroyed.
    stream.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) stream.destroy();
    });
    stream.on('end', () => {
      ended = true;
    });
    // `close` follows, and the kind of error makes no difference: the rest cannot be had.
    stream.on('error', () => {});
    stream.on('close', () => {
      const bytes = new Uint8Array(Buffer.concat(chunks, Math.min(size, maxBytes)));
      resolve({ bytes, cut: !ended || size > maxBytes });
    });
  });
}

/**
 * Undoes the codings of a `content-encoding`, the last one first, as far as that goes. Null when there is no coding or an unknown one.
 * Where compressed bytes are damaged, up to 16 kB (or a block) before the damage are lost with it.
 */
export async function decodeBody(
  body: ReceivedBody,
  codings: readonly string[],
  maxBytes: number,
): Promise<ReceivedBody | null> {
  if (codings.length === 0 || codings.some((name) => !findContentCoding(name, body.bytes))) return null;
  let { bytes, cut } = body;
  for (const name of codings.toReversed()) {
    const coding = findContentCoding(name, bytes);
    // Many servers send no body at all with an error status.
    if (!coding || bytes.length === 0) break;
    const stream = coding.createDecoder();
    // Ended only after the write: what is decoded in the step that finds the end missing would be lost.
    stream.write(bytes, () => stream.end());
    const decoded = await readStream(stream, maxBytes);
    bytes = decoded.bytes;
    cut ||= decoded.cut;
  }
  return { bytes, cut };
}
