import type { Run } from './commands.ts';
import { turnAll } from './pause.ts';
import { stageFlag } from './stage.ts';

/** `resume`: switches the schedules of a deployment on again. */
export const runResume: Run = async (context, _args, options) => {
  const { schedules, changed } = await turnAll(await stageFlag(options.stage), true);
  const words = changed === 0 ? 'nothing: it was not paused' : `${changed} schedules are on again`;
  context.say({ paused: false, schedules, changed }, `${words}; the next run, within the hour, does what is due`);
  return 0;
};
