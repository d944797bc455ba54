import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { errorMessage } from '../lib/errors.ts';
import type { Clock } from '../lib/time.ts';
import type { Exchange } from '../model/capture.ts';
import { MAX_RESPONSE_BYTES } from '../model/limits.ts';
import { decodeBody, type ReceivedBody, readStream } from './body.ts';

/** How long a connection may take, in milliseconds, lest one attempt uses up a visit; `fetch` of Node 24 gives it as much. */
const CONNECT_MS = 10_000;

/** One request as it will be made. */
export type FeedRequest = {
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
 * It has a connection of its own, so none that the server has closed by now. Headers are as received: in their case and order, repeated
 * ones repeated; `x-orig-` and lower case for what is no longer true of the body as kept.
 * A body that ends early (connection lost, time-out, larger than `LARGEST_BODY`, a coding that is damaged or lacks its end) is an
 * answer too, with what could be decoded of it and `cut: true`; of a compressed body that may be less than what was received.
 * Where nothing answered, the exchange says why.
 */
export async function sendRequest(outgoing: FeedRequest, clock: Clock): Promise<Exchange> {
  const { url, userAgent, accept, token, timeoutMs } = outgoing;
  const sent: [string, string][] = [
    ['host', new URL(url).host],
    ['user-agent', userAgent],
    ['accept', accept],
    ['accept-encoding', 'br, gzip, deflate'],
    ['connection', 'close'],
  ];
  const headers = token === null ? sent : [...sent, ['authorization', `Bearer ${token}`]];
  const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
  try {
    const begun = await begin(url, headers.flat(), signal);
    const at = clock();
    return { url, at, sent, ...(await readAnswer(begun)) };
  } catch (error) {
    const unanswered = signal.aborted ? `no answer within ${Math.ceil(timeoutMs / 1000)} s` : whyNone(error);
    return { url, at: clock(), status: null, headers: [], sent, body: new Uint8Array(), cut: false, unanswered };
  }
}

/** An answer of which the head is there, and the body that is still coming, as it is sent. */
type Begun = { readonly answer: IncomingMessage; readonly receiving: Promise<ReceivedBody> };

/** Asks, and waits for the head of the answer. Nothing is sent but these headers: name, value, name, value … */
function begin(url: string, headers: readonly string[], signal: AbortSignal): Promise<Begun> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    const asked = request(url, { headers, signal, timeout: CONNECT_MS }, (answer) => {
      let lost = false;
      // Where no length was stated a lost connection looks like the end.
      asked.on('error', () => {
        lost ||= !answer.complete;
      });
      // From here on, not when somebody awaits it: all of it may have come with the head, and be over in the same turn.
      const received = readStream(answer, MAX_RESPONSE_BYTES);
      resolve({ answer, receiving: received.then(({ bytes, cut }) => ({ bytes, cut: cut || lost })) });
    });
    // Else Node keeps a connection that the server leaves open, whatever the headers say.
    asked.shouldKeepAlive = false;
    // It comes after any such time without a word, and a head may take longer.
    asked.on('timeout', () => {
      if (asked.socket?.connecting) asked.destroy(new Error(`no connection within ${CONNECT_MS / 1000} s`));
    });
    asked.on('error', reject);
    // Without an error, too: so ends what wants to speak another protocol.
    asked.on('close', () => reject(new Error('the connection was closed')));
    asked.end();
  });
}

type Answer = Pick<Exchange, 'status' | 'headers' | 'body' | 'cut'>;

async function readAnswer({ answer, receiving }: Begun): Promise<Answer> {
  const received = await receiving;
  const status = answer.statusCode ?? 0;
  if (status < 100) throw new Error(`its status is ${status}`);
  const codings = answer.headers['content-encoding']?.toLowerCase().split(',') ?? [];
  const names = codings.map((name) => name.trim());
  const plain = await decodeBody(received, names, MAX_RESPONSE_BYTES);
  const untrue = ['transfer-encoding', ...(plain ? ['content-encoding', 'content-length'] : [])];
  const { bytes: body, cut } = plain ?? received;
  return { status, headers: headersKept(answer, untrue), body, cut };
}

/** The headers, with those renamed that are no longer true of the body as kept. A cookie is a credential: dropped. */
function headersKept({ rawHeaders }: IncomingMessage, untrue: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    const known = name.toLowerCase();
    if (known !== 'set-cookie') headers.push([untrue.includes(known) ? `x-orig-${known}` : name, value]);
  }
  return headers;
}

/** The most characters that are kept of why nothing answered; those seen have below 200. */
const LONGEST_WHY = 300;

/** Why nothing answered. Where several addresses were tried the error has a code but no message. */
function whyNone(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  // OpenSSL ends its messages with a line end
  return `no answer: ${errorMessage(error).replaceAll(/\s+/g, ' ').trim() || code}`.slice(0, LONGEST_WHY);
}
