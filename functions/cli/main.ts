import { Command, CommanderError, Option } from 'commander';
import { errorMessage, PaperkeepError } from '../../shared/lib/errors.ts';
import { toPrintable } from '../../shared/lib/printable.ts';
import type { GlobalFlags, Terminal } from './context.ts';
import { type ExitCode, errorExitCode } from './exit-codes.ts';
import { type CliCommand, commands } from './program.ts';
import { VERSION } from './version.ts';

/** Flags that every command has. */
const GLOBAL: readonly (readonly [flags: string, says: string])[] = [
  ['--json', 'one JSON document on stdout, nothing else'],
  ['--quiet', 'no progress and no log'],
  ['--debug', 'show where an error came from'],
  ['--data <folder>', 'where everything is kept (PAPERKEEP_DATA, ./data)'],
  ['--archive <url>', 'where snapshots are kept (PAPERKEEP_ARCHIVE, file:<data>/archive)'],
  ['--table <url>', 'where records are kept (PAPERKEEP_TABLE, sqlite:<data>/papers.sqlite)'],
  ['--origin <url>', 'where the feed is (PAPERKEEP_ORIGIN, https://huggingface.co)'],
  ['--watch <searches>', 'watched searches, slug=query;slug=query (PAPERKEEP_WATCH)'],
  ['--stage <name>', 'a deployment in AWS instead: its archive and table, found by its stacks'],
  ['--min-gap-ms <ms>', 'least time between two requests to the feed (PAPERKEEP_MIN_GAP_MS, 2000)'],
];

const FOOT = `
To begin: npm start (= npx paperkeep serve --collect), then open http://127.0.0.1:8080
What a command takes: npx paperkeep <command> --help

Ends with 0 done · 1 failed · 2 wrong use · 3 the feed was not reached or refused, try again later ·
          4 an answer could not be read (it is kept) · 5 archive or table damaged`;

/** Runs a command line; returns what the process is to end with. An error is one line: what happened to what, and what to do. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exit: ExitCode = 0;
  let told = '';
  const program = new Command('paperkeep')
    .description('An archive of trending papers: what was shown when, how a paper rose.')
    .version(VERSION)
    .addHelpText('after', FOOT)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => {
        told += text;
      },
      writeErr: () => {},
    })
    .exitOverride();
  for (const [flags, says] of GLOBAL) program.addOption(new Option(flags, says));
  for (const command of commands) {
    const made = describe(program, command);
    made.action(async (...given: unknown[]) => {
      const options = made.optsWithGlobals<GlobalFlags & Record<string, unknown>>();
      const args = given.slice(0, -2) as (string | string[] | undefined)[];
      const [{ createContext }, run] = await Promise.all([import('./context.ts'), command.load()]);
      exit = await run(createContext(options, await inStage(options, terminal)), args, options);
    });
  }
  try {
    await program.parseAsync(asMeant(program, argv), { from: 'user' });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, argv, terminal);
    if (error.exitCode === 0) {
      const what = error.code === 'commander.version' ? 'version' : 'help';
      terminal.out(argv.includes('--json') ? `${JSON.stringify({ [what]: told.trimEnd() })}\n` : told);
      return 0;
    }
    // where no command is named, it would show the help
    if (error.code !== 'commander.help') return report(misused(error, argv), argv, terminal);
    if (argv.includes('--json')) return report(usage('no command was given', ''), argv, terminal);
    terminal.err(`${program.helpInformation()}${FOOT}\n`);
    return 2;
  }
}

/** The command line; of one that asks for the help of a command that is none only its name, which is refused then. */
function asMeant(program: Command, argv: readonly string[]): string[] {
  const [first, second] = program.parseOptions([...argv]).operands;
  const name = first === 'help' ? second : first;
  const isNone = name !== undefined && !program.commands.some((command) => command.name() === name);
  return isNone ? [name] : [...argv];
}

/** The terminal with the settings of the deployment that was named; a flag still wins over them. */
async function inStage({ stage }: GlobalFlags, terminal: Terminal): Promise<Terminal> {
  if (stage === undefined) return terminal;
  const { readDeploymentSettings } = await import('./aws/stage.ts');
  return { ...terminal, env: { ...terminal.env, ...(await readDeploymentSettings(stage)) } };
}

function describe(program: Command, { usage, says, examples, options }: CliCommand): Command {
  const lines = examples.map((example) => `  $ npx paperkeep ${example}`);
  const made = program
    .command(usage)
    .description(says)
    .addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
  for (const [flags, about] of options) made.addOption(new Option(flags, about));
  return made;
}

/** What commander says of a wrong command line, as ours. */
function misused({ message }: CommanderError, argv: readonly string[]): PaperkeepError {
  const command = commands.map(({ usage }) => usage.split(' ')[0]).find((name) => name && argv.includes(name));
  const what = message.replace(/^error: /, '').replace(/\.$/, '');
  return usage(what, command ? `${command} ` : '');
}

const usage = (what: string, command: string): PaperkeepError =>
  new PaperkeepError({ code: 'USAGE', message: what, hint: `see \`npx paperkeep ${command}--help\`` });

/** Says an error: with `--json` as a document on stdout, else as a line on stderr. */
function report(error: unknown, argv: readonly string[], { out, err }: Terminal): ExitCode {
  const known = error instanceof PaperkeepError ? error : null;
  const code = known?.code ?? 'FAILED';
  const message = errorMessage(error).replaceAll(/\s+/g, ' ');
  const hint = known?.hint ?? 'run again with --debug to see where; what was reported as done is kept';
  if (argv.includes('--json')) out(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else err(toPrintable(`paperkeep: ${message} [${code}]: ${hint}\n`));
  if (argv.includes('--debug') && error instanceof Error) err(toPrintable(`${error.stack}\n`));
  return errorExitCode(error);
}
