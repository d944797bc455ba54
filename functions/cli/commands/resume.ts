import * as z from 'zod';
import { setSchedulesEnabled } from '../aws/schedules.ts';
import { findDeploymentByFlag } from '../aws/stage.ts';
import { defineCommand } from '../command.ts';

/** `resume`: enables the schedules of a deployment again. */
export const resume = defineCommand({
  name: 'resume',
  summary: 'In AWS: enables the schedules again.',
  examples: ['resume --stage main'],
  flags: z.object({}),
  run: async ({ stage, print }) => {
    const { schedules, changed } = await setSchedulesEnabled(await findDeploymentByFlag(stage), true);
    const done = changed === 0 ? 'it was not paused' : `resumed: ${changed} schedules are enabled`;
    print({ paused: false, schedules, changed }, `${done}; the next run, within the hour, collects what is due`);
    return 0;
  },
});
