import * as z from 'zod';
import { formatCount, formatDecimal } from '../../../../shared/lib/format.ts';
import { getHistory } from '../../../../shared/query/history.ts';
import type { Milestones } from '../../../../shared/query/milestones.schema.ts';
import { getPaper } from '../../../../shared/query/paper.ts';
import { paperReference } from '../../../../shared/query/parameters.ts';
import { describeChange } from '../../../../shared/web/pages/text.ts';
import { defineCommand } from '../../command.ts';
import { valueFlag } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

/** `show paper`: a paper with all its appearances. */
export const showPaper = defineCommand({
  name: 'show paper',
  summary: 'Shows a paper with all its appearances on lists, its peaks and what changed about it.',
  examples: ['show paper 2501.04519', 'show paper https://arxiv.org/abs/2501.04519'],
  args: z.object({ id: valueFlag(paperReference, 'id', 'an arXiv id, or an arXiv or Hugging Face URL') }),
  flags: z.object({}),
  run: (context, { id }) =>
    showAnswer(context, async (query) => {
      const answer = await getPaper(query, id);
      const history = await getHistory(query, id, { list: null, from: null, to: null });
      return { answer: { ...answer, history: history.observations }, text: formatPaper(answer) };
    }),
});

function formatPaper({ paper, appearances, life }: Awaited<ReturnType<typeof getPaper>>): string {
  const table = formatTable(appearances, [
    'list',
    'day',
    'captures',
    ['first rank', 'firstRank'],
    ['best', 'bestRank'],
    ['last', 'lastRank'],
    ['first upvotes', 'firstUpvotes'],
    ['peak', 'peakUpvotes'],
    ['last', 'lastUpvotes'],
  ]);
  const seen = `seen ${paper.firstSeen} to ${paper.lastSeen}`;
  return [
    paper.title,
    ...(paper.authors && paper.authors.length > 0 ? [paper.authors.join(', ')] : []),
    `${paper.url} · ${seen}`,
    '',
    table,
    '',
    ...formatMilestones(life),
  ].join('\n');
}

const formatPlace = ({ list, day, at }: { list: string; day: string; at: string }): string =>
  `${list} ${day}, at ${at}`;

/** The milestones of a paper as lines; what was not observed is left out. */
function formatMilestones({ best, peak, velocity, trending, changes }: Milestones): string[] {
  const { hours, unwatchedHours, entries } = trending;
  const speeds = velocity.map(
    ({ firstHours, perHour }) => `${perHour === null ? 'unknown' : formatDecimal(perHour)} (first ${firstHours} h)`,
  );
  const unwatched = unwatchedHours > 0 ? `, and ${formatDecimal(unwatchedHours)} h between captures far apart` : '';
  return [
    ...(best ? [`best rank ${best.rank} on ${formatPlace(best)}`] : []),
    ...(peak ? [`most upvotes ${peak.upvotes} on ${formatPlace(peak)}`] : []),
    `upvotes per hour: ${speeds.join(', ')}`,
    entries === 0
      ? 'never seen on trending'
      : `on trending for ${formatDecimal(hours)} h in ${formatCount(entries, 'stay')}${unwatched}`,
    ...changes.map((change) => `${change.at}  ${describeChange(change)}`),
  ];
}
