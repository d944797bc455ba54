import * as cheerio from 'cheerio/slim';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { removeControls } from '../../../shared/lib/printable.ts';
import { formatAtom } from '../../../shared/web/formats/atom.ts';
import { entryTag, type Feed, type FeedEntry, feedPath } from '../../../shared/web/formats/feed.ts';
import { formatJsonFeed } from '../../../shared/web/formats/json-feed.ts';
import { instant } from '../../support/build.ts';
import { installFeedparser, parseFeeds } from '../../support/feedparser.ts';
import { JsonFeed } from '../../support/json-feed.ts';

const SITE = 'https://papers.example.org';
const entry: FeedEntry = {
  id: 'daily/2501.90001',
  title: 'Slow Lanterns & <Fast> Ones',
  path: '/papers/2501.90001',
  date: instant('2025-01-08T00:00:00Z'),
  reason: 'Rank 3 with 62 upvotes on the daily list of 8 Jan 2025.',
  text: 'Lanterns are slow.',
  authors: ['Ada Example', 'B', 'C', 'D', 'E', 'F', 'G'],
  keywords: ['slow lanterns'],
  links: [
    ['arXiv', 'https://arxiv.org/abs/2501.90001'],
    ['Code', 'https://github.com/acme/lanterns'],
  ],
};
const feed: Feed = {
  path: '/daily?minUpvotes=50&keyword=a%26b',
  title: 'Daily papers',
  description: 'The papers of the newest daily lists. Not captured: 6 Jan 2025.',
  sample: false,
  entries: [entry],
};

describe('formatAtom', () => {
  it('keeps the encoding of an address in the id of its feed', () => {
    const path = '/daily?at=2025-01-10T00%3A00%3A00Z';
    expect(formatAtom({ ...feed, path }, SITE)).toContain(`<id>tag:paperkeep.github.io,2026:${path}</id>`);
  });

  it('writes ids, dates, plain text and absolute links', () => {
    const $ = cheerio.load(formatAtom(feed, SITE), { xml: true });
    const of = (selector: string) => $(selector).text();
    expect([of('feed > id'), of('entry > id')]).toEqual([
      `tag:paperkeep.github.io,2026:${feed.path}`,
      'tag:paperkeep.github.io,2026:daily/2501.90001',
    ]);
    expect([of('feed > updated'), of('entry > updated'), of('entry > published')]).toEqual(Array(3).fill(entry.date));
    expect([of('feed > title'), of('feed > subtitle')]).toEqual(['Daily papers · paperkeep', feed.description]);
    expect([of('entry > title'), of('entry > summary')]).toEqual([entry.title, entry.reason]);
    expect(
      $('title, subtitle, summary, content')
        .toArray()
        .map(({ attribs }) => attribs.type),
    ).toEqual(Array(5).fill('text'));
    expect(
      $('feed > link')
        .toArray()
        .map(({ attribs }) => [attribs.rel, attribs.href]),
    ).toEqual([
      ['self', `${SITE}/daily.atom?minUpvotes=50&keyword=a%26b`],
      ['alternate', `${SITE}/daily?minUpvotes=50&keyword=a%26b`],
    ]);
    expect(
      $('entry > link')
        .toArray()
        .map(({ attribs }) => [attribs.rel, attribs.href]),
    ).toEqual([
      ['alternate', `${SITE}/papers/2501.90001`],
      ['related', 'https://arxiv.org/abs/2501.90001'],
      ['related', 'https://github.com/acme/lanterns'],
    ]);
  });

  it('names five authors and says how many more there are', () => {
    const $ = cheerio.load(formatAtom(feed, SITE), { xml: true });
    expect($('entry > author').length).toBe(5);
    expect($('content').text()).toContain('By Ada Example, B, C, D, E and 2 more.');
    const six = formatAtom({ ...feed, entries: [{ ...entry, authors: entry.authors.slice(1) }] }, SITE);
    expect(six).toContain('By B, C, D, E, F and 1 more.');
    const five = formatAtom({ ...feed, entries: [{ ...entry, authors: entry.authors.slice(2) }] }, SITE);
    expect(five).toContain('By C, D, E, F, G.');
  });

  it('was updated when its newest entry was', () => {
    const older = { ...entry, id: 'daily/2501.90002', date: instant('2025-01-07T00:00:00Z') };
    for (const entries of [
      [entry, older],
      [older, entry],
    ]) {
      const $ = cheerio.load(formatAtom({ ...feed, entries }, SITE), { xml: true });
      expect($('feed > updated').text()).toBe('2025-01-08T00:00:00Z');
    }
  });

  it('is valid without entries, whose date then says so', () => {
    const $ = cheerio.load(formatAtom({ ...feed, entries: [] }, ''), { xml: true });
    expect([$('entry').length, $('feed > updated').text(), $('link[rel=self]').attr('href')]).toEqual([
      0,
      '1970-01-01T00:00:00Z',
      '/daily.atom?minUpvotes=50&keyword=a%26b',
    ]);
  });
});

describe('formatJsonFeed', () => {
  it('writes the same entries as JSON Feed 1.1', () => {
    const json = JsonFeed.parse(JSON.parse(formatJsonFeed(feed, SITE)));
    expect([json.feed_url, json.home_page_url, json.sample]).toEqual([
      `${SITE}/daily.feed.json?minUpvotes=50&keyword=a%26b`,
      `${SITE}/daily?minUpvotes=50&keyword=a%26b`,
      undefined,
    ]);
    expect(json.items).toMatchObject([
      {
        id: entryTag(entry.id),
        url: `${SITE}/papers/2501.90001`,
        external_url: 'https://arxiv.org/abs/2501.90001',
        title: entry.title,
        summary: entry.reason,
      },
    ]);
  });

  it('says when the papers are invented', () => {
    const { sample, title } = JSON.parse(formatJsonFeed({ ...feed, sample: true }, SITE));
    expect([sample, title]).toEqual([true, 'Sample: Daily papers · paperkeep']);
  });
});

describe('feedPath', () => {
  it('puts the ending before the parameters', () => {
    expect([feedPath('/daily', '.atom'), feedPath('/search?q=a.b%3F', '.feed.json')]).toEqual([
      '/daily.atom',
      '/search.feed.json?q=a.b%3F',
    ]);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\u0000',
      '\u000b',
      '\ud800',
      '\udc00',
      '\ufffe',
      '<',
      ']]>',
      '&',
      '&#0;',
      '"',
      "'",
      '\r',
      '\n',
      '😀',
      'a',
      ' ',
    ),
  }),
);
const anyFeed = fc.record({
  path: fc.constant('/daily'),
  title: hostile,
  description: hostile,
  sample: fc.boolean(),
  entries: fc.uniqueArray(
    fc.record({
      id: hostile.map((text) => `daily/${text}`),
      title: hostile,
      path: fc.option(fc.constant('/papers/2501.90001')),
      date: fc.constant(entry.date),
      reason: hostile.map((text) => `because ${text}`),
      text: fc.option(hostile),
      authors: fc.array(
        hostile.map((text) => `A${text}`),
        { maxLength: 8 },
      ),
      keywords: fc.array(
        hostile.map((text) => `k${text}`),
        { maxLength: 3 },
      ),
      links: fc.constant(entry.links),
    }),
    { maxLength: 3, selector: ({ id }) => entryTag(id) },
  ),
});
/** Text as XML gives it back. */
const asRead = (text: string): string => removeControls(text);

describe('hostile text', () => {
  it('leaves a feed well-formed, and comes out of it as it went in', () => {
    fc.assert(
      fc.property(anyFeed, (given) => {
        const atom = formatAtom(given, SITE);
        expect(atom.isWellFormed()).toBe(true);
        expect(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/u.test(atom)).toBe(false);
        const $ = cheerio.load(atom, { xml: true });
        expect(
          $('entry > title')
            .toArray()
            .map((one) => $(one).text()),
        ).toEqual(given.entries.map(({ title }) => asRead(title)));
        expect(
          $('entry > category')
            .toArray()
            .map(({ attribs }) => attribs.term),
        ).toEqual(given.entries.flatMap(({ keywords }) => keywords.map(asRead)));
        const json = JsonFeed.parse(JSON.parse(formatJsonFeed(given, SITE)));
        expect(json.items.map(({ title }) => title)).toEqual(given.entries.map(({ title }) => asRead(title)));
      }),
      { numRuns: 300 },
    );
  });

  describe('in Python', () => {
    let missing: string | null = null;
    beforeAll(async () => {
      missing = await installFeedparser();
    }, 180_000);

    it('is read by feedparser without a complaint', async (context) => {
      if (missing !== null) context.skip(`feedparser cannot be installed: ${missing}`);
      const feeds = fc.sample(anyFeed, { numRuns: 200, seed: 1 });
      const read = await parseFeeds(feeds.map((given) => formatAtom(given, SITE)));
      expect(read.map(({ bozo }) => bozo)).toEqual(feeds.map(() => null));
      const spaces = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
      expect(read.flatMap(({ entries }) => entries.map(({ title }) => spaces(title)))).toEqual(
        feeds.flatMap(({ entries }) => entries.map(({ title }) => spaces(asRead(title)))),
      );
    }, 60_000);
  });
});
