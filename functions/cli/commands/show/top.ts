import * as z from 'zod';
import { formatDateRange } from '../../../../shared/lib/format.ts';
import { month, week, year } from '../../../../shared/query/parameters.ts';
import type { TopAnswer } from '../../../../shared/query/top.schema.ts';
import { getTop, hasAge, topQuestion } from '../../../../shared/query/top.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { defineCommand } from '../../command.ts';
import { usageError } from '../../context.ts';
import { checkRange, rangeFlags, toRange, valueFlag } from '../../flags.ts';
import { formatSection, titleColumn } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

const flags = topQuestion.parameters.shape;

/** As many papers as a terminal can show; the site has them all. */
const SHOWN = 100;

const period = z.union([week, month, year], {
  error: 'must be a week (2025-W02), a month (2025-01) or a year (2025) of the calendar',
});

/** `show top`: the leaderboard of a week, a month, a year or a range of days. */
export const showTop = defineCommand({
  name: 'show top',
  summary: 'Shows the leaderboard of a week, a month, a year or a range of list days (default: the last seven days).',
  examples: ['show top', 'show top 2025-W02 --by gain', 'show top --from 2025-01-01 --to 2025-03-31 --age 2d'],
  args: z.object({
    period: valueFlag(period.optional(), 'period', 'a week (2025-W02), a month (2025-01) or a year (2025)'),
  }),
  flags: z.object({
    ...rangeFlags,
    list: valueFlag(flags.list, '<list>', 'daily, trending or watched:<slug> (default: daily)'),
    by: valueFlag(flags.by, '<value>', 'rank by upvotes, gain, days, expected or stars-gained (default: upvotes)'),
    age: valueFlag(
      flags.age,
      '<age>',
      'rank by upvotes, gain or expected at that age, 36h or 2d (default for expected: 2d)',
    ),
  }),
  run: (context, { period, list, by, age, ...days }) => {
    if (period && (days.from || days.to))
      throw usageError('PERIOD is a range of its own, so --from and --to do not apply', 'leave out one of them');
    if (age !== null && !hasAge(by)) throw usageError(`--age does not apply to --by ${by}`, 'leave out one of them');
    const range = period ?? toRange(days);
    const page = { list, by, age, limit: SHOWN, cursor: null };
    checkRange(topQuestion.rules, { ...page, ...range });
    return showAnswer(
      context,
      async (query) => {
        const answer = await getTop(query, range, page);
        return { answer, text: formatTop(answer) };
      },
      list,
    );
  },
});

function formatTop({ list, from, to, by, ageHours, coverage, papers, total }: TopAnswer): string {
  const ranking = ageHours === null ? `by ${by}` : `by ${by} after ${ageHours} h`;
  const head = `top of ${list}, ${formatDateRange(from, to)} · ${ranking} · ${describeRangeCoverage(coverage)}`;
  const value = ['value', ({ value }: { value: number | null }) => value && Math.round(value * 100) / 100] as const;
  const listed = ['listed', 'listedOn'] as const;
  return formatSection(head, papers, ['rank', value, 'upvotes', 'gain', listed, 'id', titleColumn(60)], total);
}
