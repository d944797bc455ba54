import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anArchive } from '../query/archive.ts';
import { aSite, jsonOf, siteOver, someCaptures } from './site.ts';

const HTML = { headers: { accept: 'text/html,application/xhtml+xml' } };

describe('A problem response', () => {
  it('names each bad parameter', async () => {
    const answer = await (await aSite())('/daily/2025-02-30.json?at=yesterday&sort=size');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      400,
      'application/problem+json',
      'no-store',
    ]);
    expect(await jsonOf(answer)).toEqual({
      type: 'about:blank',
      title: 'Bad request',
      status: 400,
      detail:
        'day must be a day of the calendar, YYYY-MM-DD; at must be a time, RFC 3339; sort must be rank, upvotes or gain',
      errors: [
        { parameter: 'day', detail: 'must be a day of the calendar, YYYY-MM-DD' },
        { parameter: 'at', detail: 'must be a time, RFC 3339' },
        { parameter: 'sort', detail: 'must be rank, upvotes or gain' },
      ],
      sample: false,
    });
  });

  it.each([
    ['/captures.json?from=2025-02-01&to=2025-01-01&limit=0&list=weekly', ['list', 'limit', 'from']],
    ['/search.json?q=%22&from=2025-02-01&to=2025-01-01', ['q', 'from']],
    ['/top.json?limit=0&limit=1&from=2025-02-01&to=2025-01-01&by=days&age=2d', ['limit', 'from', 'age']],
    ['/top.json?from=2001-01-01&cursor=x', ['cursor', 'from']],
    ['/topics.json?from=2001-01-01&by=year', ['by', 'from']],
    ['/coverage.json?from=1000-01-01&list=weekly', ['list', 'from']],
    ['/movers.json?list=weekly&from=2025-02-01&to=2025-01-01', ['list', 'from']],
    ['/movers.json?list=weekly&from=2025-01-01&window=7d', ['list', 'window']],
    ['/papers/2501.00001/history.json?list=weekly&from=2025-02-01&to=2025-01-01', ['list', 'from']],
  ])('names for %s what is wrong only in combination', async (path, parameters) => {
    const answer = await (await aSite())(path);
    const { status, errors } = await jsonOf(answer);
    expect([status, errors.map(({ parameter }: { parameter: string }) => parameter)]).toEqual([400, parameters]);
  });

  it.each([
    '/daily/2025-01-08.json?keyword=%25',
    '/daily/2025-01-08.json?keyword=+',
    '/daily/2025-01-08.json?text=%26',
    '/search.json?keyword=%F0%9F%92%A5',
    '/search.json?organization=--',
  ])('refuses %s, which no name could fit, instead of leaving out the filter', async (path) => {
    const { status, detail } = await jsonOf(await (await aSite())(path));
    expect([status, detail]).toEqual([
      400,
      expect.stringMatching(/^(?:keyword|text|organization) must hold a letter or a digit$/),
    ]);
  });

  it.each(['/papers/2501.00001', '/coverage', '/movers', '/captures', '/search', '/-/health'])(
    'refuses at for %s.json, which has no past state',
    async (path) => {
      const { status, errors } = await jsonOf((await aSite())(`${path}.json?at=2025-01-08T12:00:00Z`));
      expect([status, errors]).toEqual([
        400,
        [{ parameter: 'at', detail: 'is understood by / and by lists; a history has from and to' }],
      ]);
    },
  );

  it.each(['/coverage', '/captures', '/search', '/top', '/movers', '/new', '/papers/2501.00001/history'])(
    'is a 404 that names the lists for %s.json of a search that was never watched',
    async (path) => {
      const { status, detail } = await jsonOf((await aSite())(`${path}.json?list=watched:nosuch`));
      expect([status, detail]).toEqual([404, 'no search is watched or archived under the name nosuch']);
    },
  );

  it('does not report a combination of parameters when one of them is bad by itself', async () => {
    const ask = await aSite();
    for (const query of ['from=2001-01-01&to=tomorrow', 'from=2025-02-01&to=tomorrow']) {
      const { errors } = await jsonOf(ask(`/top.json?${query}`));
      expect(errors).toEqual([{ parameter: 'to', detail: 'must be a day of the calendar, YYYY-MM-DD' }]);
    }
  });

  it('has the coverage of the archive when it is a 404', async () => {
    const ask = await aSite();
    const coverage = {
      lists: [
        { list: 'daily', firstMonth: '2025-01', lastMonth: '2025-01' },
        { list: 'trending', firstMonth: '2025-01', lastMonth: '2025-01' },
        { list: 'watched:tea', firstMonth: '2025-01', lastMonth: '2025-01' },
      ],
    };
    for (const path of [
      '/papers/2501.99999.json',
      '/authors/nobody.json',
      '/watched/coffee.json',
      '/nowhere',
      '/papers/2501.00001.csv',
    ]) {
      const answer = await ask(path);
      expect([path, answer.status, (await jsonOf(answer)).coverage]).toEqual([path, 404, coverage]);
    }
  });

  it('is a page when a browser requests a page', async () => {
    const ask = await aSite(someCaptures, true);
    for (const path of ['/daily/never', '/papers/2501.99999', '/<script>']) {
      const answer = await ask(path, HTML);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const text = await answer.text();
      expect(text).toContain('class="sample"');
      expect(text).not.toContain('<script>');
    }
    expect((await ask('/daily/never.json', HTML)).headers.get('content-type')).toBe('application/problem+json');
  });

  it('has sample: true while the papers are invented', async () => {
    const answer = await (await aSite(someCaptures, true))('/daily/never.json');
    expect([(await jsonOf(answer)).sample, answer.headers.get('cache-control')]).toEqual([true, 'no-store']);
  });

  it('gives no details of an internal error, which the log has', async () => {
    const context = await anArchive(someCaptures);
    const said: unknown[] = [];
    const log = { info() {}, warn: (...facts: unknown[]) => said.push(facts) };
    await context.table.close();
    const answer = await siteOver(context, log)('/daily/2025-01-08.json');
    expect([answer.status, await jsonOf(answer)]).toEqual([
      500,
      {
        type: 'about:blank',
        title: 'Failed',
        status: 500,
        detail: 'this answer failed; the archive is not harmed',
        sample: false,
      },
    ]);
    expect(said).toMatchObject([['answer failed', { path: '/daily/2025-01-08' }]]);
  });
});

describe('An unusual request', () => {
  it.each([
    ['/daily/2025-02-30', 400],
    ['/daily/2026-W54', 400],
    ['/daily/%E0%A4%A', 400],
    ['/daily/2025-01-08%00', 400],
    ['/daily/2025-01-08%2e%2e', 400],
    ['/papers/..%2f..%2fetc', 400],
    ['/papers/%00', 400],
    ['/papers/2501.04519/1234567', 400],
    ['/watched/No', 400],
    ['/authors/%00', 404],
    ['/authors/%F0%9F%92%A9', 404],
    [`/authors/${'a'.repeat(101)}`, 400],
    ['/captures/daily/2025-01-08/now', 400],
    ['/captures/weekly/2025-01-08/20250108T060000Z', 400],
    ['/captures/daily/2025-01-08/20250108T060000Z-000000000000', 404],
    ['//daily', 404],
    ['/daily//2025-01-08', 404],
    ['//evil.example/', 404],
    ['/%2Fevil.example/', 404],
    ['/\\evil.example/', 404],
    ['//daily/', 404],
    ['/daily//', 404],
    ['/papers/', 404],
    ['/exports/paperkeep.sqlite/', 404],
    ['/style.css/', 404],
    ['/.json', 404],
    ['/index', 404],
    ['/index.csv', 404],
    ['/index.json.json', 404],
    ['/style.css.json', 404],
    ['/robots.txt.csv', 404],
    ['/openapi', 404],
    ['/openapi.csv', 404],
    ['/favicon.ico', 404],
    ['/captures/..%2f..%2fetc%2fpasswd/2025-01-08/20250108T060000Z.warc.gz', 400],
    ['/daily/2025-01-08.atom', 404],
    ['/daily.atom?minUpvotes=many', 400],
    ['/watched/coffee.atom', 404],
    ['/authors/nobody.feed.json', 404],
    ['/top/week/2025-W53.json', 400],
    ['/topics/nothing-at-all.json', 404],
    ['/compare.json', 400],
    ['/search.atom?q=%22', 400],
    ['/papers/2501.00001.csv', 404],
    ['/search?from=2025-01-09&to=2025-01-08', 400],
    ['/search?list=weekly', 400],
    ['/search?minUpvotes=-1', 400],
    ['/search?maxRank=0', 400],
    ['/search?sort=rank', 400],
    ['/search?q=%22', 400],
    ['/new?since=yesterday', 400],
    ['/papers/2501.99999/similar', 404],
    ['/exports/paperkeep.sqlite', 404],
    ['/subscribe', 404],
    ['/captures?from=2025-01-09&to=2025-01-08', 400],
    ['/authors/ada-example?from=2025-01-09&to=2025-01-08', 400],
    ['/papers/2501.00001/history?from=2025-01-09&to=2025-01-08', 400],
    ['/coverage?from=2025-01-09&to=2025-01-08', 400],
    ['/coverage?from=1000-01-01', 400],
    ['/coverage?list=weekly', 400],
    ['/movers.atom', 404],
    ['/movers?list=trending', 404],
    ['/movers?list=watched:coffee', 404],
    ['/movers?to=2025-01-07', 404],
    ['/movers?list=weekly', 400],
    ['/movers?window=2h', 400],
    ['/movers?window=__proto__', 400],
    ['/movers?from=yesterday', 400],
    ['/movers?from=2025-01-09+01:00', 400],
    ['/movers?from=2025-02-30', 400],
    ['/movers?from=2025-01-09&window=24h', 400],
    ['/movers?from=2025-01-09&to=2025-01-08', 400],
    ['/movers?from=2025-01-09T00:00:00Z&to=2025-01-09T00:00:00Z', 400],
    ['/movers?from=2999-01-01', 400],
    ['/movers?from=2999-01-01&to=2999-02-01', 400],
    ['/movers?from=1000-01-01&to=1000-01-02', 404],
  ])('for %s is answered with %i', async (path, status) => {
    const answer = await (await aSite())(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
  });

  it.each([
    ['/daily/2025-01-08.json?at=&sort=', '2025-01-08T12:00:00Z'],
    ['/daily/2025-01-08.json?at=&at=2025-01-08T07:00:00Z', '2025-01-08T06:00:00Z'],
    ['/daily/2025-01-08.json?limit=many&whatever=1&whatever=2&day=none', '2025-01-08T12:00:00Z'],
    [`/daily/2025-01-08.json?x=${'y'.repeat(100_000)}`, '2025-01-08T12:00:00Z'],
    ['/daily/2025-01-08.json?at=2025-01-08T07:00:00%2B00:30', '2025-01-08T06:00:00Z'],
    ['/daily/2025-01-08.json?at=20250108T070000Z', '2025-01-08T06:00:00Z'],
    ['/daily/2025-01-08.json?at=2025-01-08T12:30:00+01:00', '2025-01-08T06:00:00Z'],
    ['/daily/2025-01-08.json?at=2025-01-08%2012:30:00+0100', '2025-01-08T06:00:00Z'],
    ['/daily/2025-01-08.json?__proto__=1&constructor=2', '2025-01-08T12:00:00Z'],
  ])('for %.60s may have empty or unknown parameters and every spelling of a time', async (path, observedAt) => {
    expect((await jsonOf((await aSite())(path))).observedAt).toBe(observedAt);
  });

  it('is refused when a parameter is given twice or is longer than any time', async () => {
    const ask = await aSite();
    for (const at of ['2025-01-08T07:00:00Z&at=2025-01-08T08:00:00Z', '2025'.repeat(5000), '%E0%A4%A', '%00']) {
      const answer = await ask(`/daily/2025-01-08.json?at=${at}`);
      expect([answer.status, (await jsonOf(answer)).errors[0].parameter]).toEqual([400, 'at']);
    }
  });

  it.each([
    ['/daily/', '/daily'],
    [
      '/daily/2025-01-08/?at=2025-01-08T07:00:00%2B00:30&sort=gain',
      '/daily/2025-01-08?at=2025-01-08T07:00:00%2B00:30&sort=gain',
    ],
    ['/daily/2025-01-08.json/', '/daily/2025-01-08.json'],
    ['/trending/', '/trending'],
    ['/papers/cs%2F0301012/', '/papers/cs%2F0301012'],
    ['/papers/cs/0301012/history/', '/papers/cs/0301012/history'],
    ['/authors/%C4%91ang-thi/', '/authors/%C4%91ang-thi'],
    ['/exports/', '/exports'],
    ['/-/health/', '/-/health'],
  ])('for %s is redirected to the page without its last slash', async (path, location) => {
    const ask = await aSite();
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(path, { method });
      expect([answer.status, answer.headers.get('location')]).toEqual([308, location]);
    }
    expect((await ask(path, { method: 'POST' })).status).toBe(405);
  });

  it('finds a paper under every spelling of its id', async () => {
    const ask = await aSite();
    for (const path of ['cs%2F0301012.json', 'cs/0301012.json', 'cs/0301012v3.json', 'cs%2f0301012v1.json']) {
      expect((await jsonOf(ask(`/papers/${path}`))).paper.id).toBe('cs/0301012');
    }
    expect((await jsonOf(ask('/papers/2501.00001v2.json'))).paper.id).toBe('2501.00001');
    expect((await jsonOf(ask('/papers/cs%2F0301012v1/history.json'))).id).toBe('cs/0301012');
  });

  it.each([
    '/daily/DAY',
    '/trending/DAY',
    '/watched/tea/DAY',
    '/coverage?from=DAY',
    '/coverage?to=DAY&from=DAY',
    '/captures?to=DAY',
    '/top?from=DAY',
    '/top?from=2025-01-01&to=2025-01-20&by=days',
    '/top/month/MONTH',
    '/top/week/YEAR-W52',
    '/topics?from=DAY&to=DAY',
    '/topics?from=DAY&to=DAY&by=month',
    '/topics/tables?from=DAY&to=DAY',
    '/topics/tables?from=DAY&to=DAY&by=month',
    '/authors/ada-example?to=DAY',
    '/search?to=DAY',
    '/new?since=DAY',
    '/movers?list=trending&from=2025-01-20&to=DAY',
    '/movers?from=DAY',
    '/papers/2501.00001/history?to=DAY',
    '/daily/2025-01-08?at=DAYT23:59:59-23:59',
  ])('for %s is answered for the last day of the calendar as for a near one', async (path) => {
    const ask = await aSite();
    const [bare = '', query] = path.split('?');
    for (const end of ['', '.json']) {
      const of = async (day: string) => {
        const asked = `${bare}${end}${query ? `?${query}` : ''}`
          .replaceAll('DAY', day)
          .replaceAll('MONTH', day.slice(0, 7))
          .replaceAll('YEAR', day.slice(0, 4));
        return (await ask(asked)).status;
      };
      const near = await of('2027-12-31');
      expect([near, await of('2999-12-31'), await of('3000-12-31'), await of('9999-12-31')]).toEqual([
        near,
        near,
        near,
        near,
      ]);
      expect(near).not.toBe(500);
    }
  });

  it('may be for the first and the last week and month of the calendar', async () => {
    const ask = await aSite();
    for (const path of ['week/1000-W01', 'week/9999-W52', 'month/1000-01', 'month/9999-12'])
      expect([path, (await ask(`/top/${path}`)).status]).toEqual([path, 200]);
  });

  it('never gets a 5xx, whatever the path and query', async () => {
    const ask = await aSite();
    const piece = fc.oneof(
      fc.constantFrom(
        'daily',
        'papers',
        'captures',
        'watched',
        '2025-01-08',
        '..',
        '',
        'index',
        'history',
        '.json',
        '%',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }).map(encodeURIComponent),
      fc.stringMatching(/^[%\w./:?#&=-]{0,12}$/),
    );
    const path = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('/')}`);
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom('', '.json', '.csv', '.warc.gz'), async (asked, ending) => {
        const { status } = await ask(`http://localhost${asked}${ending}`);
        expect([200, 308, 400, 404]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});

describe('HTTP methods', () => {
  it('other than GET, HEAD and OPTIONS are refused with the allowed ones', async () => {
    const ask = await aSite();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      for (const path of ['/', '/daily/2025-01-08.json', '/style.css', '/openapi.json', '/papers/cs/0301012']) {
        const answer = await ask(path, { method });
        expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([method, path, 405, 'GET, HEAD']);
      }
      expect((await ask('/subscribe', { method })).status).toBe(404);
    }
  });

  it('include HEAD, with the headers of GET and no body', async () => {
    const ask = await aSite();
    for (const path of [
      '/daily/2025-01-08.json',
      '/daily',
      '/captures/daily/2025-01-08/20250108T060000Z.warc.gz',
      '/nowhere',
    ]) {
      const [got, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
      expect([head.status, await head.text()]).toEqual([got.status, '']);
      for (const name of ['etag', 'content-type', 'cache-control', 'link', 'vary'])
        expect(head.headers.get(name)).toBe(got.headers.get(name));
    }
  });

  it('include OPTIONS, so that other sites may read', async () => {
    const ask = await aSite();
    for (const path of ['/daily.json', '/nowhere', '/daily/never.json', '/style.css']) {
      expect((await ask(path)).headers.get('access-control-allow-origin')).toBe('*');
    }
    const preflight = await ask('/daily.json', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'GET' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,HEAD']);
    // an asterisk does not cover the header that carries a token
    expect(preflight.headers.get('access-control-allow-headers')).toBe('*,authorization');
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('A compressed response', () => {
  it('is sent to clients that accept gzip, for text that is long enough, with the same ETag', async () => {
    const ask = await aSite();
    for (const path of ['/openapi.json', '/daily/2025-01-08', '/daily/2025-01-08.csv', '/daily/2025-01-08.bib']) {
      const plain = await ask(path);
      const packed = await ask(path, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
      expect([path, packed.headers.get('content-encoding'), packed.headers.get('vary')]).toEqual([
        path,
        'gzip',
        'Accept-Encoding',
      ]);
      expect(packed.headers.get('etag')).toBe(plain.headers.get('etag'));
      expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe(await plain.text());
      expect((await ask(path, { headers: { 'accept-encoding': 'br' } })).headers.get('content-encoding')).toBeNull();
    }
  });

  it('has for the OpenAPI document less than a fifth of the bytes', async () => {
    const ask = await aSite();
    const plain = await (await ask('/openapi.json')).text();
    const packed = await (await ask('/openapi.json', { headers: { 'accept-encoding': 'gzip' } })).arrayBuffer();
    expect(plain.length).toBeLessThan(170_000);
    expect(packed.byteLength).toBeLessThan(plain.length / 5);
  });
});

describe('The CSV of a list', () => {
  it('begins with a byte-order mark for the parameter bom, so that Excel reads it as UTF-8', async () => {
    const ask = await aSite();
    const read = async (path: string) => Buffer.from(await (await ask(path)).arrayBuffer()).toString();
    const plain = await read('/daily/2025-01-08.csv');
    expect(plain.startsWith('rank,')).toBe(true);
    for (const bom of ['true', '1']) expect(await read(`/daily/2025-01-08.csv?bom=${bom}`)).toBe(`\ufeff${plain}`);
    expect(await read('/daily/2025-01-08.csv?bom=')).toBe(plain);
    expect((await read('/daily/2025-01-08.json?bom=true')).startsWith('{')).toBe(true);
  });
});

describe('A response that the client already has', () => {
  it('is not sent again to a client that has it', async () => {
    const ask = await aSite();
    for (const path of [
      '/daily/2025-01-08.json',
      '/daily',
      '/daily.csv',
      '/papers/2501.00001.bib',
      '/style.css',
      '/icon.svg',
    ]) {
      const first = await ask(path);
      const etag = first.headers.get('etag') ?? '';
      for (const known of [etag, `"other", ${etag}`, etag.slice(2), '*']) {
        const again = await ask(path, { headers: { 'if-none-match': known } });
        expect([path, known, again.status, await again.text()]).toEqual([path, known, 304, '']);
        expect(again.headers.get('etag')).toBe(etag);
        expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
      }
      expect((await ask(path, { headers: { 'if-none-match': 'W/"other"' } })).status).toBe(200);
    }
  });

  it('has another ETag when it has changed', async () => {
    const ask = await aSite();
    const etag = async (path: string) => (await ask(path)).headers.get('etag');
    expect(await etag('/daily/2025-01-08.json')).not.toBe(await etag('/daily/2025-01-08.json?at=2025-01-08T07:00:00Z'));
  });

  it('is still a 503 for the health of an archive that is stale', async () => {
    const context = await anArchive(someCaptures, '2025-01-20T14:00:01Z');
    const answer = await siteOver(context)('/-/health.json', { headers: { 'if-none-match': '*' } });
    expect([answer.status, (await jsonOf(answer)).status]).toEqual([503, 'stale']);
  });
});

describe('Every response', () => {
  it('forbids frames, search engines and foreign scripts', async () => {
    const ask = await aSite();
    for (const path of ['/', '/daily.json', '/nowhere']) {
      const headers = Object.fromEntries((await ask(path)).headers);
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-robots-tag': 'noindex',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  it('finds the stylesheet, script, icon and preview that pages link to, and robots.txt disallows everything', async () => {
    const ask = await aSite();
    const page = await (await ask('/')).text();
    for (const [path, type] of [
      ['/style.css', 'text/css; charset=utf-8'],
      ['/script.js', 'text/javascript; charset=utf-8'],
      ['/icon.svg', 'image/svg+xml'],
      ['/preview.png', 'image/png'],
    ] as const) {
      expect(page).toContain(`${path}"`);
      expect((await ask(path)).headers.get('content-type')).toBe(type);
    }
    expect(await (await ask('/robots.txt')).text()).toBe('User-agent: *\nDisallow: /\n');
    expect((await ask('/sitemap.xml')).status).toBe(404);
  });

  it('is open to search engines, and a sitemap names the days that have papers, where the owner wants that', async () => {
    const ask = siteOver({ ...(await anArchive(someCaptures, '2025-01-20T12:00:00Z')), indexing: true });
    expect((await ask('/')).headers.get('x-robots-tag')).toBeNull();
    expect(await (await ask('/robots.txt')).text()).toBe(
      'User-agent: *\nDisallow: /captures\nSitemap: http://localhost/sitemap.xml\n',
    );
    const sitemap = await (await ask('/sitemap.xml')).text();
    expect([...sitemap.matchAll(/<loc>http:\/\/localhost\/daily\/(.+?)</g)].map(([, day]) => day)).toEqual([
      '2025-01-08',
      '2025-01-20',
    ]);
  });

  it('is closed to search engines while the papers are invented, whatever the owner wants', async () => {
    const ask = siteOver({ ...(await anArchive(someCaptures, '2025-01-20T12:00:00Z', true)), indexing: true });
    expect((await ask('/')).headers.get('x-robots-tag')).toBe('noindex');
  });

  it('has its own address for previews as the client knows it, without the order', async () => {
    const ask = await aSite();
    const page = await (
      await ask('/daily?sort=gain&minUpvotes=2', { headers: { 'x-forwarded-proto': 'https' } })
    ).text();
    expect(page).toContain('<link rel="canonical" href="https://localhost/daily?minUpvotes=2">');
    expect(page).toContain('<meta property="og:image" content="https://localhost/preview.png">');
  });
});
