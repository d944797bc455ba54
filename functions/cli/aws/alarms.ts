import { alarmPrefix } from '../../../shared/names.ts';
import type { Cloud } from './cloud.ts';

/** The names of a deployment's alarms that fire, each also that of an article in the runbook. */
export async function listFiringAlarms(cloud: Cloud, stage: string): Promise<string[]> {
  const prefix = alarmPrefix(stage);
  return (await cloud.listFiringAlarms(prefix)).map((name) => name.slice(prefix.length));
}

/** A line for a report about alarms that fire; none where there are none. */
export const formatFiringAlarms = (alarms: readonly string[]): string[] =>
  alarms.length === 0 ? [] : [`ALARMS firing: ${alarms.join(', ')}; see docs/aws/runbook.md`];
