import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Deployment } from './stage.ts';

const listSchedules = async ({ cloud, service }: Deployment): Promise<string[]> =>
  service ? cloud.listResources(service.stack, 'AWS::Scheduler::Schedule') : [];

/** Whether each schedule of a deployment is enabled; empty while its service stack is destroyed. */
export const readSchedules = async (deployment: Deployment): Promise<boolean[]> =>
  Promise.all((await listSchedules(deployment)).map(deployment.cloud.isScheduleEnabled));

/**
 * Enables or disables all schedules of a deployment; `changed` counts those that were not so before.
 *
 * @throws PaperkeepError `NO_SCHEDULE` when the deployment has none.
 */
export async function setSchedulesEnabled(
  deployment: Deployment,
  enabled: boolean,
): Promise<{ readonly schedules: readonly string[]; readonly changed: number }> {
  const schedules = await listSchedules(deployment);
  if (schedules.length === 0) {
    throw new PaperkeepError({
      code: 'NO_SCHEDULE',
      message: `stage ${deployment.stage} has no schedules, because its service stack does not exist`,
      hint: 'deploy it again with `npm run deploy`',
    });
  }
  let changed = 0;
  for (const schedule of schedules) {
    if ((await deployment.cloud.isScheduleEnabled(schedule)) === enabled) continue;
    await deployment.cloud.setScheduleEnabled(schedule, enabled);
    changed += 1;
  }
  return { schedules, changed };
}
