import type { Day } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { SourceName, Target } from '../model/target.ts';
import { asStanding, type Standing } from './fold.ts';
import { calendarPk, MONTHS, readMonth } from './keys.ts';
import type { Item, Records } from './records.ts';

/** A day's line of the calendar. */
export type CalendarDay = { readonly target: Target; readonly standing: Standing };

/** One month of a list's calendar, newest day first; days without a visit are left out. */
async function monthOf(
  records: Records,
  source: SourceName,
  month: string,
  newestFirst: boolean,
): Promise<CalendarDay[]> {
  const items: Item[] = await records.range({ pk: calendarPk(source, month), newestFirst });
  return items.map((item) => ({ target: { source, day: `${month}-${item.sk}` as Day }, standing: asStanding(item) }));
}

/** All lists of the archive with their months, oldest first; daily, trending, then watched searches. */
export async function listsOf(records: Records): Promise<Map<SourceName, string[]>> {
  const lists = new Map<SourceName, string[]>();
  for (const { sk } of await records.range({ pk: MONTHS })) {
    const read = readMonth(sk);
    if (read) lists.set(read.source, [...(lists.get(read.source) ?? []), read.month]);
  }
  return lists;
}

/** The days of a list that were visited, from `from` to `to`, oldest first. */
export async function calendarOf(records: Records, source: SourceName, from: Day, to: Day): Promise<CalendarDay[]> {
  const months = ((await listsOf(records)).get(source) ?? []).filter(
    (m) => m >= from.slice(0, 7) && m <= to.slice(0, 7),
  );
  const days = await inTurns(months, (month) => monthOf(records, source, month, false));
  return days.flat().filter(({ target: { day } }) => day >= from && day <= to);
}

/** The visited days of a list up to and including `to`, newest first, month by month as far as they are asked for. */
export async function* daysBack(records: Records, source: SourceName, to: Day): AsyncGenerator<CalendarDay> {
  const months = ((await listsOf(records)).get(source) ?? []).filter((month) => month <= to.slice(0, 7)).reverse();
  for (const month of months) {
    for (const day of await monthOf(records, source, month, true)) if (day.target.day <= to) yield day;
  }
}
