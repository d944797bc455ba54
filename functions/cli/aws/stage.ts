import { existsSync } from 'node:fs';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { DATA_OUTPUTS, SERVICE_OUTPUTS, stackNames } from '../../../shared/names.ts';
import { usageError } from '../context.ts';
import { CHECKOUT } from '../version.ts';
import { askOnTerminal } from './ask.ts';
import type { Cloud, Stack } from './cloud.ts';

/** The file that holds the owner's configuration, which infra/config.ts describes; null in the npm package, which has none. */
const CONFIG_FILE = CHECKOUT && new URL('paperkeep.config.ts', CHECKOUT);

/** A deployment in AWS, as the outputs of its stacks describe it. */
export type Deployment = {
  readonly stage: string;
  readonly cloud: Cloud;
  /** `s3://…`, for PAPERKEEP_ARCHIVE. */
  readonly archive: string;
  /** `dynamodb:…`, for PAPERKEEP_TABLE. */
  readonly table: string;
  /** `dynamodb:…`, for PAPERKEEP_SUBSCRIPTIONS; empty where a deployment of an older release has none. */
  readonly subscriptions: string;
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
  /** The service stack; null while it is destroyed. */
  readonly service: {
    readonly stack: string;
    readonly url: string;
    readonly collectFunction: string;
    /** The function that publishes the catalog. */
    readonly exportFunction: string;
    /** `s3://…`, for PAPERKEEP_DERIVED. */
    readonly derived: string;
    readonly failedInvocationsUrl: string;
  } | null;
};

/** The contents of the configuration file, not validated, or null if there is no such thing. */
export async function readConfigFile(file = CONFIG_FILE): Promise<Readonly<Record<string, unknown>> | null> {
  if (!file || !existsSync(file)) return null;
  return ((await import(file.href)) as { default: Readonly<Record<string, unknown>> }).default;
}

/**
 * Opens AWS in the region of the configuration file, else in that of the environment or the AWS profile.
 *
 * @throws PaperkeepError `NO_REGION` where none is set.
 */
export async function openCloud(): Promise<Cloud> {
  // the SDK is loaded only by the commands that need it
  const { configuredRegion, createAwsCloud } = await import('./client.ts');
  const region = (await readConfigFile())?.region ?? (await configuredRegion());
  if (typeof region === 'string') return createAwsCloud(region, askOnTerminal);
  throw new PaperkeepError({
    code: 'NO_REGION',
    message: 'no AWS region is configured',
    hint: 'set AWS_REGION, or `region` in paperkeep.config.ts',
  });
}

/**
 * Finds a deployment by the outputs of its stacks.
 *
 * @throws PaperkeepError `NOT_DEPLOYED` when the region has no data stack of that stage.
 */
export async function findDeployment(stage: string, cloud: Cloud): Promise<Deployment> {
  const stacks = stackNames(stage);
  const data = outputReader(await cloud.describeStack(stacks.data));
  const service = outputReader(await cloud.describeStack(stacks.service));
  if (!data(DATA_OUTPUTS.archiveUrl)) {
    throw new PaperkeepError({
      code: 'NOT_DEPLOYED',
      message: `stage ${stage} is not deployed in ${cloud.region}`,
      hint: 'deploy it with `npm run deploy`, or check AWS_REGION and the credentials',
    });
  }
  return {
    stage,
    cloud,
    archive: data(DATA_OUTPUTS.archiveUrl),
    table: data(DATA_OUTPUTS.tableUrl),
    subscriptions: data(DATA_OUTPUTS.subscriptionsUrl),
    queueUrl: data(DATA_OUTPUTS.queueUrl),
    deadLettersUrl: data(DATA_OUTPUTS.deadLettersUrl),
    service: service(SERVICE_OUTPUTS.siteUrl)
      ? {
          stack: stacks.service,
          url: service(SERVICE_OUTPUTS.siteUrl),
          collectFunction: service(SERVICE_OUTPUTS.collectFunction),
          exportFunction: service(SERVICE_OUTPUTS.exportFunction),
          derived: service(SERVICE_OUTPUTS.derivedUrl),
          failedInvocationsUrl: service(SERVICE_OUTPUTS.failedInvocationsUrl),
        }
      : null,
  };
}

const outputReader =
  (stack: Stack | null) =>
  (name: string): string =>
    stack?.outputs[name] ?? '';

/** Finds the deployment of `--stage`, else that of the configuration file. */
export async function findDeploymentByFlag(stage: string | null): Promise<Deployment> {
  const config = await readConfigFile();
  const name = stage ?? (config && (config.stage ?? 'main'));
  if (typeof name === 'string') return findDeployment(name, await openCloud());
  throw usageError('no stage is given', 'name the deployment with --stage main');
}

/** The settings of a deployment, to put over those of the environment. Sets AWS_REGION of this process to the deployment's region. */
export async function readDeploymentSettings(stage: string): Promise<Readonly<Record<string, string>>> {
  const { archive, table, subscriptions, service, cloud } = await findDeployment(stage, await openCloud());
  process.env.AWS_REGION = cloud.region;
  return {
    PAPERKEEP_ARCHIVE: archive,
    PAPERKEEP_TABLE: table,
    PAPERKEEP_SUBSCRIPTIONS: subscriptions,
    PAPERKEEP_DERIVED: service?.derived ?? '',
  };
}
