import { existsSync } from 'node:fs';
import { App, type Environment, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PaperkeepError } from '../shared/lib/errors.ts';
import { stackNames } from '../shared/names.ts';
import { Config, parseConfig } from './config.ts';
import { DataStack } from './stacks/data.ts';
import { ServiceStack } from './stacks/service.ts';

/** Builds both stacks: `data`, which must outlive everything, and `service`, which can be created again. */
export function buildApp(app: App, config: Config, env: Environment): { data: DataStack; service: ServiceStack } {
  app.node.setContext('@aws-cdk/core:bootstrapQualifier', config.qualifier);
  const names = stackNames(config.stage);
  const data = new DataStack(app, names.data, { config, env, terminationProtection: true });
  const service = new ServiceStack(app, names.service, { config, env });
  service.addStackDependency(data);
  Tags.of(app).add('paperkeep', config.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, service };
}

/**
 * Reads the configuration: the values of `-c name=value`, over those of the file.
 *
 * @throws PaperkeepError `BAD_CONFIG`, which names everything that is wrong.
 */
export function readConfig(app: App, file: Readonly<Record<string, unknown>>): Config {
  const context = Object.fromEntries(
    Object.keys(Config.shape).flatMap((name) => {
      const value: unknown = app.node.tryGetContext(name);
      return value === undefined ? [] : [[name, typeof value === 'string' ? parseContextValue(value) : value]];
    }),
  );
  return parseConfig({ ...file, ...context });
}

/** A command line gives numbers and booleans as text. */
function parseContextValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Synthesises the app that the command line of CDK asks for, from the configuration file. */
async function synthesize(): Promise<void> {
  const app = new App();
  const path = new URL('../paperkeep.config.ts', import.meta.url);
  const { default: file = {} } = existsSync(path) ? await import(path.href) : {};
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION } = process.env;
  const config = readConfig(app, { region: CDK_DEFAULT_REGION, ...file });
  buildApp(app, config, { ...(account && { account }), ...(config.region && { region: config.region }) });
  app.synth();
}

if (import.meta.main) {
  await synthesize().catch((error: unknown) => {
    if (!(error instanceof PaperkeepError)) throw error;
    process.stderr.write(`paperkeep: ${error.message} [${error.code}]: ${error.hint}\n`);
    process.exitCode = 1;
  });
}
