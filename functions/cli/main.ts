import { CommanderError } from 'commander';
import { errorMessage, PaperkeepError } from '../../shared/lib/errors.ts';
import { toPrintable } from '../../shared/lib/printable.ts';
import { commandNames, groups } from './commands.ts';
import { createContext, type GlobalOptions, type Terminal, usageError } from './context.ts';
import { type ExitCode, errorExitCode } from './exit-codes.ts';
import { hintFor } from './hints.ts';
import { runProgram } from './program.ts';
import { VERSION } from './version.ts';

/**
 * Runs a command line and returns the exit code. It never throws: an error becomes one line on stderr, or with `--json` one document
 * on stdout, that says what happened and what to do.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const written = { out: '', err: '' };
  try {
    await runProgram(argv, {
      version: VERSION,
      writeOut: (text) => {
        written.out += text;
      },
      writeErr: (text) => {
        written.err += text;
      },
      run: async (command, options, input) => {
        exit = await command.run(createContext(options, await withStage(options, terminal)), input);
      },
    });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, argv, terminal);
    const asJson = argv.includes('--json');
    if (error.exitCode === 0) {
      const name = error.code === 'commander.version' ? 'version' : 'help';
      terminal.out(asJson ? `${JSON.stringify({ [name]: written.out.trimEnd() })}\n` : written.out);
      return 0;
    }
    if (error.code !== 'commander.help' || asJson) return reportError(misuseError(error, argv), argv, terminal);
    terminal.err(written.err);
    return 2;
  }
}

/** The terminal with the settings of the deployment named by `--stage`; a flag still wins over them. */
async function withStage({ stage }: GlobalOptions, terminal: Terminal): Promise<Terminal> {
  if (typeof stage !== 'string') return terminal;
  const { readDeploymentSettings } = await import('./aws/stage.ts');
  return { ...terminal, env: { ...terminal.env, ...(await readDeploymentSettings(stage)) } };
}

/** Commander's error for a wrong command line as one of ours. */
function misuseError({ code, message }: CommanderError, argv: readonly string[]): PaperkeepError {
  const group = argv.find((word) => word in groups);
  const subject = group === undefined ? 'command' : 'view';
  const problem =
    code === 'commander.help'
      ? `no ${subject} was given`
      : message
          .replace(/^error: /, '')
          .replace(/^unknown command/, `unknown ${subject}`)
          .replace(/\.$/, '');
  const command = commandNames.find((name) => name.split(' ').every((word) => argv.includes(word))) ?? group;
  return usageError(problem, `see \`npx paperkeep ${command ? `${command} ` : ''}--help\``);
}

/** Reports an error: with `--json` as a document on stdout, else as a line on stderr. */
function reportError(error: unknown, argv: readonly string[], { out, err }: Terminal): ExitCode {
  const code = error instanceof PaperkeepError ? error.code : 'FAILED';
  const message = errorMessage(error).replaceAll(/\s+/g, ' ');
  const hint = hintFor(error);
  if (argv.includes('--json')) out(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else err(toPrintable(`paperkeep: ${message} [${code}]${hint && `: ${hint}`}\n`));
  if (argv.includes('--debug') && error instanceof Error) err(toPrintable(`${error.stack}\n`));
  return errorExitCode(error);
}
