import { describe, expect, it } from 'vitest';
import type { FeedClient, FeedResult } from '../../shared/collect/client.ts';
import { visitList } from '../../shared/collect/visit.ts';
import { parseDay, parseInstant } from '../../shared/lib/time.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import type { ListDay, ListName } from '../../shared/model/list.ts';
import type { Outcome } from '../../shared/model/listing.ts';

const listDay = (list: ListName): ListDay => {
  const day = parseDay('2025-01-08');
  if (!day) throw new Error('no such day');
  return { list, day };
};
const deadline = () => 60_000;

type Scripted = { readonly status?: number; readonly body?: unknown; readonly cut?: boolean } | 'nothing' | 'no time';

/** A feed that answers each path with its scripted responses in turn, the last one repeatedly, and 404 without any. */
function scriptedFeed(script: Readonly<Record<string, readonly Scripted[]>>) {
  const asked: string[] = [];
  const at = parseInstant('2025-01-08T12:00:00Z');
  if (!at) throw new Error('no such moment');
  const get: FeedClient['get'] = async (path) => {
    const before = asked.filter((each) => each === path).length;
    asked.push(path);
    const answers = script[path] ?? [{ status: 404, body: { error: 'no page' } }];
    const answer = answers[Math.min(before, answers.length - 1)] ?? 'nothing';
    const request = { url: `http://feed${path}`, at, headers: [], sent: [] };
    if (answer === 'nothing') {
      const unanswered = 'no answer: lost';
      const exchange: Exchange = { ...request, status: null, body: new Uint8Array(), cut: false, unanswered };
      return { exchanges: [exchange], failure: unanswered };
    }
    if (answer === 'no time') return { exchanges: [], failure: 'no time: 9 ms to wait, 0 ms left' };
    const { status = 200, body = [], cut = false } = answer;
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
    const exchange: Exchange = { ...request, status, body: bytes, cut };
    return { exchanges: [exchange], failure: null };
  };
  return { feed: { get }, asked };
}

const pageOf = (page: number) => `/api/daily_papers?date=2025-01-08&limit=100&p=${page}`;
const DAY_PAGE = '/papers/date/2025-01-08';
/** That many papers, numbered from `from`. */
const papers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ paper: { id: `2501.${from + at}` } }));
const paths = ({ exchanges }: FeedResult) => exchanges.map(({ url }) => url.slice('http://feed'.length));
const judge = (outcome: Outcome) => () => ({ outcome, why: '', listing: null });

describe('a visit of a daily list', () => {
  it('makes one request for a day with a short page', async () => {
    const { feed, asked } = scriptedFeed({ [pageOf(0)]: [{ body: papers(15) }] });
    const answers = await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toEqual([pageOf(0)]);
    expect(answers).toMatchObject({ exchanges: [{ status: 200 }], failure: null });
  });

  it('makes one request for a day without papers', async () => {
    const { feed, asked } = scriptedFeed({ [pageOf(0)]: [{ body: [] }] });
    await visitList(feed, listDay('daily'), null, judge('empty'), deadline);
    expect(asked).toEqual([pageOf(0)]);
  });

  it('requests page after page until one is short', async () => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: papers(100) }],
      [pageOf(1)]: [{ body: papers(100, 100) }],
      [pageOf(2)]: [{ body: [] }],
    });
    const answers = await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toEqual([pageOf(0), pageOf(1), pageOf(2)]);
    expect(paths(answers)).toEqual(asked);
  });

  it('requests more pages after one that is longer than requested, until one is short', async () => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: papers(130) }],
      [pageOf(1)]: [{ body: papers(130, 130) }],
      [pageOf(2)]: [{ body: papers(3, 260) }],
    });
    await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toEqual([pageOf(0), pageOf(1), pageOf(2)]);
  });

  it.each<[string, unknown[], unknown[]]>([
    ['neither limit nor page', papers(130), papers(130)],
    ['neither, in another order', papers(130), papers(130).reverse()],
    ['the limit alone', papers(100), papers(100)],
    // the second hundred of 130 papers, of which all were given before
    ['the page alone', papers(130), papers(30, 100)],
  ])(
    'ends with the first page without new papers when the feed obeys %s, and makes no second pass',
    async (_, ...pages) => {
      const [first, second] = pages;
      const { feed, asked } = scriptedFeed({ [pageOf(0)]: [{ body: first }], [pageOf(1)]: [{ body: second }] });
      const answers = await visitList(feed, listDay('daily'), null, judge('list'), deadline);
      expect(asked).toEqual([pageOf(0), pageOf(1)]);
      expect(paths(answers)).toEqual(asked);
    },
  );

  it('makes a second pass when a short page has no new papers, because the list has moved', async () => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: papers(100) }],
      [pageOf(1)]: [{ body: papers(3, 97) }],
    });
    await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toHaveLength(4);
  });

  it('ends after 20 pages of a list that never ends', async () => {
    let made = 0;
    const { feed, asked } = scriptedFeed({});
    const endless: FeedClient = {
      async get(path, left) {
        const answers = await feed.get(path, left);
        const body = new TextEncoder().encode(JSON.stringify(papers(100, 100 * made++)));
        return { ...answers, exchanges: answers.exchanges.map((each) => ({ ...each, status: 200, body })) };
      },
    };
    await visitList(endless, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toHaveLength(20);
  });

  it('makes a second pass when a paper is on two pages, and keeps both', async () => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: papers(100) }],
      [pageOf(1)]: [{ body: papers(5, 99) }, { body: papers(4, 100) }],
    });
    const answers = await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toEqual([pageOf(0), pageOf(1), pageOf(0), pageOf(1)]);
    expect(paths(answers)).toEqual(asked);
  });

  it('makes no third pass when a paper is on two pages again', async () => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: papers(100) }],
      [pageOf(1)]: [{ body: papers(5, 99) }],
    });
    await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toHaveLength(4);
  });

  it('makes no second pass when a paper is twice on one page, which paging does not cause', async () => {
    const { feed, asked } = scriptedFeed({ [pageOf(0)]: [{ body: [...papers(3), ...papers(3)] }] });
    await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toHaveLength(1);
  });

  it('requests all pages of a list whose entries have no id', async () => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: Array(100).fill({}) }],
      [pageOf(1)]: [{ body: [null, 7] }],
    });
    await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toEqual([pageOf(0), pageOf(1)]);
  });

  it.each<[string, Scripted]>([
    ['a server error', { status: 500, body: papers(100, 50) }],
    ['a cut body', { body: papers(100, 50), cut: true }],
    ['no list', { body: { error: 'no' } }],
    ['no JSON', { body: '<html>' }],
    ['nothing', 'nothing'],
  ])('makes no further request after a page that is %s', async (_, answer) => {
    const { feed, asked } = scriptedFeed({
      [pageOf(0)]: [{ body: papers(100) }],
      [pageOf(1)]: [{ body: papers(100, 50) }],
      [pageOf(2)]: [answer],
    });
    await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(asked).toEqual([pageOf(0), pageOf(1), pageOf(2)]);
  });

  it('reports why a page got no response, and keeps the pages before it', async () => {
    const { feed } = scriptedFeed({ [pageOf(0)]: [{ body: papers(100) }], [pageOf(1)]: ['nothing'] });
    const answers = await visitList(feed, listDay('daily'), null, judge('list'), deadline);
    expect(paths(answers)).toEqual([pageOf(0), pageOf(1)]);
    expect(answers.failure).toBe('no answer: lost');
  });

  it.each<Outcome>(['not-found', 'other-shape', 'drift'])(
    'requests the page of the day too when the API gave %s',
    async (outcome) => {
      const { feed } = scriptedFeed({
        [pageOf(0)]: [{ status: 404, body: { error: 'no' } }],
        [DAY_PAGE]: [{ body: '<html>' }],
      });
      const answers = await visitList(feed, listDay('daily'), null, judge(outcome), deadline);
      expect(paths(answers)).toEqual([pageOf(0), DAY_PAGE]);
    },
  );

  it.each<Outcome>([
    'list',
    'empty',
    'another-day',
    'refused',
    'server-error',
    'challenge',
    'cut',
    'no-body',
    'unreachable',
  ])('does not request the page of the day when the API gave %s', async (outcome) => {
    const { feed, asked } = scriptedFeed({ [pageOf(0)]: [{ status: 404 }] });
    await visitList(feed, listDay('daily'), null, judge(outcome), deadline);
    expect(asked).toEqual([pageOf(0)]);
  });

  it('does not request the page of the day, and parses nothing, when there was no time for the API', async () => {
    const { feed, asked } = scriptedFeed({ [pageOf(0)]: ['no time'] });
    const unasked = () => {
      throw new Error('parsed without a response');
    };
    const answers = await visitList(feed, listDay('daily'), null, unasked, deadline);
    expect(asked).toEqual([pageOf(0)]);
    expect(answers).toEqual({ exchanges: [], failure: 'no time: 9 ms to wait, 0 ms left', parsed: null });
  });
});

describe('a visit of another list', () => {
  it('requests one page for trending', async () => {
    const { feed, asked } = scriptedFeed({ '/papers/trending': [{ body: '<html>' }] });
    const answers = await visitList(feed, listDay('trending'), null, judge('list'), deadline);
    expect(asked).toEqual(['/papers/trending']);
    expect(answers.exchanges).toHaveLength(1);
  });

  it('requests the page of a watched search with its query encoded', async () => {
    const { feed, asked } = scriptedFeed({});
    await visitList(feed, listDay('watched:agents'), 'agents & tools=ü', judge('list'), deadline);
    expect(asked).toEqual(['/papers?q=agents%20%26%20tools%3D%C3%BC']);
  });

  it('refuses a watched search without a query', async () => {
    const { feed } = scriptedFeed({});
    await expect(visitList(feed, listDay('watched:agents'), null, judge('list'), deadline)).rejects.toMatchObject({
      code: 'NO_QUERY',
    });
  });
});
