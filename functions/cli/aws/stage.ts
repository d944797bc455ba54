import { existsSync } from 'node:fs';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { usageError } from '../context.ts';
import type { Cloud, Stack } from './cloud.ts';

/** Where the owner's choices are written; infra/config.ts says what may stand there. */
export const CONFIG_FILE = new URL('../../../paperkeep.config.ts', import.meta.url);

/** A deployment, as its stacks tell it. */
export type Stage = {
  readonly name: string;
  readonly cloud: Cloud;
  /** `s3://…`, for PAPERKEEP_ARCHIVE. */
  readonly archive: string;
  /** `dynamodb:…`, for PAPERKEEP_TABLE. */
  readonly table: string;
  readonly queue: string;
  readonly deadLetters: string;
  /** What can be made again; null while it is destroyed. */
  readonly app: {
    readonly stack: string;
    readonly url: string;
    readonly collect: string;
    /** The function that makes the catalog; and `s3://…`, for PAPERKEEP_DERIVED, where it lies. */
    readonly export: string;
    readonly derived: string;
    readonly lostRuns: string;
  } | null;
};

/** Names of a stage's two stacks. */
export const stackNames = (stage: string): { readonly data: string; readonly app: string } => ({
  data: `paperkeep-${stage}-data`,
  app: `paperkeep-${stage}-app`,
});

/** The owner's choices as they are written, unchecked; null when there are none yet. */
export async function readConfigFile(file = CONFIG_FILE): Promise<Readonly<Record<string, unknown>> | null> {
  if (!existsSync(file)) return null;
  return ((await import(file.href)) as { default: Readonly<Record<string, unknown>> }).default;
}

/** AWS in the region of the owner's choices, else in that of the environment or the AWS profile. Throws NO_REGION where none is set. */
export async function openCloud(): Promise<Cloud> {
  // the SDK is loaded only by the commands that need it
  const { configuredRegion, createAwsCloud } = await import('./client.ts');
  const region = (await readConfigFile())?.region ?? (await configuredRegion());
  if (typeof region === 'string') return createAwsCloud(region);
  const hint = 'set AWS_REGION, or write `region` into paperkeep.config.ts';
  throw new PaperkeepError({
    code: 'NO_REGION',
    message: 'it is not known in which region paperkeep is deployed',
    hint,
  });
}

/** Finds a deployment by its stacks. Throws NOT_DEPLOYED when there is none of that name in the region. */
export async function findStage(name: string, cloud: Cloud): Promise<Stage> {
  const stacks = stackNames(name);
  const [data, app] = [await cloud.stack(stacks.data), await cloud.stack(stacks.app)];
  const output = outputOf(data);
  if (!data || !output('ArchiveUrl')) {
    const hint = 'deploy it (`npm run deploy`), or see that AWS_REGION and the credentials are those meant';
    throw new PaperkeepError({ code: 'NOT_DEPLOYED', message: `there is no stage ${name} in ${cloud.region}`, hint });
  }
  const ofApp = outputOf(app);
  return {
    name,
    cloud,
    archive: output('ArchiveUrl'),
    table: output('TableUrl'),
    queue: output('QueueUrl'),
    deadLetters: output('DeadLettersUrl'),
    app: ofApp('Url')
      ? {
          stack: stacks.app,
          url: ofApp('Url'),
          collect: ofApp('CollectFunction'),
          export: ofApp('ExportFunction'),
          derived: ofApp('DerivedUrl'),
          lostRuns: ofApp('LostRunsUrl'),
        }
      : null,
  };
}

const outputOf =
  (stack: Stack | null) =>
  (name: string): string =>
    stack?.outputs[name] ?? '';

/** Finds the deployment that a command works on: that of `--stage`, else that of paperkeep.config.ts. */
export async function chooseStage(given: string | null): Promise<Stage> {
  const choices = await readConfigFile();
  const name = given ?? (choices && (choices.stage ?? 'main'));
  if (typeof name === 'string') return findStage(name, await openCloud());
  throw usageError('which deployment?', 'name it: --stage main');
}

/** The settings of a deployment, over those of the environment. Also tells the AWS SDK of this process in which region it is. */
export async function stageSettings(name: string): Promise<Readonly<Record<string, string>>> {
  const { archive, table, app, cloud } = await findStage(name, await openCloud());
  process.env.AWS_REGION = cloud.region;
  return { PAPERKEEP_ARCHIVE: archive, PAPERKEEP_TABLE: table, PAPERKEEP_DERIVED: app?.derived ?? '' };
}
