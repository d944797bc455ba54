import { type Clock, type Instant, secondsBetween } from '../lib/time.ts';
import { type Exchange, getHeader, getHeaders } from '../model/capture.ts';

/** The feed's two rate limits: one for its API, one for its pages. */
export type RateLimitBucket = 'api' | 'pages';

/** The rate limit that a request for a path counts against. */
export const bucketOf = (path: string): RateLimitBucket => (path.startsWith('/api/') ? 'api' : 'pages');

/** Decides how long to wait before the next request. */
export type Pacer = {
  /** Milliseconds still to wait before a request of that bucket; 0 when it may be made now. */
  waitMs(bucket: RateLimitBucket): number;
  /** Call it after waiting `waitMs`, and before the request. */
  markWaited(bucket: RateLimitBucket): void;
  /** Call it after each request: the response may ask for a pause. */
  observe(bucket: RateLimitBucket, exchange: Exchange): void;
};

type Pause = { readonly since: Instant; readonly ms: number };

/**
 * Creates a pacer that keeps `minGapMs` between the end of a request and the next one, and obeys the feed's `ratelimit: "pages";r=0;t=52`
 * (nothing left of that bucket for 52 s; an unknown bucket name counts for both) and `retry-after` in seconds.
 */
export function createPacer(minGapMs: number, clock: Clock): Pacer {
  let gap: Pause | null = null;
  const requested: Record<RateLimitBucket, Pause | null> = { api: null, pages: null };

  const remainingMs = (pause: Pause | null): number => {
    if (!pause) return 0;
    // Instants are whole seconds, so up to one second of those between two of them may not have passed.
    const passed = Math.max(0, secondsBetween(pause.since, clock()) - 1);
    return Math.max(0, pause.ms - passed * 1000);
  };

  return {
    waitMs: (bucket) => Math.max(remainingMs(gap), remainingMs(requested[bucket])),
    markWaited(bucket) {
      gap = null;
      requested[bucket] = null;
    },
    observe(bucket, exchange) {
      const since = clock();
      gap = { since, ms: minGapMs };
      for (const limit of getHeaders(exchange, 'ratelimit').flatMap(parseRateLimit)) {
        const pause = limit.remaining === 0 ? { since, ms: limit.seconds * 1000 } : null;
        for (const each of limit.bucket ? [limit.bucket] : (['api', 'pages'] as const)) requested[each] = pause;
      }
      const retryAfter = getHeader(exchange, 'retry-after') ?? '';
      // The feed was never seen to send one, so its other form, a date, is not supported.
      if (/^\d+$/.test(retryAfter)) {
        const ms = Number(retryAfter) * 1000;
        if (ms > remainingMs(requested[bucket])) requested[bucket] = { since, ms };
      }
    },
  };
}

type RateLimit = { readonly bucket: RateLimitBucket | null; readonly remaining: number; readonly seconds: number };

/** Parses `"api";r=498;t=246`, several separated by commas; an item of another shape is left out. */
function parseRateLimit(header: string): RateLimit[] {
  return header.split(',').flatMap((item) => {
    const [, name, remaining, seconds] = /^\s*"?([^";]*)"?\s*;\s*r=(\d+)\s*;\s*t=(\d+)/.exec(item) ?? [];
    const bucket = name === 'api' || name === 'pages' ? name : null;
    return remaining && seconds ? [{ bucket, remaining: Number(remaining), seconds: Number(seconds) }] : [];
  });
}
