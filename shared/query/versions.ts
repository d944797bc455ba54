import * as z from 'zod';
import type { SiteContext } from './context.ts';
import { defineQuestion } from './question.ts';

/** What software answers. */
export const versionsQuestion = defineQuestion({
  path: '/-/versions',
  summary: 'The versions of the software that answers.',
  parameters: z.object({}),
  answer: async () => (await import('./health.schema.ts')).VersionsAnswer,
  run: async ({ versions, sample }: SiteContext) => ({ ...versions, sample }),
});
