import { describe, expect, it } from 'vitest';
import { papers, seen } from '../query/archive.ts';
import { aSite, jsonOf } from './site.ts';

const captures = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3, { keywords: ['Tea', 'long reading'] }], [2, 2])),
  seen('daily 2025-01-20', '2025-01-20T06:00:00Z', papers([5, 1, { keywords: ['tea'] }])),
];
const site = () => aSite(captures);

describe('Topics over HTTP', () => {
  it('include a keyword by its slug, with every week of the range', async () => {
    const answer = await jsonOf((await site())('/topics/tea.json?from=2025-01-06&to=2025-01-26'));
    expect(answer).toMatchObject({
      topic: 'tea',
      kind: 'keyword',
      by: 'week',
      breaks: [],
      catalogAsOf: '2025-01-20T12:00:00Z',
    });
    expect(answer.points.map(({ period, share }: { period: string; share: number | null }) => [period, share])).toEqual(
      [
        ['2025-W02', 0.5],
        ['2025-W03', null],
        ['2025-W04', 1],
      ],
    );
  });

  it('include a phrase by q, and without it the keywords with most papers', async () => {
    const ask = await site();
    expect(await jsonOf(ask('/topics.json?q=made%20up'))).toMatchObject({ topic: 'made up', kind: 'phrase' });
    expect(await jsonOf(ask('/topics.json?q=tea'))).toMatchObject({ topic: 'tea', kind: 'phrase' });
    expect((await jsonOf(ask('/topics.json'))).topics[0]).toMatchObject({ topic: 'long-reading', papers: 2 });
  });

  it('are compared over the same weeks, keywords and phrases', async () => {
    const { topics } = await jsonOf((await site())('/compare.json?topics=tea,%20long-reading,%22made%20up%22,tea'));
    expect(topics.map(({ topic, kind }: { topic: string; kind: string }) => `${kind} ${topic}`)).toEqual([
      'keyword tea',
      'keyword long-reading',
      'phrase made up',
    ]);
  });

  it.each([
    ['/topics/tea.json?by=day', 'by'],
    ['/topics/tea.json?from=2025-02-30', 'from'],
    ['/topics/tea.json?from=2025-02-01&to=2025-01-01', 'from'],
    ['/topics/tea.json?from=2001-01-01', 'from'],
    ['/topics.json?q=!!', 'q'],
    [`/topics.json?q=${'tea'.repeat(101)}`, 'q'],
    ['/topics.json?limit=501', 'limit'],
    ['/topics.json?cursor=x', 'cursor'],
    ['/compare.json', 'topics'],
    ['/compare.json?topics=', 'topics'],
    ['/compare.json?topics=tea,,cocoa', 'topics'],
    ['/compare.json?topics=a,b,c,d,e,f,g,h,i', 'topics'],
    ['/compare.json?topics=tea,%22tea,%20hot', 'topics'],
    ['/compare.json?topics=tea&by=year', 'by'],
  ])('refuse %s for its %s', async (path, parameter) => {
    const answer = await (await site())(path);
    expect([answer.status, await jsonOf(answer)]).toMatchObject([400, { errors: [{ parameter }] }]);
  });

  it.each([
    ['/topics/tea.json', '2014-02-07', 200],
    ['/topics/tea.json', '2014-02-06', 400],
    ['/topics.json?sort=rising', '2024-12-20', 200],
    ['/topics.json?sort=rising', '2024-12-19', 400],
  ])(
    'over %s from %s to 2025-01-19 are answered with %i: 4,000 days at most, 31 where they rise',
    async (path, from, status) => {
      const answer = await (await site())(`${path}${path.includes('?') ? '&' : '?'}from=${from}&to=2025-01-19`);
      expect(answer.status).toBe(status);
    },
  );

  it('are chosen on their page where a comparison names none', async () => {
    for (const path of ['/compare', '/compare?topics=', '/compare?by=month']) {
      const answer = await (await site())(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/topics']);
    }
  });

  it('can be compared eight at a time, and not nine', async () => {
    const ask = await site();
    const topics = (count: number) => Array.from({ length: count }, (_, at) => `%22phrase ${at}%22`).join(',');
    expect((await jsonOf(ask(`/compare.json?topics=${topics(8)}`))).topics).toHaveLength(8);
    expect((await ask(`/compare.json?topics=${topics(9)}`)).status).toBe(400);
  });

  it('continue by their own `next` whatever the script and length of the keywords', async () => {
    const keywords = ['一', '二'].map((last) => `${'長'.repeat(99)}${last}`);
    const ask = await aSite([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3, { keywords }]))]);
    const first = await jsonOf(ask('/topics.json?limit=1'));
    const then = await jsonOf(ask(`/topics.json${first.next}`));
    expect([first, then].map(({ topics }) => topics[0].name).sort()).toEqual(keywords);
    expect(then.next).toBeNull();
  });

  it.each([
    ['tea,"tea, hot"', ['keyword tea', 'phrase tea, hot']],
    ['"tea, hot","long, long reading",tea', ['phrase tea, hot', 'phrase long, long reading', 'keyword tea']],
    ['"tea, "', ['phrase tea,']],
  ])('are separated at commas outside of double quotes: %s', async (asked, topics) => {
    const answer = await jsonOf((await site())(`/compare.json?topics=${encodeURIComponent(asked)}`));
    expect(answer.topics.map(({ topic, kind }: { topic: string; kind: string }) => `${kind} ${topic}`)).toEqual(topics);
  });

  it('can be compared with more by the form of their page, whatever a phrase holds', async () => {
    const ask = await site();
    const formOf = async (path: string) =>
      /name="topics" type="text" value="([^"]*)"/.exec(await (await ask(path)).text())?.[1]?.replaceAll('&quot;', '"');
    const one = await formOf(`/topics?q=${encodeURIComponent('a "made, up" 5" title')}`);
    expect(one).toBe('"a  made, up  5  title", ');
    const { topics } = await jsonOf(ask(`/compare.json?topics=${encodeURIComponent(`${one}tea`)}`));
    expect(topics.map(({ topic }: { topic: string }) => topic)).toEqual(['a made, up 5 title', 'tea']);
    expect(await formOf('/compare?topics=%22tea,%20hot%22,tea')).toBe('"tea, hot", tea');
  });

  it('can be given one by one, as the boxes of their overview give them', async () => {
    const ask = await site();
    const { topics } = await jsonOf(ask('/compare.json?topics=tea&topics=%22tea,%20hot%22'));
    expect(topics.map(({ topic }: { topic: string }) => topic)).toEqual(['tea', 'tea, hot']);
  });

  it('have an overview only where no days, order or page are asked for', async () => {
    const ask = await site();
    for (const query of ['from=2025-01-06', 'to=2025-01-20', 'sort=rising'])
      expect(await (await ask(`/topics?${query}`)).text(), query).not.toContain('class="panels"');
  });

  it('require topics to compare', async () => {
    const { detail } = await jsonOf((await site())('/compare.json'));
    expect(detail).toBe(
      'topics must be 1 to 8 topics with commas between them: slugs of keywords, or phrases, in double quotes that are closed where they hold a comma',
    );
  });

  it('are a 404 with the coverage of the archive when they were never seen', async () => {
    const ask = await site();
    for (const path of ['/topics/cocoa.json', '/compare.json?topics=tea,cocoa']) {
      const answer = await ask(path);
      expect([answer.status, await jsonOf(answer)]).toMatchObject([
        404,
        { detail: 'no paper with the keyword cocoa was seen', coverage: { lists: [{ list: 'daily' }] } },
      ]);
    }
  });

  it('have a row for each point as CSV, with the topic where there are several', async () => {
    const ask = await site();
    const lines = async (path: string) => (await (await ask(path)).text()).trimEnd().split('\r\n');
    const query = 'from=2025-01-06&to=2025-01-19';
    const one = await lines(`/topics/tea.csv?${query}`);
    expect(one).toHaveLength(3);
    expect(one[0]?.split(',')[0]).toBe('period');
    expect(one[2]).toBe('2025-W03,0,0,0,,0,0,,0,7');
    const two = await lines(`/compare.csv?topics=tea,long-reading&${query}`);
    expect(two.map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      'topic period',
      'tea 2025-W02',
      'tea 2025-W03',
      'long-reading 2025-W02',
      'long-reading 2025-W03',
    ]);
    expect((await lines('/topics.csv?limit=1')).length).toBe(4);
  });

  it('have pages with a line, a table below and a form to compare', async () => {
    const text = await (await (await site())('/topics/tea?from=2025-01-06&to=2025-01-26')).text();
    expect(text).toContain('Share of papers');
    expect(text).toContain('class="series s1"');
    expect(text).toContain('<th scope="row">2025-W03</th>');
    expect(text).toContain('action="/compare"');
    expect(text).toContain('by=month');
  });
});
