import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { openArchive } from '../../../shared/archive/open.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { sleep } from '../../../shared/lib/time.ts';
import { errorExitCode } from '../exit-codes.ts';
import { configuredRegion, createAwsCloud } from './client.ts';
import type { Cloud } from './cloud.ts';
import { CONFIG_FILE, readConfigFile } from './stage.ts';

/** What a site answers; null where nothing answers. */
export type SiteReply = { readonly status: number; readonly body: string } | null;

/** All that deploying, updating and destroying touch outside of themselves. */
export type Operator = {
  /** Asks the person at the terminal; null where there is none. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Says how far it is. */
  tell(line: string): void;
  /** Runs the pinned CDK; returns what it ended with. */
  cdk(args: readonly string[], region: string): Promise<number>;
  cloud(region: string): Cloud;
  /** The region of the environment or the AWS profile; null where none is set. */
  configuredRegion(): Promise<string | null>;
  /** Opens an archive; one in S3 is in that region. */
  archive(url: string, region: string): Promise<SnapshotStore>;
  get(url: string, headers: Readonly<Record<string, string>>): Promise<SiteReply>;
  wait(ms: number): Promise<unknown>;
  /** The owner's choices as they are written; null when there are none yet. */
  readChoices(): Promise<Readonly<Record<string, unknown>> | null>;
  /** Writes them, where there are none yet. */
  writeChoices(text: string): void;
};

/** How long one answer of the site may take; a cold start takes some 2 s. */
const ANSWER_MS = 30_000;

/** The machine, the terminal and AWS as they are. */
export function createOperator(): Operator {
  return {
    ask: process.stdin.isTTY && process.stderr.isTTY ? askTerminal : null,
    tell: (line) => process.stderr.write(`${line}\n`),
    cdk: spawnCdk,
    cloud: createAwsCloud,
    configuredRegion,
    archive(url, region) {
      process.env.AWS_REGION = region;
      return openArchive(url);
    },
    async get(url, headers) {
      try {
        const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
        return { status: response.status, body: await response.text() };
      } catch {
        return null;
      }
    },
    wait: sleep,
    readChoices: () => readConfigFile(),
    writeChoices(text) {
      if (!existsSync(CONFIG_FILE)) writeFileSync(CONFIG_FILE, text);
    },
  };
}

async function askTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

/** CDK says everything on stderr, so that stdout is free for `--json`. */
async function spawnCdk(args: readonly string[], region: string): Promise<number> {
  const cli = fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk'));
  const child = spawn(process.execPath, [cli, ...args, '--no-notices'], {
    cwd: new URL('../../..', import.meta.url),
    env: { ...process.env, AWS_REGION: region, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    stdio: ['inherit', 2, 2],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** A person's yes; no where nobody can be asked. */
export async function confirm({ ask }: Operator, question: string): Promise<boolean> {
  return ask !== null && /^y(es)?$/i.test(await ask(`${question} [y/N] `));
}

/** Runs CDK; throws an error for people when it fails. */
export async function runCdk(operator: Operator, args: readonly string[], region: string): Promise<void> {
  const code = await operator.cdk(args, region);
  if (code === 0) return;
  const hint =
    'read what it said above; docs/aws/deploy.md, "When a deployment fails", says what to do; then run it again';
  throw new PaperkeepError({ code: 'CDK_FAILED', message: `cdk ${args[0]} ended with ${code}`, hint });
}

/**
 * Runs a script to its end: `--json` among its flags puts one document on stdout; an error is one line, and its exit code.
 */
export async function runScript(work: () => Promise<{ result: unknown; text: string; exit: number }>) {
  const isJson = process.argv.includes('--json');
  try {
    const { result, text, exit } = await work();
    process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : `${text}\n`);
    process.exitCode = exit;
  } catch (error) {
    const known = error instanceof PaperkeepError ? error : null;
    const [code, hint] = [known?.code ?? 'FAILED', known?.hint ?? 'run it again; what was made is kept'];
    const message = errorMessage(error);
    if (isJson) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    else process.stderr.write(`paperkeep: ${message} [${code}]: ${hint}\n`);
    process.exitCode = errorExitCode(error);
  }
}

/** The flags that a script was given; throws USAGE for one that it does not have. */
export function parseFlags<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>>['values'] {
  try {
    return parseArgs(config).values;
  } catch (error) {
    const flags = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    const hint = `its flags are ${flags.join(', ')}; docs/aws/deploy.md says what they do`;
    throw new PaperkeepError({ code: 'USAGE', message: errorMessage(error).split('. ')[0] as string, hint });
  }
}
