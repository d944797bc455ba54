/** Sentences about lists, coverage and papers, for pages and for the command line. */
import {
  capitalize,
  formatCount,
  formatDay,
  formatDays,
  formatNumber,
  formatTime,
  formatTimeOn,
} from '../../lib/format.ts';
import { texToText } from '../../lib/tex.ts';
import { countDays, type Day, parseDay } from '../../lib/time.ts';
import type { Coverage, RangeCoverage } from '../../query/common.schema.ts';
import type { CoverageAnswer } from '../../query/coverage.schema.ts';
import type { HistoryProgress } from '../../query/coverage.ts';
import type { ListAnswer } from '../../query/list.schema.ts';
import type { Milestones } from '../../query/milestones.schema.ts';

const formatTimes = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${formatNumber(count)} times`;

/** Formats a list's name: `Daily papers`, `Trending papers`, `Watched: agents`. */
export const formatListName = (list: string): string =>
  list === 'daily'
    ? 'Daily papers'
    : list === 'trending'
      ? 'Trending papers'
      : `Watched: ${list.split(':')[1] ?? list}`;

function describeCompleteness({ complete, listed }: Coverage): string {
  if (complete) return `${formatCount(listed ?? 0, 'paper')} · complete list`;
  return `${formatCount(listed ?? 0, 'paper')} seen · list ${complete === false ? 'is' : 'may be'} incomplete`;
}

/** Describes what was captured of a list and day: how much, whether it may change, how often, what failed. */
export function describeCoverage({ list, day, coverage }: ListAnswer): string {
  const { status, captures, failures, last, settled } = coverage;
  if (status === 'missing') return 'Not captured';
  if (status === 'failed') return `Tried ${formatTimes(failures)} without a usable answer`;
  return [
    status === 'empty' ? 'No papers listed' : describeCompleteness(coverage),
    ...(list === 'daily' && status !== 'empty' ? [settled ? 'settled' : 'may still change'] : []),
    `captured ${formatTimes(captures)}${last === null ? '' : `, last ${formatTimeOn(day, last)}`}`,
    ...describeDelay({ list, day, coverage }),
    ...(failures === 0 ? [] : [formatCount(failures, 'failed visit')]),
  ].join(' · ');
}

/** Says when a daily list was first captured after its day, since its upvotes then are those of a later age; empty otherwise. */
export function describeDelay({ list, day, coverage }: Pick<ListAnswer, 'list' | 'day' | 'coverage'>): string[] {
  const { status, first } = coverage;
  const isDated = list === 'daily' && status !== 'empty' && first !== null;
  const days = isDated ? countDays(day as Day, first.slice(0, 10) as Day) : 0;
  return days > 0 ? [`first captured ${formatCount(days, 'day')} after its day, with the upvotes of that time`] : [];
}

/** Describes how far older daily lists are filled in: `Daily lists since 1 Jan 2024: 213 of 1,060 days captured · 845 to go · 2 failed, to be retried`. */
export function describeHistoryProgress({ since, days, captured, left }: HistoryProgress): string {
  const failed = days - captured - left;
  return [
    `Daily lists since ${formatDay(since)}: ${formatNumber(captured)} of ${formatCount(days, 'day')} captured`,
    ...(left === 0 ? [] : [`${formatNumber(left)} to go`]),
    ...(failed === 0 ? [] : [`${formatNumber(failed)} failed, to be retried`]),
  ].join(' · ');
}

/** Explains why a list shows no papers. `at` is the time asked for, `isFuture` whether its day is still to come. */
export function describeEmptyList({ list, coverage }: ListAnswer, at: string | null, isFuture = false): string {
  switch (coverage.status) {
    case 'empty':
      return list === 'daily'
        ? 'Hugging Face listed no papers on this day, as on most weekends and holidays. Nothing is missing.'
        : 'Hugging Face listed no papers. Nothing is missing.';
    case 'failed':
      return 'The list was requested, but no usable answer came back: Hugging Face may have been unreachable, refused the request or changed its format. Every answer is kept.';
    case 'missing':
      if (isFuture) return 'This day has not come yet.';
      return at === null
        ? 'This list was not captured on this day. Papers of another day are never shown instead.'
        : `This list had not been captured by ${formatTime(at)}. It may have been captured later.`;
    default:
      return 'The list was captured, but none of its entries could be read.';
  }
}

/** Describes what today's list has so far; continues the sentence `Today, 9 Jan 2025,`. */
export function describeToday({ status, papers }: NonNullable<ListAnswer['today']>): string {
  if (status === 'missing') return 'has not been captured yet';
  if (status === 'failed') return 'could not be read yet';
  return papers === 0 ? 'has no papers yet' : `has ${formatCount(papers, 'paper')} so far`;
}

/** Describes an archive without new captures: `This archive no longer collects; its newest data is of 21 Aug 2026.` */
export const describeStop = ({ at, collects }: { readonly at: string; readonly collects: boolean }): string =>
  collects
    ? `Nothing could be captured since ${formatDay(at.slice(0, 10))}.`
    : `This archive no longer collects; its newest data is of ${formatDay(at.slice(0, 10))}.`;

/** Describes a change of a paper: `Code link appeared`, `Moved from the list of 8 Jan 2025 to the list of 9 Jan 2025`. */
export function describeChange({ what, from, to }: Milestones['changes'][number]): string {
  if (what === 'moved-day')
    return `Moved from the list of ${formatDay(from ?? '')} to the list of ${formatDay(to ?? '')}`;
  const words =
    what === 'title-changed'
      ? `title changed from “${texToText(from ?? '')}” to “${texToText(to ?? '')}”`
      : what.replaceAll('-', ' ');
  return capitalize(words).replace('Ai summary', 'AI summary');
}

/** Describes what will become of the incomplete days of a calendar, one sentence each; empty if all are complete. */
export function describeIncompleteDays({
  healing,
  settling,
  lost,
  backfill,
  lostHours,
}: CoverageAnswer['summary']): string[] {
  const days = (count: number) => formatCount(count, 'day');
  return [
    ...(healing > 0 ? [`${days(healing)} will be retried.`] : []),
    ...(settling > 0 ? [`${days(settling)} may still change and will be captured again.`] : []),
    ...(backfill > 0 ? [`${days(backfill)} can only be filled by a backfill.`] : []),
    ...(lost > 0 ? [`${days(lost)} ${lost === 1 ? 'is' : 'are'} lost: the past of this list cannot be captured.`] : []),
    ...((lostHours ?? 0) > 0 ? [`${formatCount(lostHours ?? 0, 'hour')} of past days passed without a capture.`] : []),
  ];
}

/** Describes what the archive lacks of past days of a list, in sentences; empty if it lacks nothing. */
export function describeGaps(days: CoverageAnswer['days']): string[] {
  const named = (...statuses: Coverage['status'][]): string | null => {
    const gaps = days.filter(({ status }) => statuses.includes(status)).map(({ day }) => day);
    return gaps.length === 0 ? null : formatDays(gaps);
  };
  const [gone, cut] = [named('missing', 'failed'), named('partial')];
  const lost = days.reduce((total, { lostHours }) => total + (lostHours ?? 0), 0);
  return [
    ...(gone === null ? [] : [`Not captured: ${gone}.`]),
    ...(cut === null ? [] : [`Captured only in part: ${cut}.`]),
    ...(lost > 0 ? [`${formatCount(lost, 'hour')} passed without a capture.`] : []),
  ];
}

/** Describes how much of a range of days was captured. */
export function describeRangeCoverage(coverage: RangeCoverage): string {
  const { status, daysCaptured, daysExpected, failures, settled, last } = coverage;
  if (status === 'missing') return daysExpected === 0 ? 'These days have not come yet' : 'Not captured';
  const failed = failures === 0 ? [] : [formatCount(failures, 'failed visit')];
  if (status === 'failed') return ['Tried without a usable answer', ...failed].join(' · ');
  const newest = last && parseDay(last.slice(0, 10)) ? `, last on ${formatDay(last.slice(0, 10))}` : '';
  return [
    `${formatNumber(daysCaptured)} of ${formatCount(daysExpected, 'day')} captured${newest}`,
    ...(settled ? ['settled'] : []),
    ...failed,
  ].join(' · ');
}
