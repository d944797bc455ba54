import { describe, expect, it } from 'vitest';
import type { Capture } from '../../shared/model/capture.ts';
import type { OpenDateRange } from '../../shared/query/range.ts';
import type { TopAnswer, TopPaper } from '../../shared/query/top.schema.ts';
import { getTop, type TopParameters } from '../../shared/query/top.ts';
import { aPaper, day } from '../support/build.ts';
import { anArchive, copied, cut, papers, refused, seen } from './archive.ts';

const WEEK = { from: day('2025-01-06'), to: day('2025-01-12') };
const RANKING = { list: 'daily', by: 'upvotes', age: null, limit: 500, cursor: null } as const;

const top = async (
  captures: readonly Capture[],
  { from, to, ...ranking }: Partial<TopParameters & OpenDateRange> = {},
  now?: string,
) =>
  getTop(
    await anArchive(captures, now),
    { from: from === undefined ? WEEK.from : from, to: to === undefined ? WEEK.to : to },
    { ...RANKING, ...ranking },
  );

/** Rank, last digit of the id, value. */
const board = ({ papers }: { papers: readonly TopPaper[] }) =>
  papers.map(({ rank, id, value }) => [rank, Number(id?.slice(-1)), value]);

const on = (list: string) => ({ listedOn: day(list) });

const twoDays: readonly Capture[] = [
  seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 3, on('2025-01-06')], [2, 9, on('2025-01-06')])),
  seen('daily 2025-01-06', '2025-01-08T06:00:00Z', papers([2, 12, on('2025-01-06')], [1, 11, on('2025-01-06')])),
  seen('daily 2025-01-07', '2025-01-07T06:00:00Z', papers([3, 20, on('2025-01-07')])),
  seen('daily 2025-01-13', '2025-01-13T06:00:00Z', papers([4, 99, on('2025-01-13')])),
];

describe('a leaderboard', () => {
  it('by upvotes uses the last capture of the range that has them, and only lists of the range', async () => {
    expect(board(await top(twoDays))).toEqual([
      [1, 3, 20],
      [2, 2, 12],
      [3, 1, 11],
    ]);
    const [, second] = (await top(twoDays)).papers;
    expect(second).toMatchObject({ readAt: '2025-01-08T06:00:00Z', listedOn: '2025-01-06', ageHours: 54 });
  });

  it('counts first places from first sight, and best places over all lists of a paper', async () => {
    const [paper] = (
      await top([
        seen('daily 2025-01-07', '2025-01-07T06:00:00Z', papers([2, 9], [3, 8], [1, 5])),
        seen('daily 2025-01-06', '2025-01-07T08:00:00Z', papers([1, 50], [4, 1])),
      ])
    ).papers;
    expect(paper).toMatchObject({ id: '2501.00001', firstRank: 3, bestRank: 1, firstSeen: '2025-01-07T06:00:00Z' });
  });

  it('takes the upvotes of the list that a paper was seen on last, where two were read in one second', async () => {
    const [paper] = (
      await top([
        seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 5])),
        seen('daily 2025-01-06', '2025-01-08T06:00:00Z', papers([1, 10])),
        seen('daily 2025-01-07', '2025-01-08T06:00:00Z', papers([1, 12])),
      ])
    ).papers;
    expect(paper).toMatchObject({ upvotes: 12, value: 12, readAt: '2025-01-08T06:00:00Z' });
  });

  it('by gain uses the last upvotes less the first, with unknown gains of papers seen once last', async () => {
    expect(board(await top(twoDays, { by: 'gain' }))).toEqual([
      [1, 1, 8],
      [2, 2, 3],
      [3, 3, null],
    ]);
  });

  it('by days counts the lists of the range that a paper was on', async () => {
    const trending = ['06', '07', '09'].map((date, n) =>
      seen(
        `trending 2025-01-${date}`,
        `2025-01-${date}T06:00:00Z`,
        papers([1, 5], ...(n > 0 ? [[2, 7] as const] : [])),
      ),
    );
    expect(board(await top(trending, { list: 'trending', by: 'days' }))).toEqual([
      [1, 1, 3],
      [2, 2, 2],
    ]);
  });

  it('puts papers with the same value in the order of their ids', async () => {
    const same = [seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([3, 5], [1, 5], [2, 5]))];
    expect(board(await top(same)).map(([, id]) => id)).toEqual([1, 2, 3]);
  });

  it('has the ranks and upvotes of each paper over the lists of the range', async () => {
    const captures = [
      seen('trending 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4], [2, 2])),
      seen('trending 2025-01-07', '2025-01-07T06:00:00Z', papers([2, 9], [1, 7])),
      seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 6])),
      seen('trending 2025-01-14', '2025-01-14T06:00:00Z', papers([1, 50])),
    ];
    const { papers: rows } = await top(captures, { list: 'trending' });
    expect(rows[1]).toMatchObject({
      id: '2501.00001',
      rank: 2,
      previousRank: null,
      firstRank: 1,
      bestRank: 1,
      firstUpvotes: 4,
      peakUpvotes: 7,
      upvotes: 6,
      gain: 2,
      firstSeen: '2025-01-06T06:00:00Z',
      readAt: '2025-01-08T06:00:00Z',
    });
  });

  it('shows upvotes that went down as they are', async () => {
    const captures = [
      seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 9])),
      seen('daily 2025-01-06', '2025-01-06T09:00:00Z', papers([1, 8])),
    ];
    expect(board(await top(captures, { by: 'gain' }))).toEqual([[1, 1, -1]]);
  });

  it('counts a paper once that was moved from one day to another, from its first sight to its last', async () => {
    const captures = [
      seen('daily 2025-01-07', '2025-01-07T06:00:00Z', papers([1, 2])),
      seen('daily 2025-01-07', '2025-01-08T12:00:00Z', papers([2, 1])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 6])),
    ];
    const answer = await top(captures, { by: 'gain' });
    expect(answer.papers.find(({ id }) => id === '2501.00001')).toMatchObject({
      value: 4,
      firstUpvotes: 2,
      upvotes: 6,
    });
    expect(answer.total).toBe(2);
  });

  it('comes in pages whose ranks go on', async () => {
    const context = await anArchive(twoDays);
    const ranks: (number | string)[] = [];
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const answer: TopAnswer = await getTop(context, WEEK, { ...RANKING, by: 'gain', limit: 1, cursor });
      ranks.push(...answer.papers.map(({ rank, id }) => `${rank} ${id?.slice(-1)}`));
      expect(answer.total).toBe(3);
      cursor = answer.next && Buffer.from(answer.next, 'base64url').toString();
    }
    expect(ranks).toEqual(['1 1', '2 2', '3 3']);
  });
});

describe('a leaderboard at an age', () => {
  const paper = (upvotes: number, id = 1) => papers([id, upvotes, on('2025-01-06')]);
  const rising = [
    seen('daily 2025-01-06', '2025-01-06T06:00:00Z', paper(1)),
    seen('daily 2025-01-06', '2025-01-07T20:00:00Z', paper(5)),
    seen('daily 2025-01-06', '2025-01-08T07:00:00Z', paper(7)),
    seen('daily 2025-01-06', '2025-01-20T06:00:00Z', paper(30)),
  ];

  it('ranks by the upvotes in the capture nearest to it, and says when that was', async () => {
    const { papers: rows, ageHours } = await top(rising, { age: 48 }, '2025-01-21T00:00:00Z');
    expect(ageHours).toBe(48);
    expect(rows[0]).toMatchObject({ value: 5, readAt: '2025-01-07T20:00:00Z', ageHours: 44, upvotes: 30 });
  });

  it('has null where no capture is near', async () => {
    const { papers: rows } = await top(rising, { age: 24 });
    expect(rows[0]).toMatchObject({ value: null, readAt: null, ageHours: null, upvotes: 30 });
  });

  it('by gain uses those upvotes less the first, unknown where only the first capture is near', async () => {
    const at = async (age: number) => {
      const [row] = (await top(rising, { by: 'gain', age }, '2025-01-21T00:00:00Z')).papers;
      return [row?.value, row?.readAt];
    };
    expect(await at(48)).toEqual([4, '2025-01-07T20:00:00Z']);
    expect(await at(6)).toEqual([null, '2025-01-06T06:00:00Z']);
    expect(await at(24)).toEqual([null, null]);
  });

  it('counts from the start of the day a paper was listed on, on any list and across its days', async () => {
    const captures = [
      ...rising,
      seen('trending 2025-01-07', '2025-01-07T23:00:00Z', paper(5)),
      seen('trending 2025-01-08', '2025-01-08T00:30:00Z', paper(6)),
      seen('trending 2025-01-09', '2025-01-09T00:00:00Z', [aPaper({ id: 'cs/0301012', upvotes: 70 })]),
    ];
    const { papers: rows } = await top(captures, { list: 'trending', age: 48 }, '2025-01-21T00:00:00Z');
    expect(rows.map(({ id, value, readAt }) => [id, value, readAt])).toEqual([
      ['2501.00001', 6, '2025-01-08T00:30:00Z'],
      ['cs/0301012', null, null],
    ]);
  });
});

describe('the range of a leaderboard', () => {
  const days = async (asked: Partial<OpenDateRange>) => {
    const { from, to } = await top([], { from: null, to: null, ...asked }, '2025-01-20T12:00:00Z');
    return [from, to];
  };

  it('ends by default with the newest captured day, so that an archive that stopped shows what it has', async () => {
    const captures = [...twoDays, refused('daily 2025-01-15', '2025-01-15T06:00:00Z')];
    const found = await top(captures, { from: null, to: null }, '2025-06-01T12:00:00Z');
    expect(found).toMatchObject({ from: '2025-01-07', to: '2025-01-13', total: 2 });
    const since = await top(captures, { from: day('2025-01-02'), to: null }, '2025-06-01T12:00:00Z');
    expect(since).toMatchObject({ from: '2025-01-02', to: '2025-06-01' });
    const running = [...twoDays, seen('daily 2025-01-20', '2025-01-20T06:00:00Z', papers([9]))];
    expect(await top(running, { from: null, to: null }, '2025-01-20T12:00:00Z')).toMatchObject({ to: '2025-01-20' });
  });

  it('is by default the last seven days', async () => {
    expect(await days({})).toEqual(['2025-01-14', '2025-01-20']);
    expect(await days({ from: day('2025-01-02') })).toEqual(['2025-01-02', '2025-01-20']);
    expect(await days({ to: day('2025-01-07') })).toEqual(['2025-01-01', '2025-01-07']);
    expect(await days({ from: day('2025-02-01') })).toEqual(['2025-02-01', '2025-02-01']);
  });
});

describe('the coverage of a leaderboard', () => {
  const of = async (captures: readonly Capture[], now?: string) => (await top(captures, {}, now)).coverage;
  const wholeWeek = ['06', '07', '08', '09', '10', '11', '12'].map((date, n) =>
    seen(`daily 2025-01-${date}`, `2025-01-${date}T06:00:00Z`, n < 5 ? papers([n + 1, 5]) : []),
  );

  it('is captured when every day was, those without papers too', async () => {
    expect(await of(wholeWeek)).toEqual({
      status: 'captured',
      captures: 7,
      failures: 0,
      first: '2025-01-06T06:00:00Z',
      last: '2025-01-12T06:00:00Z',
      listed: 5,
      pages: 7,
      complete: true,
      settled: false,
      daysCaptured: 7,
      daysExpected: 7,
    });
  });

  it('is partial when a day was never visited, failed or was cut, with the number of such days', async () => {
    const holes = wholeWeek.filter((_, at) => at !== 2);
    expect(await of(holes)).toMatchObject({ status: 'partial', complete: null, daysCaptured: 6, daysExpected: 7 });
    const failed = [...holes, refused('daily 2025-01-08', '2025-01-08T06:00:00Z')];
    expect(await of(failed)).toMatchObject({ status: 'partial', failures: 1, complete: null, daysCaptured: 6 });
    const parted = [...holes, cut('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2]))];
    expect(await of(parted)).toMatchObject({ status: 'partial', complete: false, daysCaptured: 7 });
    expect(await of(wholeWeek.slice(0, 6))).toMatchObject({ status: 'partial', daysCaptured: 6, daysExpected: 7 });
  });

  it('does not know that it is complete when that is unknown of one day', async () => {
    const page = copied('daily 2025-01-08', '2025-01-08T06:00:00Z', [
      ['Kites on Long Strings', 'We fly kites on long strings, and they stay up in the air.'],
    ]);
    const unknown = wholeWeek.map((capture) => (capture.day === page.day ? page : capture));
    expect(await of(unknown)).toMatchObject({ status: 'captured', complete: null, daysCaptured: 7 });
  });

  it('is empty, failed or missing when every day is', async () => {
    expect(
      await of(wholeWeek.map((capture) => ({ ...capture, ...seen(`daily ${capture.day}`, capture.at, []) }))),
    ).toMatchObject({
      status: 'empty',
      listed: 0,
    });
    expect(await of([refused('daily 2025-01-08', '2025-01-08T06:00:00Z')])).toMatchObject({
      status: 'failed',
      listed: null,
      first: null,
      daysCaptured: 0,
    });
    expect(await top([])).toMatchObject({
      coverage: { status: 'missing', daysExpected: 7 },
      papers: [],
      observedAt: null,
    });
  });

  it('does not expect days that are still to come', async () => {
    const started = wholeWeek.slice(0, 3);
    expect(await of(started, '2025-01-08T12:00:00Z')).toMatchObject({
      status: 'captured',
      daysCaptured: 3,
      daysExpected: 3,
    });
  });

  it('is settled when every day is', async () => {
    const later = wholeWeek.map((capture) => seen(`daily ${capture.day}`, '2025-01-27T06:00:00Z', papers([9])));
    expect(await of([...wholeWeek, ...later], '2025-01-28T00:00:00Z')).toMatchObject({ settled: true });
    expect(await of([...wholeWeek, ...later.slice(1)], '2025-01-28T00:00:00Z')).toMatchObject({ settled: false });
  });

  it('counts the entries of the newest list that is whole, of each day', async () => {
    const captures = [
      seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1], [2])),
      seen('daily 2025-01-06', '2025-01-06T07:00:00Z', papers([1], [2], [3])),
      cut('daily 2025-01-06', '2025-01-06T08:00:00Z', papers([1])),
    ];
    expect(await of(captures)).toMatchObject({ listed: 3 });
  });
});
