import type { Log } from '../lib/log.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type Clock, sleep } from '../lib/time.ts';
import { createFeedClient, type FeedClient } from './client.ts';

/** The least time between two requests to the feed: 100 pages in 5 minutes are allowed, this is two thirds of that. */
const MIN_GAP_MS = 2000;
/** Where this program can be looked up by the feed's operators. */
const ADDRESS = 'https://github.com/paperkeep/paperkeep';

/** Where the feed is and how it may be asked; `minGapMs` undefined: the default for the origin (loopback: none). */
export type FeedOptions = {
  readonly origin: string;
  readonly minGapMs: number | undefined;
  readonly token: string | undefined;
  /** Our release, for the User-Agent. */
  readonly version: string;
};

/** Milliseconds that are kept between two requests to a feed. */
export const minGapOf = ({ origin, minGapMs }: Pick<FeedOptions, 'origin' | 'minGapMs'>): number =>
  minGapMs ?? (isLoopback(origin) ? 0 : MIN_GAP_MS);

/** The one way in which the feed is asked, from a terminal as from a function; `onUnanswered` as in `politeRequest`. */
export const openFeed = (
  { origin, minGapMs, token, version }: FeedOptions,
  clock: Clock,
  log: Log,
  onUnanswered: () => void = () => {},
): FeedClient =>
  createFeedClient({
    origin,
    minGapMs: minGapOf({ origin, minGapMs }),
    userAgent: `paperkeep/${version} (+${ADDRESS})`,
    token,
    clock,
    pause: sleep,
    log,
    onUnanswered,
  });
