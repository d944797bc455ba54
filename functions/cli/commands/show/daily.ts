import * as z from 'zod';
import { defineCommand } from '../../command.ts';
import { dayArgument } from '../../flags.ts';
import { showAnswer } from '../../show-answer.ts';
import { answerList, listFlags } from './list-text.ts';

/** `show daily`: the daily list, the newest or that of a day. */
export const showDaily = defineCommand({
  name: 'show daily',
  summary: 'Shows the daily list of a day; without DAY the newest one that has papers.',
  examples: ['show daily', 'show daily yesterday', 'show daily 2025-01-08 --at 2025-01-08T12:00:00Z'],
  args: z.object({ day: dayArgument }),
  flags: listFlags,
  run: (context, input) => showAnswer(context, (query) => answerList(query, 'daily', input)),
});
