import { describe, expect, it } from 'vitest';
import type { QueryContext } from '../../shared/query/context.ts';
import { getList, getNewestList, type ListView } from '../../shared/query/list.ts';
import { paperPk } from '../../shared/table/keys.ts';
import { aPaper, day, instant } from '../support/build.ts';
import { anArchive, copied, cut, listDay, NEWEST, papers, refused, seen } from './archive.ts';

const asOf = (context: QueryContext, list: string, at: string) =>
  getList(context, listDay(list), { at: instant(at), sort: 'rank' });
const newest = (context: QueryContext, list: string) => getList(context, listDay(list), NEWEST);
const ids = ({ papers }: { papers: readonly { id: string | null }[] }) => papers.map(({ id }) => id?.slice(-1) ?? null);

describe('a list with filters', () => {
  const tea = { keywords: ['Hot Tea'] };
  const context = anArchive([
    seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [
      ...papers([1, 9, tea], [2, 5, { ...tea, githubUrl: 'https://github.com/acme/tea' }], [3, 4, { keywords: null }]),
      aPaper({ rank: 4, id: '2501.00004', upvotes: null, keywords: ['tea'], githubUrl: null }),
    ]),
  ]);
  const rows = async (filters: Partial<ListView>) => {
    const { papers, total } = await getList(await context, listDay('daily 2025-01-08'), { ...NEWEST, ...filters });
    expect(total).toBe(papers.length);
    return papers.map(({ id, rank }) => `${id?.slice(-1)} at ${rank}`);
  };

  it('has the papers that pass all of them, with the ranks of the list', async () => {
    expect(await rows({})).toEqual(['1 at 1', '2 at 2', '3 at 3', '4 at 4']);
    expect(await rows({ keyword: 'hot-tea' })).toEqual(['1 at 1', '2 at 2']);
    expect(await rows({ minUpvotes: 5 })).toEqual(['1 at 1', '2 at 2']);
    expect(await rows({ minUpvotes: 0 })).toEqual(['1 at 1', '2 at 2', '3 at 3']);
    expect(await rows({ code: 'true', minUpvotes: 5 })).toEqual(['2 at 2']);
    expect(await rows({ text: 'a PAPER no such word' })).toEqual([]);
    expect(await rows({ keyword: 'hot-tea', minUpvotes: 6, code: 'true' })).toEqual([]);
  });
});

describe('A list whose papers have no content in the table', () => {
  it('has their ranks and numbers with empty titles, and a metric counts them', async () => {
    const context = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 9], [2, 5]))]);
    const counted: unknown[] = [];
    const metrics = (values: unknown) => counted.push(values);
    await newest({ ...context, metrics }, 'daily 2025-01-08');
    for (const item of await context.table.range({ pk: paperPk('2501.00001') }))
      if (item.sk.startsWith('CONTENT#')) await context.table.delete(item);
    const list = await newest({ ...context, metrics }, 'daily 2025-01-08');
    expect(list.papers.map(({ rank, upvotes, title }) => [rank, upvotes, title !== ''])).toEqual([
      [1, 9, false],
      [2, 5, true],
    ]);
    expect(counted).toEqual([{ MissingContents: 1 }]);
  });
});

describe('A capture of a clock that ran far ahead', () => {
  const ahead = seen('daily 2025-01-08', '2025-02-08T06:00:00Z', papers([3]));
  const real = seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2]));
  const now = '2025-01-08T09:00:00Z';

  it('is not shown in place of a real one, and does not settle the list', async () => {
    const list = await newest(await anArchive([real, ahead], now), 'daily 2025-01-08');
    expect(ids(list)).toEqual(['1', '2']);
    expect(list).toMatchObject({ observedAt: real.at, coverage: { captures: 1, last: real.at, settled: false } });
  });

  it('is shown while there is no other, and does not settle the list', async () => {
    const list = await newest(await anArchive([ahead], now), 'daily 2025-01-08');
    expect(ids(list)).toEqual(['3']);
    expect(list.coverage.settled).toBe(false);
  });
});

describe('A list at an instant', () => {
  const three = () =>
    anArchive(
      [
        seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
        seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([2, 9], [1, 4], [3, 0])),
        refused('daily 2025-01-08', '2025-01-08T13:00:00Z'),
        seen('daily 2025-01-08', '2025-01-23T00:00:00Z', papers([2, 20], [3, 5])),
      ],
      '2025-02-01T00:00:00Z',
    );

  it('is missing before the first capture, and shows nothing', async () => {
    expect(await asOf(await three(), 'daily 2025-01-08', '2025-01-08T05:59:59Z')).toEqual({
      list: 'daily',
      day: '2025-01-08',
      observedAt: null,
      sample: false,
      coverage: {
        status: 'missing',
        captures: 0,
        failures: 0,
        first: null,
        last: null,
        listed: null,
        pages: null,
        complete: null,
        settled: false,
      },
      papers: [],
      total: 0,
      next: null,
    });
  });

  it('is the newest usable capture not later than it, with coverage and folds of that moment', async () => {
    const context = await three();
    const at6 = await asOf(context, 'daily 2025-01-08', '2025-01-08T06:00:00Z');
    expect(at6).toMatchObject({
      observedAt: '2025-01-08T06:00:00Z',
      coverage: { captures: 1, failures: 0, settled: false },
    });
    expect(at6.papers.map(({ id, previousRank, gain }) => [id?.slice(-1), previousRank, gain])).toEqual([
      ['1', null, null],
      ['2', null, null],
    ]);
    const at14 = await asOf(context, 'daily 2025-01-08', '2025-01-08T14:00:00Z');
    expect(at14.coverage).toMatchObject({
      status: 'captured',
      captures: 2,
      failures: 1,
      first: '2025-01-08T06:00:00Z',
      last: '2025-01-08T12:00:00Z',
      listed: 3,
      pages: 1,
      complete: true,
      settled: false,
    });
    expect(
      at14.papers.map((paper) => [
        paper.id?.slice(-1),
        paper.rank,
        paper.previousRank,
        paper.firstRank,
        paper.bestRank,
        paper.upvotes,
        paper.firstUpvotes,
        paper.peakUpvotes,
        paper.gain,
        paper.firstSeen,
      ]),
    ).toEqual([
      ['2', 1, 2, 2, 1, 9, 2, 9, 7, '2025-01-08T06:00:00Z'],
      ['1', 2, 1, 1, 1, 4, 3, 4, 1, '2025-01-08T06:00:00Z'],
      ['3', 3, null, 3, 3, 0, 0, 0, null, '2025-01-08T12:00:00Z'],
    ]);
  });

  it('is what is known now for a time in the future, and settled once it was seen 14 days on', async () => {
    const context = await three();
    const now = await newest(context, 'daily 2025-01-08');
    expect(await asOf(context, 'daily 2025-01-08', '2999-01-01T00:00:00Z')).toEqual(now);
    expect(now.coverage.settled).toBe(true);
    expect(ids(now)).toEqual(['2', '3']);
  });

  it('has the age of each paper in hours since its list day began', async () => {
    const { papers: rows } = await asOf(await three(), 'daily 2025-01-08', '2025-01-08T14:00:00Z');
    expect(rows.map(({ ageHours }) => ageHours)).toEqual([12, 12, 12]);
  });

  it('is sorted by upvotes or gain with unknown values last, and keeps the ranks', async () => {
    const context = await anArchive([
      seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 50], [2, 8], [3, 1])),
      seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([4, 3], [3, 9], [2, 8], [1, 52])),
    ]);
    const by = async (sort: 'rank' | 'upvotes' | 'gain') =>
      (await getList(context, listDay('trending 2025-01-08'), { at: null, sort })).papers.map(({ id, rank, gain }) => [
        id?.slice(-1),
        rank,
        gain,
      ]);
    const [four, three, two, one] = [
      ['4', 1, null],
      ['3', 2, 8],
      ['2', 3, 0],
      ['1', 4, 2],
    ];
    expect(await by('rank')).toEqual([four, three, two, one]);
    expect(await by('upvotes')).toEqual([one, three, two, four]);
    expect(await by('gain')).toEqual([three, one, two, four]);
  });
});

describe('The capture that a list shows', () => {
  it('is a complete one before a newer one that was cut', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2], [3])),
      cut('daily 2025-01-08', '2025-01-08T07:00:00Z', papers([4], [1])),
    ]);
    const answer = await newest(context, 'daily 2025-01-08');
    expect(answer).toMatchObject({ observedAt: '2025-01-08T06:00:00Z', coverage: { status: 'captured', captures: 2 } });
    expect(ids(answer)).toEqual(['1', '2', '3']);
  });

  it('is the newest cut one when there is no other, with the status partial', async () => {
    const context = await anArchive([
      cut('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2])),
      cut('daily 2025-01-08', '2025-01-08T07:00:00Z', papers([2], [3])),
    ]);
    const answer = await newest(context, 'daily 2025-01-08');
    expect(answer.coverage).toMatchObject({ status: 'partial', complete: false });
    expect(ids(answer)).toEqual(['2', '3']);
  });

  it('has no papers when the feed has none, when visits failed or when there was no visit, and never those of another day', async () => {
    const context = await anArchive([
      seen('daily 2025-01-10', '2025-01-10T06:00:00Z', papers([1])),
      seen('daily 2025-01-11', '2025-01-11T06:00:00Z', []),
      refused('daily 2025-01-12', '2025-01-12T06:00:00Z'),
    ]);
    const shown = async (day: string) => {
      const { observedAt, coverage, papers, total } = await newest(context, `daily ${day}`);
      return [coverage.status, observedAt, papers, total, coverage.failures];
    };
    expect(await shown('2025-01-11')).toEqual(['empty', '2025-01-11T06:00:00Z', [], 0, 0]);
    expect(await shown('2025-01-12')).toEqual(['failed', null, [], 0, 1]);
    expect(await shown('2025-01-13')).toEqual(['missing', null, [], 0, 0]);
    expect(await shown('2999-01-13')).toEqual(['missing', null, [], 0, 0]);
  });

  it('has the fields of a paper that the feed has, and null for the others', async () => {
    const bare = aPaper({ keywords: null, organization: null, submittedBy: null, upvotes: null, comments: null });
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [
        bare,
        aPaper({ rank: 2, id: '2501.00002' }),
        aPaper({ rank: 3, id: '2501.00003' }),
      ]),
    ]);
    const { papers: rows } = await newest(context, 'daily 2025-01-08');
    expect(rows[0]).toMatchObject({
      keywords: null,
      organization: null,
      submittedBy: null,
      upvotes: null,
      comments: null,
      gain: null,
    });
    expect(rows[1]).toMatchObject({
      id: '2501.00002',
      keywords: ['tables', 'long reading'],
      organization: { name: 'acme', fullname: 'Acme Research' },
      submittedBy: 'a-login',
      publishedAt: '2025-01-07T14:00:00Z',
      listedOn: '2025-01-08',
      githubStars: null,
      url: 'https://huggingface.co/papers/2501.00002',
      arxivUrl: 'https://arxiv.org/abs/2501.00002',
    });
  });

  it('holds every paper when two captures were taken in the same second', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2])),
    ]);
    const answer = await newest(context, 'daily 2025-01-08');
    expect(answer.papers).toHaveLength(answer.coverage.listed ?? -1);
  });
});

describe('the newest list', () => {
  it('is that of its first capture from the second of that capture on', async () => {
    const context = await anArchive([seen('daily 2025-01-08', '2025-01-10T06:00:00Z', papers([1]))]);
    const at = (time: string) => getNewestList(context, 'daily', { at: instant(time), sort: 'rank' });
    expect(await at('2025-01-10T06:00:00Z')).toMatchObject({ day: '2025-01-08', total: 1 });
    expect(await at('2025-01-10T05:59:59Z')).toMatchObject({ day: '2025-01-10', total: 0 });
  });

  it('counts for today the papers of its newest capture, not those that left', async () => {
    const { today } = await getNewestList(
      await anArchive([
        seen('daily 2025-01-20', '2025-01-20T06:00:00Z', papers([1], [2], [3])),
        seen('daily 2025-01-20', '2025-01-20T09:00:00Z', papers([1], [3])),
      ]),
      'daily',
      NEWEST,
    );
    expect(today).toMatchObject({ day: '2025-01-20', papers: 2 });
  });

  it('rounds ages to the nearest tenth of an hour', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:58:00Z', papers([1, 3, { listedOn: day('2025-01-08') }])),
    ]);
    expect((await newest(context, 'daily 2025-01-08')).papers[0]?.ageHours).toBe(7);
  });

  it('is for daily that of the newest day with papers, with the number of papers today', async () => {
    const context = await anArchive([
      seen('daily 2025-01-17', '2025-01-17T06:00:00Z', papers([1], [2])),
      seen('daily 2025-01-18', '2025-01-18T06:00:00Z', []),
      refused('daily 2025-01-19', '2025-01-19T06:00:00Z'),
      seen('daily 2025-01-20', '2025-01-20T01:00:00Z', []),
    ]);
    expect(await getNewestList(context, 'daily', NEWEST)).toMatchObject({
      day: '2025-01-17',
      total: 2,
      today: { day: '2025-01-20', status: 'empty', papers: 0, last: '2025-01-20T01:00:00Z' },
    });
  });

  it('is missing, of today, in an archive that holds nothing', async () => {
    const answer = await getNewestList(await anArchive([]), 'daily', NEWEST);
    expect(answer).toMatchObject({ day: '2025-01-20', coverage: { status: 'missing' }, today: { papers: 0 } });
  });

  it('at an earlier time is as it was known then, with papers that a day has lost since and without days that were imported later', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([2])),
      seen('daily 2025-01-09', '2025-01-09T18:00:00Z', []),
      seen('daily 2025-01-07', '2025-01-19T00:00:00Z', papers([3])),
    ]);
    const known = async (at: string) => (await getNewestList(context, 'daily', { at: instant(at), sort: 'rank' })).day;
    expect(await known('2025-01-09T12:00:00Z')).toBe('2025-01-09');
    expect(await known('2025-01-09T19:00:00Z')).toBe('2025-01-08');
    expect(await known('2025-01-07T12:00:00Z')).toBe('2025-01-07');
    expect(
      (await getNewestList(context, 'daily', { at: instant('2025-01-07T12:00:00Z'), sort: 'rank' })).papers,
    ).toEqual([]);
  });

  it('is for trending the last capture of the newest day that has one', async () => {
    const context = await anArchive([
      seen('trending 2025-01-18', '2025-01-18T23:00:00Z', papers([1], [2])),
      refused('trending 2025-01-19', '2025-01-19T00:00:00Z'),
    ]);
    const answer = await getNewestList(context, 'trending', NEWEST);
    expect(answer).toMatchObject({ day: '2025-01-18', observedAt: '2025-01-18T23:00:00Z' });
    expect(answer).not.toHaveProperty('today');
  });
});

describe('The previous rank', () => {
  const previousOf = async (context: QueryContext, list: string) =>
    (await newest(context, list)).papers.map(({ id, previousRank }) => [id?.slice(-1), previousRank]);

  it('is read across midnight for trending, also across days that were not captured', async () => {
    const context = await anArchive([
      seen('trending 2025-01-10', '2025-01-10T22:00:00Z', papers([3], [1])),
      seen('trending 2025-01-10', '2025-01-10T23:00:00Z', papers([1], [2])),
      refused('trending 2025-01-10', '2025-01-10T23:30:00Z'),
      seen('trending 2025-01-11', '2025-01-11T00:00:00Z', papers([2], [1], [3])),
      refused('trending 2025-01-14', '2025-01-14T00:00:00Z'),
      seen('trending 2025-01-15', '2025-01-15T00:00:00Z', papers([3], [2])),
    ]);
    expect(await previousOf(context, 'trending 2025-01-11')).toEqual([
      ['2', 2],
      ['1', 1],
      ['3', null],
    ]);
    expect(await previousOf(context, 'trending 2025-01-15')).toEqual([
      ['3', 3],
      ['2', 1],
    ]);
  });

  it('is that of the same day once it has an earlier capture', async () => {
    const context = await anArchive([
      seen('trending 2025-01-10', '2025-01-10T23:00:00Z', papers([1], [2])),
      seen('trending 2025-01-11', '2025-01-11T00:00:00Z', papers([2], [1])),
      seen('trending 2025-01-11', '2025-01-11T01:00:00Z', papers([1], [2])),
    ]);
    expect(await previousOf(context, 'trending 2025-01-11')).toEqual([
      ['1', 2],
      ['2', 1],
    ]);
  });

  it('never comes from another day for daily', async () => {
    const context = await anArchive([
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([1], [2])),
      seen('daily 2025-01-10', '2025-01-10T06:00:00Z', papers([2], [1])),
    ]);
    expect(await previousOf(context, 'daily 2025-01-10')).toEqual([
      ['2', null],
      ['1', null],
    ]);
  });

  it('is null for a watched search whose query was changed', async () => {
    const asked = (query: string) => ({ answer: { url: `https://huggingface.co/papers?q=${query}` } });
    const context = await anArchive([
      seen('watched:agents 2025-01-09', '2025-01-09T00:00:00Z', papers([1], [2]), asked('agents')),
      seen('watched:agents 2025-01-10', '2025-01-10T00:00:00Z', papers([2], [1]), asked('agents')),
      seen('watched:agents 2025-01-11', '2025-01-11T00:00:00Z', papers([2], [1]), asked('tool%20use')),
    ]);
    expect(await previousOf(context, 'watched:agents 2025-01-10')).toEqual([
      ['2', 2],
      ['1', 1],
    ]);
    expect(await previousOf(context, 'watched:agents 2025-01-11')).toEqual([
      ['2', null],
      ['1', null],
    ]);
  });
});

describe('rows of copied text', () => {
  const text = (list: string, at: string) =>
    copied(list, at, [
      ['Teapots That Remember', 'We brew. It is a short abstract of made-up tea.'],
      ['Slow Lanterns', 'We wait. It is a short abstract of made-up light.'],
    ]);
  const teapots = { title: 'Teapots that remember', abstract: 'We brew. It is a short abstract of made-up tea.' };

  it('have no id, upvotes or authors while no paper has their title', async () => {
    const { papers: rows, coverage } = await newest(
      await anArchive([text('watched:tea 2025-01-10', '2025-01-10T00:00:00Z')]),
      'watched:tea 2025-01-10',
    );
    expect(coverage.complete).toBeNull();
    expect(rows[0]).toMatchObject({
      rank: 1,
      id: null,
      title: 'Teapots That Remember',
      upvotes: null,
      authors: null,
      url: null,
    });
  });

  it('are distinguished from papers for which the feed has an empty list of authors', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 5, { authors: [] }])),
    ]);
    expect((await newest(context, 'daily 2025-01-08')).papers[0]?.authors).toEqual([]);
  });

  it('get the id and fields of the one paper that has their title, whichever came first', async () => {
    const context = await anArchive([
      text('watched:tea 2025-01-10', '2025-01-10T00:00:00Z'),
      seen('daily 2025-01-08', '2025-01-12T00:00:00Z', papers([1, 5, teapots])),
    ]);
    const { papers: rows } = await newest(context, 'watched:tea 2025-01-10');
    expect(rows[0]).toMatchObject({
      id: '2501.00001',
      authors: ['Ada Example', 'Ben Example'],
      listedOn: '2025-01-08',
      upvotes: null,
    });
    expect(rows[1]).toMatchObject({ id: null });
    const then = await asOf(context, 'watched:tea 2025-01-10', '2025-01-11T00:00:00Z');
    expect(then.papers.map(({ id, authors }) => [id, authors])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('get no id when two papers have the title, but had one while only one was known', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T00:00:00Z', papers([1, 5, teapots])),
      text('watched:tea 2025-01-10', '2025-01-10T00:00:00Z'),
      seen('daily 2025-01-11', '2025-01-11T00:00:00Z', papers([2, 5, teapots])),
    ]);
    expect(ids(await newest(context, 'watched:tea 2025-01-10'))).toEqual([null, null]);
    expect(ids(await asOf(context, 'watched:tea 2025-01-10', '2025-01-10T23:59:59Z'))).toEqual(['1', null]);
    expect(ids(await asOf(context, 'watched:tea 2025-01-10', '2025-01-11T00:00:00Z'))).toEqual([null, null]);
  });

  it('count as the paper between captures that knew its id', async () => {
    const list = 'daily 2025-01-08';
    const context = await anArchive([
      seen(list, '2025-01-08T06:00:00Z', papers([2, 7], [1, 5, teapots])),
      text(list, '2025-01-08T12:00:00Z'),
      seen(list, '2025-01-08T18:00:00Z', papers([1, 9, teapots], [2, 8])),
    ]);
    const [copy] = (await asOf(context, list, '2025-01-08T12:00:00Z')).papers;
    expect(copy).toMatchObject({
      id: '2501.00001',
      rank: 1,
      previousRank: 2,
      firstRank: 2,
      firstSeen: '2025-01-08T06:00:00Z',
    });
    const [after] = (await newest(context, list)).papers;
    expect(after).toMatchObject({ id: '2501.00001', previousRank: 1, firstUpvotes: 5, gain: 4 });
  });
});
