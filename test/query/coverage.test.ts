import { describe, expect, it } from 'vitest';
import { getCoverage, newestUsableCapture, readHistoryProgress } from '../../shared/query/coverage.ts';
import { getHealth } from '../../shared/query/health.ts';
import { day, instant } from '../support/build.ts';
import { anArchive, cut, papers, refused, seen } from './archive.ts';

const OPEN = { from: null, to: null };
const range = (from: string, to: string) => ({ from: day(from), to: day(to) });

describe('coverage', () => {
  const mixed = (now = '2025-01-13T10:30:00Z') =>
    anArchive(
      [
        seen('daily 2025-01-08', '2025-01-08T06:10:00Z', papers([1], [2])),
        seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([3], [2])),
        seen('daily 2025-01-08', '2025-01-08T10:00:00Z', papers([3], [2])),
        cut('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([1])),
        seen('daily 2025-01-11', '2025-01-11T06:00:00Z', []),
        refused('daily 2025-01-12', '2025-01-12T06:00:00Z'),
        seen('trending 2025-01-09', '2025-01-09T06:00:00Z', papers([1])),
      ],
      now,
    );

  it('has every day from the first one to today, with its status, and a summary', async () => {
    const answer = await getCoverage(await mixed(), 'daily', OPEN);
    expect(answer.days.map(({ day, status }) => [day.slice(-2), status])).toEqual([
      ['08', 'captured'],
      ['09', 'partial'],
      ['10', 'missing'],
      ['11', 'empty'],
      ['12', 'failed'],
      ['13', 'missing'],
    ]);
    expect(answer).toMatchObject({
      list: 'daily',
      from: '2025-01-08',
      to: '2025-01-13',
      summary: {
        captured: 1,
        partial: 1,
        empty: 1,
        failed: 1,
        missing: 2,
        captures: 5,
        failures: 1,
        first: '2025-01-08',
        last: '2025-01-12',
      },
      lists: ['daily', 'trending'],
    });
  });

  it('expects the schedule to retry missing days back to the configured day, which without that setting need a backfill', async () => {
    const archive = await mixed();
    const missing = async (since: string | null) =>
      (
        await getCoverage(
          { ...archive, since: since === null ? null : day(since) },
          'daily',
          range('2024-12-01', '2024-12-01'),
        )
      ).days[0];
    expect(await missing(null)).toMatchObject({ status: 'missing', expected: 0, outlook: 'backfill' });
    expect(await missing('2024-12-02')).toMatchObject({ outlook: 'backfill' });
    expect(await missing('2024-12-01')).toMatchObject({ expected: 0, outlook: 'healing' });
  });

  it('counts the days since that of the settings: captured, and not visited yet', async () => {
    const archive = await mixed();
    expect(await readHistoryProgress({ ...archive, since: day('2025-01-01') })).toEqual({
      since: '2025-01-01',
      days: 13,
      captured: 3,
      left: 9,
    });
    expect(await readHistoryProgress(archive)).toBeNull();
  });

  it('has for each day what was observed', async () => {
    const [first] = (await getCoverage(await mixed(), 'daily', range('2025-01-08', '2025-01-08'))).days;
    expect(first).toMatchObject({
      captures: 3,
      failures: 0,
      longestGapMinutes: 170,
      papers: 3,
      complete: true,
      settled: false,
      first: '2025-01-08T06:10:00Z',
      last: '2025-01-08T10:00:00Z',
    });
  });

  it('counts the distinct papers that were seen, so 0 on a day that was never or not usably captured', async () => {
    const { days } = await getCoverage(await mixed(), 'daily', range('2025-01-08', '2025-01-12'));
    expect(days.map(({ status, papers }) => [status, papers])).toEqual([
      ['captured', 3],
      ['partial', 1],
      ['missing', 0],
      ['empty', 0],
      ['failed', 0],
    ]);
  });

  it('expects the visits that the schedule had due by now, and none before the first day', async () => {
    const expected = async (list: 'daily' | 'trending', from: string, to: string) =>
      (await getCoverage(await mixed(), list, range(from, to))).days.map(({ expected }) => expected);
    // of the 8th hourly from 06:00 (18), 3-hourly on the 9th (8), daily since (4); of the 13th eleven hours so far
    expect(await expected('daily', '2025-01-06', '2025-01-14')).toEqual([0, 0, 30, 35, 34, 33, 28, 11, 0]);
    expect(await expected('trending', '2025-01-08', '2025-01-10')).toEqual([0, 18, 24]);
  });

  it('expects no visits on days that were imported later, and not fewer on the others because of them', async () => {
    const context = await anArchive(
      [
        seen('daily 2025-01-08', '2025-01-08T06:10:00Z', papers([1])),
        seen('daily 2024-06-03', '2025-01-12T00:00:00Z', papers([2])),
      ],
      '2025-01-13T10:30:00Z',
    );
    const { days } = await getCoverage(context, 'daily', OPEN);
    const of = (on: string) => days.find(({ day }) => day === on)?.expected;
    expect([of('2024-06-03'), of('2025-01-08'), of('2025-01-09')]).toEqual([0, 30, 35]);
  });

  it('has the same lines for a part of the calendar as for all of it', async () => {
    const archive = await anArchive([
      seen('daily 2024-03-05', '2025-01-09T12:00:00Z', papers([1])),
      seen('daily 2024-12-30', '2025-01-10T12:00:00Z', papers([2])),
      seen('daily 2025-01-08', '2025-01-08T06:10:00Z', papers([3])),
      seen('daily 2025-01-15', '2025-01-15T06:10:00Z', papers([4])),
    ]);
    const { days } = await getCoverage(archive, 'daily', OPEN);
    for (const [from, to] of [
      ['2024-12-01', '2025-01-20'],
      ['2025-01-15', '2025-01-16'],
      ['2024-03-01', '2024-03-31'],
    ] as const)
      expect(
        (await getCoverage(archive, 'daily', range(from, to))).days.filter(({ day }) => day >= '2024-03-05'),
      ).toEqual(days.filter(({ day }) => day >= from && day <= to));
  });

  it('is missing for days to come, and for a list that was never seen', async () => {
    const ahead = await getCoverage(await mixed(), 'daily', range('2999-01-01', '2999-01-02'));
    expect(ahead.days.map(({ status, expected }) => [status, expected])).toEqual([
      ['missing', 0],
      ['missing', 0],
    ]);
    expect((await getCoverage(await mixed(), 'daily', { from: day('2025-02-01'), to: null })).days).toHaveLength(1);
    const never = await getCoverage(await mixed(), 'watched:tea', OPEN);
    expect(never).toMatchObject({
      from: '2025-01-13',
      to: '2025-01-13',
      summary: { missing: 1, first: null, last: null },
    });
  });

  it('has for each day what will become of it, and a summary', async () => {
    const answer = await getCoverage(await mixed(), 'daily', range('2024-12-29', '2025-01-14'));
    const of = (on: string) => answer.days.find(({ day }) => day === on)?.outlook;
    expect(['2024-12-30', '2024-12-31', '2025-01-08', '2025-01-09', '2025-01-10'].map(of)).toEqual([
      'backfill',
      'healing',
      'settling',
      'healing',
      'healing',
    ]);
    expect(['2025-01-11', '2025-01-12', '2025-01-13', '2025-01-14'].map(of)).toEqual([
      'settling',
      'healing',
      'healing',
      null,
    ]);
    expect(answer.summary).toMatchObject({ healing: 12, settling: 2, lost: 0, backfill: 2, lostHours: null });
    expect(answer.days.every(({ lostHours }) => lostHours === null)).toBe(true);
  });

  it('counts the hours of a past trending day without a capture, and marks a day without any as lost', async () => {
    const hourly = (on: string, from: number, count: number) =>
      Array.from({ length: count }, (_, hour) =>
        seen(`trending ${on}`, `${on}T${String(from + hour).padStart(2, '0')}:05:00Z`, papers([1])),
      );
    const context = await anArchive(
      [...hourly('2025-01-08', 6, 18), ...hourly('2025-01-09', 0, 10), ...hourly('2025-01-09', 17, 7)],
      '2025-01-11T03:30:00Z',
    );
    const { days, summary } = await getCoverage(context, 'trending', OPEN);
    expect(days.map(({ longestGapMinutes, lostHours, outlook }) => [longestGapMinutes, lostHours, outlook])).toEqual([
      [60, 0, null],
      [480, 7, null],
      [null, 24, 'lost'],
      [null, null, 'healing'],
    ]);
    expect(summary).toMatchObject({ healing: 1, lost: 1, lostHours: 31 });
  });

  it('never has more days than a calendar holds', async () => {
    const { days, to } = await getCoverage(await mixed(), 'daily', { from: null, to: day('2999-12-31') });
    expect([days.length, to]).toEqual([4000, '2999-12-31']);
  });
});

describe('the newest capture', () => {
  it('is found however old it is, and whichever day it is of', async () => {
    const old = await anArchive([seen('daily 2024-01-08', '2024-01-08T06:00:00Z', papers([1]))]);
    expect(await newestUsableCapture(old.table, 'daily', old.clock)).toBe('2024-01-08T06:00:00Z');
    const filled = await anArchive([
      seen('daily 2025-01-19', '2025-01-19T06:00:00Z', papers([1])),
      seen('daily 2024-01-08', '2025-01-20T06:00:00Z', papers([2])),
    ]);
    expect(await newestUsableCapture(filled.table, 'daily', filled.clock)).toBe('2025-01-20T06:00:00Z');
    const none = await anArchive([refused('daily 2025-01-19', '2025-01-19T06:00:00Z')]);
    expect(await newestUsableCapture(none.table, 'daily', none.clock)).toBeNull();
  });
});

describe('health', () => {
  const at = async (now: string) => {
    const context = await anArchive(
      [
        seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
        refused('trending 2025-01-08', '2025-01-08T06:00:00Z'),
        seen('watched:tea 2025-01-08', '2025-01-08T00:00:00Z', papers([1])),
      ],
      now,
    );
    const { status, lists } = await getHealth(context);
    return [status, ...lists.map(({ list, ageMinutes, stale }) => [list, ageMinutes, stale])];
  };

  it('is ok until the newest capture is older than three periods', async () => {
    expect(await at('2025-01-08T09:00:00Z')).toEqual([
      'ok',
      ['daily', 180, false],
      ['trending', null, true],
      ['watched:tea', 540, false],
    ]);
    expect(await at('2025-01-08T09:00:01Z')).toEqual([
      'stale',
      ['daily', 180, true],
      ['trending', null, true],
      ['watched:tea', 540, false],
    ]);
    expect((await at('2025-01-11T00:00:01Z')).at(-1)).toEqual(['watched:tea', 4320, true]);
  });

  it('is stale for an old archive, and empty only without a usable capture', async () => {
    expect((await at('2026-01-08T09:00:00Z'))[0]).toBe('stale');
    expect(await getHealth(await anArchive([]))).toEqual({
      status: 'empty',
      now: instant('2025-01-20T12:00:00Z'),
      sample: false,
      lists: [],
    });
    expect((await getHealth(await anArchive([refused('daily 2025-01-20', '2025-01-20T06:00:00Z')]))).status).toBe(
      'empty',
    );
  });
});
