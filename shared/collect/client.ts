import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type Clock, type Deadline, sleep } from '../lib/time.ts';
import { type Exchange, isChallenge, redirectLocation } from '../model/capture.ts';
import { MAX_RESPONSE_BYTES } from '../model/limits.ts';
import { bucketOf, createPacer } from './pace.ts';
import { sendRequest } from './request.ts';

/** Makes requests to the feed. */
export type FeedClient = {
  /**
   * Requests a path with its query, such as `/papers/trending`, retrying and following redirects until `deadline`.
   * Whatever the feed does is part of the result: it never throws for that.
   */
  get(path: string, deadline: Deadline): Promise<FeedResult>;
};

/** What came of a request to the feed. */
export type FeedResult = {
  /** Every request in order, retries and redirects included, with its response if there was one; empty when there was no time for any. */
  readonly exchanges: readonly Exchange[];
  /** Why the last attempt got no response, or why there was no time for it; null when there was a response. */
  readonly failure: string | null;
};

/** What a feed client needs. */
export type FeedClientOptions = {
  /** The origin of the feed, `https://huggingface.co`. */
  readonly origin: string;
  /** The least milliseconds between two requests. */
  readonly minGapMs: number;
  readonly userAgent: string;
  /** Sent as a bearer token if the origin is https or this machine; never logged, never part of an exchange. */
  readonly token?: string | undefined;
  readonly clock: Clock;
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Log;
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
  /** Called at once for each attempt that nothing answered, before the next one. */
  readonly onUnanswered?: (() => void) | undefined;
};

/** Attempts at one URL before it is left for the next visit. */
const ATTEMPTS = 3;
/** The longest that one attempt may take; the feed was seen to take 30 s. */
const ATTEMPT_MS = 60_000;
/** The most to wait after the first failure; it doubles each time. */
const BACKOFF_MS = 1000;
/** The most redirects followed for one request; the feed was seen to use one. */
const MAX_REDIRECTS = 5;
/** The least time between two requests to the feed: it allows 100 pages in 5 minutes, and this is two thirds of that. */
const MIN_GAP_MS = 2000;
/** Where the feed's operators can look this program up. */
const HOMEPAGE = 'https://github.com/paperkeep/paperkeep';

/** The settings that say how the feed is asked; without `minGapMs`, the default of the origin holds. */
export type FeedSettings = { readonly origin: string; readonly minGapMs: number | undefined };

/** The least milliseconds between two requests to that feed: as set, else 2000, or none on this machine. */
export const resolveMinGapMs = ({ origin, minGapMs }: FeedSettings): number =>
  minGapMs ?? (isLoopback(origin) ? 0 : MIN_GAP_MS);

/** Creates the client for the configured feed, with our User-Agent and real waits. `version` is our release. */
export const openFeedClient = ({
  origin,
  minGapMs,
  version,
  ...options
}: FeedSettings & { readonly version: string } & Pick<
    FeedClientOptions,
    'token' | 'clock' | 'log' | 'onUnanswered'
  >): FeedClient =>
  createFeedClient({
    ...options,
    origin,
    minGapMs: resolveMinGapMs({ origin, minGapMs }),
    userAgent: `paperkeep/${version} (+${HOMEPAGE})`,
    pause: sleep,
  });

/**
 * Creates a client that makes one request at a time, however many callers it has, and waits between two as long as `minGapMs` and the feed's
 * `RateLimit` headers ask for. A 429, a 5xx, no response and (once) a cut body are retried, at most three attempts, after the wait that the
 * feed asks for or with full jitter. A challenge never is. No request begins that the deadline leaves no time for. Redirects are followed
 * within the origin.
 *
 * It is a loop of our own over plain requests because every response on the way is an observation and has to be archived.
 *
 * @throws PaperkeepError `BAD_TOKEN` when the token cannot be sent in a header.
 */
export function createFeedClient(options: FeedClientOptions): FeedClient {
  const { userAgent, clock, pause, log, random = Math.random, onUnanswered } = options;
  const { origin, protocol } = new URL(options.origin);
  const token = protocol === 'https:' || isLoopback(origin) ? checkToken(options.token) : null;
  const pacer = createPacer(options.minGapMs, clock);
  let queue: Promise<unknown> = Promise.resolve();

  async function requestWithRetries(path: string, deadline: Deadline): Promise<FeedResult> {
    const { href: url } = new URL(origin + path);
    const bucket = bucketOf(path);
    const accept = bucket === 'api' ? 'application/json' : 'text/html';
    const exchanges: Exchange[] = [];
    let failure: string | null = null;
    let backoffMs = 0;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const waitMs = Math.max(backoffMs, pacer.waitMs(bucket));
      const leftMs = deadline();
      if (waitMs >= leftMs) {
        const why = `no time: ${Math.ceil(waitMs)} ms to wait, ${Math.floor(leftMs)} ms left`;
        log.warn('left for later', { url, tries: attempt - 1, why });
        if (attempt === 1) failure = why;
        break;
      }
      if (waitMs > 0) await pause(waitMs);
      pacer.markWaited(bucket);
      const timeoutMs = Math.min(ATTEMPT_MS, Math.max(1, deadline()));
      const exchange = await sendRequest({ url, userAgent, accept, token, timeoutMs }, clock);
      pacer.observe(bucket, exchange);
      exchanges.push(exchange);
      failure = exchange.unanswered ?? null;
      if (failure === null) {
        log.info('answered', { url, status: exchange.status, bytes: exchange.body.length, cut: exchange.cut });
        if (!isTransient(exchange) || exchanges.filter(({ cut }) => cut).length > 1) break;
      } else {
        log.warn('not answered', { url, tries: attempt, why: failure });
        onUnanswered?.();
      }
      backoffMs = random() * BACKOFF_MS * 2 ** (attempt - 1);
    }
    return { exchanges, failure };
  }

  async function requestWithRedirects(path: string, deadline: Deadline): Promise<FeedResult> {
    const exchanges: Exchange[] = [];
    let failure: string | null = null;
    let next: string | null = path;
    for (let hops = 0; next !== null && hops <= MAX_REDIRECTS; hops += 1) {
      const result = await requestWithRetries(next, deadline);
      exchanges.push(...result.exchanges);
      failure = result.failure;
      next = failure === null ? redirectPath(exchanges.at(-1), origin) : null;
    }
    return { exchanges, failure };
  }

  return {
    get(path, deadline) {
      const result = queue.then(() => requestWithRedirects(path, deadline));
      // An error goes to its own caller; the requests behind it are made all the same.
      queue = result.catch(() => {});
      return result;
    },
  };
}

/** Refuses a token that cannot be sent: the error of the header would show it. */
function checkToken(token: string | undefined): string | null {
  if (!token) return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new PaperkeepError({
    code: 'BAD_TOKEN',
    message: 'the token of the feed contains characters that no token has, such as a space or a line break',
    hint: 'set HF_TOKEN to the token alone, or unset it',
  });
}

/** True when the same request may well get a better response in a moment. */
function isTransient(exchange: Exchange): boolean {
  if (isChallenge(exchange)) return false;
  if (exchange.cut) return exchange.body.length < MAX_RESPONSE_BYTES;
  return exchange.status === 429 || (exchange.status ?? 0) >= 500;
}

/** The path that a response redirects to within the origin; else null. */
function redirectPath(exchange: Exchange | undefined, origin: string): string | null {
  const to = !exchange || isChallenge(exchange) ? null : redirectLocation(exchange);
  return to?.origin === origin ? to.pathname + to.search : null;
}
