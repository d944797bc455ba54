import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { papers, seen } from '../query/archive.ts';
import { aSite, jsonOf, someCaptures } from './site.ts';

type Paper = { id: string };

/** A paper whose title is markup. */
const markup = [
  seen(
    'daily 2025-01-08',
    '2025-01-08T06:00:00Z',
    papers([1, 4, { title: '<b>Tea</b>', abstract: 'Hot <i>tea</i> & "kites".' }]),
  ),
];

const idsOf = async (answer: Promise<Response>): Promise<string[]> =>
  (await jsonOf(answer)).papers.map(({ id }: Paper) => id);

describe('The search page and its data', () => {
  it('find papers by words and filters, and say how they were read', async () => {
    const ask = await aSite(markup);
    const answer = await jsonOf(ask('/search.json?q=title:tea+-coffee&list=daily&maxRank=2&minUpvotes=1'));
    expect(answer).toMatchObject({
      q: 'title:tea -coffee',
      terms: [
        { field: 'title', words: ['tea'], prefix: false, without: false },
        { field: null, words: ['coffee'], prefix: false, without: true },
      ],
      list: 'daily',
      from: null,
      to: null,
      minUpvotes: 1,
      maxRank: 2,
      sort: 'relevance',
      total: 1,
      next: null,
      catalogAsOf: '2025-01-20T12:00:00Z',
    });
    expect(answer.papers).toMatchObject([{ id: '2501.00001', list: 'daily', day: '2025-01-08', bestRank: 1 }]);
  });

  it('redirect to the paper whose id or URL is searched for, and have it alone as JSON', async () => {
    const ask = await aSite();
    for (const [q, id, filter = ''] of [
      ['2501.00001', '2501.00001'],
      ['2501.00001v3', '2501.00001'],
      ['https://arxiv.org/pdf/2501.00001v2.pdf', '2501.00001'],
      ['https://huggingface.co/papers/2501.00001?ref=x', '2501.00001'],
      ['cs/0301012', 'cs/0301012'],
      ['https://www.alphaxiv.org/overview/2501.00001v1', '2501.00001'],
      ['arXiv:2501.00001', '2501.00001'],
      ['arxiv.org/abs/2501.00001', '2501.00001'],
      ['2501.00001', '2501.00001', '&list=watched:tea'],
    ] as const) {
      const query = `q=${encodeURIComponent(q)}${filter}`;
      const page = await ask(`/search?${query}`, { redirect: 'manual' });
      expect([q, page.status, page.headers.get('location')]).toEqual([q, 302, `/papers/${id}`]);
      expect(await jsonOf(ask(`/search.json?${query}`))).toMatchObject({ q, papers: [{ id }], total: 1, next: null });
    }
  });

  it('search as usual for an id that the archive does not have', async () => {
    const ask = await aSite();
    for (const query of ['q=2501.99999', 'q=https://arxiv.org/abs/2501.99999']) {
      expect((await ask(`/search?${query}`, { redirect: 'manual' })).status).toBe(200);
      expect(await jsonOf(ask(`/search.json?${query}`))).toMatchObject({ papers: [], total: 0 });
    }
  });

  it('refuse a query without a word or that is too long, with the reason', async () => {
    const ask = await aSite();
    for (const q of ['%22', '***', '%F0%9F%AB%96', '-tea', '%20'])
      expect(await jsonOf(ask(`/search.json?q=${q}`))).toMatchObject({
        status: 400,
        detail: 'q must hold a word to search for, with a letter or a digit',
      });
    expect((await ask(`/search.json?q=${'a'.repeat(300)}`)).status).toBe(200);
    expect(await jsonOf(ask(`/search.json?q=${'a'.repeat(301)}`))).toMatchObject({
      status: 400,
      errors: [{ parameter: 'q', detail: 'must not be longer than 300 characters' }],
    });
  });

  it('list without words what passes the filters, newest first', async () => {
    const ask = await aSite();
    expect(await idsOf(ask('/search.json?q=&list=daily'))).toEqual(['2501.00005', '2501.00001', '2501.00002']);
    expect(await jsonOf(ask('/search.json'))).toMatchObject({ q: null, sort: 'date', total: 4 });
  });

  it('answer any text with 200 or 400, in every format', async () => {
    const ask = await aSite();
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('', '.json', '.csv', '.bib'), async (q, ending) => {
        const { status } = await ask(`/search${ending}?${new URLSearchParams({ q: q.toWellFormed() })}`);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  it('come in pages that name the next one, and whole as a file', async () => {
    const rows = papers(...Array.from({ length: 30 }, (_, n) => [n + 1, 7] as const));
    const ask = await aSite([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', rows)]);
    const found: string[] = [];
    let next: string | null = '/search.json?q=paper&limit=7';
    while (next) {
      const answer: Response = await ask(next);
      const body = await jsonOf(answer);
      found.push(...body.papers.map(({ id }: Paper) => id));
      expect(answer.headers.get('link')).toBe(body.next === null ? null : `<${body.next}>; rel="next"`);
      next = body.next && `/search.json${body.next}`;
    }
    expect(found).toEqual(rows.map(({ id }) => id));
    expect((await (await ask('/search.csv?q=paper&limit=7')).text()).match(/\r\n/g)).toHaveLength(31);
    expect((await (await ask('/search.bib?q=paper&limit=7')).text()).match(/@misc/g)).toHaveLength(30);
    expect((await (await ask('/new.csv?since=2025-01-01&limit=7')).text()).match(/\r\n/g)).toHaveLength(31);
  });

  it('refuse a cursor of another question', async () => {
    const ask = await aSite();
    for (const position of ['date 0 2025-01-08 x', 'size 1 2025-01-08T06:00:00Z x', '2025-01-08#2501.00001'])
      expect((await ask(`/search.json?cursor=${Buffer.from(position).toString('base64url')}`)).status).toBe(400);
    const odd = Buffer.from('upvotes 1e+e 2025-01-08T06:00:00Z x').toString('base64url');
    expect((await ask(`/search.json?cursor=${odd}`)).status).toBe(200);
    const ranked = Buffer.from('relevance 1 2025-01-08T06:00:00Z x').toString('base64url');
    expect((await ask(`/search.json?cursor=${ranked}`)).status).toBe(200);
  });

  it('keep the query in the form and mark its words, escaped first', async () => {
    const ask = await aSite(markup);
    const page = await (await ask('/search?q=tea+%3Cb%3E*&list=daily&from=2025-01-01&maxRank=3&sort=date')).text();
    expect(page).toContain('&lt;<mark>b</mark>&gt;<mark>Tea</mark>&lt;/<mark>b</mark>&gt;');
    expect(page).toContain('Hot &lt;i&gt;<mark>tea</mark>&lt;/i&gt; &amp; &quot;kites&quot;.');
    expect(page).not.toMatch(/<[bi]>/);
    const named = await (await ask('/search?q=keyword:reading')).text();
    expect(named).toContain('<a href="/keywords/long-reading">long <mark>reading</mark></a>');
    expect(page).toContain('<input type="hidden" name="sort" value="date">');
    expect(page).toContain('value="tea &lt;b&gt;*"');
    expect(page).toContain('<option value="daily" selected>');
    expect(page).toContain('name="maxRank" type="number" min="1" max="9999999" value="3"');
  });
});

describe('The facets of the search page', () => {
  const url = 'https://github.com/example/reading';
  const captures = [
    seen(
      'daily 2025-01-08',
      '2025-01-08T06:00:00Z',
      papers([1, 9, { keywords: ['long reading'], githubUrl: url }], [2, 3]),
    ),
    seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 9, { keywords: ['long reading'], githubUrl: url }])),
  ];
  const hrefsOf = async (path: string) =>
    [...(await (await (await aSite(captures))(path)).text()).matchAll(/href="(\/search\?[^"]*)"/g)].map(([, href]) =>
      href?.replaceAll('&amp;', '&'),
    );

  it('are links to the search with one more filter, and filters that are set are links to the search without them', async () => {
    const links = await hrefsOf('/search?q=paper&list=daily&sort=date');
    expect(links).toContain('/search?q=paper&list=daily&from=2025-01-01&to=2025-12-31&sort=date');
    expect(links).toContain('/search?q=paper&list=daily&keyword=long-reading&sort=date');
    expect(links).toContain('/search?q=paper&list=daily&code=true&sort=date');
    expect(links).toContain('/search?q=paper&sort=date');
  });

  it('leave out what is a filter already', async () => {
    const links = await hrefsOf('/search?q=paper&keyword=long-reading&code=true');
    expect(links.filter((href) => href?.includes('keyword=long-reading') && href.includes('list='))).not.toEqual([]);
    expect(links).not.toContain('/search?q=paper&keyword=long-reading&code=true');
    expect(links).toEqual(
      expect.arrayContaining(['/search?q=paper&keyword=long-reading', '/search?q=paper&code=true']),
    );
  });
});

describe('The page of new papers', () => {
  it('begins a day before the newest capture, or at the requested day or time', async () => {
    const ask = await aSite();
    expect(await jsonOf(ask('/new.json'))).toMatchObject({
      since: '2025-01-19T11:00:00Z',
      until: '2025-01-20T11:00:00Z',
      total: 2,
    });
    expect(await idsOf(ask('/new.json?since=2025-01-08'))).toHaveLength(4);
    expect(await idsOf(ask('/new.json?since=2025-01-20&list=trending'))).toEqual(['cs/0301012']);
  });
});

describe('The page of similar papers', () => {
  it('accepts every spelling of an id, and is linked from the paper', async () => {
    const ask = await aSite();
    expect((await jsonOf(ask('/papers/cs/0301012v2/similar.json'))).id).toBe('cs/0301012');
    expect(await (await ask('/papers/cs/0301012')).text()).toContain('href="/papers/cs/0301012/similar"');
  });

  it('is a 404 with the coverage of the archive for a paper that was never seen', async () => {
    const answer = await (await aSite(someCaptures))('/papers/2501.99999/similar.json');
    expect([answer.status, (await jsonOf(answer)).coverage.lists]).toMatchObject([404, [{ list: 'daily' }, {}, {}]]);
  });
});
