import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { Clock, Deadline } from '../lib/time.ts';
import { type Exchange, getHeader } from '../model/capture.ts';
import { MAX_RESPONSE_BYTES } from '../model/limits.ts';
import { sendRequest } from './attempt.ts';
import { bucketOf, createPacer } from './pace.ts';

/** Asks the feed for a path (`/papers/trending`, with its query) and tells all that came of it. Never throws for what the feed does. */
export type FeedClient = (path: string, deadline: Deadline) => Promise<FeedResult>;

/** What came of asking. */
export type FeedResult = {
  /** Every request, those before a retry or a redirect included, in order, with its answer if there was one; empty when there was no time to ask. */
  readonly exchanges: readonly Exchange[];
  /** Why the last attempt got no answer, or why there was no time to make it; null when it was answered. */
  readonly trouble: string | null;
};

/** Attempts at one URL before it is left for the next visit. */
const ATTEMPTS = 3;
/** The longest that one attempt may take; the feed was seen to take 30 s. */
const ATTEMPT_MS = 60_000;
/** The bound of the first wait after a failure; it doubles each time. */
const BACKOFF_MS = 1000;
/** Redirects followed of one request; the feed was seen to use one. */
const REDIRECTS = 5;

/**
 * The one client that talks to the feed. Of all that ask through it only one is served at a time, with at least `minGapMs` between
 * the end of a request and the next, and with the rest that the feed's `RateLimit` headers ask for. 429, 5xx, no answer and (once) a
 * cut body are asked again, at most three attempts, waiting what the feed said or else with full jitter; a challenge never is.
 * Nothing is begun that the deadline leaves no time for. Redirects are followed within the origin.
 *
 * Plain `fetch` in a loop of our own rather than a client that retries: every answer on the way is an observation and is archived.
 *
 * @param options `origin`: the feed, `https://huggingface.co`. `token`: sent as bearer to that origin if it is https or this machine,
 *   never logged, never in an exchange. `pause`: waits that many milliseconds. `random`: 0 to 1, for the jitter.
 *   `onUnanswered`: told at once of each attempt that nothing answered, before it is tried again.
 * @throws PaperkeepError `BAD_TOKEN` when a header cannot carry the token.
 */
export function createFeedClient(options: {
  readonly origin: string;
  readonly minGapMs: number;
  readonly userAgent: string;
  readonly token?: string | undefined;
  readonly clock: Clock;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Log;
  readonly random?: () => number;
  readonly onUnanswered?: () => void;
}): FeedClient {
  const { userAgent, clock, pause, log, random = Math.random, onUnanswered = () => {} } = options;
  const { origin, protocol } = new URL(options.origin);
  const token = protocol === 'https:' || isLoopback(origin) ? readToken(options.token) : null;
  const pace = createPacer(options.minGapMs, clock);
  let queue: Promise<unknown> = Promise.resolve();

  /** One URL, asked until it is answered for good, three attempts were made or time is up. */
  async function persist(path: string, deadline: Deadline): Promise<FeedResult> {
    const { href: url } = new URL(origin + path);
    const bucket = bucketOf(path);
    const accept = bucket === 'api' ? 'application/json' : 'text/html';
    const exchanges: Exchange[] = [];
    let trouble: string | null = null;
    let backoffMs = 0;
    for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
      const waitMs = Math.max(backoffMs, pace.owed(bucket));
      const leftMs = deadline();
      if (waitMs >= leftMs) {
        const why = `no time: ${Math.ceil(waitMs)} ms to wait, ${Math.floor(leftMs)} ms left`;
        log.warn('left for later', { url, tries: tries - 1, why });
        if (tries === 1) trouble = why;
        break;
      }
      if (waitMs > 0) await pause(waitMs);
      pace.rested(bucket);
      const timeoutMs = Math.min(ATTEMPT_MS, Math.max(1, deadline()));
      const exchange = await sendRequest({ url, userAgent, accept, token, timeoutMs }, clock);
      pace.heard(bucket, exchange);
      exchanges.push(exchange);
      trouble = exchange.unanswered ?? null;
      if (trouble === null) {
        log.info('answered', { url, status: exchange.status, bytes: exchange.body.length, cut: exchange.cut });
        if (!isPassing(exchange) || exchanges.filter(({ cut }) => cut).length > 1) break;
      } else {
        log.warn('not answered', { url, tries, why: trouble });
        onUnanswered();
      }
      backoffMs = random() * BACKOFF_MS * 2 ** (tries - 1);
    }
    return { exchanges, trouble };
  }

  async function follow(path: string, deadline: Deadline): Promise<FeedResult> {
    const exchanges: Exchange[] = [];
    let trouble: string | null = null;
    let next: string | null = path;
    for (let hops = 0; next !== null && hops <= REDIRECTS; hops += 1) {
      const answers = await persist(next, deadline);
      exchanges.push(...answers.exchanges);
      trouble = answers.trouble;
      next = trouble === null ? redirectOf(exchanges.at(-1), origin) : null;
    }
    return { exchanges, trouble };
  }

  return (path, deadline) => {
    const turn = queue.then(() => follow(path, deadline));
    // Whoever asked gets the error; those behind are served all the same.
    queue = turn.catch(() => {});
    return turn;
  };
}

/** A header's error message would show the token, so a bad one is found before it gets there. */
function readToken(token: string | undefined): string | null {
  if (!token) return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new PaperkeepError({
    code: 'BAD_TOKEN',
    message: 'the feed token holds characters that no token has (a blank, a line break?)',
    hint: 'set HF_TOKEN to the token alone, or unset it',
  });
}

/** The feed wants to know whether we are a browser (AWS WAF). We are not, and do not pretend. */
const isChallenge = (exchange: Exchange): boolean =>
  exchange.status === 202 || exchange.status === 405 || getHeader(exchange, 'x-amzn-waf-action') !== null;

/** True when the same request may well be answered better in a moment. */
function isPassing(exchange: Exchange): boolean {
  if (isChallenge(exchange)) return false;
  if (exchange.cut) return exchange.body.length < MAX_RESPONSE_BYTES;
  return exchange.status === 429 || (exchange.status ?? 0) >= 500;
}

/** Where an answer redirects to; null when it does not, or to no address. */
export function redirectLocation(exchange: Exchange): URL | null {
  const location = getHeader(exchange, 'location');
  if (location === null || ![301, 302, 303, 307, 308].includes(exchange.status ?? 0)) return null;
  return URL.parse(location, exchange.url);
}

/** The path that an answer redirects to, if it is one of the same origin; else null. */
function redirectOf(exchange: Exchange | undefined, origin: string): string | null {
  const to = !exchange || isChallenge(exchange) ? null : redirectLocation(exchange);
  return to?.origin === origin ? to.pathname + to.search : null;
}
