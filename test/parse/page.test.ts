import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../shared/model/capture.ts';
import { pageDay } from '../../shared/parse/page.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anExchange, aPage, bytesOf, entries, idOf, pageAnswer } from './feed.ts';

const trending = (html: string, fields: Partial<Exchange> = {}) =>
  parsers.trending.parse(aCapture({ list: 'trending', exchanges: [pageAnswer(html, fields)] }));
const HYDRATER = 'class="SVELTE_HYDRATER contents" data-target="DailyPapers"';

describe('Reading a page', () => {
  test('the list is found by its name among the other parts of the page', () => {
    expect(trending(aPage())).toMatchObject({
      outcome: 'list',
      why: '',
      listing: { via: 'page', listed: 2, complete: null },
    });
  });

  test('the page of a day is not trending, wherever the feed redirected', () => {
    const { outcome, why, listing } = trending(
      aPage({ props: { dateString: '2025-01-07', periodType: 'day', isTrending: false } }),
    );
    expect({ outcome, listing }).toEqual({ outcome: 'another-day', listing: null });
    expect(why).toContain('the page shows 2025-01-07');
  });

  test.each([
    ['a week', { periodType: 'week', dateString: '2025-01-06' }, 'the list of a week'],
    ['a search', { query: { q: 'leaves' } }, 'a search'],
  ])('the page of %s is not trending', (_, props, shown) => {
    expect(trending(aPage({ props: { isTrending: undefined, ...props } }))).toEqual({
      outcome: 'another-day',
      why: `the page shows ${shown}`,
      listing: null,
    });
  });

  test('of two lists in a page the first is read', () => {
    const second = `<div ${HYDRATER} data-props="{&quot;dailyPapers&quot;:[]}"></div>`;
    expect(trending(aPage().replace('</main>', `${second}</main>`)).listing).toMatchObject({ via: 'page', listed: 2 });
  });

  test('attributes may stand in any order', () => {
    const html = aPage().replace(new RegExp(`<div ${HYDRATER} (data-props="[^"]*")`), `<div $1 ${HYDRATER}`);
    expect(html).toContain(`&quot;:true}" ${HYDRATER}`);
    expect(trending(html).listing).toMatchObject({ via: 'page', listed: 2 });
  });

  test('attributes may stand in any order, and hold a bare angle bracket', () => {
    const html = aPage()
      .replace(new RegExp(`<div ${HYDRATER} (data-props="[^"]*")`), `<div $1 ${HYDRATER}`)
      .replace('Tables 0', 'Tables <0 and <b c');
    expect(trending(html).listing).toMatchObject({ via: 'page', listed: 2 });
  });

  test('the name in the value of another attribute, or in text, is not the list', () => {
    const decoy = `<p title='data-target="DailyPapers" data-props="{}"'>data-target="DailyPapers" data-props="[]"</p>`;
    expect(trending(aPage().replace('<main>', `<main>${decoy}`)).listing).toMatchObject({ via: 'page', listed: 2 });
  });

  test('all escaping is decoded once', () => {
    const [entry] = entries(1);
    const title = `&quot;a&quot; & 'b' &amp; <c> &#39;`;
    const html = aPage({ entries: [{ ...entry, paper: { ...(entry?.paper as object), title } }] })
      .replace('&quot;dailyPapers&quot;', '&#x22;dailyPapers&#34;')
      .replaceAll('&lt;c>', '&lt;c&gt;');
    expect(trending(html).listing?.rows[0]?.content.title).toBe(title);
  });

  test('data that is not JSON does not hide the next part with that name', () => {
    const broken = '<div data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;:["></div>';
    expect(trending(aPage().replace('<main>', `<main>${broken}`)).listing).toMatchObject({ via: 'page', listed: 2 });
  });

  test('named and numeric entities are decoded, and a number that is no character is not an error', () => {
    const html = aPage({ entries: entries(1) }).replace(
      'Tables 0',
      'Caf&eacute;&nbsp;&#8211; &#x1F600; &#99999999; &nosuch;',
    );
    expect(trending(html).listing?.rows[0]?.content.title).toContain('Café – 😀 � &nosuch;');
  });

  test('cards are read where there is no hydration data', () => {
    const { listing } = trending(aPage({ entries: entries(3) }).replace(HYDRATER, ''));
    expect(listing?.via).toBe('cards');
    expect(listing?.rows.map(({ rank, id, upvotes }) => [rank, id, upvotes])).toEqual([
      [1, idOf(0), 100],
      [2, idOf(1), 99],
      [3, idOf(2), 98],
    ]);
  });

  test('cards are read where the hydration data is not a list', () => {
    const html = aPage().replace('&quot;dailyPapers&quot;', '&quot;papers&quot;');
    expect(trending(html).listing).toMatchObject({ via: 'cards', listed: 2 });
  });

  test('cards without any upvotes are drift', () => {
    const card = '<article><h3><a href="/papers/2501.10001">Tables</a></h3></article>';
    expect(trending(`<html><body>${card}</body></html>`)).toMatchObject({
      outcome: 'drift',
      listing: { via: 'cards' },
    });
  });

  const cardsOf = (...cards: string[]) => trending(`<html><body>${cards.join('')}</body></html>`);
  const card = (inside: string, href = '/papers/2501.10001') =>
    `<article><h3><a href="${href}">Tables</a></h3><div><input type="checkbox"/>Upvote 7</div>${inside}</article>`;

  test('rejected cards count as cards without upvotes', () => {
    const advert = '<article><h3>Ad</h3></article>';
    expect(cardsOf(card(''), advert).outcome).toBe('list');
    expect(cardsOf(card(''), advert, advert).outcome).toBe('drift');
  });

  test('an id of before 2007 is read from a link whose slash is encoded', () => {
    expect(cardsOf(card('', '/papers/cs%2F0301012')).listing?.rows[0]?.id).toBe('cs/0301012');
  });

  test.each([
    ['131', 131],
    ['3.29k', 3290],
    ['1.2M', 1_200_000],
    ['many', null],
  ])('GitHub stars shown as %s are %s', (shown, stars) => {
    const { listing } = cardsOf(card(`<a href="https://github.com/a/b">GitHub ${shown}</a>`));
    expect(listing?.rows[0]?.githubStars).toBe(stars);
  });

  test('a card without a paper is rejected and its rank stays free', () => {
    const html = aPage({ entries: entries(2) })
      .replace(HYDRATER, '')
      .replace('<article', '<article><h3>Ad</h3></article><article');
    expect(trending(html).listing).toMatchObject({
      listed: 3,
      complete: false,
      rejects: [{ path: 'article[0]' }],
      rows: [{ rank: 2 }, { rank: 3 }],
    });
  });

  test('a page with an empty list is empty', () => {
    expect(trending(aPage({ entries: [] }))).toMatchObject({ outcome: 'empty', listing: { via: 'page', rows: [] } });
  });
});

describe('Reading a page without a list', () => {
  test('a page with neither hydration data nor cards is another format', () => {
    expect(trending('<html><body><p>Maintenance</p></body></html>').outcome).toBe('other-shape');
    expect(trending('<!doctype html><title>Hugging Face</title><p>Maintenance</p>').outcome).toBe('other-shape');
  });

  test('a page that ends in the middle of its data is cut', () => {
    const html = aPage();
    expect(trending(html.slice(0, html.indexOf('data-target="DailyPapers"') + 900))).toMatchObject({
      outcome: 'cut',
      listing: null,
    });
  });

  test('a page that lost its end but not its data is a list', () => {
    const html = aPage();
    expect(trending(html.slice(0, html.indexOf('<article') + 300))).toMatchObject({
      outcome: 'list',
      listing: { via: 'page' },
    });
  });

  test('cards of a page that lost its end are not trusted', () => {
    const html = aPage().replace(HYDRATER, '');
    expect(trending(html.slice(0, -30)).outcome).toBe('cut');
  });

  test('a page may have blank lines after its end', () => {
    const html = aPage().replace(HYDRATER, '');
    expect(trending(`${html}${'\n'.repeat(100)}`)).toMatchObject({ outcome: 'list', listing: { via: 'cards' } });
  });

  test('a small page with another script beside that of the challenge is no challenge', () => {
    const scripts = '<script src="https://a.awswaf.com/challenge.js"></script><script src="app.js"></script>';
    expect(trending(`<html><head>${scripts}</head><body></body></html>`).outcome).toBe('other-shape');
  });

  test('a small page with nothing but the challenge script is a challenge', () => {
    const html = '<html><head><script src="https://a.awswaf.com/challenge.js"></script></head><body></body></html>';
    expect(trending(html).outcome).toBe('challenge');
  });

  test('a page with papers that also loads the challenge script is a list', () => {
    expect(aPage()).toContain('challenge.js');
    expect(trending(aPage()).outcome).toBe('list');
  });

  test('statuses are judged as for the API', () => {
    expect(trending('', { status: 429 }).outcome).toBe('refused');
    expect(trending('', { status: 404 }).outcome).toBe('not-found');
    expect(trending('').outcome).toBe('no-body');
    expect(trending(aPage(), { cut: true }).outcome).toBe('cut');
  });
});

describe('Reading trending or a search', () => {
  test('a listing of a search has its query, one of trending has none', () => {
    const exchanges = [pageAnswer(aPage(), { url: 'http://127.0.0.1:1/papers?q=long%20tables' })];
    expect(parsers.watched.parse(aCapture({ list: 'watched:tables', exchanges })).listing?.query).toBe('long tables');
    expect(parsers.trending.parse(aCapture({ list: 'trending', exchanges })).listing?.query).toBe(null);
    expect(
      parsers.watched.parse(aCapture({ list: 'watched:tables', exchanges: [pageAnswer(aPage())] })).listing?.query,
    ).toBe(null);
  });

  test('the last of several responses for the page counts', () => {
    const exchanges = [pageAnswer('', { status: 503 }), pageAnswer(aPage())];
    expect(parsers.trending.parse(aCapture({ list: 'trending', exchanges })).outcome).toBe('list');
  });

  test('saved JSON entries may be imported as trending', () => {
    const saved = anExchange({ status: null, sent: null, body: bytesOf(entries(3)) });
    const parsed = parsers.trending.parse(aCapture({ list: 'trending', imported: true, exchanges: [saved] }));
    expect(parsed).toMatchObject({ outcome: 'list', listing: { via: 'api', complete: null, listed: 3 } });
  });
});

describe('the day that a page says it shows', () => {
  const page = (props: Record<string, unknown>) => aPage({ props: { isTrending: undefined, ...props } });
  test.each<[string, string, string | null]>([
    ['a time, until 2024', page({ date: '2024-08-01T00:00:00.000Z' }), '2024-08-01'],
    ['a day, since', page({ dateString: '2026-08-21', periodType: 'day' }), '2026-08-21'],
    ['a week is no day', page({ dateString: '2026-08-17', periodType: 'week' }), null],
    ['a search under the bar of a day is no day', page({ dateString: '2026-08-21', query: { q: 'x' } }), null],
    ['trending has none', aPage(), null],
    ['trending has none, whatever it says', page({ dateString: '2026-08-21', isTrending: true }), null],
    ['the newer field counts', page({ date: '2024-08-01T00:00:00.000Z', dateString: '2026-08-21' }), '2026-08-21'],
    ['a day that the calendar lacks', page({ dateString: '2026-02-30' }), null],
    ['cards only', '<html><time class="a" datetime="2024-08-01T00:00:00.000Z">Aug 1</time></html>', '2024-08-01'],
    ['nothing', 'hello', null],
  ])('%s', (_name, html, day) => {
    expect(pageDay(html)).toBe(day);
  });
});
