import * as z from 'zod';
import { defineCommand } from '../../command.ts';
import { dayArgument } from '../../flags.ts';
import { showAnswer } from '../../show-answer.ts';
import { answerList, listFlags } from './list-text.ts';

/** `show trending`: the trending list, the newest or the last of a day. */
export const showTrending = defineCommand({
  name: 'show trending',
  summary: 'Shows the trending list; with DAY the last one of that day.',
  examples: ['show trending', 'show trending 2025-01-08'],
  args: z.object({ day: dayArgument }),
  flags: listFlags,
  run: (context, input) => showAnswer(context, (query) => answerList(query, 'trending', input)),
});
