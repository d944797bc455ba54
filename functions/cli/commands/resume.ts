import { stageFlag } from '../aws/stage.ts';
import type { Run } from '../program.ts';
import { setSchedules } from './pause.ts';

/** `resume`: switches the schedules of a deployment on again. */
export const runResume: Run = async (context, _args, options) => {
  const { schedules, changed } = await setSchedules(await stageFlag(options.stage), true);
  const words = changed === 0 ? 'nothing: it was not paused' : `${changed} schedules are on again`;
  context.say({ paused: false, schedules, changed }, `${words}; the next run, within the hour, does what is due`);
  return 0;
};
