/** What pages over a stretch of days say of it. */

import { type PeriodKind, parsePeriod } from '../../lib/period.ts';
import { parseDay } from '../../lib/time.ts';
import type { RangeCoverage } from '../../query/common.schema.ts';
import { formatCount, formatDay, formatMonth, formatNumber } from './text.ts';

/** `8 Jan to 14 Jan 2025`. */
export function formatDateRange(from: string, to: string): string {
  if (from === to) return formatDay(from);
  const first = formatDay(from);
  return `${from.slice(0, 4) === to.slice(0, 4) ? first.slice(0, -5) : first} to ${formatDay(to)}`;
}

/** `January 2025`, `Week 2 of 2025`; the name itself if it is neither. */
export function formatPeriod(kind: PeriodKind, name: string): string {
  if (!parsePeriod(kind, name)) return name;
  return kind === 'month' ? formatMonth(name) : `Week ${Number(name.slice(6))} of ${name.slice(0, 4)}`;
}

/** What of a stretch was captured, in one line. */
export function formatRangeCoverage({
  status,
  daysCaptured,
  daysExpected,
  failures,
  settled,
  last,
}: RangeCoverage): string {
  const failed = failures === 0 ? '' : ` ${formatCount(failures, 'visit')} failed.`;
  if (status === 'missing') return daysExpected === 0 ? 'These days are still to come.' : 'Never captured.';
  if (status === 'failed') return `Tried, nothing usable.${failed}`;
  const of = `${formatNumber(daysCaptured)} of ${formatCount(daysExpected, 'day')}`;
  const whole = daysCaptured >= daysExpected ? '' : '; what the others held is not known';
  const newest = last && parseDay(last.slice(0, 10)) ? `, last on ${formatDay(last.slice(0, 10))}` : '';
  return `Captured on ${of}${newest}${whole}${settled ? '; settled' : ''}.${failed}`;
}
