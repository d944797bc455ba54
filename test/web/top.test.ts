import { describe, expect, it } from 'vitest';
import { papers, seen } from '../query/archive.ts';
import { aPaper } from '../support/build.ts';
import { aSite, jsonOf } from './site.ts';

describe('Leaderboards over HTTP', () => {
  it.each([
    ['/top/week/2025-W02', '2025-01-06', '2025-01-12'],
    ['/top/week/2025-W01', '2024-12-30', '2025-01-05'],
    ['/top/week/2026-W53', '2026-12-28', '2027-01-03'],
    ['/top/month/2024-02', '2024-02-01', '2024-02-29'],
    ['/top?from=2025-01-02&to=2025-01-09', '2025-01-02', '2025-01-09'],
    ['/top', '2025-01-14', '2025-01-20'],
  ])('cover at %s the range %s to %s', async (path, from, to) => {
    const [bare, query] = path.split('?');
    const answer = await (await aSite())(`${bare}.json${query ? `?${query}` : ''}`);
    expect([answer.status, await jsonOf(answer)]).toMatchObject([200, { list: 'daily', from, to, by: 'upvotes' }]);
  });

  it('lead from a range of days to its week, month and year, and from these to those beside them that have come', async () => {
    const ask = await aSite();
    const steps = async (path: string) =>
      [...(await (await ask(path)).text()).matchAll(/href="(\/top\/[^"?.]+)">/g)].map(([, to]) => to);
    expect(await steps('/top')).toEqual(['/top/week/2025-W04', '/top/month/2025-01', '/top/year/2025']);
    expect(await steps('/top/year/2024')).toEqual(['/top/year/2023', '/top/year/2025']);
    expect(await steps('/top/year/2025')).toEqual(['/top/year/2024']);
    expect(await steps('/top/week/2025-W04')).toEqual(['/top/week/2025-W03']);
  });

  it.each([
    ['/top/week/2025-W53', 'week'],
    ['/top/week/2025-01', 'week'],
    ['/top/month/2025-13', 'month'],
    ['/top/month/2025-W02', 'month'],
    ['/top?by=size', 'by'],
    ['/top?age=0h', 'age'],
    ['/top?age=401d', 'age'],
    ['/top?age=2', 'age'],
    ['/top?age=2w', 'age'],
    ['/top?age=2d&by=days', 'age'],
    ['/top?from=2025-02-01&to=2025-01-01', 'from'],
    ['/top?from=2001-01-01', 'from'],
    ['/top?list=weekly', 'list'],
    ['/top?limit=0', 'limit'],
    ['/top?cursor=garbage', 'cursor'],
  ])('refuse %s for its %s', async (path, parameter) => {
    const [bare, query] = path.split('?');
    const answer = await (await aSite())(`${bare}.json${query ? `?${query}` : ''}`);
    expect([answer.status, await jsonOf(answer)]).toMatchObject([400, { errors: [{ parameter }] }]);
  });

  it.each(['1h', '36h', '400d', '9600h'])('accept an age of %s', async (age) => {
    expect((await (await aSite())(`/top.json?age=${age}`)).status).toBe(200);
  });

  it('have the gain at an age, and for each paper all fields of a list', async () => {
    const ask = await aSite();
    const { by, ageHours, papers: rows } = await jsonOf(ask('/top/week/2025-W02.json?by=gain&age=12h'));
    expect([by, ageHours]).toEqual(['gain', 12]);
    expect(rows).toMatchObject([
      { id: '2501.00002', value: 7, readAt: '2025-01-08T12:00:00Z', previousRank: null },
      { id: '2501.00001', value: 1, readAt: '2025-01-08T12:00:00Z', previousRank: null },
    ]);
    const list = await jsonOf(ask('/daily/2025-01-08.json'));
    expect(Object.keys(rows[0])).toEqual([...Object.keys(list.papers[0]), 'value', 'readAt']);
    expect(await (await ask('/top/week/2025-W02?by=gain&age=12h')).text()).toContain('Ranked by upvotes gained');
  });

  it('count days without a visit as missing', async () => {
    const answer = await (await aSite())('/top/month/2020-02.json');
    expect([answer.status, await jsonOf(answer)]).toMatchObject([
      200,
      { papers: [], total: 0, observedAt: null, coverage: { status: 'missing', daysCaptured: 0, daysExpected: 29 } },
    ]);
    expect(await (await (await aSite())('/top/month/2020-02')).text()).toContain('Not captured');
  });

  it('come in pages with a next URL, and whole as CSV and BibTeX', async () => {
    const rows = Array.from({ length: 90 }, (_, n) =>
      aPaper({ rank: n + 1, id: `2501.${10_000 + n}`, upvotes: 200 - n }),
    );
    const more = Array.from({ length: 30 }, (_, n) =>
      aPaper({ rank: n + 1, id: `2501.${20_000 + n}`, upvotes: 60 - n }),
    );
    const ask = await aSite([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', rows),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', more),
    ]);
    const first = await jsonOf(ask('/top/week/2025-W02.json'));
    expect([first.papers.length, first.total, first.papers[99].rank]).toEqual([100, 120, 100]);
    const second = await jsonOf(ask(`/top/week/2025-W02.json${first.next}`));
    expect([second.papers.length, second.papers[0].rank, second.next]).toEqual([20, 101, null]);
    expect((await (await ask('/top/week/2025-W02.csv?limit=2')).text()).match(/\r\n/g)).toHaveLength(121);
    expect((await (await ask('/top/week/2025-W02.bib')).text()).match(/@misc/g)).toHaveLength(120);
    expect(await (await ask('/top/week/2025-W02')).text()).toContain('rel="next"');
  });

  it('have the JSON names as CSV columns', async () => {
    const ask = await aSite([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3]))]);
    const { papers: rows } = await jsonOf(ask('/top/week/2025-W02.json'));
    const [header] = (await (await ask('/top/week/2025-W02.csv')).text()).split('\r\n');
    expect(header?.split(',')).toEqual(Object.keys(rows[0]));
  });

  it('have pages that name their order, their gaps and their neighbours', async () => {
    const text = await (await (await aSite())('/top/week/2025-W02?age=2d')).text();
    expect(text).toContain('Week 2 of 2025');
    expect(text).toContain('2 of 7 days captured');
    expect(text).toContain('href="/top/week/2025-W01?age=2d"');
    expect(text).toContain('upvotes unknown');
  });
});
