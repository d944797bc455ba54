import { alarmPrefix } from '../../../shared/names.ts';
import type { Cloud } from './cloud.ts';

/** The names of a deployment's alarms that fire, each also that of an article in the runbook. */
export async function listFiringAlarms(cloud: Cloud, stage: string): Promise<string[]> {
  const prefix = alarmPrefix(stage);
  return (await cloud.listFiringAlarms(prefix)).map((name) => name.slice(prefix.length));
}

/** The lines of a report about alarms that fire; empty when no alarm fires. */
export const formatFiringAlarms = (alarms: readonly string[]): string[] =>
  alarms.length === 0 ? [] : [`ALARMS firing: ${alarms.join(', ')}; see docs/aws/runbook.md`];
