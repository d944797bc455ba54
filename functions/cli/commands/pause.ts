import * as z from 'zod';
import { setSchedulesEnabled } from '../aws/schedules.ts';
import { findDeploymentByFlag } from '../aws/stage.ts';
import { defineCommand } from '../command.ts';

/** `pause`: disables the schedules of a deployment. */
export const pause = defineCommand({
  name: 'pause',
  summary: 'In AWS: disables the schedules. Everything is kept, and the site stays up.',
  examples: ['pause --stage main'],
  flags: z.object({}),
  run: async ({ stage, print }) => {
    const { schedules, changed } = await setSchedulesEnabled(await findDeploymentByFlag(stage), false);
    const done = changed === 0 ? 'it was paused already' : `paused: ${changed} schedules are disabled`;
    const next =
      'the site stays up, and the alarm NotRunning will mail once; `npx paperkeep resume` enables the schedules';
    print({ paused: true, schedules, changed }, `${done}\n${next}`);
    return 0;
  },
});
