import * as z from 'zod';
import { getNewestList } from './list.ts';
import { at } from './parameters.ts';
import { defineQuestion } from './question.ts';

/** The front page. */
export const frontQuestion = defineQuestion({
  path: '/',
  summary: 'The newest daily list and trending side by side.',
  parameters: z.object({ at }),
  answer: async () => (await import('./list.schema.ts')).FrontAnswer,
  run: async (context, { at }) => {
    const newest = { at, sort: 'rank' } as const;
    const [daily, trending] = await Promise.all([
      getNewestList(context, 'daily', newest),
      getNewestList(context, 'trending', newest),
    ]);
    return { sample: context.sample, daily, trending };
  },
});
