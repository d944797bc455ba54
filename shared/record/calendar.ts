import { addDays, type Day, FIRST_DAY, LAST_DAY } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { SourceName, Target } from '../model/target.ts';
import { asStanding, type Standing } from './fold.ts';
import { calendarPk, MONTHS, monthKey, readMonth } from './keys.ts';
import type { Item, Records } from './records.ts';

/** A day's line of the calendar; `version` is that of the summary it was made with. */
export type CalendarDay = { readonly target: Target; readonly standing: Standing; readonly version: number };

/** One month of a list's calendar, newest day first; days without a visit are left out. */
async function monthOf(
  records: Records,
  source: SourceName,
  month: string,
  newestFirst: boolean,
): Promise<CalendarDay[]> {
  const items: Item[] = await records.range({ pk: calendarPk(source, month), newestFirst });
  return items.map((item) => ({
    target: { source, day: `${month}-${item.sk}` as Day },
    standing: asStanding(item),
    version: item.version as number,
  }));
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

/** The months of a list in which something was visited, within the given ones. */
async function monthsOf(records: Records, source: SourceName, from: Day, to: Day): Promise<string[]> {
  const first = monthKey({ source, day: from });
  const last = monthKey({ source, day: to });
  const items = await records.range({ pk: MONTHS, from: first.sk, to: last.sk });
  return items.map(({ sk }) => sk.slice(-'2025-01'.length));
}

/** The days of a list that were visited, from `from` to `to`, oldest first. */
export async function calendarOf(records: Records, source: SourceName, from: Day, to: Day): Promise<CalendarDay[]> {
  const months = await monthsOf(records, source, from, to);
  const days = await inTurns(months, (month) => monthOf(records, source, month, false));
  return days.flat().filter(({ target: { day } }) => day >= from && day <= to);
}

/** The visited days of a list up to and including `to`, newest first; reads a month when it is asked for. */
export async function* daysBack(records: Records, source: SourceName, to: Day): AsyncGenerator<CalendarDay> {
  let next: Day | null = to;
  while (next) {
    const { sk } = monthKey({ source, day: next });
    const [item]: Item[] = await records.range({ pk: MONTHS, from: `${source}#`, to: sk, newestFirst: true, limit: 1 });
    const month = item && readMonth(item.sk)?.month;
    if (!month) return;
    for (const day of await monthOf(records, source, month, true)) if (day.target.day <= to) yield day;
    next = addDays(`${month}-01` as Day, -1);
  }
}

/** Whether there is a usable capture, of whatever list and however old. */
export async function hasCapture(records: Records): Promise<boolean> {
  for (const list of (await listsOf(records)).keys()) {
    for await (const { standing } of daysBack(records, list, LAST_DAY)) if (standing.captures > 0) return true;
  }
  return false;
}

/** The visited days of a list, oldest first; reads a month when it is asked for. */
export async function* daysForth(records: Records, source: SourceName): AsyncGenerator<CalendarDay> {
  for (const month of await monthsOf(records, source, FIRST_DAY, LAST_DAY))
    yield* await monthOf(records, source, month, false);
}
