import { copyArchive } from '../../../shared/archive/copy.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { PRICES } from '../../../shared/aws/prices.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { stackNames } from '../../../shared/names.ts';
import { removeBudget } from './budget.ts';
import { readDeployedConfig } from './config.ts';
import { confirm, type DeployDeps, runCdk } from './deps.ts';
import { formatDollars } from './prices.ts';
import { findDeployment } from './stage.ts';

/** The flags of `destroy`; `confirm` is the name of the stage, `copyTo` the URL of an archive to copy to first. */
export type DestroyFlags = {
  readonly yes?: boolean | undefined;
  readonly everything?: boolean | undefined;
  readonly confirm?: string | undefined;
  readonly copyTo?: string | undefined;
};

/** What is left after a destroy. */
export type DestroyReport = {
  readonly stage: string;
  readonly archive: string;
  readonly table: string;
  readonly snapshots: number;
  readonly archiveBytes: number;
  readonly tableBytes: number;
  /** What storing archive and table costs a month. */
  readonly monthDollars: number;
  /** Commands that delete what is left, in order; empty while the data stack exists. */
  readonly steps: readonly string[];
};

/**
 * Destroys the service stack. With `everything` it also destroys the data stack, whose bucket and table stay and lose their protection.
 * Deletes no snapshot and no row.
 *
 * @throws PaperkeepError `DECLINED`; `COPY_DAMAGED` when the archive could not be copied completely, before anything is destroyed.
 */
export async function destroy(deps: DeployDeps, flags: DestroyFlags): Promise<DestroyReport> {
  const { config, region } = await readDeployedConfig(deps);
  const cloud = deps.openCloud(region);
  const deployment = await findDeployment(config.stage, cloud);
  const { stage } = deployment;
  const store = await deps.openArchive(deployment.archive, region);
  let [snapshots, archiveBytes] = [0, 0];
  for await (const { bytes } of store.list('raw/')) {
    snapshots += 1;
    archiveBytes += bytes;
  }
  await requireConfirmation(deps, flags, stage, snapshots);
  if (flags.everything) await copyFirst(deps, flags, store, region);

  const names = stackNames(stage);
  const [bucket, table] = [deployment.archive.slice('s3://'.length), deployment.table.slice('dynamodb:'.length)];
  if (deployment.service) {
    // catalog and exports, which can be built again from the table
    for (const derived of await cloud.listResources(names.service, 'AWS::S3::Bucket')) await cloud.emptyBucket(derived);
    await runCdk(deps, ['destroy', names.service, '--force'], region);
    await removeBudget(cloud, stage, deps.log);
  }
  const { bytes: tableBytes, isProtected } = await cloud.describeTable(table);
  if (flags.everything) {
    deps.log.info(`1. removing the write protection of the bucket ${bucket}`);
    await cloud.allowDeletingSnapshots(bucket);
    deps.log.info(`2. removing the deletion protection of the table ${table}`);
    if (isProtected) await cloud.unprotectTable(table);
    deps.log.info(`3. destroying the stack ${names.data}; its bucket and its table stay`);
    await cloud.unprotectStack(names.data);
    await runCdk(deps, ['destroy', names.data, '--force'], region);
  }
  const monthDollars =
    (archiveBytes / 1e9) * PRICES.bucketGb + (tableBytes / 1e9) * (PRICES.tableGb + PRICES.recoveryGb);
  const steps = flags.everything ? deletionCommands(bucket, table, region) : [];
  const { archive } = deployment;
  return { stage, archive, table: deployment.table, snapshots, archiveBytes, tableBytes, monthDollars, steps };
}

async function requireConfirmation(deps: DeployDeps, flags: DestroyFlags, stage: string, snapshots: number) {
  const count = formatCount(snapshots, 'snapshot');
  if (flags.everything) {
    const question = `This destroys stage ${stage} and removes the protection of its ${count}. Type the name of the stage: `;
    if ((flags.confirm ?? (await deps.ask?.(question))) === stage) return;
    throw declinedError('the name of the stage was not given', `confirm with --confirm ${stage}`);
  }
  if (flags.yes || (await confirm(deps, `Destroy the service of stage ${stage}? Its ${count} and its table stay.`)))
    return;
  throw declinedError('it was not confirmed', 'where there is no terminal, confirm with --yes');
}

const declinedError = (reason: string, hint: string): PaperkeepError =>
  new PaperkeepError({ code: 'DECLINED', message: `nothing was destroyed: ${reason}`, hint });

async function copyFirst(deps: DeployDeps, flags: DestroyFlags, store: SnapshotStore, region: string): Promise<void> {
  const to = flags.copyTo ?? (await deps.ask?.('Copy the archive first, to file:<folder>? Empty for no copy: '));
  if (!to) return;
  const { copied, there, damaged } = await copyArchive(store, await deps.openArchive(to, region), (done, of) => {
    if (done % 1000 === 0 || done === of) deps.log.info(`${done} of ${of} snapshots copied`);
  });
  deps.log.info(`${copied} snapshots copied to ${to}, ${there} were there already`);
  if (damaged.length === 0) return;
  throw new PaperkeepError({
    code: 'COPY_DAMAGED',
    message: `${damaged.length} snapshots could not be copied: ${damaged.map(({ key }) => key).join(', ')}`,
    hint: 'nothing was destroyed; check them with `npx paperkeep verify`',
  });
}

/** A lifecycle rule empties a versioned bucket for free, so no command here ever deletes a snapshot. */
function deletionCommands(bucket: string, table: string, region: string): string[] {
  const rule = {
    ID: 'empty',
    Status: 'Enabled',
    Filter: {},
    Expiration: { Days: 1 },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  };
  const lifecycle = JSON.stringify({ Rules: [rule] });
  return [
    `aws dynamodb delete-table --table-name ${table} --region ${region}`,
    `aws s3api put-bucket-lifecycle-configuration --bucket ${bucket} --region ${region} --lifecycle-configuration '${lifecycle}'`,
    `aws s3api delete-bucket --bucket ${bucket} --region ${region}   # two or three days later, when the bucket is empty`,
  ];
}

/** Formats the result of a destroy for a terminal. */
export const formatDestroyReport = (left: DestroyReport): string =>
  [
    '',
    `left:    ${left.archive} (${formatCount(left.snapshots, 'snapshot')}, ${(left.archiveBytes / 1e6).toFixed(1)} MB), ${left.table} (${(left.tableBytes / 1e6).toFixed(1)} MB)`,
    `cost:    about ${formatDollars(left.monthDollars)} a month`,
    ...(left.steps.length === 0
      ? [
          'restore: `npm run deploy` creates the service again, with this archive and table',
          'delete:  `npm run destroy -- --everything` prepares their deletion',
        ]
      : ['delete:  run these commands in this order; there is no way back', ...left.steps.map((step) => `  ${step}`)]),
  ].join('\n');
