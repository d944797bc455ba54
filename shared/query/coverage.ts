import * as z from 'zod';
import { windowStart } from '../collect/due.ts';
import { findOutlook } from '../collect/outlook.ts';
import { expectedVisits } from '../collect/schedule.ts';
import { addDays, type Clock, countDays, type Day, dayOf, eachDay, type Instant } from '../lib/time.ts';
import { type ListName, listKind } from '../model/list.ts';
import { readDaysNewestFirst, readDaysOldestFirst, readListMonths } from '../table/calendar.ts';
import { isSettled, type ListDayStatus } from '../table/items.ts';
import type { TableStore } from '../table/store.ts';
import { type QueryContext, readDays } from './context.ts';
import type { CoverageAnswer, CoverageDay } from './coverage.schema.ts';
import { atMostDays, dateRange, endsAfterStart, list } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** The longest calendar of one answer: a little over ten years. */
const MAX_CALENDAR_DAYS = 4000;

/** The calendar of a list. */
export const coverageQuestion = defineQuestion({
  path: '/coverage',
  summary: 'The calendar of a list: what was captured, what is missing, and what of that will be retried.',
  parameters: z.object({ list: list.default('daily'), ...dateRange }),
  rules: [endsAfterStart, atMostDays(MAX_CALENDAR_DAYS)],
  answer: async () => (await import('./coverage.schema.ts')).CoverageAnswer,
  run: (context, { list, ...range }) => getCoverage(context, list, range),
});

/** The calendar of a list: every day of the range, the empty ones too, and what becomes of those that lack something. Without a range: from its first day to today, the last 4000 days at most. */
export async function getCoverage(
  { table, clock, sample, since: filledBackTo }: QueryContext,
  list: ListName,
  range: { readonly from: Day | null; readonly to: Day | null },
): Promise<CoverageAnswer> {
  const now = clock();
  const { first, since } = await readBeginning(table, list);
  const to = range.to ?? latest(dayOf(now), range.from ?? dayOf(now));
  const from = range.from ?? latest(addDays(to, 1 - MAX_CALENDAR_DAYS), earliest(first ?? to, to));
  const firstDay = list === 'daily' && filledBackTo ? earliest(first ?? filledBackTo, filledBackTo) : first;
  const window = { firstDay, windowFrom: windowStart(firstDay, dayOf(now)), now };
  const visited = await readDays(table, list, { from, to });
  const statuses = new Map(visited.map(({ listDay, status }) => [listDay.day, status]));
  const days = eachDay(from, to).map((day): CoverageDay => {
    const status = statuses.get(day) ?? null;
    const settledAt = status?.settledAt ?? null;
    const isBefore = !since || !first || day < first;
    const expected = isBefore ? 0 : expectedVisits(listKind(list), day, { since, now, settledAt });
    return {
      ...dayLine(day, status, expected),
      settled: isSettled(status, now),
      outlook: findOutlook(listKind(list), day, status, window),
      lostHours: list === 'trending' && day < dayOf(now) ? Math.max(0, expected - (status?.captures ?? 0)) : null,
    };
  });
  const count = (status: CoverageDay['status']) => days.filter((line) => line.status === status).length;
  const awaiting = (outlook: CoverageDay['outlook']) => days.filter((line) => line.outlook === outlook).length;
  const sum = (field: 'captures' | 'failures') => days.reduce((total, line) => total + line[field], 0);
  const seen = days.filter(({ status }) => status !== 'missing');
  return {
    list,
    from,
    to,
    days,
    summary: {
      captured: count('captured'),
      partial: count('partial'),
      empty: count('empty'),
      failed: count('failed'),
      missing: count('missing'),
      healing: awaiting('healing'),
      settling: awaiting('settling'),
      lost: awaiting('lost'),
      backfill: awaiting('backfill'),
      lostHours: list === 'trending' ? days.reduce((total, { lostHours }) => total + (lostHours ?? 0), 0) : null,
      captures: sum('captures'),
      failures: sum('failures'),
      first: seen[0]?.day ?? null,
      last: seen.at(-1)?.day ?? null,
    },
    lists: [...(await readListMonths(table)).keys()],
    sample,
  };
}

/** The calendar without what only a schedule does: for where none runs, or perhaps none. */
export const withoutSchedule = ({ days, summary, ...rest }: CoverageAnswer): CoverageAnswer => ({
  ...rest,
  days: days.map((day) => (day.outlook === 'healing' || day.outlook === 'settling' ? { ...day, outlook: null } : day)),
  summary: { ...summary, healing: 0, settling: 0 },
});

const earliest = (a: Day, b: Day): Day => (a < b ? a : b);
const latest = (a: Day, b: Day): Day => (a > b ? a : b);

/**
 * Reads the first day of a list, and the hour of its first capture, from which visits were due; older days that were imported later do not make
 * it earlier. No list is captured more than a day before its day, so that no more is read than up to the day after that capture.
 */
async function readBeginning(
  table: TableStore,
  list: ListName,
): Promise<{ readonly first: Day | null; readonly since: Instant | null }> {
  let [first, earliest]: [Day | null, Instant | null] = [null, null];
  for await (const { listDay, status } of readDaysOldestFirst(table, list)) {
    first ??= listDay.day;
    if (earliest && addDays(listDay.day, -1) > dayOf(earliest)) break;
    const visit = status.first ?? status.lastVisit;
    if (!earliest || visit < earliest) earliest = visit;
  }
  return { first, since: earliest && (`${earliest.slice(0, 13)}:00:00Z` as Instant) };
}

const dayLine = (day: Day, status: ListDayStatus | null, expected: number) => ({
  day,
  status: status?.status ?? ('missing' as const),
  captures: status?.captures ?? 0,
  failures: status?.failures ?? 0,
  expected,
  longestGapMinutes: status?.longestGapMinutes ?? null,
  papers: status?.papers ?? 0,
  complete: status?.complete ?? null,
  first: status?.first ?? null,
  last: status?.last ?? null,
});

/** How far the schedule has filled the daily lists back to `since`: all days from then to today, those captured, those not visited yet. */
export type HistoryProgress = {
  readonly since: Day;
  readonly days: number;
  readonly captured: number;
  readonly left: number;
};

/** Reads how far the daily lists are filled back to the day of the settings; null where they name none. */
export async function readHistoryProgress({ table, clock, since }: QueryContext): Promise<HistoryProgress | null> {
  if (!since) return null;
  const today = dayOf(clock());
  const visited = await readDays(table, 'daily', { from: since, to: today });
  const days = Math.max(0, countDays(since, today) + 1);
  const captured = visited.filter(({ status }) => status.captures > 0).length;
  return { since, days, captured, left: days - visited.length };
}

/** In how many of its newest visited days a list's newest capture is searched: the schedule visits a daily list for 21 days, then only gaps. */
const MAX_DAYS_READ = 45;

/** The newest usable capture of a list, or null if there is no such thing. */
export async function newestUsableCapture(table: TableStore, list: ListName, clock: Clock): Promise<Instant | null> {
  let newest: Instant | null = null;
  let read = 0;
  for await (const { status } of readDaysNewestFirst(table, list, dayOf(clock()))) {
    if (status.last && (!newest || status.last > newest)) newest = status.last;
    read += 1;
    if (newest && read >= MAX_DAYS_READ) break;
  }
  return newest;
}
