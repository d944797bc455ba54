/** `npm run update`: shows what would change, deploys it, and reads snapshots again where a parser has become better. */
import * as z from 'zod';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { type ListDay, type ListKind, listKind, parseSnapshotKey } from '../../../shared/model/list.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import { setSchedules } from '../commands/pause.ts';
import { readDeployedConfig } from './choices.ts';
import type { Cloud } from './cloud.ts';
import { accessHeaders, bootstrap, fetchJson, formatDollars } from './deploy.ts';
import { confirm, createOperator, type Operator, parseFlags, runCdk, runScript } from './operator.ts';
import { REPLAY_DOLLARS } from './prices.ts';
import { sendReplay } from './replay.ts';
import { findStage, type Stage } from './stage.ts';

/** Flags of `npm run update`. */
export type UpdateFlags = { readonly yes?: boolean; readonly bootstrap?: boolean; readonly replay?: boolean };

/** A replay that an update makes advisable. */
export type Replay = {
  readonly kinds: readonly ListKind[];
  readonly snapshots: number;
  readonly listDays: number;
  readonly dollars: number;
  /** Whether it was asked of the recorder. */
  readonly sent: boolean;
};

/** What an update came to. */
export type UpdateReport = {
  readonly stage: string;
  readonly url: string;
  /** Release that ran before; null where the site did not say. */
  readonly from: string | null;
  /** Null: no parser's epoch rose, and none was asked for. */
  readonly replay: Replay | null;
  /** True when the schedules were off before, and are again. */
  readonly isPaused: boolean;
};

const Versions = z.looseObject({ paperkeep: z.string(), parsers: z.record(z.string(), z.number()) });

/** Updates a deployment. Throws what `findStage` throws where there is none. */
export async function update(operator: Operator, flags: UpdateFlags, parsers = parserEpochs): Promise<UpdateReport> {
  const { config, region } = await readDeployedConfig(operator);
  if (!operator.ask && !flags.yes)
    throw new PaperkeepError({
      code: 'CHOICES_MISSING',
      message: 'nobody can be asked here, and --yes is missing',
      hint: 'give it behind --',
    });
  const cloud = operator.cloud(region);
  const { account } = await cloud.identity();
  const before = await findStage(config.stage, cloud);
  const headers = await accessHeaders(cloud, config);
  const versions =
    before.app && Versions.safeParse(await fetchJson(operator, `${before.app.url}/-/versions.json`, headers)).data;
  const isPaused = await areOff(cloud, before);
  await bootstrap(operator, cloud, account, flags.bootstrap ?? false);
  await runCdk(operator, ['diff'], region);
  if (!flags.yes && !(await confirm(operator, 'Deploy these changes?')))
    throw new PaperkeepError({
      code: 'DECLINED',
      message: 'nothing was changed',
      hint: 'run it again when you want it',
    });
  await runCdk(operator, ['deploy', '--all', '--require-approval', 'never'], region);
  const after = await findStage(config.stage, cloud);
  // a schedule that itself changed comes back switched on
  if (isPaused) await setSchedules(after, false);
  // a release that lays the catalog out differently makes it anew
  if (after.app) await cloud.invoke(after.app.export);
  if (!versions) operator.tell('the site did not say what ran before: read CHANGELOG.md for whether a replay is due');
  const all = Object.keys(parsers) as ListKind[];
  const risen = all.filter((kind) => versions && parsers[kind] > (versions.parsers[kind] ?? parsers[kind]));
  const kinds = risen.length === 0 && flags.replay ? all : risen;
  return {
    stage: config.stage,
    url: after.app?.url ?? '',
    from: versions?.paperkeep ?? null,
    replay: kinds.length > 0 ? await replay(operator, after, kinds, flags.replay ?? false) : null,
    isPaused,
  };
}

async function areOff(cloud: Cloud, { app }: Stage): Promise<boolean> {
  const schedules = app ? await cloud.resources(app.stack, 'AWS::Scheduler::Schedule') : [];
  const on = await Promise.all(schedules.map(cloud.isOn));
  return schedules.length > 0 && on.every((one) => !one);
}

/** Says what reading again would cost, and sends it if that is wanted. */
async function replay(operator: Operator, stage: Stage, kinds: readonly ListKind[], agreed: boolean): Promise<Replay> {
  const listDays = new Map<string, ListDay>();
  let snapshots = 0;
  for await (const { key } of (await operator.archive(stage.archive, stage.cloud.region)).list('raw/')) {
    const facts = parseSnapshotKey(key);
    if (!facts || !kinds.includes(listKind(facts.list))) continue;
    snapshots += 1;
    listDays.set(`${facts.list} ${facts.day}`, { list: facts.list, day: facts.day });
  }
  const cost = snapshots * REPLAY_DOLLARS;
  const words = `${snapshots} snapshots of ${listDays.size} lists (${kinds.join(', ')}) can be read again by better parsers`;
  operator.tell(`${words}, for about ${formatDollars(cost)}; until then old rows stay as they were read`);
  const sent = agreed || (await confirm(operator, 'Read them again now?'));
  if (sent) await sendReplay(stage.cloud, stage.queue, [...listDays.values()]);
  else
    operator.tell('later: `npm run update -- --replay`, or `npx paperkeep replay --stage` with the name of the stage');
  return { kinds, snapshots, listDays: listDays.size, dollars: cost, sent };
}

/** What the owner is told. */
export const formatUpdateReport = ({ url, from, replay, isPaused }: UpdateReport): string =>
  [
    '',
    `updated${from ? ` from ${from}` : ''}: ${url}`,
    ...(replay?.sent
      ? [`${replay.listDays} lists are being read again; see the metric Recorded on the dashboard`]
      : []),
    ...(isPaused ? ['it is still paused: `npx paperkeep resume` goes on'] : []),
  ].join('\n');

if (import.meta.main) {
  await runScript(async () => {
    const values = parseFlags({
      options: {
        yes: { type: 'boolean' },
        bootstrap: { type: 'boolean' },
        replay: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const result = await update(createOperator(), values as UpdateFlags);
    return { result, text: formatUpdateReport(result), exit: 0 };
  });
}
