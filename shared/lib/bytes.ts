/** The same bytes as a Buffer; nothing is copied. */
export const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The same bytes as a plain array, not the Buffer they may be, so that what is read equals what was written; nothing is copied. */
export const toUint8Array = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
