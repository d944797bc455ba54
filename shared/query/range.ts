import { newestCapturedDay } from '../catalog/newest-day.ts';
import { IS_USABLE } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import type { DateRange } from '../lib/period.ts';
import { addDays, countDays, type Day, type Instant } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import type { Coverage, RangeCoverage } from './common.schema.ts';

/** The longest range of one answer: a little over ten years. */
export const MAX_RANGE_DAYS = 4000;

/** A range as it was asked for: an open end is null. */
export type OpenDateRange = { readonly from: Day | null; readonly to: Day | null };

/**
 * A range with both ends. Without any end it ends with the newest day of the list that was captured, so that an archive which stopped
 * collecting shows what it has; with a beginning alone it ends today. An open beginning is what `begin` makes of the end.
 */
export function closeRange(
  catalog: Catalog,
  list: ListName,
  { from, to }: OpenDateRange,
  today: Day,
  begin: (last: Day) => Day,
): DateRange {
  const last = to ?? (from ? latestDay(from, today) : (newestCapturedDay(catalog, list, today) ?? today));
  return { from: from ?? begin(last), to: last };
}

const latestDay = (a: Day, b: Day): Day => (a > b ? a : b);

/** How many days of a range are not after today. */
export const countPastDays = ({ from, to }: DateRange, today: Day): number =>
  Math.max(0, countDays(from, to < today ? to : today) + 1);

type DayRow = {
  readonly status: Coverage['status'];
  readonly captures: number;
  readonly failures: number;
  readonly complete: number | null;
  readonly settled: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
};

/** Coverage of a list over a range; days that were never visited count against it. */
export function rangeCoverage(catalog: Catalog, list: ListName, range: DateRange, today: Day): RangeCoverage {
  const within = [list, range.from, range.to];
  const days = catalog.all<DayRow>(
    'SELECT status, captures, failures, complete, settled, first, last FROM coverage WHERE list = ? AND day BETWEEN ? AND ?',
    within,
  );
  const usable = days.filter(({ captures }) => captures > 0);
  const daysExpected = countPastDays(range, today);
  const whole = days.length >= daysExpected && usable.length === days.length;
  const sum = (column: 'captures' | 'failures') => days.reduce((total, row) => total + row[column], 0);
  return {
    status: statusOf(days, whole),
    captures: sum('captures'),
    failures: sum('failures'),
    first: usable.map(({ first }) => first).sort()[0] ?? null,
    last:
      usable
        .map(({ last }) => last)
        .sort()
        .at(-1) ?? null,
    ...listedOf(catalog, within),
    complete: completeOf(usable, whole),
    settled: whole && days.length > 0 && days.every(({ settled }) => settled === 1),
    daysCaptured: usable.length,
    daysExpected,
  };
}

function statusOf(days: readonly DayRow[], whole: boolean): Coverage['status'] {
  const some = (status: Coverage['status']) => days.some((day) => day.status === status);
  if (some('captured') || some('partial')) return whole && !some('partial') ? 'captured' : 'partial';
  if (some('empty')) return whole ? 'empty' : 'partial';
  return some('failed') ? 'failed' : 'missing';
}

function completeOf(usable: readonly DayRow[], whole: boolean): boolean | null {
  if (usable.some(({ complete }) => complete === 0)) return false;
  return whole && usable.length > 0 && usable.every(({ complete }) => complete === 1) ? true : null;
}

/** Entries and pages of the listings shown: of each day the newest usable one, a whole one before a cut one. */
function listedOf(catalog: Catalog, within: readonly string[]): Pick<Coverage, 'listed' | 'pages'> {
  const [sums] = catalog.all<Pick<Coverage, 'listed' | 'pages'>>(
    `SELECT sum(listed) AS listed, sum(pages) AS pages FROM (
      SELECT listed, pages, max((complete IS NOT 0) || observed_at || key) FROM listings
      WHERE list = ? AND day BETWEEN ? AND ? AND ${IS_USABLE} GROUP BY day)`,
    within,
  );
  return { listed: sums?.listed ?? null, pages: sums?.pages ?? null };
}

/** The days before a range, as many as it has. */
export function precedingRange({ from, to }: DateRange): DateRange {
  const last = addDays(from, -1);
  return { from: addDays(last, -countDays(from, to)), to: last };
}
