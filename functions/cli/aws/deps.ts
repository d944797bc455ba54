import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openArchive } from '../../../shared/archive/open.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { putSubscription } from '../../../shared/digest/store.ts';
import { Subscription } from '../../../shared/digest/subscription.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import type { Log } from '../../../shared/lib/log.ts';
import { type Clock, sleep, systemClock } from '../../../shared/lib/time.ts';
import { openTable } from '../../../shared/table/open.ts';
import { requireCheckout } from '../version.ts';
import { type Ask, askOnTerminal } from './ask.ts';
import { configuredRegion, createAwsCloud } from './client.ts';
import type { Cloud } from './cloud.ts';
import { readConfigFile } from './stage.ts';

/** What `deploy`, `update` and `destroy` use of the machine, the terminal and AWS. */
export type DeployDeps = {
  readonly ask: Ask | null;
  readonly log: Log;
  readonly clock: Clock;
  /** Runs the CDK of this checkout; returns its exit code. */
  runCdk(args: readonly string[], region: string): Promise<number>;
  openCloud(region: string): Cloud;
  /** The region of the environment or the AWS profile; null where none is set. */
  configuredRegion(): Promise<string | null>;
  /** Opens an archive; `region` is that of an archive in S3. */
  openArchive(url: string, region: string): Promise<SnapshotStore>;
  /** Adds an address to the subscriptions in a DynamoDB table: everything, daily, in the time zone of this machine. */
  subscribe(url: string, region: string, address: string): Promise<void>;
  /** Fetches JSON from the site; null when it does not answer with JSON. */
  fetchJson(url: string, headers: Readonly<Record<string, string>>): Promise<unknown>;
  wait(ms: number): Promise<unknown>;
  /** The contents of the configuration file, not validated, or null if there is no such thing. */
  readConfigFile(): Promise<Readonly<Record<string, unknown>> | null>;
  /** Writes the configuration file unless there is one. */
  writeConfigFile(text: string): void;
};

/** How long one request to the site may take; a cold start takes some 2 s. */
const REQUEST_MS = 30_000;

/** Creates the dependencies of this machine, its terminal and AWS. */
export const createDeployDeps = (log: Log): DeployDeps => ({
  ask: askOnTerminal,
  log,
  clock: systemClock,
  runCdk: spawnCdk,
  openCloud: (region) => createAwsCloud(region, askOnTerminal),
  configuredRegion,
  openArchive(url, region) {
    process.env.AWS_REGION = region;
    return openArchive(url);
  },
  async subscribe(url, region, address) {
    process.env.AWS_REGION = region;
    const table = await openTable(url);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await putSubscription(table, Subscription.parse({ address, zone })).finally(table.close);
  },
  fetchJson: (url, headers) =>
    fetch(url, { headers, signal: AbortSignal.timeout(REQUEST_MS) })
      .then((response) => response.json())
      .catch(() => null),
  wait: sleep,
  readConfigFile: () => readConfigFile(),
  writeConfigFile(text) {
    const file = new URL('paperkeep.config.ts', requireCheckout());
    if (!existsSync(file)) writeFileSync(file, text);
  },
});

/** Sends all output of CDK to stderr, so that stdout holds nothing but the result. */
async function spawnCdk(args: readonly string[], region: string): Promise<number> {
  const cli = fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk'));
  const child = spawn(process.execPath, [cli, ...args, '--no-notices'], {
    cwd: requireCheckout(),
    env: { ...process.env, AWS_REGION: region, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    stdio: ['inherit', 2, 2],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** Asks for a yes; false where there is no terminal. */
export async function confirm({ ask }: DeployDeps, question: string): Promise<boolean> {
  return ask !== null && /^y(es)?$/i.test(await ask(`${question} [y/N] `));
}

/** Runs CDK. @throws PaperkeepError `CDK_FAILED` when it exits with an error. */
export async function runCdk(deps: DeployDeps, args: readonly string[], region: string): Promise<void> {
  const code = await deps.runCdk(args, region);
  if (code === 0) return;
  throw new PaperkeepError({
    code: 'CDK_FAILED',
    message: `cdk ${args[0]} failed with exit code ${code}`,
    hint: 'read the output of CDK above and docs/aws/deploy.md, "When a deployment fails"; then run it again',
  });
}
