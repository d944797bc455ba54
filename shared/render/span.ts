/** What pages over a stretch of days say of it. */
import { asDay } from '../kit/clock.ts';
import { daysOfPeriod, type PeriodKind } from '../kit/period.ts';
import type { SpanCoverage } from '../query/answers/span.ts';
import { amount, counted, dayWords, monthWords } from './words.ts';

/** `8 Jan to 14 Jan 2025`. */
export function stretchWords(from: string, to: string): string {
  if (from === to) return dayWords(from);
  const first = dayWords(from);
  return `${from.slice(0, 4) === to.slice(0, 4) ? first.slice(0, -5) : first} to ${dayWords(to)}`;
}

/** `January 2025`, `Week 2 of 2025`; the name itself if it is neither. */
export function periodWords(kind: PeriodKind, name: string): string {
  if (!daysOfPeriod(kind, name)) return name;
  return kind === 'month' ? monthWords(name) : `Week ${Number(name.slice(6))} of ${name.slice(0, 4)}`;
}

/** What of a stretch was captured, in one line. */
export function spanWords({ status, daysCaptured, daysExpected, failures, settled, last }: SpanCoverage): string {
  const failed = failures === 0 ? '' : ` ${counted(failures, 'visit')} failed.`;
  if (status === 'missing') return daysExpected === 0 ? 'These days are still to come.' : 'Never captured.';
  if (status === 'failed') return `Tried, nothing usable.${failed}`;
  const of = `${amount(daysCaptured)} of ${counted(daysExpected, 'day')}`;
  const whole = daysCaptured >= daysExpected ? '' : '; what the others held is not known';
  const newest = last && asDay(last.slice(0, 10)) ? `, last on ${dayWords(last.slice(0, 10))}` : '';
  return `Captured on ${of}${newest}${whole}${settled ? '; settled' : ''}.${failed}`;
}
