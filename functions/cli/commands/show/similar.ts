import * as z from 'zod';
import { paperReference } from '../../../../shared/query/parameters.ts';
import { getSimilarPapers } from '../../../../shared/query/similar.ts';
import { defineCommand } from '../../command.ts';
import { valueFlag } from '../../flags.ts';
import { formatSection, titleColumn } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

/** `show similar`: the papers nearest to one. */
export const showSimilar = defineCommand({
  name: 'show similar',
  summary: 'Shows the ten papers most similar to one. A server compares all papers once a day.',
  examples: ['show similar 2501.04519'],
  args: z.object({ id: valueFlag(paperReference, 'id', 'an arXiv id, or an arXiv or Hugging Face URL') }),
  flags: z.object({}),
  run: (context, { id }) =>
    showAnswer(context, async (query) => {
      const answer = await getSimilarPapers(query, id);
      const { title, comparedAt, papers } = answer;
      const head = `similar to ${title} · ${comparedAt === null ? 'not compared with other papers yet' : `compared ${comparedAt}`}`;
      const text = formatSection(head, papers, [
        ['similarity', ({ score }) => score.toFixed(2)],
        ['listed', 'listedOn'],
        'id',
        titleColumn(72),
      ]);
      return { answer, text };
    }),
});
