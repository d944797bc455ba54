/** What exists, as one app of two stacks: `data`, which outlives everything, and `app`, which can be made again. */
import { existsSync } from 'node:fs';
import { App, type Environment, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Config, parseConfig } from './config.ts';
import { DataStack } from './stacks/data.ts';
import { ServiceStack } from './stacks/service.ts';

/** Builds the app from the owner's choices. */
export function buildApp(app: App, config: Config, env: Environment): { data: DataStack; service: ServiceStack } {
  const data = new DataStack(app, `paperkeep-${config.stage}-data`, { config, env, terminationProtection: true });
  const service = new ServiceStack(app, `paperkeep-${config.stage}-app`, { config, env });
  service.addStackDependency(data);
  Tags.of(app).add('paperkeep', config.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, service };
}

/** From a command line everything is text: numbers and truths too. */
function meant(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** The owner's choices: as written, over them those of `-c name=value`. Throws BAD_CONFIG, naming every bad one. */
export function readConfig(app: App, written: Readonly<Record<string, unknown>>): Config {
  const given = Object.fromEntries(
    Object.keys(Config.shape).flatMap((name) => {
      const value: unknown = app.node.tryGetContext(name);
      return value === undefined ? [] : [[name, typeof value === 'string' ? meant(value) : value]];
    }),
  );
  return parseConfig({ ...written, ...given });
}

if (import.meta.main) {
  const app = new App();
  const file = new URL('../paperkeep.config.ts', import.meta.url);
  const { default: written = {} } = existsSync(file) ? await import(file.href) : {};
  const config = readConfig(app, written);
  const region = config.region ?? process.env.CDK_DEFAULT_REGION;
  buildApp(app, config, {
    ...(process.env.CDK_DEFAULT_ACCOUNT && { account: process.env.CDK_DEFAULT_ACCOUNT }),
    ...(region && { region }),
  });
  app.synth();
}
