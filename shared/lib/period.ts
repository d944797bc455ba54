/** ISO 8601 weeks (`2025-W02`) and months (`2025-01`). */
import { addDays, countDays, type Day, parseDay, weekdayOf } from './time.ts';

/** Days from one to another, both included. */
export type DateRange = { readonly from: Day; readonly to: Day };
/** The kinds of period that days are grouped by. */
export type PeriodKind = 'week' | 'month';
/** A week or a month with its days, or those of its days that are in a range. */
export type Period = DateRange & { readonly name: string };

/** The Thursday of a day's week: its year is the week's year. */
const thursdayOf = (day: Day): Day => addDays(day, 4 - weekdayOf(day));

/** The week or month that a day belongs to; the week of 2027-01-01 is `2026-W53`. */
export function periodOf(kind: PeriodKind, day: Day): string {
  if (kind === 'month') return day.slice(0, 7);
  const thursday = thursdayOf(day);
  const year = thursday.slice(0, 4);
  const week = 1 + Math.floor(countDays(`${year}-01-01` as Day, thursday) / 7);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The days of a week, Monday to Sunday, or of a month; null if the calendar has none of that name: 2025 has no `W53`. */
export function parsePeriod(kind: PeriodKind, name: string): DateRange | null {
  const from = kind === 'month' ? parseDay(`${name}-01`) : mondayOf(name);
  return from && periodOf(kind, from) === name ? wholeFrom(kind, from) : null;
}

function mondayOf(week: string): Day | null {
  const [, year, number] = /^([1-9]\d{3})-W(\d\d)$/.exec(week) ?? [];
  if (year === undefined) return null;
  // the 4th of January is always in the first week
  return addDays(thursdayOf(`${year}-01-04` as Day), -3 + 7 * (Number(number) - 1));
}

/** The week or month that begins on that day; the last week of all has as many days as are left. */
function wholeFrom(kind: PeriodKind, from: Day): DateRange {
  if (kind === 'week') return { from, to: addDays(from, 6) };
  const lasts = [31, 30, 29, 28].map((date) => parseDay(`${from.slice(0, 8)}${date}`));
  return { from, to: lasts.find((day) => day !== null) as Day };
}

/** The first day of a day's week or month. */
const beginOf = (kind: PeriodKind, day: Day): Day =>
  kind === 'month' ? (`${day.slice(0, 7)}-01` as Day) : addDays(day, 1 - weekdayOf(day));

/** The weeks or months of a range, oldest first; the first and the last hold only those of their days that are in it. */
export function eachPeriod(kind: PeriodKind, { from, to }: DateRange): Period[] {
  const periods: Period[] = [];
  for (let day = from; day <= to; ) {
    const end = wholeFrom(kind, beginOf(kind, day)).to;
    periods.push({ name: periodOf(kind, day), from: day, to: end < to ? end : to });
    // no day follows the last one
    if (end >= to) break;
    day = addDays(end, 1);
  }
  return periods;
}

/** The first day of the last `count` weeks or months, of which the last is that of `day`. */
export function startOfLastPeriods(kind: PeriodKind, count: number, day: Day): Day {
  let begin = beginOf(kind, day);
  for (let before = 1; before < count; before++) begin = beginOf(kind, addDays(begin, -1));
  return begin;
}
