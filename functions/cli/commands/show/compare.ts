import * as z from 'zod';
import { formatPercent } from '../../../../shared/lib/format.ts';
import { compareQuestion, compareTopics } from '../../../../shared/query/topic.ts';
import type { CompareAnswer } from '../../../../shared/query/topics.schema.ts';
import { defineCommand } from '../../command.ts';
import { checkRange, toRange, valueFlag } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';
import { formatDays, formatTopicHeading, topicFlags } from './topic-text.ts';

/** `show compare`: up to eight topics over the same time. */
export const showCompare = defineCommand({
  name: 'show compare',
  summary: 'Shows the share of papers of up to eight topics over the same time.',
  examples: [
    'show compare reinforcement-learning,robot-learning',
    'show compare \'reinforcement-learning,"world model"\' --by month',
  ],
  args: z.object({
    topics: valueFlag(compareQuestion.parameters.shape.topics, 'topics', 'slugs or "phrases" with commas between them'),
  }),
  flags: topicFlags,
  run: (context, { topics, by, ...days }) => {
    const question = { by, ...toRange(days) };
    checkRange(compareQuestion.rules, { topics, ...question });
    return showAnswer(context, async (query) => {
      const answer = await compareTopics(query, topics, question);
      return { answer, text: formatCompare(answer) };
    });
  },
});

function formatCompare({ topics, ...span }: CompareAnswer): string {
  const rows = (topics[0]?.points ?? []).map((point, at) => ({ ...point, at }));
  const table = formatTable(rows, [
    'period',
    ...topics.map(
      ({ name, points }) => [name, ({ at }: { at: number }) => formatPercent(points[at]?.share ?? null)] as const,
    ),
    ['listed', 'totalListed'],
    ['days', formatDays],
  ]);
  return `${formatTopicHeading('share of papers', span)}\n\n${table}`;
}
