import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createFeedClient } from '../../shared/collect/client.ts';
import { createJsonLog, type LogFields, silentLog } from '../../shared/lib/log.ts';
import { isLoopback } from '../../shared/lib/loopback.ts';
import { deadlineAfter } from '../../shared/lib/time.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import { MAX_RESPONSE_BYTES } from '../../shared/model/limits.ts';
import { type Answer, type Asked, type Loopback, startLoopback } from '../support/loopback.ts';
import { manualTime } from './time.ts';

const servers: Loopback[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A server with that script, a client of it, and time that only waiting moves. The jitter is always half. */
async function feed(
  script: readonly Answer[] | ((asked: Asked) => Answer),
  options: Partial<Parameters<typeof createFeedClient>[0]> = {},
) {
  const server = await startLoopback(script);
  servers.push(server);
  const time = manualTime();
  const client = createFeedClient({
    origin: server.origin,
    minGapMs: 0,
    userAgent: 'paperkeep-test/1 (+https://example.org)',
    clock: time.clock,
    pause: time.pause,
    log: silentLog,
    random: () => 0.5,
    ...options,
  });
  return { server, time, client, origin: server.origin, hour: time.deadline(3_600_000) };
}

const statuses = (exchanges: readonly Exchange[]) => exchanges.map(({ status }) => status);
const text = (exchange: Exchange | undefined) => new TextDecoder().decode(exchange?.body);

describe('an answer', () => {
  it('has its URL, its time, its headers and its body', async () => {
    const { client, origin, hour } = await feed([
      {
        headers: { 'Content-Type': 'text/plain', 'X-Request-Id': 'Root=1', 'Set-Cookie': 'session=1' },
        body: 'papers',
      },
    ]);
    const { exchanges, failure } = await client.get('/papers?q=a b', hour);
    expect(failure).toBeNull();
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({
      url: `${origin}/papers?q=a%20b`,
      at: '2025-01-08T12:00:00Z',
      status: 200,
      cut: false,
    });
    expect(exchanges[0]?.headers).toContainEqual(['Content-Type', 'text/plain']);
    expect(exchanges[0]?.headers).toContainEqual(['X-Request-Id', 'Root=1']);
    expect(exchanges[0]?.headers).toContainEqual(['content-length', '6']);
    expect(exchanges[0]?.headers.map(([name]) => name.toLowerCase())).not.toContain('set-cookie');
    expect(text(exchanges[0])).toBe('papers');
  });

  it('has the request as the server received it, with an honest user agent', async () => {
    const { client, server, hour } = await feed([{}]);
    const { exchanges } = await client.get('/papers/trending', hour);
    expect(server.asked[0]?.headers['user-agent']).toBe('paperkeep-test/1 (+https://example.org)');
    expect(exchanges[0]?.sent?.map(([name]) => name)).toEqual([
      'host',
      'user-agent',
      'accept',
      'accept-encoding',
      'connection',
    ]);
    expect(server.asked[0]?.headers).toMatchObject(Object.fromEntries(exchanges[0]?.sent ?? []));
  });

  it.each([
    ['gzip', gzipSync('papers '.repeat(500))],
    ['br', brotliCompressSync('papers '.repeat(500))],
  ])('is decoded from %s, and its headers keep the original coding', async (coding, body) => {
    const { client, hour } = await feed([{ headers: { 'content-encoding': coding }, body }]);
    const [exchange] = (await client.get('/papers', hour)).exchanges;
    expect(text(exchange)).toBe('papers '.repeat(500));
    expect(exchange?.headers).toContainEqual(['x-orig-content-encoding', coding]);
    expect(exchange?.headers).toContainEqual(['x-orig-content-length', String(body.length)]);
    expect(exchange?.headers.map(([name]) => name)).not.toContain('content-length');
  });

  it('has its transfer-encoding renamed when it came in chunks', async () => {
    const { client, hour } = await feed([
      { headers: { 'transfer-encoding': 'chunked' }, body: 'papers', manner: 'half' },
    ]);
    const [exchange] = (await client.get('/papers', hour)).exchanges;
    expect(exchange?.headers).toContainEqual(['x-orig-transfer-encoding', 'chunked']);
    expect(text(exchange)).toBe('pap');
  });

  it('may have no body', async () => {
    const { client, hour } = await feed([{ body: '' }]);
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(failure).toBeNull();
    expect(exchanges.map(({ body, cut }) => [body.length, cut])).toEqual([[0, false]]);
  });

  it('is waited for while it comes slowly', async () => {
    const { client, hour } = await feed([{ body: 'slow papers', manner: 'slow' }]);
    const { exchanges } = await client.get('/papers', hour);
    expect(exchanges.map((each) => [text(each), each.cut])).toEqual([['slow papers', false]]);
  });

  it('is taken as it is when it ends cleanly without a stated length', async () => {
    const { client, hour } = await feed([{ body: '[1,2,3,4]', manner: 'half' }]);
    const { exchanges } = await client.get('/papers', hour);
    expect(exchanges.map((each) => [text(each), each.cut])).toEqual([['[1,2', false]]);
  });

  it('is cut at the size limit and not requested again', async () => {
    const { client, hour } = await feed([{ body: new Uint8Array(2 * (MAX_RESPONSE_BYTES + 1)), manner: 'stalled' }]);
    const { exchanges } = await client.get('/papers', hour);
    expect(exchanges.map(({ body, cut }) => [body.length, cut])).toEqual([[MAX_RESPONSE_BYTES, true]]);
  });

  it.each([400, 401, 403, 404, 202, 405])('is final with status %i', async (status) => {
    const { client, server, hour } = await feed([{ status, body: '{"error":"no"}' }]);
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(statuses(exchanges)).toEqual([status]);
    expect(failure).toBeNull();
    expect(server.asked).toHaveLength(1);
  });

  it('is never requested again when it is a challenge, whatever its status', async () => {
    const { client, server, hour } = await feed([{ status: 503, headers: { 'x-amzn-waf-action': 'challenge' } }]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([503]);
    expect(server.asked).toHaveLength(1);
  });
});

describe('A temporary failure', () => {
  it('is retried after waits that double, and every answer is kept', async () => {
    const { client, time, hour } = await feed([
      { status: 500, body: 'oh' },
      { status: 503, body: 'no' },
      { body: 'papers' },
    ]);
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(exchanges.map((each) => [each.status, text(each)])).toEqual([
      [500, 'oh'],
      [503, 'no'],
      [200, 'papers'],
    ]);
    expect(failure).toBeNull();
    expect(time.waits).toEqual([500, 1000]);
  });

  it('is given up after three attempts', async () => {
    const { client, server, hour } = await feed([{ status: 503 }]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([503, 503, 503]);
    expect(server.asked).toHaveLength(3);
  });

  it('is not waited for beyond the deadline', async () => {
    const { client, time, server } = await feed([{ status: 503 }]);
    const { exchanges, failure } = await client.get('/papers', time.deadline(400));
    expect(statuses(exchanges)).toEqual([503]);
    expect(failure).toBeNull();
    expect(time.waits).toEqual([]);
    expect(server.asked).toHaveLength(1);
  });

  it('is retried when there was no answer', async () => {
    const { client, hour } = await feed([{ manner: 'lost' }, { body: 'papers' }]);
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(exchanges.map(text)).toEqual(['', 'papers']);
    expect(exchanges.map(({ unanswered }) => unanswered)).toEqual([expect.stringMatching(/^no answer: /), undefined]);
    expect(failure).toBeNull();
  });

  it('is reported after each attempt without an answer, before the next one', async () => {
    const reported: number[] = [];
    const { client, time, hour } = await feed([{ status: 500 }, { manner: 'lost' }, { manner: 'lost' }], {
      onUnanswered: () => reported.push(time.waits.length),
    });
    await client.get('/papers', hour);
    expect(reported).toEqual([1, 2]);
  });

  it('keeps the answer of an earlier attempt and reports the failure of the later one', async () => {
    const { client, hour } = await feed([{ status: 500 }, { manner: 'lost' }]);
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(statuses(exchanges)).toEqual([500, null, null]);
    expect(failure).toMatch(/^no answer: /);
  });

  it('is reported as a refused connection', async () => {
    const { client, time, server, hour } = await feed([{}]);
    await server.stop();
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(exchanges).toHaveLength(3);
    expect(exchanges[2]).toEqual({
      url: `${server.origin}/papers`,
      at: expect.any(String),
      status: null,
      headers: [],
      sent: expect.arrayContaining([['host', new URL(server.origin).host]]),
      body: new Uint8Array(),
      cut: false,
      unanswered: failure,
    });
    expect(failure).toMatch(/^no answer: .*ECONNREFUSED/);
    expect(time.waits).toEqual([500, 1000]);
  });

  it('ends with the deadline when a server never answers', async () => {
    const { client, server } = await feed([{ manner: 'silent' }]);
    const { exchanges, failure } = await client.get('/papers', deadlineAfter(150));
    expect(exchanges).toMatchObject([{ status: null, unanswered: 'no answer within 1 s' }]);
    expect(failure).toBe('no answer within 1 s');
    expect(server.asked).toHaveLength(1);
  });

  it('keeps the part of a body that came before the deadline', async () => {
    const { client } = await feed([{ body: 'stalled!', manner: 'stalled' }]);
    const { exchanges } = await client.get('/papers', deadlineAfter(150));
    expect(exchanges.map((each) => [text(each), each.cut])).toEqual([['stal', true]]);
  });

  it.each(['reset', 'chunk'] as const)(
    'keeps a body that was cut short (%s) and requests it once more',
    async (manner) => {
      const { client, hour } = await feed([{ body: 'a list of papers', manner }, { body: 'a list of papers' }]);
      const { exchanges } = await client.get('/papers', hour);
      expect(exchanges.map((each) => [text(each), each.cut])).toEqual([
        ['a list o', true],
        ['a list of papers', false],
      ]);
    },
  );

  it('is given up when the body is cut short again', async () => {
    const { client, server, hour } = await feed([{ body: 'a list of papers', manner: 'reset' }]);
    expect((await client.get('/papers', hour)).exchanges.map(({ cut }) => cut)).toEqual([true, true]);
    expect(server.asked).toHaveLength(2);
  });

  it('is recognised when a compressed body is cut short', async () => {
    const body = gzipSync('papers '.repeat(500));
    const { client, hour } = await feed([{ headers: { 'content-encoding': 'gzip' }, body, manner: 'reset' }]);
    const { exchanges } = await client.get('/papers', hour);
    expect(exchanges.map(({ cut }) => cut)).toEqual([true, true]);
  });
});

describe('A rate limit (429)', () => {
  const limited = (headers: Record<string, string> = {}): Answer => ({ status: 429, headers, body: 'too many' });

  it('is waited out for as long as its ratelimit header says', async () => {
    const { client, time, hour } = await feed([limited({ ratelimit: '"pages";r=0;t=52' }), { body: 'papers' }]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([429, 200]);
    expect(time.waits).toEqual([52_000]);
  });

  it('is waited out for as long as retry-after says', async () => {
    const { client, time, hour } = await feed([limited({ 'retry-after': '7' }), { body: 'papers' }]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([429, 200]);
    expect(time.waits).toEqual([7000]);
  });

  it('is waited out for the longer of the two', async () => {
    const both = limited({ ratelimit: '"pages";r=0;t=52', 'retry-after': '7' });
    const { client, time, hour } = await feed([both, { body: 'papers' }]);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([52_000]);
  });

  it('is waited out with jitter when no header says how long', async () => {
    const { client, time, hour } = await feed([
      limited(),
      limited({ 'retry-after': 'Wed, 08 Jan 2025 13:00:00 GMT' }),
      {},
    ]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([429, 429, 200]);
    expect(time.waits).toEqual([500, 1000]);
  });

  it('is not waited out beyond the deadline, and nothing is requested until it is over', async () => {
    const { client, time, server } = await feed([limited({ ratelimit: '"pages";r=0;t=52' }), { body: 'papers' }]);
    expect(statuses((await client.get('/papers', time.deadline(10_000))).exchanges)).toEqual([429]);
    const { exchanges, failure } = await client.get('/papers', time.deadline(10_000));
    expect(exchanges).toEqual([]);
    expect(failure).toBe('no time: 52000 ms to wait, 10000 ms left');
    expect(server.asked).toHaveLength(1);
    await time.pause(53_000);
    expect(statuses((await client.get('/papers', time.deadline(10_000))).exchanges)).toEqual([200]);
    expect(time.waits).toEqual([53_000]);
  });
});

describe('The client', () => {
  it('leaves the gap between the end of a request and the next one, also for retries and redirects', async () => {
    const { client, time, hour } = await feed(
      [{ body: 'one' }, { status: 503 }, { status: 302, headers: { location: '/papers/there' } }, { body: 'there' }],
      { minGapMs: 2000 },
    );
    await client.get('/papers', hour);
    expect(time.waits).toEqual([]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([503, 302, 200]);
    expect(time.waits).toEqual([2000, 2000, 2000]);
  });

  it('counts time that passed anyway as part of the gap', async () => {
    const { client, time, hour } = await feed([{}], { minGapMs: 2000 });
    await client.get('/papers', hour);
    await time.pause(10_000);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([10_000]);
  });

  it('counts one second of the clock as no time, since it may have been less', async () => {
    const { client, time, hour } = await feed([{}], { minGapMs: 2000 });
    await client.get('/papers', hour);
    await time.pause(1000);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([1000, 2000]);
  });

  it('does not wait while the rate limit leaves one request', async () => {
    const { client, time, hour } = await feed([{ headers: { ratelimit: '"pages";r=1;t=9' } }, {}]);
    await client.get('/papers', hour);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([]);
  });

  it('waits once for the window to end, even if the next answer has no rate-limit header', async () => {
    const { client, time, hour } = await feed([{ headers: { ratelimit: '"pages";r=0;t=9' } }, {}]);
    await client.get('/papers', hour);
    await client.get('/papers', hour);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([9000]);
  });

  it('makes one request at a time, in the order of the callers', async () => {
    const { client, server, hour } = await feed(() => ({ body: 'papers', manner: 'slow' }));
    const paths = ['/papers/1', '/papers/2', '/papers/3', '/papers/4'];
    await Promise.all(paths.map((path) => client.get(path, hour)));
    expect(server.asked.map(({ path }) => path)).toEqual(paths);
    expect(server.mostAtOnce()).toBe(1);
  });

  it('waits when an answer says that no request is left, and only in that bucket', async () => {
    const { client, time, hour } = await feed((asked) => ({
      headers: { ratelimit: asked.path.startsWith('/api/') ? '"api";r=40;t=9' : '"pages";r=0;t=9' },
    }));
    await client.get('/papers', hour);
    await client.get('/api/daily_papers', hour);
    expect(time.waits).toEqual([]);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([9000]);
  });

  it('waits in both buckets when it is unknown which one is empty', async () => {
    const { client, time, hour } = await feed([{ headers: { ratelimit: '"all";r=0;t=9' } }, {}]);
    await client.get('/papers', hour);
    await client.get('/api/daily_papers', hour);
    expect(time.waits).toEqual([9000]);
  });

  it('waits as long as any of several rate-limit headers says', async () => {
    const { client, time, hour } = await feed([{ headers: { RateLimit: ['"api";r=40;t=9', '"pages";r=0;t=9'] } }, {}]);
    await client.get('/papers', hour);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([9000]);
  });

  it('ignores a rate-limit header that it cannot parse', async () => {
    const { client, time, hour } = await feed([{ headers: { ratelimit: 'limit=100, remaining=0, reset=50' } }]);
    await client.get('/papers', hour);
    await client.get('/papers', hour);
    expect(time.waits).toEqual([]);
  });

  it('requests nothing after the deadline', async () => {
    const { client, time, server } = await feed([{}]);
    const { exchanges, failure } = await client.get('/papers', time.deadline(0));
    expect(exchanges).toEqual([]);
    expect(failure).toBe('no time: 0 ms to wait, 0 ms left');
    expect(server.asked).toEqual([]);
  });

  it('requests nothing when the gap would end after the deadline', async () => {
    const { client, time, server, hour } = await feed([{}], { minGapMs: 2000 });
    await client.get('/papers', hour);
    const { exchanges, failure } = await client.get('/papers', time.deadline(1500));
    expect(exchanges).toEqual([]);
    expect(failure).toBe('no time: 2000 ms to wait, 1500 ms left');
    expect(server.asked).toHaveLength(1);
  });

  it('continues with the next caller when the clock or the log fails for one', async () => {
    const { client, hour } = await feed([{ body: 'papers' }], {
      log: {
        info(_event: string, facts?: LogFields) {
          if (facts?.url?.toString().endsWith('/bad')) throw new Error('disk full');
        },
        warn() {},
      },
    });
    const [bad, good] = await Promise.allSettled([client.get('/papers/bad', hour), client.get('/papers', hour)]);
    expect(bad).toMatchObject({ status: 'rejected' });
    expect(good).toMatchObject({ status: 'fulfilled' });
  });
});

describe('a redirect', () => {
  it('is followed within the origin, and both answers are kept', async () => {
    const { client, origin, hour } = await feed((asked) =>
      asked.path === '/papers'
        ? { status: 302, headers: { location: '/papers/date/2025-01-08?x=1#top' }, body: 'moved' }
        : { body: 'papers' },
    );
    const { exchanges } = await client.get('/papers', hour);
    expect(exchanges.map((each) => [each.url, each.status, text(each)])).toEqual([
      [`${origin}/papers`, 302, 'moved'],
      [`${origin}/papers/date/2025-01-08?x=1`, 200, 'papers'],
    ]);
  });

  it('is not followed to another origin', async () => {
    const elsewhere = await feed([{ body: 'elsewhere' }]);
    const { client, hour } = await feed([{ status: 302, headers: { location: `${elsewhere.origin}/papers` } }], {
      token: 'hf_secret',
    });
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([302]);
    expect(elsewhere.server.asked).toEqual([]);
  });

  it.each([{}, { location: 'http://[' }])('is not followed without a valid location: %o', async (headers) => {
    const { client, hour } = await feed([{ status: 301, headers }]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([301]);
  });

  it('is not followed when it is a challenge', async () => {
    const headers = { location: '/papers/trending', 'x-amzn-waf-action': 'challenge' };
    const { client, hour } = await feed([{ status: 302, headers }, { body: 'papers' }]);
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([302]);
  });

  it('is given up after five hops', async () => {
    const { client, server, hour } = await feed([{ status: 307, headers: { location: '/papers' } }]);
    const { exchanges, failure } = await client.get('/papers', hour);
    expect(exchanges).toHaveLength(6);
    expect(failure).toBeNull();
    expect(server.asked).toHaveLength(6);
  });
});

describe('the token', () => {
  const token = 'hf_abcdefgh12345678';

  it('is sent as a bearer token and appears in no exchange, error or log', async () => {
    const lines: string[] = [];
    const { client, server, time, hour } = await feed(
      [{ status: 503 }, { status: 302, headers: { location: '/there' } }, { body: 'papers' }, { manner: 'lost' }],
      {
        token,
        log: createJsonLog(
          (line) => lines.push(line),
          () => '',
        ),
      },
    );
    const answered = await client.get('/papers', hour);
    const lost = await client.get('/papers', hour);
    const late = await client.get('/papers', time.deadline(0));
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(Array(6).fill(`Bearer ${token}`));
    expect(statuses(answered.exchanges)).toEqual([503, 302, 200]);
    expect(lost.failure).toMatch(/^no answer/);
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify([answered, lost, late, lines])).not.toContain(token);
    expect(JSON.stringify(answered).toLowerCase()).not.toContain('authorization');
  });

  it('is refused, without being shown, when no header can carry it', async () => {
    const make = () => feed([{}], { token: 'hf_one\nhf_two' });
    await expect(make()).rejects.toMatchObject({ code: 'BAD_TOKEN' });
    await expect(make()).rejects.not.toThrow(/hf_/);
  });

  it('is not sent unencrypted to another machine', async () => {
    const { server, time, hour } = await feed([{}]);
    // An address that leads here without being one of this machine's names.
    const origin = server.origin.replace('127.0.0.1', '0.0.0.0');
    const { clock, pause } = time;
    const client = createFeedClient({ origin, minGapMs: 0, userAgent: 'test', token, clock, pause, log: silentLog });
    expect(statuses((await client.get('/papers', hour)).exchanges)).toEqual([200]);
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  it('is optional', async () => {
    const { client, server, hour } = await feed([{}], { token: '' });
    await client.get('/papers', hour);
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });
});

describe('an origin', () => {
  it.each(['http://127.0.0.1:4600', 'http://localhost', 'http://[::1]:80', 'https://127.9.9.9'])(
    '%s is this machine',
    (origin) => expect(isLoopback(origin)).toBe(true),
  );

  it.each([
    'https://huggingface.co',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'http://10.0.0.1',
  ])('%s is not this machine', (origin) => expect(isLoopback(origin)).toBe(false));
});
