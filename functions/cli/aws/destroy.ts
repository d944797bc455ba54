/** `npm run destroy`: takes away what can be made again. `-- --everything` opens the way to take away the rest, and empties nothing. */

import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { copyArchive } from '../commands/copy.ts';
import { readDeployedConfig } from './choices.ts';
import { formatDollars } from './deploy.ts';
import { confirm, createOperator, type Operator, parseFlags, runCdk, runScript } from './operator.ts';
import { PRICES } from './prices.ts';
import { findStage, type Stage, stackNames } from './stage.ts';

/** Flags of `npm run destroy`; `confirm` is the stage's name, `copyTo` an archive that everything is copied to before. */
export type DestroyFlags = {
  readonly yes?: boolean;
  readonly everything?: boolean;
  readonly confirm?: string;
  readonly copyTo?: string;
};

/** What stays after a destroy. */
export type DestroyReport = {
  readonly stage: string;
  readonly archive: string;
  readonly table: string;
  readonly snapshots: number;
  readonly archiveBytes: number;
  readonly tableBytes: number;
  /** What the archive and the table cost a month by themselves. */
  readonly monthDollars: number;
  /** Commands that take away what is left, in order; none while the data stack stays. */
  readonly steps: readonly string[];
};

/** Destroys the app stack, and with `everything` the data stack too: its bucket and its table stay, and are no longer protected. */
export async function destroy(operator: Operator, flags: DestroyFlags): Promise<DestroyReport> {
  const { config, region } = await readDeployedConfig(operator);
  const cloud = operator.cloud(region);
  const stage = await findStage(config.stage, cloud);
  const store = await operator.archive(stage.archive, region);
  const size = { snapshots: 0, archiveBytes: 0 };
  for await (const { bytes } of store.list('raw/')) {
    size.snapshots += 1;
    size.archiveBytes += bytes;
  }
  await agree(operator, flags, stage, size.snapshots);
  if (flags.everything) await offerCopy(operator, flags, store, region);

  const names = stackNames(stage.name);
  const [bucket, table] = [stage.archive.slice('s3://'.length), stage.table.slice('dynamodb:'.length)];
  if (stage.app) {
    // catalog and exports: all of it can be made again from the table
    for (const derived of await cloud.resources(names.app, 'AWS::S3::Bucket')) await cloud.emptyBucket(derived);
    await runCdk(operator, ['destroy', names.app, '--force'], region);
  }
  const { bytes: tableBytes, isProtected } = await cloud.table(table);
  if (flags.everything) {
    operator.tell(`1. snapshots in ${bucket} may be deleted from now on`);
    await cloud.allowDeleting(bucket);
    operator.tell(`2. the table ${table} may be deleted from now on`);
    if (isProtected) await cloud.unprotectTable(table);
    operator.tell(`3. the stack ${names.data} goes; its bucket and its table stay`);
    await cloud.unprotectStack(names.data);
    await runCdk(operator, ['destroy', names.data, '--force'], region);
  }
  const monthDollars =
    (size.archiveBytes / 1e9) * PRICES.bucketGb + (tableBytes / 1e9) * (PRICES.tableGb + PRICES.recoveryGb);
  return {
    stage: stage.name,
    archive: stage.archive,
    table: stage.table,
    ...size,
    tableBytes,
    monthDollars,
    steps: flags.everything ? removal(bucket, table, region) : [],
  };
}

async function agree(operator: Operator, flags: DestroyFlags, { name }: Stage, snapshots: number): Promise<void> {
  const declined = (what: string, hint: string) => new PaperkeepError({ code: 'DECLINED', message: what, hint });
  if (flags.everything) {
    const question = `This takes the deployment ${name} apart and the protection off its ${snapshots} snapshots. Type its name: `;
    if ((flags.confirm ?? (await operator.ask?.(question))) === name) return;
    throw declined('nothing was destroyed: the name of the stage was not given', `give --confirm ${name}`);
  }
  if (
    flags.yes ||
    (await confirm(operator, `Destroy the app of ${name}? Its ${snapshots} snapshots and its table stay.`))
  )
    return;
  throw declined('nothing was destroyed', 'give --yes where nobody can be asked');
}

async function offerCopy(operator: Operator, flags: DestroyFlags, store: SnapshotStore, region: string): Promise<void> {
  const to = flags.copyTo ?? (await operator.ask?.('Copy the archive first? file:<folder>, or nothing for no: '));
  if (!to) return;
  const { copied, there, damaged } = await copyArchive(store, await operator.archive(to, region), (done, of) => {
    if (done % 1000 === 0 || done === of) operator.tell(`${done} of ${of} snapshots copied`);
  });
  operator.tell(`${copied} snapshots copied to ${to}, ${there} were there`);
  if (damaged.length === 0) return;
  const what = `${damaged.length} snapshots could not be copied: ${damaged.map(({ key }) => key).join(', ')}`;
  throw new PaperkeepError({
    code: 'COPY_DAMAGED',
    message: what,
    hint: 'nothing was destroyed; look at them with `npx paperkeep verify`',
  });
}

/** A bucket with versions is emptied by a rule of its own, for nothing; no command of ours deletes a snapshot. */
function removal(bucket: string, table: string, region: string): string[] {
  const rule = {
    Rules: [
      {
        ID: 'empty',
        Status: 'Enabled',
        Filter: {},
        Expiration: { Days: 1 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ],
  };
  const at = `--region ${region}`;
  return [
    `aws dynamodb delete-table --table-name ${table} ${at}`,
    `aws s3api put-bucket-lifecycle-configuration --bucket ${bucket} ${at} --lifecycle-configuration '${JSON.stringify(rule)}'`,
    `aws s3api delete-bucket --bucket ${bucket} ${at}   # two or three days later, when the rule has emptied it`,
  ];
}

/** What the owner is told. */
export const formatDestroyReport = (left: DestroyReport): string =>
  [
    '',
    `what stays: ${left.archive} (${left.snapshots} snapshots, ${(left.archiveBytes / 1e6).toFixed(1)} MB) and ${left.table} (${(left.tableBytes / 1e6).toFixed(1)} MB)`,
    `what it costs: about ${formatDollars(left.monthDollars)} a month`,
    ...(left.steps.length === 0
      ? [
          '`npm run deploy` makes the rest again around them.',
          'to take them away too: `npm run destroy -- --everything`',
        ]
      : ['to take them away, for good, in this order:', ...left.steps.map((step) => `  ${step}`)]),
  ].join('\n');

if (import.meta.main) {
  await runScript(async () => {
    const values = parseFlags({
      options: {
        yes: { type: 'boolean' },
        everything: { type: 'boolean' },
        confirm: { type: 'string' },
        'copy-to': { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const { 'copy-to': copyTo, ...flags } = values;
    const result = await destroy(createOperator(), { ...flags, ...(copyTo && { copyTo }) } as DestroyFlags);
    return { result, text: formatDestroyReport(result), exit: 0 };
  });
}
