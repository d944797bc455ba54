import { type Clock, type Instant, secondsBetween } from '../lib/time.ts';
import { type Exchange, getHeader, getHeaders } from '../model/capture.ts';

/** The two budgets that the feed keeps: requests to its API, and requests for pages. */
export type RateLimitBucket = 'api' | 'pages';

/** Which budget a request for that path is taken from. */
export const bucketOf = (path: string): RateLimitBucket => (path.startsWith('/api/') ? 'api' : 'pages');

/** How long the feed is to be left alone. */
export type Pacer = {
  /** Milliseconds still to wait before a request of that bucket; 0 when it may be made now. */
  owed(bucket: RateLimitBucket): number;
  /** What was owed to that bucket has been waited for. */
  rested(bucket: RateLimitBucket): void;
  /** A request of that bucket is over; what was answered may ask for rest. */
  heard(bucket: RateLimitBucket, exchange: Exchange): void;
};

type Rest = { readonly since: Instant; readonly ms: number };

/**
 * Keeps a gap of `minGapMs` between the end of a request and the next, and what the feed itself asks for: `ratelimit: "pages";r=0;t=52`
 * (nothing left of that bucket for 52 s; a name that is no bucket of ours counts for both) and `retry-after` in seconds.
 */
export function createPacer(minGapMs: number, clock: Clock): Pacer {
  let gap: Rest | null = null;
  const asked: Record<RateLimitBucket, Rest | null> = { api: null, pages: null };

  const left = (rest: Rest | null): number => {
    if (!rest) return 0;
    // Instants are whole seconds, so up to one of those between two of them may not have passed.
    const passed = Math.max(0, secondsBetween(rest.since, clock()) - 1);
    return Math.max(0, rest.ms - passed * 1000);
  };

  return {
    owed: (bucket) => Math.max(left(gap), left(asked[bucket])),
    rested(bucket) {
      gap = null;
      asked[bucket] = null;
    },
    heard(bucket, exchange) {
      const since = clock();
      gap = { since, ms: minGapMs };
      for (const limit of getHeaders(exchange, 'ratelimit').flatMap(readRateLimit)) {
        const rest = limit.remaining === 0 ? { since, ms: limit.seconds * 1000 } : null;
        for (const each of limit.bucket ? [limit.bucket] : (['api', 'pages'] as const)) asked[each] = rest;
      }
      const retryAfter = getHeader(exchange, 'retry-after') ?? '';
      // The feed was never seen to send one, and its other form, a date, is not worth a parser.
      if (/^\d+$/.test(retryAfter)) {
        const ms = Number(retryAfter) * 1000;
        if (ms > left(asked[bucket])) asked[bucket] = { since, ms };
      }
    },
  };
}

type Limit = { readonly bucket: RateLimitBucket | null; readonly remaining: number; readonly seconds: number };

/** Reads `"api";r=498;t=246`, several of them divided by commas; what has another shape is left out. */
function readRateLimit(header: string): Limit[] {
  return header.split(',').flatMap((item) => {
    const [, name, remaining, seconds] = /^\s*"?([^";]*)"?\s*;\s*r=(\d+)\s*;\s*t=(\d+)/.exec(item) ?? [];
    const bucket = name === 'api' || name === 'pages' ? name : null;
    return remaining && seconds ? [{ bucket, remaining: Number(remaining), seconds: Number(seconds) }] : [];
  });
}
