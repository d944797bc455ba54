import * as z from 'zod';
import { formatDateRange } from '../../../../shared/lib/format.ts';
import { getExpected } from '../../../../shared/query/expected.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { defineCommand } from '../../command.ts';
import { dayArgument } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

/** `show expected`: the curve of a day. */
export const showExpected = defineCommand({
  name: 'show expected',
  summary:
    'Shows the upvotes to expect for papers of a day (default: the newest captured daily list), by age; unknown from fewer than 100 papers.',
  examples: ['show expected', 'show expected 2025-01-08'],
  args: z.object({ day: dayArgument }),
  flags: z.object({}),
  run: (context, { day }) =>
    showAnswer(context, async (query) => {
      const answer = await getExpected(query, day ?? null);
      const { from, to, coverage, points } = answer;
      const head = `expected upvotes on ${answer.day} · from ${formatDateRange(from, to)} · ${describeRangeCoverage(coverage)}`;
      return {
        answer,
        text: `${head}\n\n${formatTable(points, [['hours', 'ageHours'], 'papers', 'q1', 'median', 'q3'])}`,
      };
    }),
});
