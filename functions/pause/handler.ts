/** Run by AWS Budgets when the bill of the account exceeds its budget, where the owner chose that: disables all schedules, as `pause` does. */
import { setScheduleEnabled } from '../../shared/aws/scheduler.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { createJsonLog } from '../../shared/lib/log.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { FunctionSettings } from '../../shared/settings.ts';

const { schedules } = parseEnv(FunctionSettings, process.env);
const log = createJsonLog((line) => process.stdout.write(line), systemClock);

/** Entry of the topic. */
export const handler = async () => {
  for (const schedule of schedules) await setScheduleEnabled(schedule, false);
  log.warn('paused, since the bill exceeds the budget', { schedules: schedules.length });
  return { paused: schedules.length };
};
