import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { buildApp } from '../../infra/app.ts';
import { Config, type ConfigInput } from '../../infra/config.ts';

/** A resource of a template. */
export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as many shapes as AWS has resources
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};
/** A template, as CloudFormation gets it. */
export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: unknown }>>;
};

/** The templates of both stacks. */
export type Templates = { readonly data: Template; readonly service: Template };
/** The name of a function. */
export type FunctionName = 'collect' | 'record' | 'query' | 'export' | 'digest';

const ENV = { account: '111111111111', region: 'eu-central-1' };
// beside the real one and ignored like it; in the project, so that a bundle finds the SDK
const OUT = fileURLToPath(new URL('../../cdk.out/', import.meta.url));
const made: string[] = [];

/** The flags that the real command reads from cdk.json. */
const flags = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')).context as object;

/** A folder to synthesise into. */
export function makeOutput(): string {
  mkdirSync(OUT, { recursive: true });
  const outdir = mkdtempSync(join(OUT, 'test-'));
  made.push(outdir);
  return outdir;
}

/** An app of the real stacks, not yet synthesised; functions are bundled only if asked for, which takes a second. */
export function makeApp(choices: Partial<ConfigInput> = {}, bundled = false) {
  const outdir = makeOutput();
  const context = { ...flags, ...(!bundled && { 'aws:cdk:bundling-stacks': [] }) };
  const app = new App({ outdir, context });
  return { app, outdir, ...buildApp(app, Config.parse({ email: 'owner@example.org', ...choices }), ENV) };
}

/** Removes whatever was synthesised; for the end of a test file. */
export function removeOutput(): void {
  for (const outdir of made) rmSync(outdir, { recursive: true, force: true });
}

/** The templates as they follow from choices. */
export const templatesOf = (choices: Partial<ConfigInput> = {}): Templates => readTemplates(makeApp(choices));

/** The templates as they follow from choices, and the file that each function consists of. */
export function synthesise(
  choices: Partial<ConfigInput> = {},
): Templates & { readonly bundle: (name: FunctionName) => string } {
  const whole = makeApp(choices, true);
  const templates = readTemplates(whole);
  return {
    ...templates,
    bundle(name) {
      const functions = Object.values(templates.service.Resources);
      const found = functions.find(({ Properties }) => Properties?.Description === `paperkeep ${name}`);
      const [hash] = String(found?.Properties.Code.S3Key).split('.');
      return join(whole.outdir, `asset.${hash}`, 'index.mjs');
    },
  };
}

function readTemplates({ app, data, service }: ReturnType<typeof makeApp>): Templates {
  const assembly = app.synth();
  return {
    data: assembly.getStackByName(data.stackName).template,
    service: assembly.getStackByName(service.stackName).template,
  };
}

/** All resources of a type, by logical id. */
export const allOf = ({ Resources }: Template, type: string): [id: string, resource: Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** A statement of a policy, its lists made lists. */
export type Statement = {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly conditions: unknown;
  readonly sid: string | undefined;
};

/** The statements of a policy document. */
export const statementsOf = (document: {
  Statement: {
    Effect: 'Allow' | 'Deny';
    Action: string | string[];
    Resource: unknown;
    Condition?: unknown;
    Sid?: string;
  }[];
}): Statement[] =>
  document.Statement.map(({ Effect, Action, Resource, Condition, Sid }) => ({
    effect: Effect,
    actions: [Action].flat(),
    resources: [Resource].flat(),
    conditions: Condition,
    sid: Sid,
  }));
