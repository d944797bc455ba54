import { describe, expect, it } from 'vitest';
import type { Capture } from '../../shared/model/capture.ts';
import { anArchive, copied, cut, papers, refused, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { aSite, jsonOf, siteOver } from './site.ts';

/** The items of a feed of the site over captures, as of a time. */
async function itemsOf(captures: readonly Capture[], path: string, now = '2025-01-20T12:00:00Z') {
  const { items } = await jsonOf(siteOver(await anArchive(captures, now))(path));
  return items as { id: string; date_published: string; summary: string; url: string; title: string }[];
}
const paperOf = ({ id }: { id: string }): string => id.split('/').at(-1) ?? '';
const TAG = 'tag:paperkeep.github.io,2026:';

/** The daily lists of January 2025 up to a day, `count` papers each. */
const days = (last: number, count = 2): Capture[] =>
  Array.from({ length: last }, (_, at) => {
    const on = `2025-01-${String(at + 1).padStart(2, '0')}`;
    const rows = papers(...Array.from({ length: count }, (_, paper) => [at * count + paper + 1] as const));
    return seen(`daily ${on}`, `${on}T12:00:00Z`, rows);
  });

describe('the feed of the daily lists', () => {
  it('has whole days, newest first, each paper dated by its day and with the reason why it is there', async () => {
    const items = await itemsOf(days(3), '/daily.feed.json');
    expect(items.map(({ id, date_published }) => [id, date_published])).toEqual([
      [`${TAG}daily/2501.00005`, '2025-01-03T00:00:00Z'],
      [`${TAG}daily/2501.00006`, '2025-01-03T00:00:00Z'],
      [`${TAG}daily/2501.00003`, '2025-01-02T00:00:00Z'],
      [`${TAG}daily/2501.00004`, '2025-01-02T00:00:00Z'],
      [`${TAG}daily/2501.00001`, '2025-01-01T00:00:00Z'],
      [`${TAG}daily/2501.00002`, '2025-01-01T00:00:00Z'],
    ]);
    expect(items[1]?.summary).toBe('Rank 2 with 10 upvotes on the daily list of 3 Jan 2025.');
    expect(items[1]?.url).toBe('http://localhost/papers/2501.00006');
  });

  it.each([
    [2, 18, 36],
    [40, 18, 320],
    [60, 18, 420],
  ])('with %i papers a day and %i days has %i: seven days, and more until there are 300', async (count, last, held) => {
    expect(await itemsOf(days(last, count), '/daily.feed.json')).toHaveLength(held);
  });

  it('counts no days without papers, as most weekends are', async () => {
    const empty = seen('daily 2025-01-19', '2025-01-19T12:00:00Z', []);
    expect(await itemsOf([...days(18, 60), empty], '/daily.feed.json')).toHaveLength(420);
  });

  it('with minUpvotes has a paper from when it first had so many, and keeps it when it has fewer again', async () => {
    const captures = [
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 60], [2, 10], [3, 10])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 70], [2, 49], [3, 12])),
      seen('daily 2025-01-08', '2025-01-10T12:00:00Z', papers([1, 70], [2, 51], [3, 20])),
      seen('daily 2025-01-08', '2025-01-11T12:00:00Z', papers([1, 70], [2, 49], [3, 20])),
    ];
    const items = await itemsOf(captures, '/daily.feed.json?minUpvotes=50');
    expect(items.map(({ id, date_published, summary }) => [id, date_published, summary])).toEqual([
      [
        `${TAG}daily/50-upvotes/2501.00002`,
        '2025-01-10T12:00:00Z',
        'Rank 2 with 49 upvotes on the daily list of 8 Jan 2025; at least 50 upvotes since 10 Jan 2025, 12:00 UTC.',
      ],
      [
        `${TAG}daily/50-upvotes/2501.00001`,
        '2025-01-08T06:00:00Z',
        'Rank 1 with 70 upvotes on the daily list of 8 Jan 2025; at least 50 upvotes since 8 Jan 2025, 06:00 UTC.',
      ],
    ]);
  });

  it('with minUpvotes has papers of older days that only now have so many', async () => {
    const late = seen('daily 2025-01-01', '2025-01-18T12:00:00Z', papers([1, 90]));
    const items = await itemsOf([...days(18, 60), late], '/daily.feed.json?minUpvotes=50');
    expect(items.map(paperOf)).toEqual(['2501.00001']);
  });

  it('applies the filters of its page to its entries', async () => {
    const captures = [
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', [
        ...papers([1, 5, { keywords: ['Long Reading'] }], [2, 5, { keywords: null }]),
        aPaper({ rank: 3, id: '2501.00003', keywords: ['long-reading'], githubUrl: 'https://github.com/acme/x' }),
      ]),
    ];
    expect((await itemsOf(captures, '/daily.feed.json?keyword=long-reading')).map(paperOf)).toEqual([
      '2501.00001',
      '2501.00003',
    ]);
    expect((await itemsOf(captures, '/daily.feed.json?code=true')).map(paperOf)).toEqual(['2501.00003']);
  });

  it('shows a paper that was moved to another day once', async () => {
    const captures = [
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1], [2])),
      seen('daily 2025-01-09', '2025-01-09T12:00:00Z', papers([2], [3])),
    ];
    expect((await itemsOf(captures, '/daily.feed.json')).map(paperOf)).toEqual([
      '2501.00003',
      '2501.00001',
      '2501.00002',
    ]);
  });

  it('has with at the entries that were known at that time', async () => {
    const items = await itemsOf(days(3), '/daily.feed.json?at=2025-01-02T13:00:00Z');
    expect(items.map(paperOf)).toEqual(['2501.00003', '2501.00004', '2501.00001', '2501.00002']);
  });

  it('has a row of copied text under its title, with a link to the list', async () => {
    const text = copied('daily 2025-01-08', '2025-01-08T12:00:00Z', [
      ['Slow Lanterns of the North', 'We study slow lanterns in the north, and show that they are slow.'],
      ['Fast Lanterns of the South', 'We study fast lanterns in the south, and show that they are fast.'],
    ]);
    const [item] = await itemsOf([text], '/daily.feed.json');
    expect(item?.id).toMatch(/daily\/~[0-9a-f]{16}$/);
    expect([item?.title, item?.url]).toEqual(['Slow Lanterns of the North', 'http://localhost/daily']);
  });

  it('says which days are missing, failed or cut', async () => {
    const captures = [
      ...days(3),
      refused('daily 2025-01-04', '2025-01-04T12:00:00Z'),
      cut('daily 2025-01-06', '2025-01-06T12:00:00Z', papers([90])),
      seen('daily 2025-01-07', '2025-01-07T12:00:00Z', papers([91])),
    ];
    const ask = siteOver(await anArchive(captures, '2025-01-08T12:00:00Z'));
    expect((await jsonOf(ask('/daily.feed.json'))).description).toBe(
      'The papers of the newest daily lists. Not captured: 4 Jan 2025, 5 Jan 2025. Captured only in part: 6 Jan 2025.',
    );
    // what was missing at an earlier time is not known
    expect((await jsonOf(ask('/daily.feed.json?at=2025-01-03T13:00:00Z'))).description).toBe(
      'The papers of the newest daily lists.',
    );
  });

  it.each([
    ['/daily', 'The papers of the newest daily lists. Not captured yet.'],
    ['/trending', 'Papers that entered trending. Not captured yet.'],
    ['/watched/tea', 'Papers that the watched search tea found for the first time. Not captured yet.'],
    ['/new', expect.stringContaining('. Daily lists not captured yet.')],
  ])('says that nothing was captured before the first capture, as %s does', async (page, description) => {
    const ask = siteOver({ ...(await anArchive([])), watched: ['watched:tea'] });
    expect(await jsonOf(ask(`${page}.feed.json`))).toMatchObject({ description, items: [] });
  });

  it('does not mention gaps when no capture is missing', async () => {
    const ask = siteOver(await anArchive(days(3), '2025-01-04T12:00:00Z'));
    expect((await jsonOf(ask('/daily.feed.json'))).description).toBe('The papers of the newest daily lists.');
  });
});

describe('the feed of trending', () => {
  const trending = [
    seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 5], [2, 5])),
    seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 5], [3, 8])),
    seen('trending 2025-01-09', '2025-01-09T06:00:00Z', papers([2, 30], [3, 40], [4, 50])),
  ];

  it('has what entered, at the rank and with the upvotes with which it did, and nothing of the very first capture', async () => {
    const items = await itemsOf(trending, '/trending.feed.json');
    expect(items.map(({ id, date_published, summary }) => [id, date_published, summary])).toEqual([
      [
        `${TAG}trending/2501.00004`,
        '2025-01-09T06:00:00Z',
        'Entered trending on 9 Jan 2025, 06:00 UTC: rank 3 with 50 upvotes.',
      ],
      [
        `${TAG}trending/2501.00003`,
        '2025-01-08T07:00:00Z',
        'Entered trending on 8 Jan 2025, 07:00 UTC: rank 2 with 8 upvotes.',
      ],
    ]);
  });

  it('has no paper that entered before the days that are read', async () => {
    const later = Array.from({ length: 16 }, (_, at) =>
      seen(`trending 2025-01-${at + 10}`, `2025-01-${at + 10}T06:00:00Z`, papers([3], [at + 100])),
    );
    const items = await itemsOf([...trending, ...later], '/trending.feed.json', '2025-01-28T12:00:00Z');
    expect(items).toHaveLength(14);
    expect(items.map(paperOf)).not.toContain('2501.00003');
  });

  it('with minUpvotes has a paper from when it first had so many there, long after it entered too', async () => {
    const items = await itemsOf(trending, '/trending.feed.json?minUpvotes=30');
    expect(items.map(({ id, date_published }) => [id, date_published])).toEqual([
      [`${TAG}trending/30-upvotes/2501.00002`, '2025-01-09T06:00:00Z'],
      [`${TAG}trending/30-upvotes/2501.00003`, '2025-01-09T06:00:00Z'],
      [`${TAG}trending/30-upvotes/2501.00004`, '2025-01-09T06:00:00Z'],
    ]);
    const later = Array.from({ length: 16 }, (_, at) =>
      seen(`trending 2025-01-${at + 10}`, `2025-01-${at + 10}T06:00:00Z`, papers([3, at < 15 ? 9 : 99], [1, 77])),
    );
    const late = await itemsOf([...trending, ...later], '/trending.feed.json?minUpvotes=60', '2025-01-28T12:00:00Z');
    expect(late.map(({ id, date_published }) => [paperOf({ id }), date_published])).toEqual([
      ['2501.00003', '2025-01-25T06:00:00Z'],
    ]);
  });

  it('says how many hours passed without a capture', async () => {
    const ask = siteOver(await anArchive(trending, '2025-01-10T12:00:00Z'));
    expect((await jsonOf(ask('/trending.feed.json'))).description).toMatch(
      /^Papers that entered trending\. \d+ hours passed without a capture\.$/,
    );
  });
});

describe('the other feeds', () => {
  const captures = [
    ...days(2),
    seen('watched:tea 2025-01-02', '2025-01-02T07:00:00Z', papers([2, 9, { listedOn: day('2025-01-01') }])),
    seen(
      'watched:tea 2025-01-03',
      '2025-01-03T07:00:00Z',
      papers([2, 9, { listedOn: day('2025-01-01') }], [4, 1, { listedOn: day('2025-01-02') }]),
    ),
  ];

  it.each([
    ['/watched/tea.feed.json', 'watched:tea', ['2501.00004', '2501.00002']],
    ['/authors/ada-example.feed.json', 'authors/ada-example', ['2501.00004', '2501.00003', '2501.00002', '2501.00001']],
    ['/organizations/acme.feed.json?to=2025-01-01', 'organizations/acme', ['2501.00002', '2501.00001']],
    ['/keywords/tables.feed.json?from=2025-01-02', 'keywords/tables', ['2501.00004', '2501.00003']],
    ['/search.feed.json?q=00003', 'search', ['2501.00003']],
    ['/new.feed.json?since=2025-01-02', 'new', ['2501.00003', '2501.00004']],
  ])('%s has its papers, under ids of its own', async (path, list, found) => {
    expect((await itemsOf(captures, path, '2025-01-04T12:00:00Z')).map(({ id }) => id)).toEqual(
      found.map((id) => `${TAG}${list}/${id}`),
    );
  });

  it.each(['/daily', '/new', '/search', '/authors/ada-example'])(
    'of %s holds no lone surrogate, nor what stands for one',
    async (path) => {
      const broken = seen('daily 2025-01-02', '2025-01-02T07:00:00Z', papers([1, 9, { title: 'Tea\ud800 cups' }]));
      expect((await itemsOf([broken], `${path}.feed.json`, '2025-01-03T12:00:00Z')).map(({ title }) => title)).toEqual([
        'Tea cups',
      ]);
    },
  );

  it('of new papers holds the seven days up to the newest capture, also of an archive that stopped', async () => {
    expect((await itemsOf(days(9), '/new.feed.json', '2025-03-01T12:00:00Z')).map(paperOf)).toEqual(
      [17, 18, 15, 16, 13, 14, 11, 12, 9, 10, 7, 8, 5, 6, 3, 4].map(
        (number) => `2501.${String(number).padStart(5, '0')}`,
      ),
    );
  });

  it('date the papers of a name and of a search by their publication, which their lists do not change', async () => {
    for (const path of ['/authors/ada-example.feed.json', '/search.feed.json?q=paper'])
      expect(new Set((await itemsOf(captures, path)).map(({ date_published }) => date_published))).toEqual(
        new Set(['2025-01-07T14:00:00Z']),
      );
  });

  it('have no digest of a day that is not over', async () => {
    const daily = ['08', '09'].map((date) =>
      seen(`daily 2025-01-${date}`, `2025-01-${date}T06:00:00Z`, papers([Number(date)])),
    );
    const ask = siteOver(await anArchive(daily, '2025-01-09T23:00:00Z'));
    const { items } = await jsonOf(ask('/digests.feed.json'));
    expect(items.map(({ url }: { url: string }) => url)).toEqual(['http://localhost/digests/2025-01-08']);
  });

  it('say of which daily lists nothing is known', async () => {
    const ask = siteOver(await anArchive(captures, '2025-01-05T12:00:00Z'));
    for (const path of ['/authors/ada-example', '/search', '/new'])
      expect((await jsonOf(ask(`${path}.feed.json`))).description).toContain(
        'Daily lists not captured: 3 Jan 2025, 4 Jan 2025.',
      );
  });
});

describe('every feed', () => {
  const feeds = ['/daily', '/trending', '/watched/tea', '/keywords/tables', '/search?q=paper', '/new'];

  it.each(feeds)('of %s is named in the head of its page and offered there to people', async (page) => {
    const text = await (await (await aSite())(page)).text();
    const [atom, json] = [page.replace(/(?=\?)|$/, '.atom'), page.replace(/(?=\?)|$/, '.feed.json')];
    expect(text).toMatch(
      new RegExp(`<link rel="alternate" type="application/atom\\+xml"[^>]*href="${atom.replace('?', '\\?')}">`),
    );
    expect(text).toMatch(
      new RegExp(`<link rel="alternate" type="application/feed\\+json"[^>]*href="${json.replace('?', '\\?')}">`),
    );
    expect(text).toContain(`<a href="${atom}">Subscribe</a>`);
  });

  it.each(feeds)(
    'of %s is answered with 304 while nothing changed, and may be cached for ten minutes',
    async (page) => {
      const ask = await aSite();
      for (const [ending, type] of [
        ['.atom', 'application/atom+xml; charset=utf-8'],
        ['.feed.json', 'application/feed+json; charset=utf-8'],
      ] as const) {
        const path = page.replace(/(?=\?)|$/, ending);
        const first = await ask(path);
        expect([first.headers.get('content-type'), first.headers.get('cache-control')]).toEqual([
          type,
          'public, max-age=600, s-maxage=600',
        ]);
        const etag = first.headers.get('etag') ?? '';
        expect((await ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      }
    },
  );

  it.each(['/daily', '/trending', '/search', '/new'])('of %s is valid in an empty archive', async (page) => {
    const answer = await (await aSite([]))(`${page}.feed.json`);
    expect([answer.status, answer.headers.get('cache-control'), (await jsonOf(answer)).items]).toEqual([
      200,
      'no-store',
      [],
    ]);
  });
});

describe('absolute links', () => {
  const selfOf = async (headers: Record<string, string>, publicUrl?: string) => {
    const context = await anArchive([], '2025-01-20T12:00:00Z');
    return (await jsonOf(siteOver({ ...context, publicUrl })('/daily.feed.json', { headers }))).feed_url;
  };

  it.each([
    [{ host: 'papers.example.org' }, 'http://papers.example.org'],
    [{ host: 'Papers.Example.org:8443', 'x-forwarded-proto': 'https' }, 'https://papers.example.org:8443'],
    [{ host: '[::1]:8080', 'x-forwarded-proto': 'https, http' }, 'https://[::1]:8080'],
    [{ host: 'my_box', 'x-forwarded-proto': 'javascript' }, 'http://my_box'],
    [{ host: 'evil.example/"><script>' }, ''],
    [{ host: 'a@b' }, ''],
  ])('begin with what the client used: %j', async (headers, origin) => {
    expect(await selfOf(headers as Record<string, string>)).toBe(`${origin}/daily.feed.json`);
  });

  it('begin with the address that the owner set, whatever the client used', async () => {
    expect(await selfOf({ host: 'abc.execute-api.example' }, 'https://papers.example.org')).toBe(
      'https://papers.example.org/daily.feed.json',
    );
  });

  it('are not shared between clients that use the site under different addresses', async () => {
    const ask = await aSite();
    const of = async (headers: Record<string, string>) =>
      (await jsonOf(ask('/daily.feed.json', { headers }))).feed_url as string;
    expect(await Promise.all([of({ host: 'one.example' }), of({ host: 'two.example' })])).toEqual([
      'http://one.example/daily.feed.json',
      'http://two.example/daily.feed.json',
    ]);
  });
});
