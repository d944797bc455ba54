import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Instant } from '../../shared/lib/time.ts';
import { createSampleFeed, type SampleResponse } from '../../shared/sample/feed.ts';

/**
 * What may go wrong with an answer: the rate limit, a server error, the connection lost in the body, a slow answer, half a body with a clean
 * end, the feed's own 404, a challenge, no body, HTML where JSON was requested, upvotes as text, upvotes left out.
 */
export type Fault =
  | '429'
  | '500'
  | '503'
  | 'reset'
  | 'slow'
  | 'cut'
  | '404'
  | 'challenge'
  | 'empty'
  | 'html'
  | 'retype'
  | 'zero';

/** A request that was served; `status` is `reset` where the connection was closed in the body. */
export type Served = { readonly path: string; readonly status: number | 'reset'; readonly agent: string | undefined };

/** The sample feed on a loopback port, with a clock and faults that a test sets. */
export type FaultyFeed = {
  readonly origin: string;
  /** Every request so far, oldest first. */
  readonly served: readonly Served[];
  /** Resolves once that many requests were served in all. */
  untilServed(count: number): Promise<void>;
  /** Moves its clock: it shows the lists of that moment. */
  setNow(at: Instant): void;
  /** From now on every `every`-th request fails this way; null ends it. */
  setFault(fault: Fault | null, every?: number): void;
  /** Sets and refills the requests of a window, which lasts five minutes unless set. */
  setBudget(budget: { readonly api?: number; readonly pages?: number; readonly windowMs?: number }): void;
  stop(): Promise<void>;
};

const WINDOW_MS = 300_000;
/** Longer than connecting to a loopback address takes, so that a client that waits only so long for an answer is noticed. */
const SLOW_MS = 300;
const NOT_FOUND = JSON.stringify({ error: "Sorry, we can't find the page you are looking for." });
const CHALLENGE = '<!DOCTYPE html><html><head><script src="challenge.js"></script></head><body></body></html>';

/** Starts a feed of invented papers at that moment. */
export async function startFaultyFeed(now: Instant): Promise<FaultyFeed> {
  const served: Served[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let feed = createSampleFeed(now);
  let fault: { readonly kind: Fault; readonly every: number } | null = null;
  let sinceFault = 0;
  let limits = { api: 500, pages: 100 };
  let left = { ...limits };
  let windowEnds = performance.now() + WINDOW_MS;

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const bucket = path.startsWith('/api/') ? 'api' : 'pages';
    if (performance.now() > windowEnds) {
      left = { ...limits };
      windowEnds = performance.now() + WINDOW_MS;
    }
    sinceFault += 1;
    const failing = fault && sinceFault % fault.every === 0 ? fault.kind : null;
    const isLimited = left[bucket] <= 0 || failing === '429';
    if (!isLimited) left[bucket] -= 1;
    const seconds = failing === '429' ? 1 : Math.max(1, Math.ceil((windowEnds - performance.now()) / 1000));
    const headers = { ratelimit: `"${bucket}";r=${isLimited ? 0 : left[bucket]};t=${seconds}` };
    const answer = isLimited
      ? page(429, 'text/plain', 'We had to rate limit your IP (127.0.0.1).')
      : spoil(feed.answer(new URL(path, 'http://feed')), failing);
    const agent = request.headers['user-agent'];
    served.push({ path, status: failing === 'reset' ? 'reset' : answer.status, agent });
    for (const { count, resolve } of waiting) if (served.length >= count) resolve();
    const whole = { ...answer, headers: { ...answer.headers, ...headers } };
    if (failing === 'slow') setTimeout(send, SLOW_MS, response, whole, failing);
    else send(response, whole, failing);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    untilServed: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        if (served.length >= count) resolve();
      }),
    setNow(at) {
      feed = createSampleFeed(at);
    },
    setFault(kind, every = 1) {
      fault = kind && { kind, every };
      sinceFault = 0;
    },
    setBudget({ windowMs = WINDOW_MS, ...budget }) {
      limits = { ...limits, ...budget };
      left = { ...limits };
      windowEnds = performance.now() + windowMs;
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const page = (status: number, type: string, body: string, more: Record<string, string> = {}): SampleResponse => ({
  status,
  headers: { 'content-type': type, ...more },
  body,
  cut: false,
});

/** The answer that stands in for a good one under that fault. */
function spoil(answer: SampleResponse, fault: Fault | null): SampleResponse {
  switch (fault) {
    case '500':
    case '503':
      return page(Number(fault), 'text/html', '<html><body>Service error</body></html>');
    case '404':
      return page(404, 'application/json', NOT_FOUND);
    case 'challenge':
      return page(202, 'text/html', CHALLENGE, { 'x-amzn-waf-action': 'challenge' });
    case 'empty':
      return { ...answer, body: '' };
    case 'html':
      return page(200, 'text/html', '<!doctype html><title>Hugging Face</title><p>Maintenance</p>');
    case 'cut':
      return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
    case 'retype':
      return withUpvotes(answer, (upvotes) => String(upvotes));
    case 'zero':
      return withUpvotes(answer, () => undefined);
    default:
      return answer;
  }
}

/** The API's answer with other upvotes; a page stays as it is. */
function withUpvotes(answer: SampleResponse, change: (upvotes: number) => unknown): SampleResponse {
  if (!answer.body.startsWith('[')) return answer;
  const entries = JSON.parse(answer.body) as { paper: { upvotes: number } }[];
  const changed = entries.map((entry) => ({
    ...entry,
    paper: { ...entry.paper, upvotes: change(entry.paper.upvotes) },
  }));
  return { ...answer, body: JSON.stringify(changed) };
}

function send(response: ServerResponse, { status, headers, body, cut }: SampleResponse, fault: Fault | null): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (fault === 'reset' || cut) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}
