import { describe, expect, it } from 'vitest';
import type { QueryContext } from '../../shared/query/context.ts';
import { MoversAnswer } from '../../shared/query/movers.schema.ts';
import { getMovers, moversQuestion } from '../../shared/query/movers.ts';
import { aPaper, instant } from '../support/build.ts';
import { anArchive, copied, cut, papers, refused, seen } from './archive.ts';

/** Movers of a list, `daily`, between two instants, `2025-01-08T06:00:00Z 2025-01-09T06:00:00Z`. */
async function found(context: QueryContext, list: string, between: string) {
  const [from, to] = between.split(' ').map((at) => instant(at.length === 16 ? `${at}:00Z` : at));
  return getMovers(context, list as 'daily', { from: from as never, to: to as never });
}
async function movers(context: QueryContext, list: string, between: string): Promise<MoversAnswer> {
  return MoversAnswer.parse(await found(context, list, between));
}
const short = (id: string | null) => id?.slice(-1) ?? null;
const enteredIn = ({ entered }: MoversAnswer) => entered.map(({ id, rank, upvotes }) => [short(id), rank, upvotes]);
const leftIn = ({ left }: MoversAnswer) => left.map(({ id, rankBefore }) => [short(id), rankBefore]);
const movedIn = ({ moved }: MoversAnswer) =>
  moved.map((row) => [
    short(row.id),
    row.rankBefore,
    row.rankAfter,
    row.upvotesBefore,
    row.upvotesAfter,
    row.hours,
    row.upvotesPerHour,
  ]);

describe('movers of an archive that stopped', () => {
  it.each(['trending', 'daily'] as const)(
    'of %s end with the newest capture when the window holds none',
    async (list) => {
      const context = await anArchive([
        seen(`${list} 2025-01-08`, '2025-01-08T02:00:00Z', papers([1, 30])),
        seen(`${list} 2025-01-08`, '2025-01-08T06:00:00Z', papers([1, 34])),
        seen(`${list} 2025-01-09`, '2025-01-09T04:00:00Z', papers([1, 40])),
      ]);
      const asked = { list, from: null, to: null, window: '24h', sort: 'upvotes' } as const;
      const { from, to } = await moversQuestion.run(
        { ...context, clock: () => instant('2025-06-01T00:00:00Z') },
        asked,
      );
      expect([from.asked, to.asked]).toEqual(['2025-01-08T04:00:00Z', '2025-01-09T04:00:00Z']);
      const during = await moversQuestion.run({ ...context, clock: () => instant('2025-01-09T08:00:00Z') }, asked);
      expect([during.from.asked, during.to.asked]).toEqual(['2025-01-08T08:00:00Z', '2025-01-09T08:00:00Z']);
    },
  );
});

describe('movers of trending', () => {
  it('by stars are sorted by the stars gained in an hour, unknown last', async () => {
    const starred = (...stars: (number | null)[]) =>
      papers([1, 30], [2, 20], [3, 10]).map((row, at) => ({ ...row, githubStars: stars[at] ?? null }));
    const context = await anArchive([
      seen('trending 2025-01-08', '2025-01-08T02:00:00Z', starred(100, 10, null)),
      seen('trending 2025-01-08', '2025-01-08T06:00:00Z', starred(104, 50, 7)),
    ]);
    const range = { from: instant('2025-01-08T02:00:00Z'), to: instant('2025-01-08T06:00:00Z') };
    const { moved } = await getMovers(context, 'trending', range, 'stars');
    expect(
      moved.map(({ id, starsBefore, starsAfter, starsPerHour }) => [short(id), starsBefore, starsAfter, starsPerHour]),
    ).toEqual([
      ['2', 10, 50, 10],
      ['1', 100, 104, 1],
      ['3', null, 7, null],
    ]);
  });

  const three = () =>
    anArchive([
      seen('trending 2025-01-07', '2025-01-07T22:00:00Z', papers([1, 30], [2, 20], [3, 10], [4, 7])),
      refused('trending 2025-01-08', '2025-01-08T00:00:00Z'),
      seen('trending 2025-01-08', '2025-01-08T02:00:00Z', papers([2, 28], [1, 30], [5, 12], [4, 5])),
      seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([6, 1], [2, 30])),
    ]);

  it('compare the newest captures not later than each edge, also of an earlier day', async () => {
    const answer = await movers(await three(), 'trending', '2025-01-08T01:00 2025-01-08T05:59');
    expect(answer).toMatchObject({
      list: 'trending',
      from: { asked: '2025-01-08T01:00:00Z', observedAt: '2025-01-07T22:00:00Z' },
      to: { asked: '2025-01-08T05:59:00Z', observedAt: '2025-01-08T02:00:00Z' },
      hours: 4,
      coverage: {
        before: [{ day: '2025-01-07', at: '2025-01-07T22:00:00Z', complete: null, papers: 4 }],
        after: [{ day: '2025-01-08', at: '2025-01-08T02:00:00Z', complete: null, papers: 4 }],
        missing: [],
      },
      sample: false,
    });
    expect(enteredIn(answer)).toEqual([['5', 3, 12]]);
    expect(leftIn(answer)).toEqual([['3', 3]]);
    expect(answer.entered[0]).toEqual({
      id: '2501.00005',
      title: 'What the paper 2501.00005 is called',
      rank: 3,
      upvotes: 12,
    });
    expect(answer.left[0]).toEqual({ id: '2501.00003', title: 'What the paper 2501.00003 is called', rankBefore: 3 });
  });

  it('list moved papers by upvotes per hour, those that lost upvotes last, with the ranks of both captures', async () => {
    const answer = await movers(await three(), 'trending', '2025-01-08T01:00 2025-01-08T05:59');
    expect(movedIn(answer)).toEqual([
      ['2', 2, 1, 20, 28, 4, 2],
      ['1', 1, 2, 30, 30, 4, 0],
      ['4', 4, 4, 7, 5, 4, -0.5],
    ]);
    expect(answer.moved[0]?.title).toBe('What the paper 2501.00002 is called');
  });

  it('include a capture of the same second as the edge', async () => {
    const answer = await movers(await three(), 'trending', '2025-01-08T02:00 2025-01-08T06:00');
    expect([answer.from.observedAt, answer.to.observedAt]).toEqual(['2025-01-08T02:00:00Z', '2025-01-08T06:00:00Z']);
    const earlier = await movers(await three(), 'trending', '2025-01-08T01:59:59Z 2025-01-08T05:59:59Z');
    expect([earlier.from.observedAt, earlier.to.observedAt]).toEqual(['2025-01-07T22:00:00Z', '2025-01-08T02:00:00Z']);
  });

  it('are empty, with both moments, when nothing was captured between them', async () => {
    const answer = await movers(await three(), 'trending', '2025-01-08T02:30 2025-01-08T05:30');
    expect(answer).toMatchObject({
      from: { observedAt: '2025-01-08T02:00:00Z' },
      to: { observedAt: '2025-01-08T02:00:00Z' },
      hours: 0,
      entered: [],
      left: [],
      moved: [],
    });
  });

  it('ignore failed visits, however many', async () => {
    const failed = Array.from({ length: 40 }, (_, n) =>
      refused('trending 2025-01-08', `2025-01-08T10:${String(n).padStart(2, '0')}:00Z`),
    );
    const context = await anArchive([
      seen('trending 2025-01-07', '2025-01-07T10:00:00Z', papers([1])),
      seen('trending 2025-01-08', '2025-01-08T09:00:00Z', papers([2])),
      ...failed,
      ...failed.map(({ at }) => refused('trending 2025-01-09', at.replace('-08T', '-09T'))),
    ]);
    const answer = await movers(context, 'trending', '2025-01-08T00:00 2025-01-09T12:00');
    expect(answer.to.observedAt).toBe('2025-01-08T09:00:00Z');
    expect([enteredIn(answer), leftIn(answer)]).toEqual([[['2', 1, 10]], [['1', 1]]]);
  });

  it('are a 404 before the first capture, and the error names the oldest list', async () => {
    const context = await three();
    await expect(found(context, 'trending', '2025-01-07T21:59 2025-01-08T06:00')).rejects.toThrow(
      'two captures are compared, but nothing of trending had been captured by 2025-01-07T21:59:00Z; the oldest list is that of 2025-01-07, first captured at 2025-01-07T22:00:00Z',
    );
    for (const [archive, list] of [[context, 'watched:tea'] as const, [await anArchive([]), 'daily'] as const])
      await expect(found(archive, list, '2025-01-07T21:59 2025-01-08T06:00')).rejects.toMatchObject({
        code: 'NOT_CAPTURED',
      });
  });
});

describe('the rate of a moved paper', () => {
  it('is null where its votes are unknown at either edge, and such rows come last', async () => {
    const context = await anArchive([
      seen('trending 2025-01-08', '2025-01-08T00:00:00Z', [
        aPaper({ rank: 1, id: '2501.00001', upvotes: null }),
        aPaper({ rank: 2, id: '2501.00002', upvotes: 9 }),
        aPaper({ rank: 3, id: '2501.00003', upvotes: 9 }),
        aPaper({ rank: 4, id: '2501.00004', upvotes: 9 }),
      ]),
      seen('trending 2025-01-08', '2025-01-08T10:00:00Z', [
        aPaper({ rank: 1, id: '2501.00001', upvotes: 3 }),
        aPaper({ rank: 2, id: '2501.00002', upvotes: null }),
        aPaper({ rank: 3, id: '2501.00003', upvotes: 4 }),
        aPaper({ rank: 4, id: '2501.00004', upvotes: 9 }),
      ]),
    ]);
    expect(movedIn(await movers(context, 'trending', '2025-01-08T01:00 2025-01-08T11:00'))).toEqual([
      ['4', 4, 4, 9, 9, 10, 0],
      ['3', 3, 3, 9, 4, 10, -0.5],
      ['1', 1, 1, null, 3, 10, null],
      ['2', 2, 2, 9, null, 10, null],
    ]);
  });

  it('breaks ties by id', async () => {
    const context = await anArchive([
      seen('trending 2025-01-08', '2025-01-08T00:00:00Z', papers([3, 1], [1, 20], [2, 10])),
      seen('trending 2025-01-08', '2025-01-08T03:00:00Z', papers([3, 2], [2, 11], [1, 21])),
    ]);
    const { moved } = await movers(context, 'trending', '2025-01-08T01:00 2025-01-08T04:00');
    expect(moved.map(({ id }) => short(id))).toEqual(['1', '2', '3']);
  });
});

describe('movers of daily', () => {
  /** Three list days; the newest begins between the edges. */
  const lists = () =>
    anArchive([
      seen('daily 2025-01-07', '2025-01-07T12:00:00Z', papers([1, 10], [2, 8])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([3, 5], [4, 4])),
      refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
      seen('daily 2025-01-07', '2025-01-08T12:00:00Z', papers([2, 20], [1, 10])),
      seen('daily 2025-01-08', '2025-01-08T18:00:00Z', papers([4, 16], [5, 9])),
      refused('daily 2025-01-08', '2025-01-08T20:00:00Z'),
      seen('daily 2025-01-09', '2025-01-09T05:00:00Z', papers([6, 2], [7, 1])),
      seen('daily 2025-01-08', '2025-01-10T00:00:00Z', papers([8, 100])),
    ]);

  it('compare the unions of the lists, each by its newest capture not later than the edge', async () => {
    const answer = await movers(await lists(), 'daily', '2025-01-08T07:30 2025-01-09T07:30');
    expect(answer).toMatchObject({
      from: { asked: '2025-01-08T07:30:00Z', observedAt: '2025-01-08T06:00:00Z' },
      to: { asked: '2025-01-09T07:30:00Z', observedAt: '2025-01-09T05:00:00Z' },
      hours: 23,
    });
    expect(enteredIn(answer)).toEqual([
      ['6', 1, 2],
      ['5', 2, 9],
      ['7', 2, 1],
    ]);
    expect(leftIn(answer)).toEqual([['3', 1]]);
    expect(movedIn(answer)).toEqual([
      ['4', 2, 1, 4, 16, 12, 1],
      ['2', 2, 1, 8, 20, 24, 0.5],
      ['1', 1, 2, 10, 10, 24, 0],
    ]);
  });

  it('name the captures they were read from and the list days that are missing', async () => {
    const { coverage } = await movers(await lists(), 'daily', '2025-01-08T07:30 2025-01-09T07:30');
    expect(coverage.before).toEqual([
      { day: '2025-01-07', at: '2025-01-07T12:00:00Z', complete: true, papers: 2 },
      { day: '2025-01-08', at: '2025-01-08T06:00:00Z', complete: true, papers: 2 },
    ]);
    expect(coverage.after.map(({ day, at }) => [day, at])).toEqual([
      ['2025-01-07', '2025-01-08T12:00:00Z'],
      ['2025-01-08', '2025-01-08T18:00:00Z'],
      ['2025-01-09', '2025-01-09T05:00:00Z'],
    ]);
    expect(coverage.missing).toHaveLength(13);
    expect([coverage.missing[0], coverage.missing.at(-1)]).toEqual(['2024-12-25', '2025-01-06']);
  });

  it('leave out of moved what both edges read from the very same capture', async () => {
    const answer = await movers(await lists(), 'daily', '2025-01-08T18:30 2025-01-09T07:30');
    expect([answer.moved, answer.left]).toEqual([[], []]);
    expect(enteredIn(answer)).toEqual([
      ['6', 1, 2],
      ['7', 2, 1],
    ]);
  });

  it('include list days from 14 days before the first edge on, and no older ones', async () => {
    const context = await anArchive([
      seen('daily 2024-12-24', '2024-12-24T06:00:00Z', papers([1, 1])),
      seen('daily 2024-12-25', '2024-12-25T06:00:00Z', papers([2, 1])),
      seen('daily 2024-12-24', '2025-01-08T12:00:00Z', papers([1, 5])),
      seen('daily 2024-12-25', '2025-01-08T12:00:00Z', papers([2, 5])),
    ]);
    const answer = await movers(context, 'daily', '2025-01-08T00:00 2025-01-08T23:59');
    expect(answer.moved.map(({ id }) => short(id))).toEqual(['2']);
    expect(answer.coverage.before.map(({ day }) => day)).toEqual(['2024-12-25']);
  });

  it('take the newest usable capture, also one that was cut', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 1], [2, 1], [3, 1])),
      cut('daily 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 2], [2, 3])),
    ]);
    const answer = await movers(context, 'daily', '2025-01-08T06:30 2025-01-08T07:30');
    expect(leftIn(answer)).toEqual([['3', 3]]);
    expect(answer.coverage.after).toMatchObject([{ complete: false, papers: 2 }]);
  });

  it('report every paper of a list that became empty as left, and count the empty list as captured', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2])),
      seen('daily 2025-01-08', '2025-01-08T07:00:00Z', []),
      seen('daily 2025-01-11', '2025-01-11T06:00:00Z', []),
      seen('daily 2025-01-11', '2025-01-11T18:00:00Z', papers([3])),
    ]);
    expect(leftIn(await movers(context, 'daily', '2025-01-08T06:30 2025-01-08T07:30'))).toEqual([
      ['1', 1],
      ['2', 2],
    ]);
    const weekend = await movers(context, 'daily', '2025-01-11T07:00 2025-01-11T18:00');
    expect([weekend.from.observedAt, enteredIn(weekend)]).toEqual(['2025-01-11T06:00:00Z', [['3', 1, 10]]]);
  });

  it('count what was imported later by the time of its capture, never by that of the import', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T18:00:00Z', papers([1, 9])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3]), { imported: true }),
    ]);
    expect(movedIn(await movers(context, 'daily', '2025-01-08T08:00 2025-01-08T20:00'))).toEqual([
      ['1', 1, 1, 3, 9, 12, 0.5],
    ]);
  });

  it('are a 404 where no list of those days was captured by the first edge', async () => {
    const context = await lists();
    await expect(found(context, 'daily', '2025-01-07T11:59 2025-01-09T00:00')).rejects.toThrow(
      'two captures are compared, but nothing of the daily lists of 2024-12-24 to 2025-01-07 had been captured by 2025-01-07T11:59:00Z; the oldest list is that of 2025-01-07, first captured at 2025-01-07T12:00:00Z',
    );
    await expect(found(context, 'daily', '2025-02-19T12:00 2025-02-20T12:00')).rejects.toMatchObject({
      code: 'NOT_CAPTURED',
    });
  });
});

describe('a paper that was given another list day', () => {
  it('has moved, not entered or left; its ranks on two lists are not compared', async () => {
    const context = await anArchive([
      seen('daily 2025-01-07', '2025-01-07T12:00:00Z', papers([1, 10], [2, 8])),
      seen('daily 2025-01-07', '2025-01-08T12:00:00Z', papers([2, 9])),
      seen('daily 2025-01-08', '2025-01-08T14:00:00Z', papers([3, 20], [1, 23])),
    ]);
    const answer = await movers(context, 'daily', '2025-01-07T12:00 2025-01-08T15:00');
    expect(movedIn(answer)).toEqual([
      ['1', null, null, 10, 23, 26, 0.5],
      ['2', 2, 1, 8, 9, 24, 1 / 24],
    ]);
    expect([enteredIn(answer), leftIn(answer)]).toEqual([[['3', 1, 20]], []]);
  });

  it('counts once at an edge that shows it on both: by its newest capture', async () => {
    const context = await anArchive([
      seen('daily 2025-01-07', '2025-01-07T12:00:00Z', papers([1, 10])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([3, 20], [1, 16])),
      seen('daily 2025-01-07', '2025-01-08T13:00:00Z', papers([1, 35])),
      seen('daily 2025-01-08', '2025-01-08T20:00:00Z', papers([1, 40], [3, 30])),
    ]);
    expect(movedIn(await movers(context, 'daily', '2025-01-08T12:30 2025-01-08T14:00'))).toEqual([
      ['1', null, null, 16, 35, 1, 19],
    ]);
    expect(movedIn(await movers(context, 'daily', '2025-01-08T12:30 2025-01-08T21:00'))).toEqual([
      ['1', 2, 1, 16, 40, 8, 3],
      ['3', 1, 2, 20, 30, 8, 1.25],
    ]);
    expect((await movers(context, 'daily', '2025-01-07T13:00 2025-01-08T14:00')).entered).toHaveLength(1);
  });

  it('counts by the later list day when both were captured in one second', async () => {
    const context = await anArchive([
      seen('daily 2025-01-07', '2025-01-07T12:00:00Z', papers([1, 10])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([3, 20], [1, 16])),
      seen('daily 2025-01-07', '2025-01-08T12:00:00Z', papers([1, 15])),
    ]);
    expect(movedIn(await movers(context, 'daily', '2025-01-07T12:00 2025-01-08T12:00'))).toEqual([
      ['1', null, null, 10, 16, 24, 0.25],
    ]);
  });

  it('has no rate where the second edge knows it only from an older capture than the first', async () => {
    const context = await anArchive([
      seen('daily 2025-01-07', '2025-01-08T10:00:00Z', papers([1, 10], [2, 1])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 12])),
      seen('daily 2025-01-08', '2025-01-08T14:00:00Z', papers([3, 1])),
    ]);
    expect(movedIn(await movers(context, 'daily', '2025-01-08T13:00 2025-01-08T15:00'))).toEqual([
      ['1', null, null, 12, 10, -2, null],
    ]);
  });
});

describe('movers of a watched search', () => {
  it('compare captures of one query, and are a 404 across a changed query', async () => {
    const other = { answer: { url: 'https://huggingface.co/papers?q=green+tea' } };
    const context = await anArchive([
      seen('watched:tea 2025-01-07', '2025-01-07T07:00:00Z', papers([1, 1])),
      seen('watched:tea 2025-01-08', '2025-01-08T07:00:00Z', papers([2, 3], [1, 25])),
      seen('watched:tea 2025-01-09', '2025-01-09T07:00:00Z', papers([4, 3]), other),
    ]);
    const answer = await movers(context, 'watched:tea', '2025-01-07T08:00 2025-01-08T08:00');
    expect([enteredIn(answer), movedIn(answer)]).toEqual([[['2', 1, 3]], [['1', 1, 2, 1, 25, 24, 1]]]);
    await expect(found(context, 'watched:tea', '2025-01-08T08:00 2025-01-09T08:00')).rejects.toThrow(
      'by 2025-01-08T08:00:00Z another search was watched under that name (tea, now green tea): they are not compared',
    );
  });

  const PROSE = 'It is made up, and says at some length what nobody has found out about tea. '.repeat(4);
  const text = (at: string, ...titles: string[]) =>
    copied(
      `watched:tea ${at.slice(0, 10)}`,
      at,
      titles.map((title) => [title, PROSE]),
    );

  it('keep rows of copied text without id under their title', async () => {
    const context = await anArchive([
      text('2025-01-07T07:00:00Z', 'Leaves That Remember Their Water', 'A Cup of Rare Gradients'),
      text('2025-01-08T07:00:00Z', 'A Cup of Rare Gradients', 'Kettles as Sequence Models'),
    ]);
    const answer = await movers(context, 'watched:tea', '2025-01-07T08:00 2025-01-08T08:00');
    expect(answer.entered).toEqual([{ id: null, title: 'Kettles as Sequence Models', rank: 2, upvotes: null }]);
    expect(answer.left).toEqual([{ id: null, title: 'Leaves That Remember Their Water', rankBefore: 1 }]);
    expect(answer.moved).toMatchObject([
      { id: null, title: 'A Cup of Rare Gradients', rankBefore: 2, rankAfter: 1, upvotesPerHour: null },
    ]);
  });

  it('match a row of copied text with the paper that has its title', async () => {
    const context = await anArchive([
      text('2025-01-07T07:00:00Z', 'What the paper 2501.00001 is called', 'A Cup of Rare Gradients'),
      seen('watched:tea 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 25])),
    ]);
    const answer = await movers(context, 'watched:tea', '2025-01-07T08:00 2025-01-08T08:00');
    expect(answer.moved).toMatchObject([{ id: '2501.00001', upvotesBefore: null, upvotesAfter: 25, hours: 24 }]);
    expect([answer.entered, answer.left.map(({ title }) => title)]).toEqual([[], ['A Cup of Rare Gradients']]);
  });
});
