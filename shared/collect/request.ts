import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { asBuffer, toUint8Array } from '../lib/bytes.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Clock } from '../lib/time.ts';
import { type Exchange, renameOutdated } from '../model/capture.ts';
import { MAX_RESPONSE_BYTES } from '../model/limits.ts';
import { decodeBody, type ReceivedBody, readStream } from './body.ts';

/** How long connecting may take, in milliseconds, so that one attempt cannot use up a visit; `fetch` of Node 24 allows as much. */
const CONNECT_MS = 10_000;

/** One request to make. */
export type FeedRequest = {
  readonly url: string;
  readonly userAgent: string;
  readonly accept: string;
  /** Sent as a bearer token in `authorization` and nowhere else; null for none. */
  readonly token: string | null;
  /** Milliseconds after which the request is given up, above 0. */
  readonly timeoutMs: number;
};

/**
 * Makes exactly one request, on a connection of its own. It follows no redirect and retries nothing, so that the caller can archive every
 * response. Headers are kept as received: case, order and repetitions. A header that no longer describes the body as kept is renamed to
 * `x-orig-` and its name in lower case.
 *
 * A body that ends early (connection lost, timeout, more than `MAX_RESPONSE_BYTES`, damaged or incomplete compression) is a response too:
 * it has what could be decoded and `cut: true`. Where nothing answered, `unanswered` says why. Never throws.
 *
 * A token that the feed echoes in a header or body is replaced, and the header `x-paperkeep-redacted: HF_TOKEN` is added.
 *
 * @param connectMs Milliseconds that connecting may take.
 */
export async function sendRequest(request: FeedRequest, clock: Clock, connectMs = CONNECT_MS): Promise<Exchange> {
  const { url, userAgent, accept, token, timeoutMs } = request;
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
    const started = await beginRequest(url, headers.flat(), signal, connectMs);
    const at = clock();
    return { url, at, sent, ...(await readResponse(started, token)) };
  } catch (error) {
    const unanswered = signal.aborted ? `no answer within ${Math.ceil(timeoutMs / 1000)} s` : describeFailure(error);
    return { url, at: clock(), status: null, headers: [], sent, body: new Uint8Array(), cut: false, unanswered };
  }
}

/** A response whose head has arrived, and its body, still encoded, as it arrives. */
type BegunResponse = { readonly response: IncomingMessage; readonly receiving: Promise<ReceivedBody> };

/** Sends the request with these headers alone (name, value, name, value …) and waits for the head of the response. */
function beginRequest(
  url: string,
  headers: readonly string[],
  signal: AbortSignal,
  connectMs: number,
): Promise<BegunResponse> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? https.request : http.request;
    const request = send(url, { headers, signal, timeout: connectMs }, (response) => {
      let lost = false;
      // Without a stated length, a lost connection looks like the end of the body.
      request.on('error', () => {
        lost ||= !response.complete;
      });
      // Read at once, not when the caller awaits it: the whole body may arrive with the head and be over in this turn.
      const received = readStream(response, MAX_RESPONSE_BYTES);
      resolve({ response, receiving: received.then(({ bytes, cut }) => ({ bytes, cut: cut || lost })) });
    });
    // Otherwise Node keeps a connection that the server leaves open, whatever the headers say.
    request.shouldKeepAlive = false;
    // Node emits this after any such time of silence; once connected, a response may take longer.
    request.on('timeout', () => {
      if (request.socket?.connecting) request.destroy(new Error(`no connection within ${connectMs / 1000} s`));
    });
    request.on('error', reject);
    // A server that wants to upgrade to another protocol closes the connection without an error.
    request.on('close', () => reject(new Error('the connection was closed')));
    request.end();
  });
}

async function readResponse(
  { response, receiving }: BegunResponse,
  token: string | null,
): Promise<Pick<Exchange, 'status' | 'headers' | 'body' | 'cut'>> {
  const received = await receiving;
  const status = response.statusCode ?? 0;
  if (status < 100) throw new Error(`its status is ${status}`);
  const codings = response.headers['content-encoding']?.toLowerCase().split(',') ?? [];
  const names = codings.map((name) => name.trim());
  const decoded = await decodeBody(received, names, MAX_RESPONSE_BYTES);
  const { bytes, cut } = decoded ?? received;
  const body = token === null ? bytes : redactBody(bytes, token);
  const outdated = [
    'transfer-encoding',
    ...(decoded ? ['content-encoding'] : []),
    ...(decoded || body !== bytes ? ['content-length'] : []),
  ];
  const kept = renameOutdated(keptHeaders(response), outdated);
  const headers = token === null ? kept : redactHeaders(kept, token);
  const isRedacted = body !== bytes || headers !== kept;
  return { status, headers: isRedacted ? [...headers, [REDACTION_HEADER, 'HF_TOKEN']] : headers, body, cut };
}

/** What stands in an archived response for a token that the feed echoed. */
const REDACTED = 'HF_TOKEN-redacted-by-paperkeep';
/** The header that is added to a response in which the token was replaced. */
const REDACTION_HEADER = 'x-paperkeep-redacted';

/** The body without the token; the same object when the token is not in it. */
function redactBody(bytes: Uint8Array, token: string): Uint8Array {
  const body = asBuffer(bytes);
  if (!body.includes(token)) return bytes;
  return toUint8Array(Buffer.from(body.toString('latin1').replaceAll(token, REDACTED), 'latin1'));
}

/** The headers without the token; the same object when the token is not in them. */
const redactHeaders = (headers: [string, string][], token: string): [string, string][] =>
  headers.flat().some((part) => part.includes(token))
    ? headers.map(([name, value]) => [name.replaceAll(token, REDACTED), value.replaceAll(token, REDACTED)])
    : headers;

/** The headers as received, without cookies, which are credentials. */
function keptHeaders({ rawHeaders }: IncomingMessage): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.push([rawHeaders[at] as string, rawHeaders[at + 1] as string]);
  return headers.filter(([name]) => name.toLowerCase() !== 'set-cookie');
}

/** The most characters kept of why nothing answered; those seen are shorter than 200. */
const MAX_FAILURE_LENGTH = 300;

/** Why nothing answered. When several addresses were tried, the error has a code but no message. */
function describeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  // OpenSSL's messages end with a line break.
  return `no answer: ${errorMessage(error).replaceAll(/\s+/g, ' ').trim() || code}`.slice(0, MAX_FAILURE_LENGTH);
}
