import { describe, expect, it } from 'vitest';
import type { Day } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { PaperContent } from '../../shared/model/listing.ts';
import { getPaper } from '../../shared/query/paper.ts';
import { findStays, type Witness } from '../../shared/query/trending-stays.ts';
import { countOperations } from '../bench/counting.ts';
import { aPaper, hours, instant } from '../support/build.ts';
import { anArchive, copied, papers, refused, seen } from './archive.ts';

const ONE = '2501.00001';
const lifeOf = async (captures: readonly Capture[]) => (await getPaper(await anArchive(captures), ONE)).life;

describe('the first, best and highest of a paper', () => {
  it('have the list and the first capture that showed them', async () => {
    const life = await lifeOf([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2], [3], [1, 4])),
      seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([1, 12], [2])),
      seen('trending 2025-01-08', '2025-01-08T10:00:00Z', papers([2], [1, 30])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 29], [2])),
      seen('trending 2025-01-08', '2025-01-08T13:00:00Z', papers([1, 30], [2])),
    ]);
    expect(life.first).toEqual({
      list: 'daily',
      day: '2025-01-08',
      at: '2025-01-08T06:00:00Z',
      rank: 3,
      upvotes: 4,
    });
    expect(life.best).toEqual({ list: 'daily', day: '2025-01-08', at: '2025-01-08T09:00:00Z', rank: 1 });
    expect(life.peak).toEqual({ list: 'trending', day: '2025-01-08', at: '2025-01-08T10:00:00Z', upvotes: 30 });
  });

  it('are the first of their time where several lists reached them, also inside a list that began without them', async () => {
    const life = await lifeOf([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2], [1, 4])),
      seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([2], [1, 8])),
      seen('trending 2025-01-08', '2025-01-08T08:00:00Z', papers([1, 9], [2])),
      seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([1, 9], [2])),
      seen('trending 2025-01-09', '2025-01-09T00:00:00Z', papers([1, 9])),
    ]);
    expect(life.best).toMatchObject({ list: 'trending', at: '2025-01-08T08:00:00Z', rank: 1 });
    expect(life.peak).toMatchObject({ list: 'trending', at: '2025-01-08T08:00:00Z', upvotes: 9 });
  });

  it('are those of the list seen there first, where two lists reached them in one second', async () => {
    const life = await lifeOf([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2], [1, 4])),
      seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([1, 9], [2])),
      seen('trending 2025-01-08', '2025-01-08T09:00:00Z', papers([1, 9], [2])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 9], [2])),
    ]);
    expect(life.best).toMatchObject({ list: 'trending', at: '2025-01-08T09:00:00Z' });
    expect(life.peak).toMatchObject({ list: 'trending', at: '2025-01-08T09:00:00Z' });
  });

  it('are found without reading the captures after the one that reached them', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2], [1, 4])),
      seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 9], [2])),
      ...[12, 13, 14, 15].map((hour) =>
        seen('daily 2025-01-08', `2025-01-08T${hour}:30:00Z`, papers([1, hour === 15 ? 9 : 4], [2])),
      ),
    ]);
    const { table, takeOperations } = countOperations(context.table);
    const { life } = await getPaper({ ...context, table }, ONE);
    expect([life.best?.list, life.peak?.list]).toEqual(['trending', 'trending']);
    const readDaily = takeOperations().read.filter(
      ({ pk, sk }) => pk.startsWith('LIST#daily#') && sk.startsWith('AT#'),
    );
    expect(readDaily.map(({ sk }) => sk.slice(3, 23))).not.toContain('2025-01-08T13:30:00Z');
  });

  it('take no rank from a search unless it was on no other list', async () => {
    const search = seen('watched:tea 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4]));
    const trending = seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([2], [1, 5]));
    expect((await lifeOf([search])).best).toMatchObject({ list: 'watched:tea', rank: 1 });
    expect((await lifeOf([search, trending])).best).toMatchObject({ list: 'trending', rank: 2 });
  });

  it('have no peak where no upvotes are known, and never 0', async () => {
    const life = await lifeOf([
      seen('trending 2025-01-09', '2025-01-09T06:00:00Z', papers([1, 7, { title: 'Tea' }])),
      copied('daily 2025-01-08', '2025-01-08T07:00:00Z', [['Tea', 'We brew tea.']]),
    ]);
    expect(life.first).toMatchObject({ list: 'daily', upvotes: null });
    expect(life.peak).toMatchObject({ upvotes: 7, list: 'trending' });
    expect(life.velocity.map(({ perHour }) => perHour)).toEqual([null, null, null]);
  });
});

describe('the velocity of a paper', () => {
  const first = seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4]));
  const daily = (at: string, upvotes: number) => seen('daily 2025-01-08', at, papers([1, upvotes]));

  it('is upvotes per hour to the capture nearest to that age, over the hours that really passed', async () => {
    const life = await lifeOf([
      first,
      daily('2025-01-08T11:15:00Z', 14),
      seen('trending 2025-01-08', '2025-01-08T12:30:00Z', papers([1, 17])),
      daily('2025-01-09T06:00:00Z', 100),
      daily('2025-01-10T14:00:00Z', 116),
    ]);
    expect(life.velocity).toEqual([
      { firstHours: 6, hours: 6.5, gained: 13, perHour: 2, readAt: '2025-01-08T12:30:00Z' },
      { firstHours: 24, hours: 24, gained: 96, perHour: 4, readAt: '2025-01-09T06:00:00Z' },
      { firstHours: 48, hours: 56, gained: 112, perHour: 2, readAt: '2025-01-10T14:00:00Z' },
    ]);
  });

  it('is unknown where no capture is near: an hour at 6, four at 24, eight at 48', async () => {
    const none = { hours: null, gained: null, perHour: null, readAt: null };
    const life = await lifeOf([
      first,
      daily('2025-01-08T10:59:59Z', 14),
      daily('2025-01-09T01:59:59Z', 50),
      daily('2025-01-10T14:00:01Z', 116),
    ]);
    expect(life.velocity).toEqual([6, 24, 48].map((firstHours) => ({ firstHours, ...none })));
  });

  it('ignores captures without the paper or its upvotes, and may be negative', async () => {
    const life = await lifeOf([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4, { title: 'Tea' }])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([2])),
      copied('daily 2025-01-08', '2025-01-08T12:10:00Z', [['Tea', 'We brew tea.']]),
      seen('daily 2025-01-08', '2025-01-08T12:30:00Z', papers([1, 3, { title: 'Tea' }])),
      seen('daily 2025-01-08', '2025-01-08T13:30:00Z', papers([1, 9, { title: 'Tea' }])),
    ]);
    expect(life.velocity[0]).toMatchObject({ gained: -1, readAt: '2025-01-08T12:30:00Z' });
  });
});

describe('stays on a list', () => {
  /** Captures of a day by their minute, `-` behind those without the paper. */
  const reported = (...captures: string[]): Witness[] =>
    captures.map((text) => ({ at: instant(`2025-01-08T${text.slice(0, 5)}:00Z`), there: !text.endsWith('-') }));

  it('last from the first capture with the paper to the last before one without it', () => {
    expect(findStays(reported('00:00-', '01:00', '02:00', '03:30', '04:00-', '05:00-', '06:00'))).toEqual({
      hours: 2.5,
      unwatchedHours: 0,
      entries: 2,
      stays: [
        { from: '2025-01-08T01:00:00Z', to: '2025-01-08T03:30:00Z' },
        { from: '2025-01-08T06:00:00Z', to: '2025-01-08T06:00:00Z' },
      ],
    });
  });

  it('continue through a gap in the captures, whose hours are counted separately from three hours on', () => {
    expect(findStays(reported('01:00', '04:00', '07:01'))).toMatchObject({
      hours: 3,
      unwatchedHours: 181 / 60,
      entries: 1,
    });
  });

  it('are empty, with no hours, where no capture held it', () => {
    expect(findStays([])).toEqual({ hours: 0, unwatchedHours: 0, entries: 0, stays: [] });
  });
});

describe('the time on trending', () => {
  const on = (at: string, upvotes = 9) => seen(`trending ${at.slice(0, 10)}`, at, papers([2], [1, upvotes]));
  const off = (at: string) => seen(`trending ${at.slice(0, 10)}`, at, papers([2]));
  /** A capture that is known to be cut: one of its entries could not be read. */
  const partly = (at: string) =>
    seen(`trending ${at.slice(0, 10)}`, at, [...papers([2], [3]), { ...aPaper({ rank: 3, id: 'no id' }) }]);
  const trending = async (...captures: Capture[]) => (await lifeOf(captures)).trending;

  it('is nothing for a paper that was never there', async () => {
    const daily = seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1]));
    expect(await trending(daily)).toEqual({ hours: 0, unwatchedHours: 0, entries: 0, stays: [] });
  });

  it('goes on over midnight, and ends with the first capture without it on either side of it', async () => {
    expect(await trending(on('2025-01-08T22:00:00Z'), on('2025-01-08T23:00:00Z'), on('2025-01-09T00:00:00Z'))).toEqual({
      hours: 2,
      unwatchedHours: 0,
      entries: 1,
      stays: [{ from: '2025-01-08T22:00:00Z', to: '2025-01-09T00:00:00Z' }],
    });
    const [before, after] = [on('2025-01-08T22:00:00Z'), on('2025-01-09T01:00:00Z')];
    expect(await trending(before, after)).toMatchObject({ hours: 3, entries: 1 });
    expect(await trending(before, off('2025-01-08T23:00:00Z'), after)).toMatchObject({ hours: 0, entries: 2 });
    expect(await trending(before, off('2025-01-09T00:00:00Z'), after)).toMatchObject({ hours: 0, entries: 2 });
  });

  it('is interrupted within a day, and by days in between that were captured without it', async () => {
    const day = [on('2025-01-08T01:00:00Z'), off('2025-01-08T02:00:00Z'), on('2025-01-08T03:00:00Z')];
    expect(await trending(...day, on('2025-01-08T04:00:00Z'))).toMatchObject({ hours: 1, entries: 2 });
    const apart = [on('2025-01-08T23:00:00Z'), on('2025-01-12T00:00:00Z')];
    expect(await trending(...apart, off('2025-01-10T00:00:00Z'))).toMatchObject({ entries: 2, unwatchedHours: 0 });
  });

  it('is one stay over days without a usable capture, with its hours counted as unwatched', async () => {
    const apart = [on('2025-01-08T23:00:00Z'), on('2025-01-12T00:00:00Z')];
    const stay = { hours: 0, unwatchedHours: 73, entries: 1 };
    expect(await trending(...apart)).toMatchObject(stay);
    expect(await trending(...apart, refused('trending 2025-01-10', '2025-01-10T06:00:00Z'))).toMatchObject(stay);
  });

  it('is not ended by a capture that is known to be cut, on whichever day', async () => {
    const [first, last] = [on('2025-01-08T21:00:00Z'), on('2025-01-09T02:00:00Z')];
    for (const at of ['2025-01-08T22:00:00Z', '2025-01-09T01:00:00Z'])
      expect(await trending(first, partly(at), last)).toMatchObject({ hours: 0, unwatchedHours: 5, entries: 1 });
    expect(await trending(first, partly('2025-01-08T21:30:00Z'), on('2025-01-08T22:00:00Z'))).toMatchObject({
      hours: 1,
      entries: 1,
    });
    const apart = on('2025-01-10T02:00:00Z');
    expect(await trending(first, partly('2025-01-09T03:00:00Z'), apart)).toMatchObject({ entries: 1 });
    expect(await trending(first, partly('2025-01-09T03:00:00Z'), off('2025-01-09T04:00:00Z'), apart)).toMatchObject({
      entries: 2,
    });
  });
});

describe('A change of a paper', () => {
  const at = (hour: string, more: Partial<PaperContent>) =>
    seen('daily 2025-01-08', `2025-01-08T${hour}:00:00Z`, papers([1, 1, more]));

  it('is described by the name of the field, with the values where they are short', async () => {
    const repo = 'https://github.com/acme/tea';
    const life = await lifeOf([
      at('06', { title: 'Tea' }),
      at('07', { title: 'Hot tea', githubUrl: repo }),
      at('08', { title: 'Hot tea', githubUrl: `${repo}2`, aiSummary: 'It is hot.', abstract: 'We brew it.' }),
      at('09', {
        title: 'Hot tea',
        projectUrl: 'https://tea.example',
        aiSummary: 'It is hot.',
        abstract: 'We brew it.',
      }),
    ]);
    const day = '2025-01-08T';
    expect(life.changes).toEqual([
      { at: `${day}07:00:00Z`, what: 'code-link-appeared', from: null, to: repo },
      { at: `${day}07:00:00Z`, what: 'title-changed', from: 'Tea', to: 'Hot tea' },
      { at: `${day}08:00:00Z`, what: 'abstract-changed', from: null, to: null },
      { at: `${day}08:00:00Z`, what: 'ai-summary-appeared', from: null, to: null },
      { at: `${day}08:00:00Z`, what: 'code-link-changed', from: repo, to: `${repo}2` },
      { at: `${day}09:00:00Z`, what: 'code-link-disappeared', from: `${repo}2`, to: null },
      { at: `${day}09:00:00Z`, what: 'project-page-appeared', from: null, to: 'https://tea.example' },
    ]);
  });

  it('includes a move to another day, but not a value that was only unknown before', async () => {
    const moved = aPaper({ listedOn: '2025-01-09' as never });
    const life = await lifeOf([
      copied('daily 2025-01-08', '2025-01-08T05:00:00Z', [[moved.content.title, moved.content.abstract ?? '']]),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [aPaper()]),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', [moved]),
    ]);
    expect(life.changes).toEqual([
      { at: '2025-01-09T06:00:00Z', what: 'moved-day', from: '2025-01-08', to: '2025-01-09' },
    ]);
  });
});

describe('The cost of the milestones', () => {
  const hourly = (list: string, day: string, rows: Parameters<typeof seen>[2]) =>
    hours(day as Day, 24).map((at) => seen(`${list} ${day}`, at, rows));
  const two = [
    ...hourly('daily', '2025-01-08', papers([1], [2])),
    ...hourly('trending', '2025-01-08', papers([2], [1])),
    ...hourly('trending', '2025-01-09', papers([2], [1])),
  ];
  const read = async (captures: readonly Capture[]) => {
    const context = await anArchive(captures);
    const { table, takeOperations } = countOperations(context.table);
    expect((await getPaper({ ...context, table }, ONE))?.life.trending).toMatchObject({ entries: 1 });
    return takeOperations().read.length;
  };

  it('is no listing of a day on which the paper was always listed, and nothing on other days', async () => {
    const none = await read(two);
    expect(none).toBeLessThanOrEqual(12);
    const others = ['2025-01-06', '2025-01-10', '2025-01-11'].flatMap((day) => hourly('trending', day, papers([2])));
    expect(await read([...two, ...others])).toBe(none);
  });
});
