import { describe, expect, it } from 'vitest';
import type { Day } from '../../shared/lib/time.ts';
import type { ListName } from '../../shared/model/list.ts';
import { hasUsableCapture, readCalendar, readDaysNewestFirst, readListMonths } from '../../shared/table/calendar.ts';
import {
  appearanceKey,
  listingKey,
  listingsUpTo,
  listPk,
  parseAppearanceKey,
  parseListPk,
  summaryKey,
  titleHash,
} from '../../shared/table/keys.ts';
import { aWorkspace, recordAll } from '../record/workspace.ts';
import { aCapture, DAILY, day, instant, ranked } from '../support/build.ts';

const visited: [ListName, Day][] = [
  ['daily', day('2024-11-30')],
  ['daily', day('2025-01-07')],
  ['daily', day('2025-01-08')],
  ['daily', day('2025-02-01')],
  ['trending', day('2025-01-08')],
  ['watched:agents', day('2025-01-08')],
];

async function aTable() {
  const at = instant('2025-02-02T06:07:00Z');
  const workspace = await aWorkspace(visited.map(([list, on]) => aCapture({ list, day: on, at, papers: ranked(1) })));
  await recordAll(workspace);
  return workspace.table;
}

describe('the calendar', () => {
  it('has all lists and their months, oldest first', async () => {
    expect([...(await readListMonths(await aTable()))]).toEqual([
      ['daily', ['2024-11', '2025-01', '2025-02']],
      ['trending', ['2025-01']],
      ['watched:agents', ['2025-01']],
    ]);
  });

  it('has the visited days of a list within a range, both ends included, oldest first', async () => {
    const table = await aTable();
    const days = async (from: string, to: string, list: ListName = 'daily') =>
      (await readCalendar(table, list, day(from), day(to))).map(({ listDay }) => listDay.day);
    expect(await days('2024-11-30', '2025-02-01')).toEqual(['2024-11-30', '2025-01-07', '2025-01-08', '2025-02-01']);
    expect(await days('2024-12-01', '2025-01-07')).toEqual(['2025-01-07']);
    expect(await days('2025-01-01', '2025-01-31', 'trending')).toEqual(['2025-01-08']);
    expect(await days('2024-12-01', '2024-12-31')).toEqual([]);
    expect(await days('2025-01-09', '2025-01-01')).toEqual([]);
  });

  it('has no usable capture while every visit failed', async () => {
    const refused = { status: 503, body: new Uint8Array() };
    const workspace = await aWorkspace([aCapture({ ...DAILY, answer: refused })]);
    await recordAll(workspace);
    expect(await hasUsableCapture(workspace.table)).toBe(false);
    expect(await hasUsableCapture(await aTable())).toBe(true);
  });

  it('has the status of each day', async () => {
    const [line] = await readCalendar(await aTable(), 'trending', day('2025-01-08'), day('2025-01-08'));
    expect(line?.status).toMatchObject({ status: 'captured', captures: 1, papers: 1, complete: null });
  });

  it('is walked back from a day, that day included, over the months', async () => {
    const days: string[] = [];
    for await (const { listDay } of readDaysNewestFirst(await aTable(), 'daily', day('2025-01-08')))
      days.push(listDay.day);
    expect(days).toEqual(['2025-01-08', '2025-01-07', '2024-11-30']);
  });
});

describe('Keys of the table', () => {
  const at = instant('2025-01-08T06:15:00Z');

  it('sort a listing after the summary, and within the listings up to its time', () => {
    const { sk } = listingKey(DAILY, at, 'ffffffffffff');
    expect(sk > summaryKey(DAILY).sk).toBe(true);
    expect(sk <= listingsUpTo(at).to && sk >= listingsUpTo(at).from).toBe(true);
    expect(sk <= listingsUpTo(instant('2025-01-08T06:14:59Z')).to).toBe(false);
  });

  it.each(['daily', 'trending', 'watched:a-b'] as const)('are parsed back to their list and day: %s', (list) => {
    const listDay = { list, day: DAILY.day };
    expect(parseListPk(listPk(listDay))).toEqual(listDay);
    expect(parseAppearanceKey(appearanceKey('2501.00001', listDay).sk)).toEqual(listDay);
    expect(parseAppearanceKey(appearanceKey('~0123456789abcdef', listDay).sk)).toEqual(listDay);
  });

  it('are the same for a title however it is wrapped, capitalised or punctuated', () => {
    expect(titleHash('Long  tables:\n read twice')).toBe(titleHash('LONG TABLES – read twice'));
    expect(titleHash('長い表を読む')).not.toBe(titleHash('短い表を読む'));
  });
});
