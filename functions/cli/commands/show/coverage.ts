import * as z from 'zod';
import type { CoverageAnswer } from '../../../../shared/query/coverage.schema.ts';
import { coverageQuestion, getCoverage, withoutSchedule } from '../../../../shared/query/coverage.ts';
import * as params from '../../../../shared/query/parameters.ts';
import { describeIncompleteDays } from '../../../../shared/web/pages/text.ts';
import { defineCommand } from '../../command.ts';
import { checkRange, rangeFlags, toRange, valueFlag } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

/** `show coverage`: which days of a list are captured. */
export const showCoverage = defineCommand({
  name: 'show coverage',
  summary: 'Shows which days of a list are captured, and what is missing.',
  examples: ['show coverage --from 2025-01-01', 'show coverage --list trending'],
  flags: z.object({
    list: valueFlag(params.list.default('daily'), '<list>', 'daily, trending or watched:<slug> (default: daily)'),
    ...rangeFlags,
  }),
  run: (context, { list, ...days }) => {
    const range = toRange(days);
    checkRange(coverageQuestion.rules, { list, ...range });
    return showAnswer(
      context,
      async (query) => {
        const answer = await getCoverage(query, list, range);
        // only a schedule retries days, and whether one runs on this machine is unknown
        return { answer, text: formatCoverage(context.stage === null ? withoutSchedule(answer) : answer) };
      },
      list,
    );
  },
});

function formatCoverage({ list, from, to, days, summary }: CoverageAnswer): string {
  const columns = [
    ...(['day', 'status', 'captures', 'failures', 'expected', 'papers', 'complete', 'settled', 'outlook'] as const),
    ...(list === 'trending' ? (['lostHours'] as const) : []),
  ];
  const { captured, partial, empty, failed, missing } = summary;
  const counts = `${captured} captured, ${partial} partial, ${empty} without papers, ${failed} failed, ${missing} missing`;
  const head = [`${list} ${from} to ${to} · ${counts}`, ...describeIncompleteDays(summary)];
  return `${head.join('\n')}\n\n${formatTable(days, columns)}`;
}
