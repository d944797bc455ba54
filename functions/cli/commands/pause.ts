import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { type Stage, stageFlag } from '../aws/stage.ts';
import type { Run } from '../program.ts';

/** `pause`: switches the schedules of a deployment off. Everything is kept, and the site stays. */
export const runPause: Run = async (context, _args, options) => {
  const { schedules, changed } = await setSchedules(await stageFlag(options.stage), false);
  const words = changed === 0 ? 'nothing: it was paused already' : `${changed} schedules are off`;
  const after = 'the site stays; NotRunning mails once in three hours. `npx paperkeep resume` goes on';
  context.say({ paused: true, schedules, changed }, `${words}\n${after}`);
  return 0;
};

/** Switches all schedules of a deployment on or off; tells how many were otherwise before. Throws NO_SCHEDULE when there are none. */
export async function setSchedules(
  { name, cloud, app }: Stage,
  on: boolean,
): Promise<{ readonly schedules: readonly string[]; readonly changed: number }> {
  const schedules = app ? await cloud.resources(app.stack, 'AWS::Scheduler::Schedule') : [];
  if (schedules.length === 0) {
    const hint = 'deploy it again: `npm run deploy`';
    throw new PaperkeepError({
      code: 'NO_SCHEDULE',
      message: `the stage ${name} has no schedule: its app stack is not there`,
      hint,
    });
  }
  let changed = 0;
  for (const schedule of schedules) {
    if ((await cloud.isOn(schedule)) === on) continue;
    await cloud.turn(schedule, on);
    changed += 1;
  }
  return { schedules, changed };
}
