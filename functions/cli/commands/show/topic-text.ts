import * as z from 'zod';
import { PaperkeepError } from '../../../../shared/lib/errors.ts';
import { formatDateRange } from '../../../../shared/lib/format.ts';
import * as params from '../../../../shared/query/parameters.ts';
import type { CompareAnswer } from '../../../../shared/query/schemas/topics.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { rangeFlags, valueFlag } from '../../flags.ts';

/** Flags of the commands that show topics over time. */
export const topicFlags = z.object({
  ...rangeFlags,
  by: valueFlag(params.by, '<period>', 'week or month (default: week)'),
});

/** The error for keywords that no paper has. */
export const unknownTopic = (topics: readonly string[]): PaperkeepError =>
  new PaperkeepError({
    code: 'UNKNOWN_KEYWORD',
    message: `no paper with the keyword ${topics.join(', ')} was seen`,
    hint: `\`npx paperkeep show topics\` lists keywords; for a phrase write \`npx paperkeep show topic '"${topics[0]}"'\``,
  });

/** The heading of topics over time: what, when, and how much of it was captured. */
export const formatTopicHeading = (
  subject: string,
  { from, to, by, coverage }: Omit<CompareAnswer, 'topics'>,
): string => `${subject} · ${formatDateRange(from, to)} by ${by} · ${describeRangeCoverage(coverage)}`;
