import { Command, CommanderError, Option } from 'commander';
import { type ExitCode, messageOf, PaperkeepError } from '../../shared/kit/errors.ts';
import { backfillCommand } from './backfill.ts';
import { collectCommand } from './collect.ts';
import { type Context, type GlobalFlags, makeContext, VERSION } from './context.ts';
import { doctorCommand } from './doctor.ts';
import { importCommand } from './import.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

/** A command: what it is called and takes, an example, and what it does; returns the exit code. */
export type CliCommand = {
  /** As commander writes it, `show <what> [which]`. */
  readonly usage: string;
  readonly says: string;
  readonly example: string;
  readonly options?: readonly (readonly [flags: string, says: string])[];
  run(
    context: Context,
    args: readonly (string | readonly string[] | undefined)[],
    options: Readonly<Record<string, unknown>>,
  ): Promise<ExitCode>;
};

const commands: readonly CliCommand[] = [
  collectCommand,
  backfillCommand,
  importCommand,
  recordCommand,
  replayCommand,
  verifyCommand,
  showCommand,
  serveCommand,
  statusCommand,
  doctorCommand,
];

const GLOBAL: readonly (readonly [string, string])[] = [
  ['--json', 'one JSON document on stdout, nothing else'],
  ['--quiet', 'no progress and no log'],
  ['--debug', 'show where an error came from'],
  ['--data <folder>', 'where everything is kept (PAPERKEEP_DATA, ./data)'],
  ['--archive <url>', 'where snapshots are kept (PAPERKEEP_ARCHIVE, file:<data>/archive)'],
  ['--table <url>', 'where records are kept (PAPERKEEP_TABLE, sqlite:<data>/papers.sqlite)'],
  ['--origin <url>', 'where the feed is (PAPERKEEP_ORIGIN, https://huggingface.co)'],
  ['--watch <searches>', 'watched searches, slug=query;slug=query (PAPERKEEP_WATCH)'],
  ['--min-gap-ms <ms>', 'least time between two requests to the feed (PAPERKEEP_MIN_GAP_MS, 2000)'],
];

/** Runs a command line; returns what the process is to end with. Errors are one line: what, and what to do. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const program = new Command('paperkeep')
    .description('An archive of trending papers: what was shown when, how a paper rose.')
    .version(VERSION)
    .showHelpAfterError('(see paperkeep --help)')
    .exitOverride()
    .enablePositionalOptions(false);
  for (const command of commands) {
    const made = program
      .command(command.usage)
      .description(command.says)
      .addHelpText('after', `\nExample:\n  $ npx paperkeep ${command.example}`);
    for (const [flags, says] of command.options ?? []) made.addOption(new Option(flags, says));
    for (const [flags, says] of GLOBAL) made.addOption(new Option(flags, says));
    made.exitOverride().action(async (...given: unknown[]) => {
      const options = made.opts<GlobalFlags & Record<string, unknown>>();
      const args = given.slice(0, -2) as (string | string[] | undefined)[];
      exit = await command.run(makeContext(options, env), args, options);
    });
  }
  const flag = (name: string) => argv.includes(name);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error, flag('--json'), flag('--debug'));
  }
}

function report(error: unknown, asJson: boolean, debug: boolean): ExitCode {
  const known = error instanceof PaperkeepError ? error : null;
  const code = known?.code ?? 'FAILED';
  const mend = known?.mend ?? 'run again with --debug to see where; what was reported as done is kept';
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, what: messageOf(error), mend } })}\n`);
  process.stderr.write(`paperkeep: ${messageOf(error)} [${code}]: ${mend}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return known?.exit ?? 1;
}
