import * as z from 'zod';
import { formatCount } from '../../../../shared/lib/format.ts';
import { getNewPapers, newQuestion } from '../../../../shared/query/new.ts';
import { ALL_ITEMS } from '../../../../shared/query/paging.ts';
import { defineCommand } from '../../command.ts';
import { valueFlag } from '../../flags.ts';
import { formatSection, titleColumn } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

/** `show new`: all papers first seen since a moment. */
export const showNew = defineCommand({
  name: 'show new',
  summary: 'Shows the papers first seen since a moment.',
  examples: ['show new', 'show new --since 2025-01-08'],
  flags: z.object({
    since: valueFlag(
      newQuestion.parameters.shape.since,
      '<time>',
      'a day or a time (default: 24 hours before the newest capture)',
    ),
  }),
  run: (context, { since }) =>
    showAnswer(context, async (query) => {
      const answer = await getNewPapers(query, { since, list: null, limit: ALL_ITEMS, cursor: null });
      const head = `${formatCount(answer.total, 'paper')} first seen since ${answer.since}`;
      const columns = [['first seen', 'firstSeen'], 'id', 'upvotes', titleColumn(72)] as const;
      return { answer, text: formatSection(head, answer.papers, columns) };
    }),
});
