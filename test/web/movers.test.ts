import { load } from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { anArchive, papers, seen } from '../query/archive.ts';
import { aSite, jsonOf, siteOver } from './site.ts';

const captures = [
  seen('daily 2025-01-18', '2025-01-18T12:00:00Z', papers([1, 3], [2, 2])),
  seen('daily 2025-01-18', '2025-01-20T06:00:00Z', papers([2, 44], [3, 9, { title: '=SUM(A1), "hot"' }])),
  seen('trending 2025-01-13', '2025-01-13T06:00:00Z', papers([1, 3])),
  seen('trending 2025-01-20', '2025-01-20T06:00:00Z', papers([1, 30], [4, 1])),
];
const ask = async (path: string) => (await aSite(captures))(path);
const edges = async (query: string) => {
  const { list, from, to } = await jsonOf(ask(`/movers.json${query}`));
  return [list, from.asked, to.asked];
};

describe('The movers over HTTP', () => {
  it('are those of trending in the day before the newest capture, unless a list, a range or a window is given', async () => {
    expect(await edges('')).toEqual(['trending', '2025-01-19T06:00:00Z', '2025-01-20T06:00:00Z']);
    expect(await edges('?list=daily')).toEqual(['daily', '2025-01-19T06:00:00Z', '2025-01-20T06:00:00Z']);
    expect(await edges('?list=daily&window=24h')).toEqual(['daily', '2025-01-19T12:00:00Z', '2025-01-20T12:00:00Z']);
    expect(await edges('?list=trending&window=7d')).toEqual([
      'trending',
      '2025-01-13T12:00:00Z',
      '2025-01-20T12:00:00Z',
    ]);
    expect(await edges('?list=daily&window=24h&to=2025-01-19T18:00:00Z')).toEqual([
      'daily',
      '2025-01-18T18:00:00Z',
      '2025-01-19T18:00:00Z',
    ]);
  });

  it('read a bare day from its first to its last second, and the future as now', async () => {
    expect(await edges('?list=daily&from=2025-01-19&to=2025-01-19')).toEqual([
      'daily',
      '2025-01-19T00:00:00Z',
      '2025-01-19T23:59:59Z',
    ]);
    expect(await edges('?list=daily&from=2025-01-19&to=2025-01-20')).toEqual([
      'daily',
      '2025-01-19T00:00:00Z',
      '2025-01-20T12:00:00Z',
    ]);
    expect(await edges('?list=daily&from=2025-01-19&to=2999-01-01')).toEqual([
      'daily',
      '2025-01-19T00:00:00Z',
      '2025-01-20T12:00:00Z',
    ]);
  });

  it('link on an archive that stopped only to pages and data that it has', async () => {
    const site = siteOver(await anArchive(captures, '2025-06-01T12:00:00Z'));
    const page = load(await (await site('/movers')).text());
    const links = page('a[href^="/movers"]')
      .get()
      .map((link) => page(link).attr('href') ?? '');
    expect(links.length).toBeGreaterThan(6);
    const statuses = await Promise.all(links.map(async (link) => [link, (await site(link)).status]));
    // the archive is too young for a week
    expect(statuses.filter(([link, status]) => status !== 200 && !/window=(7d|30d)/.test(String(link)))).toEqual([]);
    expect(await jsonOf(site(links.find((link) => link.startsWith('/movers.json')) ?? ''))).toEqual(
      await jsonOf(site('/movers.json')),
    );
  });

  it('have the documented format and numbers', async () => {
    const { coverage, ...answer } = await jsonOf(ask('/movers.json?list=daily'));
    expect(answer).toEqual({
      list: 'daily',
      from: { asked: '2025-01-19T06:00:00Z', observedAt: '2025-01-18T12:00:00Z' },
      to: { asked: '2025-01-20T06:00:00Z', observedAt: '2025-01-20T06:00:00Z' },
      hours: 42,
      entered: [{ id: '2501.00003', title: '=SUM(A1), "hot"', rank: 2, upvotes: 9 }],
      left: [{ id: '2501.00001', title: 'What the paper 2501.00001 is called', rankBefore: 1 }],
      moved: [
        {
          id: '2501.00002',
          title: 'What the paper 2501.00002 is called',
          listedOn: '2025-01-18',
          rankBefore: 2,
          rankAfter: 1,
          upvotesBefore: 2,
          upvotesAfter: 44,
          hours: 42,
          starsBefore: null,
          starsAfter: null,
          upvotesPerHour: 1,
          starsPerHour: null,
        },
      ],
      sample: false,
    });
    expect([coverage.before.length, coverage.after.length, coverage.missing.length]).toEqual([1, 1, 15]);
  });

  it('are one table as CSV, with the kind of change and every column', async () => {
    expect((await (await ask('/movers.csv?list=daily')).text()).split('\r\n')).toEqual([
      'change,id,title,rank,upvotes,rankBefore,listedOn,rankAfter,upvotesBefore,upvotesAfter,hours,upvotesPerHour,starsBefore,starsAfter,starsPerHour',
      `entered,2501.00003,"'=SUM(A1), ""hot""",2,9,,,,,,,,,,`,
      'left,2501.00001,What the paper 2501.00001 is called,,,1,,,,,,,,,',
      'moved,2501.00002,What the paper 2501.00002 is called,,,2,2025-01-18,1,2,44,42,1,,,',
      '',
    ]);
  });

  it('show on their page the values of the JSON', async () => {
    const page = await (await ask('/movers?list=trending&window=7d')).text();
    expect(page).toContain('aria-current="true">Last 7 days');
    expect(page).toContain('1 climbed · 1 new · 0 fell · 0 left');
    expect(page).toContain('href="/movers.json?list=trending&amp;window=7d"');
    const between = await (await ask('/movers?list=daily&from=2025-01-19&to=2025-01-20T08:00:00Z')).text();
    expect(between).toContain(
      'href="/movers.csv?list=daily&amp;from=2025-01-19T00%3A00%3A00Z&amp;to=2025-01-20T08%3A00%3A00Z"',
    );
  });

  it('are a 404 where a time has no capture before it, and the error names the oldest list', async () => {
    for (const path of ['/movers.json?list=trending&window=30d', '/movers.json?list=daily&to=2025-01-18']) {
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect((await jsonOf(answer)).coverage.lists).toEqual([
        { list: 'daily', firstMonth: '2025-01', lastMonth: '2025-01' },
        { list: 'trending', firstMonth: '2025-01', lastMonth: '2025-01' },
      ]);
    }
    const site = siteOver(await anArchive(captures));
    const page = await site('/movers?list=trending&window=30d', { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([
      404,
      expect.stringContaining('the oldest list is that of 2025-01-13, first captured at 2025-01-13T06:00:00Z'),
    ]);
  });

  it('name what is wrong with the times', async () => {
    const wrong = async (query: string) => (await jsonOf(ask(`/movers.json${query}`))).errors;
    expect(await wrong('?window=7d&from=2025-01-19')).toMatchObject([{ parameter: 'window' }]);
    expect(await wrong('?from=2025-01-19&to=2025-01-18')).toMatchObject([{ parameter: 'from' }]);
    expect(await wrong('?window=1y&list=weekly&to=soon')).toMatchObject([
      { parameter: 'list' },
      { parameter: 'to' },
      { parameter: 'window' },
    ]);
  });

  it('may be cached for an hour when they ended an hour ago, else for a minute', async () => {
    const kept = async (query: string) => (await ask(`/movers.json${query}`)).headers.get('cache-control');
    expect(await kept('')).toBe('public, max-age=60, s-maxage=60');
    expect(await kept('?to=2025-01-20T11:30:00Z')).toBe('public, max-age=60, s-maxage=60');
    expect(await kept('?to=2999-01-01')).toBe('public, max-age=60, s-maxage=60');
    expect(await kept('?to=2025-01-20T10:59:59Z')).toBe('public, max-age=3600, s-maxage=3600');
  });
});
