import { Command as CommanderCommand, Option } from 'commander';
import type * as z from 'zod';
import type { Command } from './command.ts';
import { commandNames, groups, loadCommands } from './commands.ts';
import { type GlobalOptions, globalFlags, usageError } from './context.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';

const FOOTER = `
To begin: npx paperkeep serve --collect, then open http://127.0.0.1:8080
Help on a command: npx paperkeep <command> --help

Exit codes:
${Object.entries(EXIT_MEANINGS)
  .map(([code, [meaning]]) => `  ${code}  ${meaning}`)
  .join('\n')}`;

/** What a program does with its output and with the command that was called. */
export type ProgramOptions = {
  readonly version: string;
  /** Receives help and version. */
  writeOut(text: string): void;
  /** Receives the help that is shown because no command was named. */
  writeErr(text: string): void;
  /** Runs the command with its parsed arguments and flags. */
  run(command: Command, options: GlobalOptions, input: Readonly<Record<string, unknown>>): Promise<void>;
};

/**
 * Parses a command line with commander and runs its command. Only the commands that are meant, or that a help lists, are loaded;
 * of the others commander knows the names, for "Did you mean".
 *
 * @throws CommanderError for a wrong command line, and for help and version, which have exit code 0.
 * @throws USAGE that names every argument and flag with a wrong value.
 */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<void> {
  const program = new CommanderCommand('paperkeep')
    .description("Archives Hugging Face's daily and trending papers every hour, and shows how each paper rose.")
    .version(options.version)
    .helpCommand(false)
    .addHelpText('after', FOOTER)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(options)
    .exitOverride();
  for (const { flag, setting, help } of globalFlags)
    program.addOption(new Option(flag, setting ? `${help} [${setting}]` : help));

  const { operands } = program.parseOptions([...argv]);
  const isHelp = operands[0] === 'help';
  const words = isHelp ? operands.slice(1) : operands;
  const loaded = new Map((await loadCommands(meantBy(words))).map((command) => [command.name, command]));
  for (const name of commandNames) {
    const [first = '', second] = name.split(' ');
    const parent = second === undefined ? program : groupOf(program, first);
    declare(parent.command(second ?? first), loaded.get(name), options);
  }
  // commander would show the help of the program for an unknown command
  const isUnknown = words[0] !== undefined && loaded.size === 0;
  await program.parseAsync(isUnknown ? words.slice(0, 2) : isHelp ? [...words, '--help'] : [...argv], { from: 'user' });
}

/** Names of the commands that the words of a command line mean: one, all of a group, or all. */
function meantBy([first, second]: readonly string[]): readonly string[] {
  if (first === undefined) return commandNames;
  if (first in groups && second === undefined) return commandNames.filter((name) => name.startsWith(`${first} `));
  return commandNames.filter((name) => name === first || name === `${first} ${second}`);
}

const groupOf = (program: CommanderCommand, name: string): CommanderCommand =>
  program.commands.find((command) => command.name() === name) ??
  addHelp(program.command(name), groups[name] as (typeof groups)[string]).helpCommand(false);

/** Gives the help of a command, or of a group of them, its summary and examples. */
function addHelp(target: CommanderCommand, { summary, examples }: Pick<Command, 'summary' | 'examples'>) {
  const lines = examples.map((example) => `  $ npx paperkeep ${example}`);
  return target
    .description(summary)
    .addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
}

/** Gives commander what it has to know of a command; one that is not loaded has only a name. */
function declare(target: CommanderCommand, command: Command | undefined, { run }: ProgramOptions): void {
  if (!command) return;
  addHelp(target, command);
  const args = schemasOf(command.args);
  for (const [key, schema] of args) target.argument(argumentTerm(key, schema), schema.description);
  for (const [key, schema] of schemasOf(command.flags)) target.addOption(createOption(key, schema));
  target.action(async (...given: unknown[]) => {
    const options = target.optsWithGlobals<Record<string, unknown>>();
    const values = Object.fromEntries(args.map(([key], at) => [key, given[at]]));
    const input = parseInput(command, { ...options, ...values });
    refuseEmptyFlags(command, options);
    await run(command, options as GlobalOptions, input);
  });
}

/** Refuses flags with an empty value, as of a shell variable that is not set: as if they were not given, the command would use another folder, say. */
function refuseEmptyFlags({ name }: Command, options: Readonly<Record<string, unknown>>): void {
  const empty = Object.keys(options).filter((key) => [options[key]].flat().includes(''));
  if (empty.length > 0)
    throw usageError(`${empty.map(flagName).join(', ')}: the value is empty`, `see \`npx paperkeep ${name} --help\``);
}

/** Parses arguments and flags by their schemas; one error names everything that is wrong. */
function parseInput(command: Command, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const named = [
    ...schemasOf(command.args).map(([key, schema]) => [key, schema, key.toUpperCase()] as const),
    ...schemasOf(command.flags).map(([key, schema]) => [key, schema, flagName(key)] as const),
  ];
  const input: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, schema, name] of named) {
    const parsed = schema.safeParse(given[key]);
    if (parsed.success) input[key] = parsed.data;
    else problems.push(`${name} ${describeProblem(given[key], parsed.error)}`);
  }
  if (problems.length > 0) throw usageError(problems.join('; '), `see \`npx paperkeep ${command.name} --help\``);
  return input;
}

/** The most characters of a wrong value that an error repeats. */
const MAX_REPEATED = 100;

function describeProblem(value: unknown, error: z.ZodError): string {
  const message = error.issues[0]?.message;
  return value === undefined
    ? `is missing; it ${message}`
    : `${message}, not "${String(value).slice(0, MAX_REPEATED)}"`;
}

const schemasOf = ({ shape }: z.ZodObject): (readonly [string, z.ZodType])[] =>
  Object.entries(shape) as unknown as [string, z.ZodType][];

/** `--min-upvotes` of `minUpvotes`. */
const flagName = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const isList = (schema: z.ZodType): boolean => schema.safeParse([]).success;

const isOptional = (schema: z.ZodType): boolean => schema.safeParse(undefined).success;

/** How commander writes an argument: `<slug>` if it is required, `[day]` if not, `[key...]` for a list. */
function argumentTerm(key: string, schema: z.ZodType): string {
  if (isList(schema)) return `[${key}...]`;
  return isOptional(schema) ? `[${key}]` : `<${key}>`;
}

/** `--day <day>` for a flag with a value, `--fix` for a switch, `--no-abstracts` for a switch that is on by default. */
function createOption(key: string, schema: z.ZodType): Option {
  const { description, placeholder } = schema.meta() ?? {};
  if (placeholder !== undefined) {
    const option = new Option(`${flagName(key)} ${placeholder}`, description);
    // a flag for a list is given once for each of its items
    return isList(schema) ? option.argParser((value, before: string[] = []) => [...before, value]) : option;
  }
  const isOn = schema.safeParse(undefined).data === true;
  return new Option(isOn ? flagName(key).replace('--', '--no-') : flagName(key), description);
}
