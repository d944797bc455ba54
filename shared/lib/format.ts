/** Numbers, shares, durations and dates as English text for people. Times are UTC and say so. */
import { type PeriodKind, parsePeriod } from './period.ts';
import { parseDay, parseInstant, weekdayOf } from './time.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The days of the week, Monday first. */
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const monthName = (text: string): string => MONTHS[Number(text.slice(5, 7)) - 1] ?? '';

/** Formats a month `2025-01`, or the month of a day, as `January 2025`. */
export const formatMonth = (text: string): string => `${monthName(text)} ${text.slice(0, 4)}`;

/** Formats a day as `8 Jan 2025`. Text that is not a day is returned as it is. */
export const formatDay = (text: string): string =>
  parseDay(text) ? `${Number(text.slice(8, 10))} ${monthName(text).slice(0, 3)} ${text.slice(0, 4)}` : text;

/** Formats a day as `Wednesday, 8 January 2025`. Text that is not a day is returned as it is. */
export function formatLongDay(text: string): string {
  const day = parseDay(text);
  return day ? `${WEEKDAYS[weekdayOf(day) - 1]}, ${Number(text.slice(8))} ${formatMonth(text)}` : text;
}

/** Formats a range of days as `8 Jan to 14 Jan 2025`, a single day as `8 Jan 2025`. */
export function formatDateRange(from: string, to: string): string {
  if (from === to) return formatDay(from);
  const first = formatDay(from);
  return `${from.slice(0, 4) === to.slice(0, 4) ? first.slice(0, -5) : first} to ${formatDay(to)}`;
}

/** Formats a month as `January 2025`, a week as `Week 2 of 2025`. Any other text is returned as it is. */
export function formatPeriod(kind: PeriodKind, name: string): string {
  if (!parsePeriod(kind, name)) return name;
  return kind === 'month' ? formatMonth(name) : `Week ${Number(name.slice(6))} of ${name.slice(0, 4)}`;
}

/** Formats an instant as `8 Jan 2025, 18:12 UTC`. Text that is not an instant is returned as it is. */
export function formatTime(text: string): string {
  const at = parseInstant(text);
  return at ? `${formatDay(at.slice(0, 10))}, ${at.slice(11, 16)} UTC` : text;
}

/** Formats an instant as `18:12 UTC` if it is on the given day, otherwise with its date. */
export const formatTimeOn = (day: string, at: string): string =>
  at.startsWith(day) ? `${at.slice(11, 16)} UTC` : formatTime(at);

/** Formats a whole number with separators: `1,204`. */
export const formatNumber = (count: number): string => count.toLocaleString('en');

/** Returns a function that formats numbers. What it needs is made once, when it is first used: that takes as long as to format 25 numbers. */
function numberFormat(options: Intl.NumberFormatOptions): (count: number) => string {
  let format: Intl.NumberFormat | null = null;
  return (count) => {
    format ??= new Intl.NumberFormat('en', options);
    return format.format(count);
  };
}

/** Formats a number with at most one decimal: `1,204.5`. */
export const formatDecimal = numberFormat({ maximumFractionDigits: 1 });

/**
 * Formats a number with what it counts.
 *
 * @example
 * formatCount(1, 'paper'); // 1 paper
 * formatCount(1204, 'entry', 'entries'); // 1,204 entries
 */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

/** The most days that a sentence names. */
const DAYS_NAMED = 5;

/** Names days, the first five and how many more: `6 Jan 2025, 7 Jan 2025 and 3 more days`. */
export function formatDays(days: readonly string[]): string {
  const more = days.length - DAYS_NAMED;
  const named = days.slice(0, DAYS_NAMED).map(formatDay).join(', ');
  return more > 0 ? `${named} and ${formatCount(more, 'more day', 'more days')}` : named;
}

/** Formats a share (0 to 1) as a percentage with about two significant digits: `12.5%`, `0.12%`. Null stays null. */
export function formatPercent(share: number | null): string | null {
  if (share === null) return null;
  const percent = share * 100;
  if (percent === 0) return '0%';
  return `${percent >= 10 ? percent.toFixed(1) : percent >= 1 ? percent.toFixed(2) : percent.toPrecision(2)}%`;
}

/** Writes the first letter of a text as a capital. */
export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Formats a duration given in hours: `35 minutes`, `23.9 hours`, `6.5 days`. */
export function formatDuration(hours: number): string {
  if (Math.abs(hours) < 2) return formatCount(Math.round(hours * 60), 'minute');
  return Math.abs(hours) < 72
    ? formatCount(Math.round(hours * 10) / 10, 'hour')
    : formatCount(Math.round(hours / 2.4) / 10, 'day');
}

const formatSmallRate = numberFormat({ signDisplay: 'always', maximumSignificantDigits: 2 });
const formatLargeRate = numberFormat({ signDisplay: 'always', maximumFractionDigits: 0 });

/** Formats a rate with its sign and about two significant digits: `+2.1`, `+0.042`, `-12`, `±0`. */
export const formatRate = (rate: number): string =>
  rate === 0 ? '±0' : Math.abs(rate) < 10 ? formatSmallRate(rate) : formatLargeRate(rate);
