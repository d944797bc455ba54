import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Ministack } from './ministack.ts';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));

/** The stacks of app.ts. */
export const [DATA, APP] = ['paperkeep-trial-data', 'paperkeep-trial-app'];

/** Runs the CDK's own command with app.ts in an emulator; `work` is a folder for what it writes, and `origin` that of the feed. */
export async function runCdk(aws: Ministack, work: string, origin: string, ...args: string[]): Promise<void> {
  const cli = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
  const app = ['--app', 'node test/e2e/app.ts', '--output', join(work, 'cdk.out')];
  const quietly = ['--require-approval', 'never', '--progress', 'events', '--no-notices'];
  await run(process.execPath, [cli, ...args, ...app, ...(args[0] === 'deploy' ? quietly : ['--no-notices'])], {
    cwd: project,
    env: { ...aws.env, PAPERKEEP_ORIGIN: origin, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
}
