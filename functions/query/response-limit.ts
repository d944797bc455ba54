import { defaultIsContentTypeBinary } from 'hono/aws-lambda';
import type { ResponseLimit } from '../../shared/web/app.ts';

/** In JSON a byte of text takes at most six bytes (`\u0007`). */
const WIDEST = 6;

const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/**
 * What a function can give back: JSON of at most 6 MB, in which text is escaped and anything else is base64, as hono's adapter makes it.
 * Lambda's own limit is 6,291,556 bytes; the rest is for the headers. Above it the API answers with a bare 500.
 */
export const lambdaResponseLimit: ResponseLimit = {
  largest: 6_000_000,
  bytesOfFile: base64Length,
  bytesOf(body, type) {
    // most answers are far too small to be measured
    const most = body.length * WIDEST;
    if (most <= lambdaResponseLimit.largest) return most;
    return defaultIsContentTypeBinary(type)
      ? base64Length(body.length)
      : Buffer.byteLength(JSON.stringify(String(body)));
  },
};
