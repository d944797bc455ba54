import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { main } from '../../functions/cli/main.ts';

/** What came of a command line. */
export type Ran = { readonly exit: number | null; readonly out: string; readonly err: string };

/** Settings of a command line; nothing of the machine's own environment gets through but what Node needs. */
export type Env = Readonly<Record<string, string>>;

/** The real script. */
export const SCRIPT = resolve('functions/cli/paperkeep.ts');

/** Runs a command line in this process, as the script would: for most tests a process of its own adds nothing but time. */
export async function run(args: readonly string[], env: Env = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const exit = await main(args, {
    env,
    out: (said) => {
      out += said;
    },
    err: (said) => {
      err += said;
    },
    isInteractive: false,
  });
  return { exit, out, err };
}

/** Starts the real script in a process of its own; `exit` is null where it was killed. */
export function start(args: readonly string[], env: Env = {}): { child: ChildProcess; ended: Promise<Ran> } {
  const { PATH = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { PATH, ...(TMPDIR && { TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[exit], out, err]) => ({ exit: exit as number | null, out, err }),
  );
  return { child, ended };
}

/** The real script, run to its end. */
export const spawned = (args: readonly string[], env: Env = {}): Promise<Ran> => start(args, env).ended;

/** A folder of its own that is gone when the test is over. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
