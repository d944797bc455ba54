import * as z from 'zod';
import { formatCount } from '../../../../shared/lib/format.ts';
import { addSeconds } from '../../../../shared/lib/time.ts';
import { getNewPapers } from '../../../../shared/query/new.ts';
import * as params from '../../../../shared/query/parameters.ts';
import { defineCommand } from '../../command.ts';
import { valueFlag } from '../../flags.ts';
import { clip, formatTable } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

const DAY_SECONDS = 86_400;
/** More papers than any archive has. */
const ALL = 1_000_000;

/** `show new`: all papers first seen since a moment. */
export const showNew = defineCommand({
  name: 'show new',
  summary: 'Shows the papers first seen since a moment.',
  examples: ['show new', 'show new --since 2025-01-08'],
  flags: z.object({
    since: valueFlag(params.rangeStart.optional(), '<time>', 'a day or a time (default: 24 hours ago)'),
  }),
  run: (context, { since }) =>
    showAnswer(context, async (query) => {
      const question = { since: since ?? addSeconds(query.clock(), -DAY_SECONDS), list: null };
      const { answer } = await getNewPapers(query, question, { limit: ALL, after: null });
      const head = `${formatCount(answer.total, 'paper')} first seen since ${answer.since}`;
      const rows = answer.papers.map(({ firstSeen, id, upvotes, title }) => [firstSeen, id, upvotes, clip(title, 72)]);
      const table = formatTable(['first seen', 'id', 'upvotes', 'title'], rows);
      return { answer, text: rows.length === 0 ? head : `${head}\n\n${table}` };
    }),
});
