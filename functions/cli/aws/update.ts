import * as z from 'zod';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { dayOf } from '../../../shared/lib/time.ts';
import { type ListDay, type ListKind, listKind, parseSnapshotKey } from '../../../shared/model/list.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import { createListDayMessage } from '../../../shared/record/messages.ts';
import { type AlarmState, formatAlarmState, readAlarmState } from './alarms.ts';
import { bootstrap } from './bootstrap.ts';
import { setUpBudget } from './budget.ts';
import { concurrencyContext } from './concurrency.ts';
import { missingFlagsError, readAccessHeaders, readDeployedConfig } from './config.ts';
import { confirm, type DeployDeps, runCdk } from './deps.ts';
import { describeHistoryCost, formatDollars, REPLAY_DOLLARS_PER_SNAPSHOT } from './prices.ts';
import { readSchedules, setSchedulesEnabled } from './schedules.ts';
import { type Deployment, findDeployment } from './stage.ts';

/** The flags of `update`. */
export type UpdateFlags = {
  readonly yes?: boolean | undefined;
  readonly bootstrap?: boolean | undefined;
  readonly replay?: boolean | undefined;
};

/** A replay that an update makes advisable. */
export type ReplayReport = {
  readonly kinds: readonly ListKind[];
  readonly snapshots: number;
  readonly listDays: number;
  readonly dollars: number;
  /** Whether the recorder was asked to do it. */
  readonly sent: boolean;
};

/** The result of an update. */
export type UpdateReport = AlarmState & {
  readonly stage: string;
  readonly url: string;
  /** The release that was deployed before; null where the site did not answer. */
  readonly from: string | null;
  /** Null when no parser changed its epoch and no replay was requested. */
  readonly replay: ReplayReport | null;
  /** Whether the schedules were disabled before, and still are. */
  readonly isPaused: boolean;
};

const Versions = z.looseObject({ paperkeep: z.string(), parsers: z.record(z.string(), z.number()) });

/** Shows the differences, deploys them, and offers a replay where the new release parses better. */
export async function update(deps: DeployDeps, flags: UpdateFlags, parsers = parserEpochs): Promise<UpdateReport> {
  const { config, region } = await readDeployedConfig(deps);
  if (!deps.ask && !flags.yes) throw missingFlagsError(['--yes']);
  const cloud = deps.openCloud(region);
  const before = await findDeployment(config.stage, cloud);
  const headers = await readAccessHeaders(cloud, config);
  const versions =
    before.service && Versions.safeParse(await deps.fetchJson(`${before.service.url}/-/versions.json`, headers)).data;
  const schedules = await readSchedules(before);
  const isPaused = schedules.length > 0 && !schedules.includes(true);
  await bootstrap(deps, cloud, config, flags.bootstrap);
  const context = await concurrencyContext(cloud, config, deps.log);
  await runCdk(deps, ['diff', ...context], region);
  if (
    !flags.yes &&
    !(await confirm(deps, `Deploy these changes?${describeHistoryCost(config.since, dayOf(deps.clock()))}`))
  )
    throw new PaperkeepError({ code: 'DECLINED', message: 'nothing was changed', hint: 'run it again and answer y' });
  await runCdk(deps, ['deploy', '--all', '--require-approval', 'never', ...context], region);
  await setUpBudget(cloud, config, deps.log);
  const after = await findDeployment(config.stage, cloud);
  // CloudFormation enables a schedule that it changes
  if (isPaused) await setSchedulesEnabled(after, false);
  // a release with another catalog layout needs a new catalog before the night
  if (after.service) await cloud.startFunction(after.service.exportFunction);
  if (!versions) deps.log.warn('the site did not report its version; CHANGELOG.md says whether a replay is needed');
  const kinds = kindsToReplay(parsers, versions?.parsers ?? null, flags.replay ?? false);
  return {
    stage: config.stage,
    url: after.service?.url ?? '',
    from: versions?.paperkeep ?? null,
    replay: kinds.length > 0 ? await replay(deps, after, kinds, flags.replay ?? false) : null,
    isPaused,
    ...(await readAlarmState(cloud, config.stage, after.service?.stack ?? null)),
  };
}

/** The kinds of list whose parser has a higher epoch than the deployed one; all of them when none has and a replay is requested. */
function kindsToReplay(
  parsers: Readonly<Record<ListKind, number>>,
  deployed: Readonly<Record<string, number>> | null,
  requested: boolean,
): ListKind[] {
  const kinds = Object.keys(parsers) as ListKind[];
  const raised = kinds.filter((kind) => deployed && parsers[kind] > (deployed[kind] ?? parsers[kind]));
  return raised.length === 0 && requested ? kinds : raised;
}

/** Reports what a replay would cost, and starts it if the owner agrees. */
async function replay(
  deps: DeployDeps,
  { stage, archive, cloud, queueUrl }: Deployment,
  kinds: readonly ListKind[],
  agreed: boolean,
): Promise<ReplayReport> {
  const listDays = new Map<string, ListDay>();
  let snapshots = 0;
  for await (const { key } of (await deps.openArchive(archive, cloud.region)).list('raw/')) {
    const parts = parseSnapshotKey(key);
    if (!parts || !kinds.includes(listKind(parts.list))) continue;
    snapshots += 1;
    listDays.set(`${parts.list} ${parts.day}`, { list: parts.list, day: parts.day });
  }
  const dollars = snapshots * REPLAY_DOLLARS_PER_SNAPSHOT;
  const size = `${formatCount(snapshots, 'snapshot')} of ${formatCount(listDays.size, 'list day')} (${kinds.join(', ')})`;
  deps.log.info(`a replay of ${size} would parse them again, for about ${formatDollars(dollars)}`);
  const sent = agreed || (await confirm(deps, 'Replay them now?'));
  if (sent) await cloud.sendMessages(queueUrl, [...listDays.values()].map(createListDayMessage));
  else deps.log.info(`to replay them later: npx paperkeep replay --stage ${stage}`);
  return { kinds, snapshots, listDays: listDays.size, dollars, sent };
}

/** Formats the result of an update for a terminal. */
export const formatUpdateReport = ({ url, from, replay: replayed, isPaused, ...state }: UpdateReport): string =>
  [
    '',
    `updated${from ? ` from ${from}` : ''}: ${url}`,
    ...(replayed?.sent
      ? [`replaying ${formatCount(replayed.listDays, 'list day')}; the dashboard shows the progress as "Recorded"`]
      : []),
    ...(isPaused ? ['the schedules are still paused; `npx paperkeep resume` enables them'] : []),
    ...formatAlarmState(state),
  ].join('\n');
