import { setSchedulesEnabled } from '../aws/schedules.ts';
import { findDeploymentByFlag } from '../aws/stage.ts';
import type { Run } from '../program.ts';

/** `pause`: disables the schedules of a deployment. */
export const runPause: Run = async (context, _args, options) => {
  const { schedules, changed } = await setSchedulesEnabled(await findDeploymentByFlag(options.stage), false);
  const done = changed === 0 ? 'it was paused already' : `paused: ${changed} schedules are disabled`;
  const next =
    'the site stays up, and the alarm NotRunning will mail once; `npx paperkeep resume` enables the schedules';
  context.say({ paused: true, schedules, changed }, `${done}\n${next}`);
  return 0;
};
