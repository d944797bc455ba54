/** Sentences about lists, coverage and papers, for pages and for the command line. */
import { formatCount, formatDay, formatNumber, formatTime, formatTimeOn } from '../../lib/format.ts';
import { parseDay } from '../../lib/time.ts';
import type { Milestones } from '../../query/schemas/milestones.ts';
import type { RangeCoverage } from '../../query/schemas/range.ts';
import type { Coverage, CoverageAnswer, ListAnswer } from '../../query/schemas.ts';

const formatTimes = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${formatNumber(count)} times`;

/** `Daily papers`, `Trending papers`, `Watched: agents`. */
export const formatListName = (list: string): string =>
  list === 'daily'
    ? 'Daily papers'
    : list === 'trending'
      ? 'Trending papers'
      : `Watched: ${list.split(':')[1] ?? list}`;

const describeCompleteness = ({ complete, listed }: Coverage): string => {
  const size = listed === null ? '' : ` (${formatCount(listed, 'entry', 'entries')})`;
  if (complete === null) return `${formatCount(listed ?? 0, 'entry', 'entries')}, whether all is not known`;
  return complete ? `whole list${size}` : `known to be cut${size}`;
};

/** What we have and lack of a list, in one line. */
export function describeCoverage({ list, day, coverage }: ListAnswer): string {
  const { status, captures, failures, last, settled } = coverage;
  if (status === 'missing') return 'Never captured.';
  if (status === 'failed') return `Tried ${formatTimes(failures)}, nothing usable.`;
  const failed = failures === 0 ? '' : ` ${formatCount(failures, 'visit')} failed.`;
  const seen = `aptured ${formatTimes(captures)}${last === null ? '' : `, last ${formatTimeOn(day, last)}`}`;
  if (status === 'empty') return `The feed said: no papers. C${seen}.${failed}`;
  const settling = list === 'daily' ? (settled ? '; settled' : '; not settled yet') : '';
  return status === 'partial'
    ? `Partial: some of it is missing. C${seen}; what was seen is shown.${failed}`
    : `C${seen}; ${describeCompleteness(coverage)}${settling}.${failed}`;
}

/** What it means that a list shows no papers, to follow its coverage. */
export function describeEmptyList({ list, coverage }: ListAnswer, at: string | null): string {
  switch (coverage.status) {
    case 'empty':
      return list === 'daily'
        ? 'The feed was asked, and it answered with an empty list, as on most weekends and holidays. Nothing is missing here.'
        : 'The feed was asked, and it answered with an empty list. Nothing is missing here.';
    case 'failed':
      return 'The feed was asked, and no list came back: it may have been down or out of reach, refused us or changed its shape. Every answer is kept and can be looked at.';
    case 'missing':
      return at === null
        ? 'Nobody looked at this list on that day, so nothing can be said about it. Another day’s papers are never shown in its place.'
        : `Nothing of this list had been captured by ${formatTime(at)}. It may have been captured later.`;
    default:
      return 'The list was captured, but no entry of it could be read.';
  }
}

/** What today holds so far, to follow `today, 9 Jan 2025,`. */
export function describeToday({ status, papers }: NonNullable<ListAnswer['today']>): string {
  if (status === 'missing') return 'has not been captured yet';
  if (status === 'failed') return 'could not be read yet';
  return papers === 0 ? 'holds no papers yet' : `holds ${formatCount(papers, 'paper')} so far`;
}

/** What happened to a paper: `Code link appeared`, `Moved from the list of 8 Jan 2025 to that of 9 Jan 2025`. */
export function describeChange({ what, from, to }: Milestones['changes'][number]): string {
  if (what === 'moved-day') return `Moved from the list of ${formatDay(from ?? '')} to that of ${formatDay(to ?? '')}`;
  const words = what === 'title-changed' ? `title changed, from “${from}” to “${to}”` : what.replaceAll('-', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`.replace('Ai summary', 'Summary by a model');
}

/** What becomes of the days of a calendar that lack something, a sentence each; none when nothing is amiss. */
export function describeOutlook({ healing, settling, lost, backfill, lostHours }: CoverageAnswer['summary']): string[] {
  const days = (count: number) => `${formatCount(count, 'day')} ${count === 1 ? 'is' : 'are'}`;
  return [
    ...(healing > 0 ? [`${days(healing)} being healed: the schedule asks the feed for them again.`] : []),
    ...(settling > 0 ? [`${days(settling)} still settling: papers may be added, so the schedule looks again.`] : []),
    ...(backfill > 0 ? [`${days(backfill)} left to paperkeep backfill: the schedule does not go there.`] : []),
    ...(lost > 0 ? [`${days(lost)} lost for good: the feed does not show the past of this list.`] : []),
    ...((lostHours ?? 0) > 0 ? [`${formatCount(lostHours ?? 0, 'hour')} of past days went by without a capture.`] : []),
  ];
}

/** What of a stretch was captured, in one line. */
export function describeRangeCoverage({
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
