import * as z from 'zod';
import { chooseStage } from '../aws/stage.ts';
import { defineCommand } from '../command.ts';
import { setSchedules } from './pause.ts';

/** `resume`: switches the schedules of a deployment on again. */
export const resume = defineCommand({
  name: 'resume',
  summary: 'In AWS: switches the schedules on again.',
  examples: ['resume --stage main'],
  flags: z.object({}),
  run: async ({ stage, print }) => {
    const { schedules, changed } = await setSchedules(await chooseStage(stage), true);
    const text = changed === 0 ? 'Nothing to do: the schedules are on already.' : `${changed} schedules are on again.`;
    print({ paused: false, schedules, changed }, `${text} The next run, within the hour, does what is due.`);
    return 0;
  },
});
