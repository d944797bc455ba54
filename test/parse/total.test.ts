import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anEntry, anExchange, aPage, bytesOf, entries } from './feed.ts';

const URLS = [
  'https://huggingface.co/api/daily_papers?date=2025-01-08&limit=100&p=0',
  'https://huggingface.co/api/daily_papers?limit=x&p=-1',
  'https://huggingface.co/papers?q=a',
  'https://huggingface.co/papers/date/2025-01-08',
  'no address',
];

const json = JSON.stringify(entries(3));
const html = aPage({ props: { dateString: '2025-01-08' } });

const warc = 'WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 2\r\n\r\n[]\r\n\r\n'.repeat(2);

/** Text with a piece replaced: answers as they are, nearly. */
const mutated = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(200), fc.string({ maxLength: 20 }))
    .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));

/** An entry of which one field holds anything. */
const strangeEntry = fc
  .tuple(
    fc.constantFrom('paper', 'entry'),
    fc.constantFrom(...Object.keys(anEntry()), ...Object.keys(anEntry().paper as object)),
    fc.jsonValue(),
  )
  .map(([where, field, value]) => anEntry({ [where]: { [field]: value } }));

const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .oneof(fc.string(), mutated(json), mutated(html), mutated('Leaves\n\nWe count the leaves.\n'), mutated(warc))
    .map(bytesOf),
  fc.jsonValue().map(bytesOf),
  fc.array(fc.oneof(strangeEntry, fc.jsonValue()), { maxLength: 5 }).map(bytesOf),
  fc.array(strangeEntry, { maxLength: 3 }).map((list) => bytesOf(aPage({ entries: list, cards: '' }))),
);

const exchange = fc
  .record({
    url: fc.constantFrom(...URLS),
    status: fc.constantFrom(null, 200, 200, 200, 404, 429, 500, 302),
    headers: fc.constantFrom(
      [],
      [['content-type', 'application/json'] as const],
      [['content-type', 'text/html'] as const],
      [['content-type', 'application/warc'] as const],
      [['content-type', 'application/gzip'] as const],
    ),
    body,
    cut: fc.boolean(),
  })
  .map(anExchange);

const capture: fc.Arbitrary<Capture> = fc
  .record({
    source: fc.constantFrom('daily' as const, 'trending' as const, 'watched:a' as const),
    imported: fc.boolean(),
    exchanges: fc.array(exchange, { maxLength: 4 }),
  })
  .map(aCapture);

test('no capture makes a parser throw, and every listing is consistent', () => {
  fc.assert(
    fc.property(capture, (given) => {
      for (const parser of Object.values(parsers)) {
        const { outcome, why, listing } = parser.parse(given);
        expect(why !== '' || outcome === 'list' || outcome === 'empty').toBe(true);
        expect(listing !== null).toBe(['list', 'empty', 'drift'].includes(outcome));
        if (!listing) continue;
        const ranks = listing.rows.map(({ rank }) => rank);
        expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
        expect(listing.rows.length + listing.rejects.length).toBeLessThanOrEqual(listing.listed);
        if (listing.rejects.length > 0) expect(listing.complete).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('reading the same capture twice gives the same', () => {
  fc.assert(
    fc.property(capture, (given) => {
      expect(parsers.daily.parse(given)).toEqual(parsers.daily.parse(structuredClone(given)));
    }),
    { numRuns: 100 },
  );
});

test('a page of 20,000 nested blocks makes no parser throw', () => {
  const deep = `<html><article><h3><a href="/papers/2501.10001">${'<div>'.repeat(20_000)}Leaves</a></h3></article></html>`;
  const parsed = parsers.trending.parse(
    aCapture({
      list: 'trending',
      exchanges: [anExchange({ url: 'https://huggingface.co/papers/trending', body: bytesOf(deep) })],
    }),
  );
  expect(parsed.outcome).toBe('other-shape');
});

test('a field that is named like a property of every object is an ordinary field', () => {
  const text = JSON.stringify(entries(1)).replace('{"paper":', '{"__proto__":{"x":1},"paper":');
  const parsed = parsers.daily.parse(aCapture({ exchanges: [anExchange({ body: bytesOf(text) })] }));
  expect(Object.entries(parsed.listing?.unknown ?? {})).toEqual([['__proto__', 1]]);
});
