import * as z from 'zod';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { chooseStage, type Stage } from '../aws/stage.ts';
import { defineCommand } from '../command.ts';

/** `pause`: switches the schedules of a deployment off. Everything is kept, and the site stays. */
export const pause = defineCommand({
  name: 'pause',
  summary: 'In AWS: switches the schedules off. Everything is kept, and the site stays.',
  examples: ['pause --stage main'],
  flags: z.object({}),
  run: async ({ stage, print }) => {
    const { schedules, changed } = await setSchedules(await chooseStage(stage), false);
    const text = changed === 0 ? 'Nothing to do: the schedules are off already.' : `${changed} schedules are off.`;
    const next =
      'The site stays. The NotRunning alarm sends a mail after three hours. To go on: `npx paperkeep resume`.';
    print({ paused: true, schedules, changed }, `${text}\n${next}`);
    return 0;
  },
});

/** Switches all schedules of a deployment on or off; returns how many it changed. @throws NO_SCHEDULE when there are none. */
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
