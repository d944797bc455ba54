import fc from 'fast-check';
import { createSnapshot } from '../../shared/archive/warc/write-snapshot.ts';
import { addSeconds, type Day, dayOf, type Instant, startOfDay } from '../../shared/lib/time.ts';
import type { Capture, Exchange } from '../../shared/model/capture.ts';
import type { ListName } from '../../shared/model/list.ts';

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const instant = (text: string): Instant => text as Instant;

/** The bytes that the archive keeps of a capture. */
export const serializeCapture = async (capture: Capture): Promise<Uint8Array> => (await createSnapshot(capture)).bytes;

/** An answer of the API, as the client tells it. */
export const anExchange = (change: Partial<Exchange> = {}): Exchange => ({
  url: 'https://huggingface.co/api/daily_papers?date=2025-01-08&limit=100&p=0',
  at: instant('2025-01-08T06:15:01Z'),
  status: 200,
  headers: [
    ['content-type', 'application/json; charset=utf-8'],
    ['etag', 'W/"5a-1"'],
    ['x-orig-content-encoding', 'gzip'],
  ],
  sent: [
    ['host', 'huggingface.co'],
    ['user-agent', 'paperkeep/0 (test)'],
  ],
  body: utf8('[{"title":"A made-up paper","paper":{"id":"2501.00001","upvotes":3}}]'),
  cut: false,
  ...change,
});

/** A request that nothing answered. */
export const anUnanswered = (change: Partial<Exchange> = {}): Exchange =>
  anExchange({
    status: null,
    headers: [],
    body: new Uint8Array(),
    unanswered: 'no answer: connect ECONNREFUSED 127.0.0.1:1',
    ...change,
  });

/** A visit to the daily list of 2025-01-08 with one answer. */
export const aCapture = (change: Partial<Capture> = {}): Capture => ({
  list: 'daily',
  day: '2025-01-08' as Day,
  at: instant('2025-01-08T06:15:00Z'),
  imported: false,
  exchanges: [anExchange()],
  ...change,
});

const at = fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => addSeconds(startOfDay('1970-01-01' as Day), s));
const list = fc.oneof(
  fc.constantFrom<ListName>('daily', 'trending', 'watched:a', 'watched:a-b'),
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/).map((slug): ListName => `watched:${slug}`),
);
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  fc.constantFrom(
    'https://huggingface.co',
    'https://huggingface.co/papers?q=a,,,b',
    'http://127.0.0.1:1/papers/trending?',
  ),
);
const name = fc.oneof(
  fc.constantFrom('content-type', 'Content-Type', 'vary', 'WARC-Type', 'warc-date', 'x-orig-content-encoding', 'link'),
  fc.stringMatching(/^[!#$%&'*+.^_`|~\w-]{1,12}$/),
);
const value = fc.oneof(
  fc.constantFrom('', ',,,', 'a,,,b', ':', '\u00a0', 'a\tb', 'é\u0085'),
  fc
    .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 30 })
    .map((codes) => String.fromCharCode(...codes).replaceAll(/^[ \t]+|[ \t]+$/g, '')),
);
const credential = /^(?:proxy-authorization|authorization|cookie|set-cookie)$/i;
const headers = fc.array(
  fc.tuple(name, value).filter(([key]) => !credential.test(key)),
  { maxLength: 6 },
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }).map(utf8),
  fc.constantFrom('', ' \n[', '<html>', 'WARC/1.1\r\n', '\r\n\r\n', '\n\nx').map(utf8),
);
const sent = fc.option(headers, { nil: null });
const status = fc.oneof(fc.constantFrom(200, 404, 429, 503), fc.integer({ min: 100, max: 999 }));
const mediaType = fc.constantFrom('application/json', 'application/http', 'text/html; charset="a,,,b"');
const mediaTypes = fc.array(fc.tuple(fc.constant('content-type'), mediaType), { maxLength: 1 });
const plain = { noNullPrototype: true };
const answer = fc.record({ url, at, status, headers, sent, body, cut: fc.boolean() }, plain);
const payload = fc.record(
  { url, at, status: fc.constant(null), headers: mediaTypes, sent, body, cut: fc.boolean() },
  plain,
);
const unanswered = fc
  .record({ url, at, sent, unanswered: fc.stringMatching(/^[^\r\n\ud800-\udfff]{1,60}$/) }, plain)
  .map((request): Exchange => ({ ...request, status: null, headers: [], body: new Uint8Array(), cut: false }));

/** Any capture that can come about, and many that will not. */
export const anyCapture: fc.Arbitrary<Capture> = fc.record(
  {
    list,
    day: at.map(dayOf),
    at,
    imported: fc.boolean(),
    exchanges: fc.array(fc.oneof(answer, payload, unanswered), { minLength: 1, maxLength: 4 }),
  },
  plain,
);
