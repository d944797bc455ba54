import * as z from 'zod';
import { formatPercent } from '../../../../shared/lib/format.ts';
import { getTopic } from '../../../../shared/query/topic.ts';
import type { Topic } from '../../../../shared/query/topic-counts.ts';
import { parseTopic, topicRules } from '../../../../shared/query/topic-parameters.ts';
import type { TopicAnswer } from '../../../../shared/query/topics.schema.ts';
import { defineCommand } from '../../command.ts';
import { checkRange, toRange, valueFlag } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';
import { formatDays, formatTopicHeading, topicFlags } from './topic-text.ts';

const topicArgument = z.string().transform((text, context): Topic => {
  const topic = parseTopic(text);
  if (topic) return topic;
  context.addIssue({ code: 'custom', message: 'must be the slug of a keyword, or a phrase with a letter or a digit' });
  return z.NEVER;
});

/** `show topic`: a keyword or a phrase over time. */
export const showTopic = defineCommand({
  name: 'show topic',
  summary: 'Shows a keyword or a phrase over time: its share of papers and of upvotes.',
  examples: ['show topic reinforcement-learning', 'show topic \'"world model"\' --by month'],
  args: z.object({
    topic: valueFlag(topicArgument, 'topic', 'slug of a keyword, or a phrase in double quotes inside single quotes'),
  }),
  flags: topicFlags,
  run: (context, { topic, by, ...days }) => {
    const question = { by, ...toRange(days) };
    checkRange(topicRules, question);
    return showAnswer(context, async (query) => {
      const answer = await getTopic(query, topic, question);
      return { answer, text: formatTopic(answer) };
    });
  },
});

function formatTopic({ points, kind, name, ...span }: TopicAnswer): string {
  const table = formatTable(points, [
    'period',
    'papers',
    ['of', 'total'],
    ['share', ({ share }) => formatPercent(share)],
    ['listed', 'totalListed'],
    'upvotes',
    ['of', 'totalUpvotes'],
    ['share', ({ upvotesShare }) => formatPercent(upvotesShare)],
    ['days', formatDays],
  ]);
  return `${formatTopicHeading(`${kind} ${name}`, span)}\n\n${table}`;
}
