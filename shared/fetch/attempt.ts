import type { Clock } from '../kit/clock.ts';
import { messageOf } from '../kit/errors.ts';
import type { Exchange } from '../model/capture.ts';

/** The most of a body that is kept, 20 MiB; the largest answer seen was a trending page of 1.5 MB. */
export const LARGEST_BODY = 20 * 1024 * 1024;

/** One request as it will be made. */
export type Outgoing = {
  readonly url: string;
  readonly userAgent: string;
  readonly accept: string;
  /** Goes into `authorization` and nowhere else; null for none. */
  readonly token: string | null;
  /** After how long nobody waits any more, in milliseconds, above 0. */
  readonly timeoutMs: number;
};

/**
 * Makes one request, never more: no redirect is followed and nothing is retried, so that whoever calls can archive every answer.
 * A body that ends early (connection lost, time-out, larger than `LARGEST_BODY`) is an answer too, with what could be decoded of it
 * and `cut: true`; of a compressed body that may be less than what was received. Where nothing answered, the exchange says why.
 */
export async function attempt(outgoing: Outgoing, clock: Clock): Promise<Exchange> {
  const { url, userAgent, accept, token, timeoutMs } = outgoing;
  const chosen: [string, string][] = [
    ['user-agent', userAgent],
    ['accept', accept],
    ['accept-encoding', 'br, gzip, deflate'],
  ];
  const sent: [string, string][] = [['host', new URL(url).host], ...chosen];
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: token === null ? chosen : [...chosen, ['authorization', `Bearer ${token}`]],
      signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
    });
    const at = clock();
    const { body, cut } = await readBody(response);
    const headers = headersOf(response);
    return { url, at, status: response.status, headers, sent, body, cut };
  } catch (error) {
    const unanswered = whyNone(error, timeoutMs);
    return { url, at: clock(), status: null, headers: [], sent, body: new Uint8Array(), cut: false, unanswered };
  }
}

async function readBody(response: Response): Promise<{ body: Uint8Array; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut = false;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      cut = size > LARGEST_BODY;
      if (cut) break;
    }
  } catch {
    // Lost connection, time-out or bytes that do not decode: in each case the rest of the body is not to be had.
    cut = true;
  }
  return { body: new Uint8Array(Buffer.concat(chunks, Math.min(size, LARGEST_BODY))), cut };
}

/** What `fetch` of Node 24 decodes by itself. */
const DECODED = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

/** The headers, with those renamed that are no longer true of the body as kept. A cookie is a credential: dropped. */
function headersOf(response: Response): [string, string][] {
  const codings = response.headers.get('content-encoding')?.toLowerCase().split(',') ?? [];
  const decoded = codings.length > 0 && codings.every((coding) => DECODED.has(coding.trim()));
  const untrue = new Set(['transfer-encoding', ...(decoded ? ['content-encoding', 'content-length'] : [])]);
  return [...response.headers]
    .filter(([name]) => name !== 'set-cookie')
    .map(([name, value]) => [untrue.has(name) ? `x-orig-${name}` : name, value]);
}

/** The most characters that are kept of why nothing answered; those seen have below 100. */
const LONGEST_WHY = 300;

/** `fetch` says only "fetch failed"; the reason is its cause, which has a code but no message when several addresses were tried. */
function whyNone(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `no answer within ${Math.ceil(timeoutMs / 1000)} s`;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  // OpenSSL ends its messages with a line end
  return `no answer: ${messageOf(cause).replaceAll(/\s+/g, ' ').trim() || code}`.slice(0, LONGEST_WHY);
}
