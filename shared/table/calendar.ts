import { mapConcurrent } from '../lib/concurrency.ts';
import { addDays, type Day, FIRST_DAY, LAST_DAY } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { decodeListDayStatus, type ListDayStatus } from '../table/items.ts';
import { calendarPk, MONTHS_PK, monthKey, parseMonthKey } from './keys.ts';
import type { Item, TableStore } from './store.ts';

/** A day's line of the calendar; `version` is that of the summary it was made with. */
export type CalendarDay = { readonly listDay: ListDay; readonly status: ListDayStatus; readonly version: number };

/** One month of a list's calendar, newest day first; days without a visit are left out. */
async function monthOf(table: TableStore, list: ListName, month: string, newestFirst: boolean): Promise<CalendarDay[]> {
  const items: Item[] = await table.range({ pk: calendarPk(list, month), newestFirst });
  return items.map((item) => ({
    listDay: { list, day: `${month}-${item.sk}` as Day },
    status: decodeListDayStatus(item),
    version: item.version as number,
  }));
}

/** All lists of the archive with their months, oldest first; daily, trending, then watched searches. */
export async function readListMonths(table: TableStore): Promise<Map<ListName, string[]>> {
  const lists = new Map<ListName, string[]>();
  for (const { sk } of await table.range({ pk: MONTHS_PK })) {
    const read = parseMonthKey(sk);
    if (read) lists.set(read.list, [...(lists.get(read.list) ?? []), read.month]);
  }
  return lists;
}

/** The months of a list in which something was visited, within the given ones. */
async function monthsOf(table: TableStore, list: ListName, from: Day, to: Day): Promise<string[]> {
  const first = monthKey({ list, day: from });
  const last = monthKey({ list, day: to });
  const items = await table.range({ pk: MONTHS_PK, from: first.sk, to: last.sk });
  return items.map(({ sk }) => sk.slice(-'2025-01'.length));
}

/** The days of a list that were visited, from `from` to `to`, oldest first. */
export async function readCalendar(table: TableStore, list: ListName, from: Day, to: Day): Promise<CalendarDay[]> {
  const months = await monthsOf(table, list, from, to);
  const days = await mapConcurrent(months, (month) => monthOf(table, list, month, false));
  return days.flat().filter(({ listDay: { day } }) => day >= from && day <= to);
}

/** The visited days of a list up to and including `to`, newest first; reads a month when it is asked for. */
export async function* readDaysNewestFirst(table: TableStore, list: ListName, to: Day): AsyncGenerator<CalendarDay> {
  let next: Day | null = to;
  while (next) {
    const { sk } = monthKey({ list, day: next });
    const [item]: Item[] = await table.range({ pk: MONTHS_PK, from: `${list}#`, to: sk, newestFirst: true, limit: 1 });
    const month = item && parseMonthKey(item.sk)?.month;
    if (!month) return;
    for (const day of await monthOf(table, list, month, true)) if (day.listDay.day <= to) yield day;
    next = addDays(`${month}-01` as Day, -1);
  }
}

/** Whether there is a usable capture, of whatever list and however old. */
export async function hasUsableCapture(table: TableStore): Promise<boolean> {
  for (const list of (await readListMonths(table)).keys()) {
    for await (const { status } of readDaysNewestFirst(table, list, LAST_DAY)) if (status.captures > 0) return true;
  }
  return false;
}

/** The visited days of a list, oldest first; reads a month when it is asked for. */
export async function* readDaysOldestFirst(table: TableStore, list: ListName): AsyncGenerator<CalendarDay> {
  for (const month of await monthsOf(table, list, FIRST_DAY, LAST_DAY)) yield* await monthOf(table, list, month, false);
}
