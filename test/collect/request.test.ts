import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  type InputType,
  zstdCompressSync,
} from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { parseSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { type FeedRequest, sendRequest } from '../../shared/collect/request.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import { MAX_RESPONSE_BYTES } from '../../shared/model/limits.ts';
import { aCapture, serializeCapture } from '../archive/captures.ts';
import { type Ending, startWire, type Wire } from '../support/wire.ts';
import { manualTime } from './time.ts';

const wires: Wire[] = [];
afterEach(async () => {
  await Promise.all(wires.splice(0).map((wire) => wire.stop()));
});

const { clock } = manualTime();
const outgoing = (url: string, change: Partial<FeedRequest> = {}): FeedRequest => ({
  url,
  userAgent: 'paperkeep-test/1 (+https://example.org)',
  accept: 'application/json',
  token: null,
  timeoutMs: 60_000,
  ...change,
});

/** Asks a server that says that, and ends that way. */
async function asked(
  answer: readonly (string | Uint8Array)[],
  ending?: Ending,
  change?: Partial<FeedRequest>,
): Promise<{ exchange: Exchange; wire: Wire }> {
  const wire = await startWire(answer, ending);
  wires.push(wire);
  return { exchange: await sendRequest(outgoing(`${wire.origin}/papers?q=a`, change), clock), wire };
}

const head = (lines: readonly string[], status = '200 OK') =>
  `HTTP/1.1 ${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const text = ({ body }: Exchange) => new TextDecoder().decode(body);
const lines = (headers: Exchange['headers']) => headers.map(([name, value]) => `${name}: ${value}`);

describe('The headers of a request or response', () => {
  const received = [
    'Content-Type: text/html; charset=utf-8',
    'X-Powered-By: a-feed',
    'Vary: Origin',
    'ETag: W/"5a-1"',
    'vary: Accept-Encoding',
    'VARY: Accept',
    'x-empty: ',
    'Link: </next>; rel="next", </last>; rel="last"',
    'X-Name: caf\xe9',
    'Content-Length: 6',
  ];

  it('are archived in the case and the order they came in, repeated ones repeated', async () => {
    const { exchange } = await asked([head(received), 'papers']);
    expect(lines(exchange.headers)).toEqual(received);
    const bytes = await serializeCapture(aCapture({ exchanges: [exchange] }));
    expect(gunzipSync(bytes).toString('latin1')).toContain(`${head(received)}papers`);
    const [back] = (await parseSnapshot(bytes)).capture.exchanges;
    expect(back).toEqual(exchange);
  });

  it('are those of the response, not of an informational one before it', async () => {
    const early = [head(['Link: </style.css>'], '103 Early Hints'), head([], '100 Continue')];
    const { exchange } = await asked([...early, head(received), 'papers']);
    expect([exchange.status, text(exchange)]).toEqual([200, 'papers']);
    expect(lines(exchange.headers)).toEqual(received);
  });

  it('keep their place under another name when they no longer describe the stored body', async () => {
    const body = gzipSync('papers');
    const coded = ['Server: a', 'Content-Encoding: gzip', `Content-Length: ${body.length}`, 'X-Last: b'];
    const { exchange } = await asked([head(coded), body]);
    expect(lines(exchange.headers)).toEqual([
      'Server: a',
      'x-orig-content-encoding: gzip',
      `x-orig-content-length: ${body.length}`,
      'X-Last: b',
    ]);
  });

  it('are dropped when they are cookies, however they are spelled', async () => {
    const { exchange } = await asked([head(['Set-Cookie: a=1', 'SET-COOKIE: b=2', 'Content-Length: 0'])]);
    expect(lines(exchange.headers)).toEqual(['Content-Length: 0']);
  });

  it('are accepted up to 16 kB', async () => {
    const { exchange } = await asked([head([`X-Long: ${'a'.repeat(15_000)}`, 'Content-Length: 6']), 'papers']);
    expect(text(exchange)).toBe('papers');
    const long = await asked([head([`X-Long: ${'a'.repeat(17_000)}`, 'Content-Length: 6']), 'papers']);
    expect(long.exchange).toMatchObject({ status: null, unanswered: 'no answer: Parse Error: Header overflow' });
  });

  it.each(['X-Name: a\x01b', 'X-Name: a\0b', 'X Name: a', 'X\xe9: a', 'no colon'])(
    'are an error when no WARC could hold them: %j',
    async (line) => {
      const { exchange } = await asked([head([line, 'Content-Length: 6']), 'papers']);
      expect(exchange).toMatchObject({
        status: null,
        unanswered: expect.stringMatching(/^no answer: Parse Error: \w/),
      });
    },
  );

  it('are recorded as they were sent, without the token', async () => {
    const { exchange, wire } = await asked([head(['Content-Length: 0'])], 'closed', { token: 'hf_secret' });
    const went = [...lines(exchange.sent ?? []), 'authorization: Bearer hf_secret'];
    expect(wire.heads).toEqual([`GET /papers?q=a HTTP/1.1\r\n${went.map((line) => `${line}\r\n`).join('')}\r\n`]);
    expect(JSON.stringify(exchange)).not.toContain('hf_secret');
  });
});

describe('A token that the feed echoes', () => {
  const token = 'hf_secret+1';
  const redacted = 'HF_TOKEN-redacted-by-paperkeep';

  it('is replaced in compressed bodies and in headers, and the archived response says so', async () => {
    const body = gzipSync(`{"your token": "${token}", "again": "é ${token}"}`);
    const { exchange } = await asked(
      [head(['Content-Encoding: gzip', `X-Token: Bearer ${token}`, `Content-Length: ${body.length}`]), body],
      'closed',
      { token },
    );
    expect(text(exchange)).toBe(`{"your token": "${redacted}", "again": "é ${redacted}"}`);
    expect(lines(exchange.headers)).toEqual([
      'x-orig-content-encoding: gzip',
      `X-Token: Bearer ${redacted}`,
      `x-orig-content-length: ${body.length}`,
      'x-paperkeep-redacted: HF_TOKEN',
    ]);
    const bytes = await serializeCapture(aCapture({ exchanges: [exchange] }));
    const { capture } = await parseSnapshot(bytes);
    expect(capture.exchanges).toEqual([exchange]);
    expect(gunzipSync(bytes).toString('latin1')).not.toContain(token);
  });

  it('is replaced in a body that came as it is, whose length is no longer true', async () => {
    const { exchange } = await asked([head([`Content-Length: ${token.length}`]), token], 'closed', { token });
    expect(text(exchange)).toBe(redacted);
    expect(lines(exchange.headers)).toEqual([
      `x-orig-content-length: ${token.length}`,
      'x-paperkeep-redacted: HF_TOKEN',
    ]);
  });
});

/** Larger than one step of decoding, and not too well compressed. */
const PAPERS = Array.from({ length: 9000 }, (_, at) => ((at * 7919) % 10_007).toString(36)).join(' ');

type Coder = (bytes: InputType) => Buffer;
const CODERS: readonly (readonly [coding: string, coder: Coder])[] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['zstd', zstdCompressSync],
  ['gzip, br', (bytes) => brotliCompressSync(gzipSync(bytes))],
];
const coded = (coding: string, body: Uint8Array) => [
  head([`Content-Encoding: ${coding}`, `Content-Length: ${body.length}`]),
  body,
];

describe('a body', () => {
  it.each(CODERS)('is decoded from %s', async (coding, coder) => {
    const { exchange } = await asked(coded(coding, coder(PAPERS)));
    expect(exchange.cut).toBe(false);
    expect(text(exchange)).toBe(PAPERS);
  });

  it('is decoded when several headers name its codings', async () => {
    const body = brotliCompressSync(gzipSync(PAPERS));
    const { exchange } = await asked([head(['Content-Encoding: gzip', 'content-encoding: br']), body]);
    expect(text(exchange)).toBe(PAPERS);
    expect(lines(exchange.headers)).toEqual(['x-orig-content-encoding: gzip', 'x-orig-content-encoding: br']);
  });

  it.each(['identity', 'gzip, other', ''])('is kept unchanged in an unknown coding (%j)', async (coding) => {
    const answer = [head([`Content-Encoding: ${coding}`, 'Content-Length: 6']), 'papers'];
    const { exchange } = await asked(answer);
    expect(text(exchange)).toBe('papers');
    expect(lines(exchange.headers)).toEqual([`Content-Encoding: ${coding}`, 'Content-Length: 6']);
  });

  it.each([
    ['without a length, until the connection is closed', 'HTTP/1.1 200 OK\r\n\r\npapers'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nServer: old\r\n\r\npapers'],
    ['behind a status without a reason', 'HTTP/1.1 200\r\nContent-Length: 6\r\n\r\npapers'],
    ['with something behind it', `${head(['Connection: close', 'Content-Length: 6'])}papers and more`],
    ['in chunks, with a trailer', `${head(['Transfer-Encoding: chunked'])}6\r\npapers\r\n0\r\nX-Sum: 1\r\n\r\n`],
  ])('%s is whole', async (_, answer) => {
    const { exchange } = await asked([answer]);
    expect([exchange.status, exchange.cut, text(exchange)]).toEqual([200, false, 'papers']);
  });

  it.each([
    ['204 No Content', 'X-A: 1'],
    ['304 Not Modified', 'Content-Length: 30'],
    ['304 Not Modified', 'Content-Encoding: gzip'],
    ['200 OK', 'Content-Length: 0'],
    ['302 Found', 'Content-Length: 0'],
  ])('is not waited for in a response without one: %s, %s', async (status, line) => {
    const { exchange, wire } = await asked([head([line], status)], 'open');
    expect(exchange).toMatchObject({ status: Number(status.slice(0, 3)), cut: false, body: new Uint8Array() });
    await wire.allClosed();
  });
});

describe('a body that ends early', () => {
  const stated = head(['Content-Length: 16']);
  const chunk = `${head(['Transfer-Encoding: chunked'])}8\r\na list o\r\n`;
  it.each<[string, string, Ending]>([
    ['by a connection that is closed before the stated length', `${stated}a list o`, 'closed'],
    ['by a connection that is lost before the stated length', `${stated}a list o`, 'lost'],
    ['by a connection that is closed between chunks', chunk, 'closed'],
    ['by a connection that is lost between chunks', chunk, 'lost'],
    ['by an invalid chunk', `${chunk}zz\r\n`, 'open'],
    ['by a connection that is lost, without a stated length', `${head([])}a list o`, 'lost'],
  ])('%s is kept up to the byte that arrived last', async (_, answer, ending) => {
    const { exchange } = await asked([answer], ending);
    expect([exchange.status, exchange.cut, text(exchange)]).toEqual([200, true, 'a list o']);
  });

  const early = CODERS.filter(([coding]) => coding !== 'zstd');
  it.each(early)('is decoded from %s as far as it came when the connection is lost', async (coding, coder) => {
    const [start, body] = coded(coding, coder(PAPERS)) as [string, Uint8Array];
    const { exchange } = await asked([start, body.subarray(0, body.length / 2)], 'lost');
    expect(exchange.cut).toBe(true);
    expect(exchange.body.length).toBeGreaterThan(PAPERS.length / 3);
    expect(PAPERS.startsWith(text(exchange))).toBe(true);
  });

  it.each(early)('is recognised as cut in %s although its stated length came', async (coding, coder) => {
    const body = coder(PAPERS);
    const { exchange } = await asked(coded(coding, body.subarray(0, -9)));
    expect(exchange.cut).toBe(true);
    expect(exchange.body.length).toBeGreaterThan(PAPERS.length * 0.9);
    expect(PAPERS.startsWith(text(exchange))).toBe(true);
  });

  it('is recognised as cut in zstd, which comes in large blocks', async () => {
    const { exchange } = await asked(coded('zstd', zstdCompressSync(PAPERS).subarray(0, -9)));
    expect(exchange.cut).toBe(true);
    expect(PAPERS.startsWith(text(exchange))).toBe(true);
  });

  it('is decoded up to the damage', async () => {
    const body = gzipSync(PAPERS);
    body.fill(0xff, body.length - 400, body.length - 300);
    const { exchange } = await asked(coded('gzip', body));
    expect(exchange.cut).toBe(true);
    expect(exchange.body.length).toBeGreaterThan(PAPERS.length / 3);
  });

  it('is recognised as cut by a wrong checksum', async () => {
    const body = gzipSync(PAPERS);
    body[body.length - 6] = (body.at(-6) ?? 0) ^ 1;
    const { exchange } = await asked(coded('gzip', body));
    expect(exchange.cut).toBe(true);
    expect(PAPERS.startsWith(text(exchange))).toBe(true);
  });

  it('is empty and cut when it is not in the coding that its header names', async () => {
    const { exchange } = await asked(coded('gzip', Buffer.from('a list of papers')));
    expect([exchange.cut, text(exchange)]).toEqual([true, '']);
  });

  it('is cut where it decompresses to more than the limit', async () => {
    const { exchange } = await asked(coded('gzip', gzipSync(Buffer.alloc(MAX_RESPONSE_BYTES + 1))));
    expect([exchange.cut, exchange.body.length]).toEqual([true, MAX_RESPONSE_BYTES]);
  });
});

describe('a time-out', () => {
  it.each([
    ['before', ''],
    ['in the middle of', 'HTTP/1.1 200 OK\r\nContent-'],
  ])('%s the head is no answer, and the connection is closed', async (_, said) => {
    const { exchange, wire } = await asked([said], 'open', { timeoutMs: 150 });
    expect(exchange).toMatchObject({ status: null, unanswered: 'no answer within 1 s' });
    await wire.allClosed();
    expect(wire.heads).toHaveLength(1);
  });

  it('keeps the part of the body that came, and closes the connection', async () => {
    const said = `${head(['Content-Length: 16'])}a list o`;
    const { exchange, wire } = await asked([said], 'open', { timeoutMs: 150 });
    expect([exchange.status, exchange.cut, text(exchange)]).toEqual([200, true, 'a list o']);
    await wire.allClosed();
    expect(wire.heads).toHaveLength(1);
  });

  it('keeps the part of a compressed body that can be decoded', async () => {
    const [start, body] = coded('gzip', gzipSync(PAPERS)) as [string, Uint8Array];
    const { exchange } = await asked([start, body.subarray(0, body.length / 2)], 'open', { timeoutMs: 150 });
    expect(exchange.cut).toBe(true);
    expect(exchange.body.length).toBeGreaterThan(PAPERS.length / 3);
  });
});

describe('a connection', () => {
  it('may take longer to answer than to be made', async () => {
    const server = http.createServer((_, response) => void setTimeout(() => response.end('papers'), 60));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(text(await sendRequest(outgoing(`http://127.0.0.1:${port}/papers`), clock, 20))).toBe('papers');
  });

  it('is closed after an answer although the server would keep it open', async () => {
    const { exchange, wire } = await asked([head(['Connection: keep-alive', 'Content-Length: 6']), 'papers'], 'open');
    expect(text(exchange)).toBe('papers');
    // A second request by the same connection would get no answer.
    const again = await sendRequest(outgoing(wire.origin, { timeoutMs: 5000 }), clock);
    expect(text(again)).toBe('papers');
    await wire.allClosed();
    expect(wire.heads).toHaveLength(2);
  });

  it('is closed once a body exceeds the size limit', async () => {
    const { exchange, wire } = await asked([head([]), new Uint8Array(MAX_RESPONSE_BYTES + 1)], 'open');
    expect([exchange.cut, exchange.body.length]).toEqual([true, MAX_RESPONSE_BYTES]);
    await wire.allClosed();
  });
});

describe('A request without an answer', () => {
  it.each<[string, readonly string[], Ending, RegExp]>([
    ['a connection that is lost', [], 'lost', /^no answer: read ECONNRESET$/],
    ['a connection that is closed', [], 'closed', /^no answer: socket hang up$/],
    ['a connection closed within the head', ['HTTP/1.1 200 OK\r\nContent-'], 'closed', /^no answer: socket hang up$/],
    ['something else than HTTP', ['220 mail\r\n'], 'closed', /^no answer: Parse Error: Expected HTTP/],
    ['two lengths', [head(['Content-Length: 6', 'Content-Length: 7'])], 'open', /^no answer: Parse Error: /],
    ['an invalid status', [head(['Content-Length: 0'], '099 What')], 'open', /^no answer: its status is 99$/],
    [
      'another protocol',
      [head(['Connection: upgrade', 'Upgrade: other'], '101 Switching Protocols')],
      'open',
      /^no answer: the connection was closed$/,
    ],
  ])('is reported as such after %s', async (_, said, ending, why) => {
    const { exchange } = await asked(said, ending);
    expect(exchange).toMatchObject({ status: null, headers: [], body: new Uint8Array(), cut: false });
    expect(exchange.sent?.[0]?.[0]).toBe('host');
    expect(exchange.unanswered).toMatch(why);
  });

  it('is recorded for a name that does not resolve and for an address where nothing listens', async () => {
    const nowhere = await sendRequest(outgoing('http://feed.invalid/papers'), clock);
    expect(nowhere.unanswered).toMatch(/^no answer: .*(ENOTFOUND|EAI_AGAIN) feed\.invalid$/);
    const wire = await startWire([]);
    await wire.stop();
    const { port } = new URL(wire.origin);
    // One address or two, as the machine has it; of two there is a code and no message.
    const refused = await sendRequest(outgoing(`http://localhost:${port}/papers`), clock);
    expect(refused.unanswered).toMatch(/^no answer: (connect )?ECONNREFUSED/);
  });

  it('is recorded in one line when the server does not speak TLS', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 mail\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : null;
    const { unanswered } = await sendRequest(outgoing(`https://127.0.0.1:${port}/papers`), clock);
    server.close();
    expect(unanswered).toMatch(/^no answer: .*wrong version number.*$/);
  });
});
