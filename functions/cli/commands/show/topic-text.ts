import * as z from 'zod';
import { formatDateRange } from '../../../../shared/lib/format.ts';
import { compareQuestion } from '../../../../shared/query/topic.ts';
import type { CompareAnswer } from '../../../../shared/query/topics.schema.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { rangeFlags, valueFlag } from '../../flags.ts';

/** Flags of the commands that show topics over time. */
export const topicFlags = z.object({
  ...rangeFlags,
  by: valueFlag(compareQuestion.parameters.shape.by, '<period>', 'week or month (default: week)'),
});

/** The heading of topics over time: what, when, and how much of it was captured. */
export const formatTopicHeading = (
  subject: string,
  { from, to, by, coverage }: Omit<CompareAnswer, 'topics'>,
): string => `${subject} · ${formatDateRange(from, to)} by ${by} · ${describeRangeCoverage(coverage)}`;

/** How many days of a period were captured: `5 of 7`. */
export const formatDays = ({ daysCaptured, daysExpected }: { daysCaptured: number; daysExpected: number }): string =>
  `${daysCaptured} of ${daysExpected}`;
