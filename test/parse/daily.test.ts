import { describe, expect, test } from 'vitest';
import type { Day } from '../../shared/lib/time.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import {
  aCapture,
  aCopiedPage,
  anEntry,
  anExchange,
  aPage,
  apiAnswer,
  bytesOf,
  DAY,
  entries,
  idOf,
  pageAnswer,
} from './feed.ts';

const read = (...exchanges: Exchange[]) => parsers.daily.parse(aCapture({ exchanges }));
const imported = (exchange: Partial<Exchange>) =>
  parsers.daily.parse(aCapture({ imported: true, exchanges: [anExchange({ status: null, sent: null, ...exchange })] }));
const idsOf = (parsed: ReturnType<typeof read>) => parsed.listing?.rows.map(({ id }) => id);
const dayPage = (day: string, list = entries(2)) =>
  aPage({ entries: list, props: { dateString: day, periodType: 'day', isTrending: false } });

describe('Reading pages of the API', () => {
  test('a short page is the whole list', () => {
    expect(read(apiAnswer(entries(3)))).toMatchObject({
      outcome: 'list',
      why: '',
      listing: { via: 'api', pages: 1, complete: true, listed: 3, query: null },
    });
  });

  test('a full page with nothing after it is a cut list, since a visit requests pages until one is short', () => {
    const parsed = read(apiAnswer(entries(100)));
    expect(parsed).toMatchObject({ outcome: 'list', listing: { complete: false, listed: 100 } });
    expect(parsed.why).toBe('page 1 of the list got no answer');
  });

  test('an imported full page with nothing after it may be the whole list', () => {
    const { url, body } = apiAnswer(entries(100));
    expect(imported({ url, body }).listing).toMatchObject({ complete: null, listed: 100 });
  });

  test('pages are joined by their number, and ranks continue across them', () => {
    const { listing } = read(apiAnswer(entries(100)), apiAnswer(entries(20, 100), 1));
    expect(listing).toMatchObject({ pages: 2, complete: true, listed: 120 });
    expect(listing?.rows.at(-1)).toMatchObject({ rank: 120, id: idOf(119) });
  });

  test('an empty page after a full one ends the list', () => {
    expect(read(apiAnswer(entries(100)), apiAnswer([], 1)).listing).toMatchObject({ complete: true, listed: 100 });
  });

  test('a limit above the largest of the feed counts as the largest', () => {
    const url = 'https://huggingface.co/api/daily_papers?date=2025-01-08&limit=500';
    expect(imported({ url, body: bytesOf(entries(100)) }).listing?.complete).toBe(null);
  });

  test('a page longer than requested is not short, and the next one shows whether the list has ended', () => {
    expect(read(apiAnswer(entries(130)), apiAnswer([], 1)).listing).toMatchObject({ complete: true, listed: 130 });
    expect(read(apiAnswer(entries(130)), apiAnswer(entries(9, 130), 1)).listing).toMatchObject({
      complete: true,
      listed: 139,
      pages: 2,
    });
    expect(read(apiAnswer(entries(130)))).toMatchObject({
      why: 'page 1 of the list got no answer',
      listing: { complete: false, listed: 130 },
    });
  });

  test.each([
    ['neither limit nor page', 130, entries(130)],
    ['neither, in another order', 130, entries(130).reverse()],
    ['the limit alone', 100, entries(100)],
    ['the page alone', 130, entries(30, 100)],
  ])('a list of a feed that obeys %s counts once, and its completeness is unknown', (_, count, again) => {
    const parsed = read(apiAnswer(entries(count)), apiAnswer(again, 1));
    expect(parsed).toMatchObject({
      outcome: 'list',
      why: 'page 1 of the list only repeats what came before',
      listing: { complete: null, listed: count, pages: 1 },
    });
    expect(parsed.listing?.rows.map(({ rank }) => rank)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  });

  test('imported pages that only repeat each other are not counted twice', () => {
    const page = (p: number) => {
      const url = `https://huggingface.co/api/daily_papers?date=${DAY}&p=${p}`;
      return anExchange({ url, status: null, sent: null, body: bytesOf(entries(50)) });
    };
    const { listing } = parsers.daily.parse(aCapture({ imported: true, exchanges: [page(0), page(1)] }));
    expect(listing).toMatchObject({ complete: null, listed: 50, pages: 1 });
  });

  test('a failed page cuts the list, which is kept up to there and marked as cut', () => {
    const parsed = read(apiAnswer(entries(100)), apiAnswer('busy', 1, { status: 503 }), apiAnswer(entries(10, 200), 2));
    expect(parsed).toMatchObject({ outcome: 'list', listing: { complete: false, listed: 100, pages: 1 } });
    expect(parsed.why).toContain('page 1 of the list is missing: the feed failed (503)');
    const unanswered = apiAnswer('', 1, { status: null, headers: [], unanswered: 'no answer: lost' });
    expect(read(apiAnswer(entries(100)), unanswered)).toMatchObject({
      outcome: 'list',
      why: expect.stringContaining('page 1 of the list is missing: no answer: lost'),
      listing: { complete: false, listed: 100 },
    });
  });

  test('the last response for a page counts', () => {
    const parsed = read(
      apiAnswer('', 0, { status: 429 }),
      apiAnswer(entries(100)),
      apiAnswer('', 1, { status: 500 }),
      apiAnswer(entries(1, 100), 1),
    );
    expect(parsed).toMatchObject({ outcome: 'list', why: '', listing: { complete: true, listed: 101 } });
  });

  test('a paper that moved onto the next page is kept once, and completeness is unknown', () => {
    const { listing } = read(apiAnswer(entries(100)), apiAnswer(entries(3, 99), 1));
    expect(listing).toMatchObject({ complete: null, listed: 103 });
    expect(listing?.rows).toHaveLength(102);
    expect(listing?.rows.at(-1)?.rank).toBe(103);
  });

  test('the second pass counts when the pages were requested again', () => {
    const again = [apiAnswer(entries(100, 5)), apiAnswer(entries(2, 105), 1)];
    const parsed = read(apiAnswer(entries(100)), apiAnswer(entries(3, 99), 1), ...again);
    expect(parsed.listing).toMatchObject({ complete: true, listed: 102 });
    expect(idsOf(parsed)?.[0]).toBe(idOf(5));
  });

  test('the first pass counts when the second one was refused at once', () => {
    const parsed = read(apiAnswer(entries(100)), apiAnswer(entries(3, 99), 1), apiAnswer('', 0, { status: 429 }));
    expect(parsed).toMatchObject({ outcome: 'list', listing: { complete: null, listed: 103 } });
  });

  test('a paper that is twice on one page is kept once and counted, and the list stays complete', () => {
    const { listing } = read(apiAnswer([anEntry(), anEntry(), anEntry({ at: 1 })]));
    expect(listing).toMatchObject({ complete: true, listed: 3, unknown: { 'paper.id:repeated': 1 } });
    expect(listing?.rows.map(({ rank }) => rank)).toEqual([1, 3]);
  });

  test('at most 2,000 entries are read', () => {
    const { listing } = read(
      apiAnswer(Array.from({ length: 2_100 }, (_, at) => ({ paper: { id: idOf(at), title: 'T', upvotes: 1 } }))),
    );
    expect(listing?.rows).toHaveLength(2_000);
    expect(listing).toMatchObject({ complete: false, listed: 2_100 });
  });

  test('at most 2,000 entries are read of all pages together', () => {
    const page = (p: number) => Array.from({ length: 1_500 }, (_, at) => anEntry({ at: p * 1_500 + at, words: 1 }));
    const { listing } = read(apiAnswer(page(0)), apiAnswer(page(1), 1));
    expect(listing).toMatchObject({ complete: false, listed: 3_000 });
    expect(listing?.rows).toHaveLength(2_000);
  });

  test.each([
    [49, true],
    [50, null],
    [51, true],
    [99, true],
    [100, null],
  ])('an imported response without a limit of %i papers has complete: %s', (count, complete) => {
    const url = `https://huggingface.co/api/daily_papers?date=${DAY}`;
    expect(imported({ url, body: bytesOf(entries(count)) }).listing?.complete).toBe(complete);
  });
});

describe('The outcome of a visit', () => {
  const html = '<html><body>hello</body></html>';
  test.each<[string, Partial<Exchange>, string]>([
    ['429', { status: 429, body: bytesOf('We had to rate limit your IP') }, 'refused'],
    ['401', { status: 401 }, 'refused'],
    ['403', { status: 403 }, 'refused'],
    ['a 5xx', { status: 502 }, 'server-error'],
    ['a 202 challenge', { status: 202, body: bytesOf(html) }, 'challenge'],
    ['a 405 challenge', { status: 405 }, 'challenge'],
    ['a challenge by header', { headers: [['X-Amzn-Waf-Action', 'challenge']] }, 'challenge'],
    ['a cut body', { cut: true, body: bytesOf('[{"paper"') }, 'cut'],
    ['JSON that ends in the middle of an entry', { body: bytesOf('[{"paper":{"id":"2501.0') }, 'cut'],
    ['JSON that ends between entries', { body: bytesOf('[{"paper":{"title":"a \\" b"}},') }, 'cut'],
    ['broken JSON with an end', { body: bytesOf('[{"paper":}]') }, 'other-shape'],
    ['broken JSON with an end and a quoted quote', { body: bytesOf('[{"title":"a \\" b"},]') }, 'other-shape'],
    ['zero bytes', { body: new Uint8Array() }, 'no-body'],
    ['404', { status: 404, body: bytesOf({ error: 'Sorry' }) }, 'not-found'],
    ['410', { status: 410 }, 'not-found'],
    ['a redirect', { status: 302 }, 'other-shape'],
    ['400', { status: 400 }, 'other-shape'],
    ['an object', { body: bytesOf({ error: 'Sorry' }) }, 'other-shape'],
    ['a page where JSON was asked', { body: bytesOf(html) }, 'other-shape'],
    ['text where JSON was asked', { body: bytesOf('down for maintenance') }, 'other-shape'],
  ])('%s', (_name, fields, outcome) => {
    const parsed = read(apiAnswer([], 0, fields));
    expect(parsed).toMatchObject({ outcome, listing: null });
    expect(parsed.why).not.toBe('');
  });

  test('a day without papers is an empty list', () => {
    expect(read(apiAnswer([]))).toMatchObject({ outcome: 'empty', why: '', listing: { rows: [], complete: true } });
  });

  test('a truncated import is cut, not another format', () => {
    expect(imported({ body: bytesOf('[{"paper"'), cut: true }).outcome).toBe('cut');
  });

  test('exactly half of the papers without upvotes is a list, more is drift', () => {
    const bare = (at: number) => anEntry({ at, paper: { upvotes: undefined } });
    expect(read(apiAnswer([bare(0), anEntry({ at: 1 })])).outcome).toBe('list');
    const drift = read(apiAnswer([bare(0), anEntry({ at: 1 }), bare(2)]));
    expect(drift).toMatchObject({ outcome: 'drift', listing: { listed: 3 } });
    expect(drift.listing?.rows[0]?.upvotes).toBe(null);
  });

  test('a rejected entry that has upvotes does not count as one without', () => {
    const untitled = (at: number) => anEntry({ at, paper: { title: ' ' } });
    expect(read(apiAnswer([untitled(0), untitled(1), anEntry({ at: 2 })]))).toMatchObject({
      outcome: 'list',
      why: '2 of 3 entries could not be read',
    });
  });

  test('upvotes that became text are rejected one by one, and are drift when all did', () => {
    const parsed = read(apiAnswer([0, 1].map((at) => anEntry({ at, paper: { upvotes: '7' } }))));
    expect(parsed).toMatchObject({ outcome: 'drift', listing: { rows: [], complete: false } });
    expect(parsed.listing?.rejects[1]?.path).toBe('[1].paper.upvotes');
  });

  test.each([[-1], [2.5], ['NaN'], [true], [[]]])('upvotes of %j are rejected and the rank stays free', (upvotes) => {
    const { listing } = read(apiAnswer([anEntry(), anEntry({ at: 1, paper: { upvotes } }), anEntry({ at: 2 })]));
    expect(listing?.rows.map(({ rank }) => rank)).toEqual([1, 3]);
    expect(listing?.rejects[0]?.path).toBe('[1].paper.upvotes');
  });
});

describe('the day of a list', () => {
  const dated = (on: string, count: number, from: number) =>
    Array.from({ length: count }, (_, at) =>
      anEntry({ at: from + at, words: 1, paper: { submittedOnDailyAt: `${on}T08:00:00.000Z` } }),
    );

  test('is another one when most entries name other days', () => {
    expect(read(apiAnswer([...dated('2025-01-07', 1, 0), ...dated('2025-01-09', 1, 1), ...dated(DAY, 1, 2)]))).toEqual({
      outcome: 'another-day',
      why: 'most entries name other days than 2025-01-08',
      listing: null,
    });
  });

  test('is the one requested when half of the entries name it, and the others are flagged', () => {
    const { outcome, why, listing } = read(apiAnswer([...dated(DAY, 1, 0), ...dated('2025-01-09', 1, 1)]));
    expect({ outcome, why }).toEqual({ outcome: 'list', why: '1 of 2 entries name another day' });
    expect(listing).toMatchObject({ complete: true, rows: [{ rank: 1 }, { rank: 2 }] });
  });

  test('is decided by the entries of all pages', () => {
    const pages = (first: string, second: string) =>
      read(apiAnswer(dated(first, 100, 0)), apiAnswer(dated(second, 50, 100), 1));
    expect(pages('2025-01-07', DAY).outcome).toBe('another-day');
    expect(pages(DAY, '2025-01-07')).toMatchObject({ outcome: 'list', why: '50 of 150 entries name another day' });
  });

  test('is the one that a page shows, whatever its entries name', () => {
    const page = dayPage(DAY, dated('2025-01-07', 2, 0));
    expect(read(pageAnswer(page))).toMatchObject({ outcome: 'list', why: '2 of 2 entries name another day' });
  });
});

describe('The page of the day (the fallback of the API)', () => {
  const missing = apiAnswer({ error: 'Sorry' }, 0, { status: 404 });

  test('is read when the API has no such list, and the visit is usable', () => {
    expect(read(missing, pageAnswer(dayPage(DAY)))).toMatchObject({
      outcome: 'list',
      why: '',
      listing: { via: 'page', complete: null, pages: 1 },
    });
  });

  test('is read when the API has drifted or has another format', () => {
    const drift = apiAnswer([anEntry({ paper: { upvotes: 'many' } })]);
    expect(read(drift, pageAnswer(dayPage(DAY))).listing?.via).toBe('page');
    expect(read(apiAnswer({ papers: [] }), pageAnswer(dayPage(DAY))).listing?.via).toBe('page');
  });

  test('is not read in place of a response that is worth retrying', () => {
    expect(read(apiAnswer('', 0, { status: 429 }), pageAnswer(dayPage(DAY))).outcome).toBe('refused');
  });

  test('is not used when it shows another day, and the error names both responses', () => {
    const parsed = read(missing, pageAnswer(dayPage('2025-01-07')));
    expect(parsed).toMatchObject({ outcome: 'not-found', listing: null });
    expect(parsed.why).toMatch(/404.*2025-01-07/);
  });

  test('is read by itself if it shows the day', () => {
    const page = (html: string) => imported({ url: `https://huggingface.co/papers?date=${DAY}`, body: bytesOf(html) });
    expect(page(dayPage(DAY))).toMatchObject({ outcome: 'list', listing: { via: 'page' } });
    expect(page(dayPage('2025-01-07'))).toMatchObject({ outcome: 'another-day', listing: null });
    expect(page(aPage())).toMatchObject({ outcome: 'another-day', listing: null });
    expect(page(dayPage(DAY, []))).toMatchObject({ outcome: 'empty', listing: { rows: [] } });
  });

  test('counts as last received when it was requested more than once', () => {
    expect(read(missing, pageAnswer('busy', { status: 503 }), pageAnswer(dayPage(DAY))).outcome).toBe('list');
  });
});

describe('Reading an import', () => {
  test('a payload of an unknown kind is recognised by its first character', () => {
    expect(
      imported({ url: 'https://huggingface.co/', body: bytesOf(`\n ${JSON.stringify(entries(2))}`) }).listing?.via,
    ).toBe('api');
    expect(imported({ body: bytesOf(dayPage(DAY)) }).listing?.via).toBe('page');
    expect(imported({ body: bytesOf(aCopiedPage(1)) }).listing?.via).toBe('text');
  });

  test('the content-type header counts before the first character', () => {
    const body = bytesOf(aCopiedPage(1).replace('new', '[new]'));
    expect(imported({ body, headers: [['Content-Type', 'text/plain; charset=utf-8']] }).listing?.via).toBe('text');
  });

  test('plain text from the live feed is not a list', () => {
    const url = 'https://huggingface.co/elsewhere';
    expect(read(anExchange({ url, body: bytesOf('Leaves\n\nWe count the leaves.') })).outcome).toBe('other-shape');
  });
});

test('a paper that names no daily list is listed on the day of the list', () => {
  const parsed = parsers.daily.parse(
    aCapture({
      day: '2024-08-01' as Day,
      exchanges: [apiAnswer([anEntry({ paper: { submittedOnDailyAt: undefined } })])],
    }),
  );
  expect(parsed.listing?.rows[0]?.content.listedOn).toBe('2024-08-01');
});
