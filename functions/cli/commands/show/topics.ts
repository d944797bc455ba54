import * as z from 'zod';
import { formatCount, formatDateRange, formatPercent } from '../../../../shared/lib/format.ts';
import type { TopicsAnswer } from '../../../../shared/query/topics.schema.ts';
import { getRisingTopics, getTopics, topicsQuestion } from '../../../../shared/query/topics.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { defineCommand } from '../../command.ts';
import { checkRange, rangeFlags, toRange, valueFlag } from '../../flags.ts';
import { type Column, formatSection } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

/** As many keywords as a terminal can show; the site has them all. */
const SHOWN = 100;

/** `show topics`: the keywords with most papers. */
export const showTopics = defineCommand({
  name: 'show topics',
  summary: 'Shows the keywords with most papers in a range of list days, compared with as many days before.',
  examples: ['show topics', 'show topics --sort rising', 'show topics --from 2025-01-01 --to 2025-03-31'],
  flags: z.object({
    ...rangeFlags,
    sort: valueFlag(topicsQuestion.parameters.shape.sort, '<order>', 'papers, or rising: a week against eight before'),
  }),
  run: (context, { sort, ...days }) => {
    const range = { ...toRange(days), by: 'week', limit: SHOWN, cursor: null } as const;
    checkRange(topicsQuestion.rules, { ...range, sort, q: null });
    return showAnswer(context, async (query) => {
      const answer = await (sort === 'rising' ? getRisingTopics : getTopics)(query, range);
      return { answer, text: formatTopics(answer) };
    });
  },
});

function formatTopics({ from, to, topics, total, coverage }: TopicsAnswer): string {
  const head = `${formatCount(total, 'topic')} · ${formatDateRange(from, to)} · ${describeRangeCoverage(coverage)}`;
  const columns = [
    ['topic', ({ kind, topic }) => (kind === 'phrase' ? `"${topic}"` : topic)],
    'trend',
    'papers',
    ['share', ({ share }) => formatPercent(share)],
    ['papers before', 'papersBefore'],
    ['share before', ({ shareBefore }) => formatPercent(shareBefore)],
  ] satisfies Column<TopicsAnswer['topics'][number]>[];
  return formatSection(head, topics, columns, total);
}
