/** Everything AWS knows about collecting: an hourly schedule, and targets named by hand. */
import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { collectOrLeave } from '../../shared/collect.ts';
import { askFeed } from '../../shared/fetch/feed.ts';
import { systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { jsonLog } from '../../shared/kit/log.ts';
import { emfMetrics } from '../../shared/kit/metrics.ts';
import { secret } from '../../shared/kit/ssm.ts';
import { readTargets } from '../../shared/model/target.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { pulse } from '../../shared/pulse.ts';
import { calendarOf } from '../../shared/record/calendar.ts';
import { takeLease } from '../../shared/record/lease.ts';
import { openRecords } from '../../shared/record/open.ts';
import { Deployed, Settings } from '../../shared/settings.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import { kinds, sourcesOf } from '../../shared/sources.ts';

const settings = readEnv(Settings, process.env);
const { stage, version, tokenParameter } = readEnv(Deployed, process.env);
const write = (line: string) => process.stdout.write(line);
const log = jsonLog(write, systemClock);
const records = await openRecords(settings.table);
const token = await secret(tokenParameter);
const sources = sourcesOf(settings.watch);
const holder = { host: 'lambda', pid: 0, run: randomUUID() };
const deps = {
  ask: askFeed({ ...settings, token, version }, systemClock, log),
  snapshots: await openSnapshots(settings.archive),
  calendar: { between: calendarOf.bind(null, records) },
  readers: parsers,
  sources,
  clock: systemClock,
  log,
  takeLease: () => takeLease({ records, clock: systemClock, holder, isAlive: () => true }),
  onStored: async () => {}, // the archive's own event does it
};
/** Time kept back to write the last report and give the lease up. */
const RESERVE_MS = 5_000;

const metrics = emfMetrics(stage, write, Date.now);
const moving = sources.filter(({ kind }) => kinds[kind].everyMinutes === 60).map(({ name }) => name);

/** Entry of the schedule: collects whatever is due, or `{ "targets": [{ "source", "day" }] }`. */
export const handler = async (event: unknown, context: Context) => {
  const targets = readTargets(event);
  const deadline = () => Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS);
  const report = await collectOrLeave(deps, targets, deadline);
  await pulse({ records, clock: systemClock, metrics, moving }, report);
  return {
    visits: report.visits.length,
    failed: report.visits.filter(({ exit }) => exit !== 0).length,
    left: report.left.length,
  };
};
