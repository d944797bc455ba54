import { PaperkeepError } from '../lib/errors.ts';
import type { Instant } from '../lib/time.ts';
import type { ListDay } from './list.ts';

/** One request and its response, if there was one. */
export type Exchange = {
  /** The URL of the request, without credentials. */
  readonly url: string;
  /** When the response began, or when the wait for it ended; for an imported body, when it was captured. */
  readonly at: Instant;
  /** The HTTP status; null where only the payload is known, or nothing answered. */
  readonly status: number | null;
  /**
   * Headers as received, in their case and order, repeated ones repeated; empty where they are not known. A decoded body's
   * `content-encoding` is renamed `x-orig-content-encoding`, in lower case whatever it was.
   */
  readonly headers: readonly (readonly [string, string])[];
  /** Headers as sent, without credentials; null for an imported body, whose request is not known. */
  readonly sent: readonly (readonly [string, string])[] | null;
  /** The payload, decoded. */
  readonly body: Uint8Array;
  /** True when the connection ended before the body did. */
  readonly cut: boolean;
  /** Why nothing answered; absent where something did. There is no status, no header and no body then. */
  readonly unanswered?: string;
};

/** One visit of a list day: all requests and their responses. A snapshot holds one capture. */
export type Capture = ListDay & {
  /** When the visit began; captures are ordered by it. */
  readonly at: Instant;
  /** True when it was captured by another program and imported. */
  readonly imported: boolean;
  /** In the order of the requests; at least one. */
  readonly exchanges: readonly Exchange[];
};

/** The `user-agent` of the requests to the sample, by which its captures are known wherever they are copied to. */
export const SAMPLE_USER_AGENT = 'paperkeep sample';

/** True when the papers of a capture are invented. */
export const isSampleCapture = ({ exchanges }: Capture): boolean =>
  exchanges.some(({ sent }) => sent?.some(([, value]) => value === SAMPLE_USER_AGENT));

/** The error of a capture of the sample where real ones belong: real and invented papers never mix. */
export const sampleError = ({ list, day }: Capture): PaperkeepError =>
  new PaperkeepError({
    code: 'SAMPLE',
    message: `${list} of ${day} is of the sample: its papers are invented`,
    hint: 'use captures of the real feed',
  });

/** Whether an error is that of a capture of the sample. */
export const isSampleError = (error: unknown): boolean => error instanceof PaperkeepError && error.code === 'SAMPLE';

/** The first value of a header, by its name in lower case, whatever case it came in; null if it is not there. */
export const getHeader = (exchange: Exchange, name: string): string | null => getHeaders(exchange, name)[0] ?? null;

/** Every value of a header that may be repeated, by its name in lower case, in order. */
export const getHeaders = (exchange: Exchange, name: string): string[] =>
  exchange.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

/** Headers with those renamed to `x-orig-` and their name in lower case that no longer describe the body as it is kept. */
export const renameOutdated = (
  headers: Exchange['headers'],
  outdated: readonly string[],
): [name: string, value: string][] =>
  headers.map(([name, value]) => {
    const known = name.toLowerCase();
    return [outdated.includes(known) ? `x-orig-${known}` : name, value];
  });

/** True when a response asks for proof that a browser made the request (AWS WAF). paperkeep is not a browser and does not pretend to be one. */
export const isChallenge = (exchange: Exchange): boolean =>
  exchange.status === 202 || exchange.status === 405 || getHeader(exchange, 'x-amzn-waf-action') !== null;

/** Where a response redirects to; null when it does not, or not to a URL. */
export function redirectLocation(exchange: Exchange): URL | null {
  const location = getHeader(exchange, 'location');
  if (location === null || ![301, 302, 303, 307, 308].includes(exchange.status ?? 0)) return null;
  return URL.parse(location, exchange.url);
}
