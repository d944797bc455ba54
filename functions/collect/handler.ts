/** The collecting function: run by the hourly schedule, or for list days that an event names. */
import type { Context } from 'aws-lambda';
import { openArchive } from '../../shared/archive/open.ts';
import { lambdaDeadline } from '../../shared/aws/deadline.ts';
import { createFunctionOutput } from '../../shared/aws/output.ts';
import { readSecret } from '../../shared/aws/ssm.ts';
import { openFeedClient } from '../../shared/collect/client.ts';
import { emitHealthMetrics } from '../../shared/collect/health-metrics.ts';
import { collectOrDefer, countFailedVisits } from '../../shared/collect/run.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import { parseCollectEvent } from '../../shared/model/list.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { FunctionSettings, Settings } from '../../shared/settings.ts';
import { readCalendar } from '../../shared/table/calendar.ts';
import { openTable } from '../../shared/table/open.ts';
import { lambdaLease } from './lease.ts';

const settings = parseEnv(Settings, process.env);
const { stage, version, tokenParameter } = parseEnv(FunctionSettings, process.env);
const { log, metrics } = createFunctionOutput(stage, process.stdout, systemClock, Date.now);
const table = await openTable(settings.table);
const token = await readSecret(tokenParameter);
const lists = configuredLists(settings.watch);
const deps = {
  feed: openFeedClient({ ...settings, token, version, clock: systemClock, log }),
  archive: await openArchive(settings.archive),
  readCalendar: readCalendar.bind(null, table),
  parsers,
  lists,
  since: settings.since,
  clock: systemClock,
  log,
  takeLease: lambdaLease(table),
  onStored: async () => {}, // an event of the bucket starts the recording
};
/** Time reserved to store the last capture and to release the lease. */
const RESERVE_MS = 5_000;

/** Collects what is due, or the list days of an event `{ "listDays": [{ "list", "day" }] }`. */
export const handler = async (event: unknown, context: Context) => {
  const listDays = parseCollectEvent(event);
  const report = await collectOrDefer(deps, listDays, lambdaDeadline(context, RESERVE_MS));
  await emitHealthMetrics({ table, clock: systemClock, metrics, lists }, report);
  return { visits: report.visits.length, failed: countFailedVisits(report.visits), left: report.left.length };
};
