import { setSchedulesEnabled } from '../aws/schedules.ts';
import { findDeploymentByFlag } from '../aws/stage.ts';
import type { Run } from '../program.ts';

/** `resume`: enables the schedules of a deployment again. */
export const runResume: Run = async (context, _args, options) => {
  const { schedules, changed } = await setSchedulesEnabled(await findDeploymentByFlag(options.stage), true);
  const done = changed === 0 ? 'it was not paused' : `resumed: ${changed} schedules are enabled`;
  context.say({ paused: false, schedules, changed }, `${done}; the next run, within the hour, collects what is due`);
  return 0;
};
