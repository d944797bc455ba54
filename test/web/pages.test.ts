import { describe, expect, it } from 'vitest';
import { archiveCapture as write } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { routes } from '../../shared/web/routes.ts';
import { anArchive, papers, refused, seen } from '../query/archive.ts';
import { aPaper } from '../support/build.ts';
import { aSite, jsonOf, siteOver, someCaptures } from './site.ts';

const CAPTURE = '/captures/daily/2025-01-08/20250108T060000Z';
/** An address of every route, with something to show. */
const addresses: Readonly<Record<string, string>> = {
  '/': '/',
  '/daily': '/daily',
  '/daily/:day': '/daily/2025-01-08',
  '/daily/:day/replay': '/daily/2025-01-08/replay',
  '/trending/:day/replay': '/trending/2025-01-20/replay',
  '/authors': '/authors',
  '/organizations': '/organizations?q=ac',
  '/keywords': '/keywords',
  '/top/year/:year': '/top/year/2025',
  '/trending': '/trending',
  '/trending/:day': '/trending/2025-01-20',
  '/watched': '/watched',
  '/watched/:slug': '/watched/tea',
  '/watched/:slug/:day': '/watched/tea/2025-01-20',
  '/movers': '/movers',
  '/papers/:id': '/papers/2501.00001',
  '/papers/:id/history': '/papers/cs/0301012/history',
  '/authors/:slug': '/authors/ada-example',
  '/organizations/:slug': '/organizations/acme',
  '/keywords/:slug': '/keywords/long-reading',
  '/search': '/search',
  '/papers/:id/similar': '/papers/2501.00001/similar',
  '/new': '/new',
  '/coverage': '/coverage',
  '/captures': '/captures',
  '/captures/:list/:day/:time': CAPTURE,
  '/top': '/top',
  '/top/week/:week': '/top/week/2025-W02',
  '/top/month/:month': '/top/month/2025-01',
  '/expected': '/expected?day=2025-01-09',
  '/topics': '/topics',
  '/topics/:slug': '/topics/long-reading',
  '/compare': '/compare?topics=long-reading',
  '/digests': '/digests',
  '/digests/:day': '/digests/2025-01-08',
  '/exports': '/exports',
  '/-/health': '/-/health',
  '/-/versions': '/-/versions',
};
/** The address of the same in another format. */
const as = (address: string, format: string): string => {
  const [path, query] = address.split('?');
  return `${path === '/' ? '/index' : path}.${format}${query === undefined ? '' : `?${query}`}`;
};
const dataOf = (address: string): string => as(address, 'json');

const ORIGIN = 'abc123.execute-api.eu-central-1.amazonaws.com';
/** The site as a CDN asks it: by the address of the HTTP API, while readers use another. */
async function behindCdn(): Promise<(path: string) => Promise<Response>> {
  const archive = await anArchive(someCaptures, '2025-01-20T12:00:00Z');
  const ask = siteOver({ ...archive, publicUrl: 'https://papers.example.org', indexing: true });
  return (path) => ask(`https://${ORIGIN}${path}`, { headers: { host: ORIGIN, 'x-forwarded-proto': 'https' } });
}
/** Asserts that a CDN knows how long it may keep a response, that one copy fits every reader, and that it does not name the API. */
async function expectForCdn(path: string, response: Response): Promise<void> {
  const headers = Object.fromEntries(response.headers);
  expect([path, headers['cache-control']]).toEqual([
    path,
    expect.stringMatching(/^(?:no-store|public, max-age=(\d+), s-maxage=\1(?:, no-transform)?)$/),
  ]);
  expect([path, headers.vary ?? 'Accept-Encoding', headers['set-cookie']]).toEqual([
    path,
    'Accept-Encoding',
    undefined,
  ]);
  expect(JSON.stringify(headers) + (await response.text())).not.toContain('execute-api');
}

describe.each(routes.map((route) => [route.question.path, route] as const))('The path %s', (path, route) => {
  const address = addresses[path] ?? 'none is given in this test';

  it('is a page for people, unless it is for programs alone', async () => {
    const answer = await (await aSite())(address);
    if (!route.formats.includes('html')) {
      expect(await jsonOf(answer)).toEqual(await jsonOf((await aSite())(dataOf(address))));
      return;
    }
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await answer.text()).toMatch(/^<!doctype html>[\s\S]*<h1>/);
  });

  it('is data with .json appended, in the documented format', async () => {
    const answer = await (await aSite())(dataOf(address));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await jsonOf(answer)).toMatchObject({ sample: false });
  });

  it('has its other formats and no more', async () => {
    const ask = await aSite();
    for (const format of ['csv', 'bib', 'warc.gz', 'atom', 'feed.json'] as const) {
      const { status } = await ask(as(address, format));
      expect([format, status]).toEqual([format, route.formats.some((one) => one === format) ? 200 : 404]);
    }
  });

  it('tells a CDN in every format how long to keep it, and never names the address of the HTTP API', async () => {
    const ask = await behindCdn();
    for (const format of route.formats) {
      const asked = format === 'html' ? address : as(address, format);
      const response = await ask(asked);
      expect([asked, response.status]).toEqual([asked, 200]);
      await expectForCdn(asked, response);
    }
  });

  it('marks invented papers as a sample and is not cached then, errors included', async () => {
    const ask = await aSite(someCaptures, true);
    for (const asked of [address, dataOf(address), as(address, 'csv')]) {
      expect((await ask(asked)).headers.get('cache-control')).toBe('no-store');
    }
    if (route.formats.includes('html')) expect(await (await ask(address)).text()).toContain('class="sample"');
    expect((await jsonOf(ask(dataOf(address)))).sample).toBe(true);
  });
});

describe('The observations and the similar papers of a paper', () => {
  it.each(['history', 'similar'])('are on a page that names the paper by its title: %s', async (page) => {
    const ask = await aSite();
    const { paper } = await jsonOf(ask('/papers/2501.00001.json'));
    expect(await (await ask(`/papers/2501.00001/${page}`)).text()).toContain(`“${paper.title}”`);
  });
});

describe('Files, redirects and errors', () => {
  it('tell a CDN how long to keep them, and never name the address of the HTTP API', async () => {
    const ask = await behindCdn();
    const files = ['style.css', 'script.js', 'icon.svg', 'preview.png', 'robots.txt', 'sitemap.xml', 'llms.txt'];
    const others = [
      'openapi.json',
      'docs',
      'daily/',
      'nowhere',
      'daily/never',
      'papers/9999.99999.json',
      'exports/a.csv',
    ];
    for (const path of [...files, ...others, 'subscriptions/unknown', 'digests/2025-01-08/', 'x/../movers'])
      await expectForCdn(path, await ask(`/${path}`));
  });
});

describe('The formats of the site', () => {
  it('have for lists a CSV with the JSON names and values, lists joined, formulas guarded', async () => {
    const ask = await aSite();
    const [header, ...lines] = (await (await ask('/daily/2025-01-08.csv')).text()).split('\r\n');
    const { papers: rows } = await jsonOf(ask('/daily/2025-01-08.json'));
    expect(header?.split(',')).toEqual(Object.keys(rows[0]));
    expect(lines[0]).toContain('1,2501.00002,What the paper 2501.00002 is called');
    expect(lines[0]).toContain(',Ada Example; Ben Example,9,2,');
    expect(lines[0]).toContain(',acme,');
    expect(lines[1]).toContain(`,"'=SUM(A1) & <b>tea</b>, ""hot""",`);
    expect(lines).toHaveLength(3);
  });

  it('follow at and sort for lists', async () => {
    const ask = await aSite();
    const query = '?at=2025-01-08T07:00:00Z&sort=upvotes';
    expect((await (await ask(`/daily/2025-01-08.csv${query}`)).text()).split('\r\n')[1]).toMatch(/^1,2501\.00001,/);
    expect(await (await ask(`/daily/2025-01-08.bib${query}`)).text()).toContain('eprint = {2501.00001}');
  });

  it('have for papers a BibTeX entry with title, author, year and eprint', async () => {
    const answer = await (await aSite())('/papers/cs/0301012.bib');
    expect(answer.headers.get('content-type')).toBe('application/x-bibtex; charset=utf-8');
    const text = await answer.text();
    for (const field of [
      'title = {',
      'author = {Example, Ada and Example, Ben}',
      'year = {2025}',
      'eprint = {cs/0301012}',
    ]) {
      expect(text).toContain(field);
    }
  });

  it('are never cut by limit or cursor where they are files', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => aPaper({ rank: n + 1, id: `2501.${10_000 + n}` }));
    const ask = await aSite([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', rows.slice(0, 99)),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', rows.slice(99)),
    ]);
    for (const query of ['', '?limit=2', '?limit=none&cursor=none']) {
      const csv = await (await ask(`/authors/ada-example.csv${query}`)).text();
      expect(csv.match(/\r\n/g)).toHaveLength(121);
      expect((await (await ask(`/authors/ada-example.bib${query}`)).text()).match(/@misc/g)).toHaveLength(120);
      expect((await (await ask(`/captures.csv${query}`)).text()).match(/\r\n/g)).toHaveLength(3);
    }
  });
});

describe('pages of a long list', () => {
  it('have 100 rows, name the next by URL and Link, and hold every row once', async () => {
    const rows = Array.from({ length: 230 }, (_, n) => aPaper({ rank: n + 1, id: `2501.${10_000 + n}` }));
    const captures = [0, 90, 180].map((from, n) =>
      seen(`trending 2025-01-0${n + 1}`, `2025-01-0${n + 1}T06:00:00Z`, rows.slice(from, from + 90)),
    );
    const ask = await aSite(captures);
    const ids: string[] = [];
    const lengths: number[] = [];
    let next: string | null = '/authors/ada-example.json?from=2025-01-01&limit=';
    while (next) {
      const answer = await ask(next);
      const body = await jsonOf(answer);
      expect(answer.headers.get('link')).toBe(body.next === null ? null : `<${body.next}>; rel="next"`);
      expect(body.total).toBe(230);
      lengths.push(body.papers.length);
      ids.push(...body.papers.map(({ id }: { id: string }) => id));
      next = body.next && `/authors/ada-example.json${body.next}`;
      if (next) expect(new URLSearchParams(body.next).get('from')).toBe('2025-01-01');
    }
    expect(lengths).toEqual([100, 100, 30]);
    expect(new Set(ids).size).toBe(230);
  });

  it.each(['0', '501', '-1', '1.5', '1e2', '0x10', 'many', '9'.repeat(400)])('refuse a limit of %s', async (limit) => {
    const answer = await (await aSite())(`/captures.json?limit=${limit}`);
    expect(answer.status).toBe(400);
    expect((await jsonOf(answer)).errors).toMatchObject([{ parameter: 'limit' }]);
  });

  it.each([1, 500])('accept a limit of %i', async (limit) => {
    expect((await (await aSite())(`/captures.json?limit=${limit}`)).status).toBe(200);
  });

  it('refuse a cursor of another page', async () => {
    const ask = await aSite();
    const { next } = await jsonOf(ask('/captures.json?limit=1'));
    expect((await ask(`/captures.json${next}`)).status).toBe(200);
    const cursor = new URLSearchParams(next).get('cursor');
    for (const asked of [
      `/captures.json?cursor=garbage`,
      `/captures.json?cursor=${cursor?.slice(1)}`,
      `/authors/ada-example.json?cursor=${cursor}`,
    ]) {
      expect([(await ask(asked)).status, (await jsonOf(ask(asked))).errors[0].parameter]).toEqual([400, 'cursor']);
    }
  });
});

describe('an archive without a usable capture', () => {
  it('is not cached, since its next response may differ', async () => {
    const context = await anArchive([refused('daily 2025-01-08', '2025-01-08T06:00:00Z')]);
    const ask = siteOver(context);
    const kept = async (path: string) => (await ask(path)).headers.get('cache-control');
    const paths = ['/', '/daily.json', '/daily/2025-01-08.csv', '/coverage', '/captures.json', '/-/versions.json'];
    for (const path of paths) expect([path, await kept(path)]).toEqual([path, 'no-store']);
    const { key } = await write(context.archive, seen('daily 2025-01-08', '2025-01-08T07:00:00Z', papers([1])));
    await recordSnapshots({ ...context, parsers }, [await readSnapshot(context.archive, key)]);
    for (const path of paths) expect([path, await kept(path)]).toEqual([path, 'public, max-age=60, s-maxage=60']);
  });
});

describe('a snapshot', () => {
  it('is downloaded as the stored bytes, and not again by a client that has them', async () => {
    const context = await anArchive(someCaptures);
    const ask = siteOver(context);
    const { key, download, sha256 } = await jsonOf(ask(`${CAPTURE}.json`));
    const answer = await ask(download);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes).toEqual(new Uint8Array(context.archive.files.get(key) ?? []));
    expect(Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')).toBe(sha256);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/warc',
      'content-disposition': `attachment; filename="${key.slice(4).replaceAll('/', '_')}"`,
      'x-content-type-options': 'nosniff',
    });
    const again = await ask(`${CAPTURE}.warc.gz`, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('is downloaded in part for a Range', async () => {
    const ask = await aSite();
    const whole = Buffer.from(await (await ask(`${CAPTURE}.warc.gz`)).arrayBuffer());
    const answer = await ask(`${CAPTURE}.warc.gz`, { headers: { range: 'bytes=10-19' } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.length}`]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(10, 20))).toBe(true);
    const late = await ask(`${CAPTURE}.warc.gz`, { headers: { range: `bytes=${whole.length}-` } });
    expect([late.status, late.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
  });

  it('of a watched search has a colon in its address and none in its file name', async () => {
    const answer = await (await aSite())('/captures/watched:tea/2025-01-20/20250120T000000Z.warc.gz');
    expect(answer.headers.get('content-disposition')).toMatch(/filename="watched=tea_2025-01-20_[\w-]+\.warc\.gz"/);
  });

  it('is a 404 when it is missing from the archive, while its facts are not', async () => {
    const context = await anArchive(someCaptures);
    context.archive.files.clear();
    const ask = siteOver(context);
    expect((await ask(`${CAPTURE}.json`)).status).toBe(200);
    expect((await ask(`${CAPTURE}.warc.gz`)).status).toBe(404);
  });

  it('is a 404 with the coverage of its list when it was never taken', async () => {
    const answer = await (await aSite())('/captures/daily/2025-01-08/20250108T060001Z.json');
    expect(answer.status).toBe(404);
    expect((await jsonOf(answer)).coverage).toMatchObject({ status: 'captured', captures: 2 });
  });
});

describe('Unusual lists', () => {
  it('answer 200 without papers for empty, failed, missing and coming days', async () => {
    const ask = await aSite();
    for (const [day, status] of [
      ['2025-01-11', 'empty'],
      ['2025-01-12', 'failed'],
      ['2025-01-13', 'missing'],
      ['2026-12-31', 'missing'],
    ] as const) {
      const answer = await ask(`/daily/${day}.json`);
      expect([answer.status, await jsonOf(answer)]).toMatchObject([
        200,
        { day, papers: [], total: 0, coverage: { status } },
      ]);
      expect((await ask(`/daily/${day}`)).status).toBe(200);
    }
  });

  it('are missing for a watched search that was not captured yet, and a 404 for an unknown one', async () => {
    const ask = siteOver({ ...(await anArchive(someCaptures)), watched: ['watched:coffee'] });
    for (const path of ['/watched/coffee.json', '/watched/coffee/2025-01-20.json'])
      expect(await jsonOf(ask(path))).toMatchObject({ papers: [], coverage: { status: 'missing' } });
    expect((await ask('/watched/tea.json')).status).toBe(200);
    expect((await ask('/watched/nosuch.json')).status).toBe(404);
  });

  it('stand side by side on the front page', async () => {
    const { daily, trending } = await jsonOf((await aSite())('/index.json'));
    expect([daily.day, daily.today.papers, trending.papers[0].id]).toEqual(['2025-01-20', 1, 'cs/0301012']);
  });

  it('stand side by side on the front page as they were known at a time', async () => {
    const ask = await aSite();
    const at = '2025-01-08T09:00:00Z';
    const front = await jsonOf(ask(`/index.json?at=${at}`));
    expect(front).toEqual({
      sample: false,
      daily: await jsonOf(ask(`/daily.json?at=${at}`)),
      trending: await jsonOf(ask(`/trending.json?at=${at}`)),
    });
    expect(front.daily.day).toBe('2025-01-08');
    const page = await (await ask(`/?at=${at}`)).text();
    expect(page).toContain('As of <time');
    expect(page).toContain('/index.json?at=2025-01-08T09%3A00%3A00Z');
  });

  it('may be cached for an hour when they are settled or long past, else for a minute', async () => {
    const context = await anArchive([...someCaptures, seen('daily 2025-01-02', '2025-01-16T00:00:00Z', papers([7]))]);
    const kept = async (path: string) => (await siteOver(context)(path)).headers.get('cache-control');
    expect(await kept('/daily/2025-01-08.json')).toBe('public, max-age=60, s-maxage=60');
    expect(await kept('/daily/2025-01-02.json')).toBe('public, max-age=3600, s-maxage=3600');
    expect(await kept('/daily/2025-01-08.json?at=2025-01-08T09:00:00Z')).toBe('public, max-age=3600, s-maxage=3600');
    expect(await kept('/daily/2025-01-20.json?at=2025-01-20T11:30:00Z')).toBe('public, max-age=60, s-maxage=60');
    expect(await kept('/daily/2025-01-20.json?at=2999-01-01T00:00:00Z')).toBe('public, max-age=60, s-maxage=60');
    expect(await kept('/-/health.json')).toBe('no-store');
  });
});

describe('The index of watched searches', () => {
  it('has those of the settings and those of the archive, with their first and newest day', async () => {
    const archive = await anArchive(someCaptures, '2025-01-20T12:00:00Z');
    const ask = siteOver({ ...archive, watched: ['daily', 'trending', 'watched:coffee'] });
    expect(await jsonOf(ask('/watched.json'))).toEqual({
      watched: [
        { slug: 'coffee', list: 'watched:coffee', current: true, first: null, last: null },
        { slug: 'tea', list: 'watched:tea', current: false, first: '2025-01-20', last: '2025-01-20' },
      ],
      total: 2,
      next: null,
      sample: false,
    });
  });

  it('comes in pages, and whole as CSV', async () => {
    const ask = siteOver({ ...(await anArchive([])), watched: ['watched:a', 'watched:b-1', 'watched:b'] });
    const slugs: string[] = [];
    for (let path: string | null = '/watched.json?limit=1'; path; ) {
      const { watched, total, next } = await jsonOf(ask(path));
      expect([watched.length, total]).toEqual([1, 3]);
      slugs.push(watched[0].slug);
      path = next && `/watched.json${next}`;
    }
    expect(slugs).toEqual(['a', 'b', 'b-1']);
    expect(await (await ask('/watched?limit=2')).text()).toContain('More searches');
    expect((await (await ask('/watched.csv?limit=1')).text()).trim().split('\n')).toHaveLength(4);
    expect((await ask('/watched.json?limit=0')).status).toBe(400);
  });
});
