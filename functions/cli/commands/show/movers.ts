import * as z from 'zod';
import type { MoversAnswer } from '../../../../shared/query/movers.schema.ts';
import { moversQuestion, resolveMoversRange } from '../../../../shared/query/movers.ts';
import { defineCommand } from '../../command.ts';
import { usageError } from '../../context.ts';
import { valueFlag } from '../../flags.ts';
import { type Column, formatSection, titleColumn } from '../../output.ts';
import { showAnswer } from '../../show-answer.ts';

const flags = moversQuestion.parameters.shape;

/** `show movers`: what entered a list, left it and moved between two captures. */
export const showMovers = defineCommand({
  name: 'show movers',
  summary: 'Shows what entered a list, left it and moved between two captures.',
  examples: ['show movers', 'show movers --list trending --window 7d', 'show movers --from 2025-01-01 --to 2025-01-08'],
  flags: z.object({
    list: valueFlag(flags.list, '<list>', 'daily, trending or watched:<slug> (default: trending, else daily)'),
    from: valueFlag(flags.from, '<time>', 'a day (from its start) or a time'),
    to: valueFlag(
      flags.to,
      '<time>',
      'a day (to its end) or a time (default: now; without a range the newest capture)',
    ),
    window: valueFlag(flags.window, '<window>', '24h, 7d or 30d up to --to (default: 24h)'),
    sort: valueFlag(flags.sort, '<order>', 'order of moved papers: upvotes or stars, per hour (default: upvotes)'),
  }),
  run: (context, { list, from, to, window, sort }) => {
    if (from && window)
      throw usageError('--window and --from both say where the range begins', 'leave out one of them');
    return showAnswer(
      context,
      async (query) => {
        if (from && !resolveMoversRange({ from, to, window }, query.clock()))
          throw usageError(`--from ${from} is not before --to ${to ?? 'now'}`, 'give an earlier --from');
        const answer = await moversQuestion.run(query, { list, from, to, window, sort });
        return { answer, text: formatMovers(answer) };
      },
      list,
    );
  },
});

function formatMovers({ list, from, to, hours, entered, left, moved, coverage }: MoversAnswer): string {
  const { before, after, missing } = coverage;
  const read =
    list === 'daily' ? ` · ${before.length} lists against ${after.length}, ${missing.length} not captured` : '';
  const head = `${list} · ${from.observedAt} to ${to.observedAt} · ${tenth(hours)} h${read}`;
  const [was, title] = [['was', 'rankBefore'] as const, titleColumn(72)];
  return [
    head,
    formatPart('moved', moved, [
      was,
      ['rank', 'rankAfter'],
      ['from', 'upvotesBefore'],
      ['upvotes', 'upvotesAfter'],
      ['per hour', ({ upvotesPerHour }) => upvotesPerHour && Math.round(upvotesPerHour * 100) / 100],
      ['stars', 'starsAfter'],
      ['stars per hour', ({ starsPerHour }) => starsPerHour && Math.round(starsPerHour * 100) / 100],
      ['hours', ({ hours }) => tenth(hours)],
      'id',
      titleColumn(60),
    ]),
    formatPart('entered', entered, ['rank', 'upvotes', 'id', title]),
    formatPart('left', left, [was, 'id', title]),
  ].join('\n\n');
}

const formatPart = <R extends object>(name: string, rows: readonly R[], columns: readonly Column<R>[]): string =>
  formatSection(`${name}: ${rows.length === 0 ? 'none' : rows.length}`, rows, columns);

const tenth = (hours: number): number => Math.round(hours * 10) / 10;
