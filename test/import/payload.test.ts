import { describe, expect, it } from 'vitest';
import { parseSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { createPayloadCaptures } from '../../shared/import/payload.ts';
import type { Day } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { instant, serializeCapture, utf8 } from '../archive/captures.ts';

const SITE = 'https://huggingface.co';
const AT = instant('2025-01-08T06:15:00Z');
const WATCHED = [{ slug: 'agents', query: 'language agents' }];
const contentOf = (mediaType: string, text = '[]') => ({ mediaType, body: utf8(text), cut: false });

describe('a payload', () => {
  it.each([
    ['daily', '2025-01-07', 'application/json', '/api/daily_papers?date=2025-01-07'],
    ['daily', '2025-01-07', 'text/html', '/papers/date/2025-01-07'],
    ['daily', '2025-01-07', 'text/plain', '/papers/date/2025-01-07'],
    ['daily', '2025-01-07', 'application/zip', '/api/daily_papers?date=2025-01-07'],
    ['trending', '2025-01-08', 'text/html', '/papers/trending'],
    ['watched:agents', '2025-01-08', 'text/plain', '/papers?q=language%20agents'],
  ] as const)(
    'a payload of %s on %s as %s gets the URL that the feed has for it',
    async (list, day, mediaType, path) => {
      const facts = { name: 'x', list, day: day as Day, at: AT };
      const [capture, ...others] = createPayloadCaptures(facts, contentOf(mediaType), WATCHED);
      expect(others).toEqual([]);
      const response = {
        status: null,
        headers: [['content-type', mediaType]],
        sent: null,
        body: utf8('[]'),
        cut: false,
      };
      const exchanges = [{ url: SITE + path, at: AT, ...response }];
      expect(capture).toEqual({ list, day, at: AT, imported: true, exchanges });
      if (capture) expect((await parseSnapshot(await serializeCapture(capture))).capture).toStrictEqual(capture);
    },
  );

  it('a payload of a watched search needs its query', () => {
    const facts = { name: 'x', list: 'watched:robots', day: null, at: AT } as const;
    expect(() => createPayloadCaptures(facts, contentOf('text/html'), WATCHED)).toThrow(
      expect.objectContaining({ code: 'NO_QUERY', message: 'watched:robots has no query' }),
    );
  });

  it('an API response without a day is a capture of each day that its entries name', () => {
    const entry = (at?: string) => ({ paper: { id: '2501.00001', submittedOnDailyAt: at } });
    const entries = [entry('2025-01-07T03:00:00.000Z'), entry('2025-01-06T00:00:00.000Z'), entry(), entry('soon')];
    const facts = { name: 'x.json', list: null, day: null, at: AT };
    const captures = createPayloadCaptures(facts, contentOf('application/json', JSON.stringify(entries)), []);
    expect(captures.map(({ list, day, exchanges }) => [list, day, exchanges[0]?.url])).toEqual([
      ['daily', '2025-01-06', `${SITE}/api/daily_papers`],
      ['daily', '2025-01-07', `${SITE}/api/daily_papers`],
    ]);
  });

  it.each([
    ['application/json', '[{"paper":{"id":"2501.00001","title":"Leaves","upvotes":1}}]'],
    ['application/json', '[]'],
    ['text/html', '<html><body><article><h3><a href="/papers/2501.00001">Leaves</a></h3></article></body></html>'],
    ['text/csv', 'id\n2501.00001\n'],
  ])(
    'a daily list as %s without any day is kept under the day of its time, and is no list of that day',
    (type, text) => {
      const facts = { name: 'x', list: 'daily', day: null, at: AT } as const;
      const [capture, ...others] = createPayloadCaptures(facts, contentOf(type, text), []);
      expect(others).toEqual([]);
      expect(capture).toMatchObject({
        list: 'daily',
        day: '2025-01-08',
        exchanges: [{ url: `${SITE}/api/daily_papers` }],
      });
      if (capture) expect(parsers.daily.parse(capture).outcome).toMatch(/another-day|other-shape/);
    },
  );

  it('a file of another format is named as such rather than by what it does not say', () => {
    const facts = { name: 'crawl.wacz', list: null, day: null, at: null };
    expect(() => createPayloadCaptures(facts, contentOf('application/zip', 'PK'), [])).toThrow(
      expect.objectContaining({
        code: 'OTHER_FORMAT',
        message: expect.stringMatching(/^a ZIP or WACZ file is not read/),
      }),
    );
  });

  it('copied text of a daily list without a day is refused, since it never says its day', () => {
    const facts = { name: 'x.txt', list: 'daily', day: null, at: AT } as const;
    expect(() => createPayloadCaptures(facts, contentOf('text/plain', 'Daily Papers'), [])).toThrow(
      expect.objectContaining({ code: 'UNSAID', message: 'x.txt does not say its day' }),
    );
  });

  it('a response to a request without a day gives each day its own entries and no day those of others', () => {
    const entry = (id: string, at?: string) => ({
      paper: { id, title: 'A title', upvotes: 1, submittedOnDailyAt: at },
    });
    const entries = [
      entry('2501.00001', '2025-01-07T03:00:00.000Z'),
      entry('2501.00002', '2025-01-06T00:00:00.000Z'),
      entry('2501.00003', '2025-01-07T00:00:00.000Z'),
      entry('2501.00004'),
    ];
    const facts = { name: 'x.json', list: null, day: null, at: AT };
    const captures = createPayloadCaptures(facts, contentOf('application/json', JSON.stringify(entries)), []);
    const lists = captures.map((capture) => parsers.daily.parse(capture));
    expect(lists.map(({ listing }) => [listing?.complete, listing?.rows.map(({ id }) => id)])).toEqual([
      [false, ['2501.00002']],
      [false, ['2501.00001', '2501.00003']],
    ]);
    const [capture] = captures;
    if (!capture) throw new Error('there is no capture');
    expect(parsers.daily.parse({ ...capture, day: '2025-01-05' as Day })).toMatchObject({ outcome: 'another-day' });
  });
});
