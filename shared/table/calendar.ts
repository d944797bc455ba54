import { mapConcurrent } from '../lib/concurrency.ts';
import { addDays, type Day, FIRST_DAY, LAST_DAY } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import { decodeListDayStatus, type ListDayStatus } from '../table/items.ts';
import { calendarPk, MONTHS_PK, monthKey, parseMonthKey } from './keys.ts';
import type { Item, TableStore } from './store.ts';

/** The status of one list day; `version` is that of the summary it belongs to. */
export type CalendarDay = { readonly listDay: ListDay; readonly status: ListDayStatus; readonly version: number };

/** Reads one month of a list's calendar; days without a visit are left out. */
async function readMonth(
  table: TableStore,
  list: ListName,
  month: string,
  newestFirst: boolean,
): Promise<CalendarDay[]> {
  const items: Item[] = await table.range({ pk: calendarPk(list, month), newestFirst });
  return items.map((item) => ({
    listDay: { list, day: `${month}-${item.sk}` as Day },
    status: decodeListDayStatus(item),
    version: item.version as number,
  }));
}

/** Reads all lists with the months in which they were visited, oldest first; daily, trending, then watched searches. */
export async function readListMonths(table: TableStore): Promise<Map<ListName, string[]>> {
  const lists = new Map<ListName, string[]>();
  for (const { sk } of await table.range({ pk: MONTHS_PK })) {
    const read = parseMonthKey(sk);
    if (read) lists.set(read.list, [...(lists.get(read.list) ?? []), read.month]);
  }
  return lists;
}

/** Reads the months in which a list was visited, from that of `from` to that of `to`. */
async function readMonths(table: TableStore, list: ListName, from: Day, to: Day): Promise<string[]> {
  const first = monthKey({ list, day: from });
  const last = monthKey({ list, day: to });
  const items = await table.range({ pk: MONTHS_PK, from: first.sk, to: last.sk });
  return items.map(({ sk }) => sk.slice(-'2025-01'.length));
}

/** Reads the visited days of a list from `from` to `to`, oldest first. */
export async function readCalendar(table: TableStore, list: ListName, from: Day, to: Day): Promise<CalendarDay[]> {
  const months = await readMonths(table, list, from, to);
  const days = await mapConcurrent(months, (month) => readMonth(table, list, month, false));
  return days.flat().filter(({ listDay: { day } }) => day >= from && day <= to);
}

/** Yields the visited days of a list up to `to`, newest first; reads a month when it is needed. */
export async function* readDaysNewestFirst(table: TableStore, list: ListName, to: Day): AsyncGenerator<CalendarDay> {
  let next: Day | null = to;
  while (next) {
    const { sk } = monthKey({ list, day: next });
    const [item]: Item[] = await table.range({ pk: MONTHS_PK, from: `${list}#`, to: sk, newestFirst: true, limit: 1 });
    const month = item && parseMonthKey(item.sk)?.month;
    if (!month) return;
    for (const day of await readMonth(table, list, month, true)) if (day.listDay.day <= to) yield day;
    next = addDays(`${month}-01` as Day, -1);
  }
}

/** True when any list has a usable capture. */
export async function hasUsableCapture(table: TableStore): Promise<boolean> {
  for (const list of (await readListMonths(table)).keys()) {
    for await (const { status } of readDaysNewestFirst(table, list, LAST_DAY)) if (status.captures > 0) return true;
  }
  return false;
}

/** Yields the visited days of a list, oldest first; reads a month when it is needed. */
export async function* readDaysOldestFirst(table: TableStore, list: ListName): AsyncGenerator<CalendarDay> {
  for (const month of await readMonths(table, list, FIRST_DAY, LAST_DAY))
    yield* await readMonth(table, list, month, false);
}
