import { defaultIsContentTypeBinary } from 'hono/aws-lambda';
import type { ResponseLimit } from '../../shared/web/app.ts';

/** In JSON a unit of text takes at most six bytes (`\u0007`). */
const WIDEST = 6;

/**
 * What a function can give back: JSON of at most 6 MB, in which text is escaped and anything else is base64, as hono's adapter makes it.
 * Lambda's own limit is 6,291,556 bytes; the rest is for the headers. Above it the API answers with a bare 500.
 */
export const lambdaResponseLimit: ResponseLimit = {
  largest: 6_000_000,
  bytesOf(body, type) {
    if (defaultIsContentTypeBinary(type)) return Math.ceil(Buffer.byteLength(body) / 3) * 4;
    // most answers are far too small to be looked at closely
    const most = body.length * WIDEST;
    return most <= lambdaResponseLimit.largest ? most : Buffer.byteLength(JSON.stringify(body));
  },
};
