import type * as z from 'zod';
import type { Command } from '../../functions/cli/command.ts';
import { loadCommands } from '../../functions/cli/commands.ts';
import { globalFlags } from '../../functions/cli/context.ts';
import { EXIT_CODES, EXIT_MEANINGS } from '../../functions/cli/exit-codes.ts';
import { createOpenApi } from '../../shared/web/openapi.ts';

type Parameter = { readonly name: string; readonly in: string; readonly schema: Readonly<Record<string, unknown>> };
type Operation = {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
};

const operations = Object.entries(
  ((await createOpenApi('0.0.0', false)) as { paths: Record<string, { get: Operation }> }).paths,
).map(([path, { get }]) => ({ path, ...get }));

const code = (text: string): string => `\`${text}\``;
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The address of a page as people write it: `/daily/:day` for `/daily/{day}.json`. */
const toAddress = (path: string): string =>
  path
    .replace(/^\/index\.json$/, '/')
    .replace(/(?<!^\/openapi)\.json$/, '')
    .replaceAll(/\{(\w+)\}/g, ':$1');

/** The table of addresses, made from the OpenAPI document. */
export function describeAddresses(): string {
  const rows = operations.map(({ path, summary, description = '', parameters = [] }) => {
    const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => code(name));
    const formats = description.match(/\b(?:csv|bib|atom|feed\.json|md)\b/g) ?? [];
    return row([code(toAddress(path)), summary, query.join(', '), formats.join(', ')]);
  });
  return [row(['address', 'answers', 'parameters', 'besides JSON']), '|---|---|---|---|', ...rows].join('\n');
}

/** The table of parameters: every name with what it must be, once for each distinct meaning. */
export function describeParameters(): string {
  const rows = operations
    .flatMap(({ parameters = [] }) => parameters)
    .map(({ name, schema }) => {
      const { description = '', enum: values, default: fallback } = schema;
      const allowed = Array.isArray(values)
        ? values.map((value) => code(String(value))).join(', ')
        : String(description);
      return row([code(name), allowed.replace(/^must be /, ''), fallback === undefined ? '' : code(String(fallback))]);
    });
  return [row(['parameter', 'value', 'default']), '|---|---|---|', ...[...new Set(rows)].sort()].join('\n');
}

const toFlag = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The flags of a command by name as typed, `--min-upvotes`; a switch that is on by default is `--no-…`. */
function listFlags({
  flags,
}: Command): { readonly name: string; readonly placeholder: string; readonly help: string }[] {
  return Object.entries(flags.shape as unknown as Record<string, z.ZodType>).map(([key, schema]) => {
    const { description = '', placeholder = '' } = schema.meta() ?? {};
    const isOn = placeholder === '' && schema.safeParse(undefined).data === true;
    return {
      name: isOn ? toFlag(key).replace('--', '--no-') : toFlag(key),
      placeholder: String(placeholder),
      help: description,
    };
  });
}

function describeCommand(command: Command): string {
  const args = Object.entries(command.args.shape as unknown as Record<string, z.ZodType>).map(([key, schema]) =>
    row([code(key.toUpperCase()), schema.description ?? '']),
  );
  const flags = listFlags(command).map(({ name, placeholder, help }) =>
    row([code(`${name} ${placeholder}`.trim()), help]),
  );
  const rows = [...args, ...flags];
  return [
    `## ${command.name}`,
    command.summary,
    ...(rows.length > 0 ? [['| argument or flag | |', '|---|---|', ...rows].join('\n')] : []),
    ['```sh', ...command.examples.map((example) => `npx paperkeep ${example}`), '```'].join('\n'),
  ].join('\n\n');
}

/** A section for every command, made from its declaration, and the flags that all commands have. */
export async function describeCommands(): Promise<string> {
  const shared = globalFlags.map(({ flag, setting, help }) =>
    row([code(flag), setting ? `${help}; instead of ${code(setting)}` : help]),
  );
  const everywhere = ['## Flags of every command', ['| flag | |', '|---|---|', ...shared].join('\n')].join('\n\n');
  return [...(await loadCommands()).map(describeCommand), everywhere].join('\n\n');
}

/** The table of exit codes, with the error codes that lead to each. */
export function describeExitCodes(): string {
  const rows = Object.entries(EXIT_MEANINGS).map(([exit, [meaning, fix]]) => {
    const errors = Object.keys(EXIT_CODES).filter((name) => String(EXIT_CODES[name]) === exit);
    return row([exit, meaning, fix, exit === '1' ? 'every other' : errors.map(code).join(', ')]);
  });
  return [row(['exit code', 'meaning', 'what to do', 'error codes']), '|---|---|---|---|', ...rows].join('\n');
}

/** A document with the parts between `<!-- made from code: NAME -->` and `<!-- end -->` made anew. */
export const fillMadeParts = (document: string, parts: Readonly<Record<string, string>>): string =>
  document.replaceAll(
    /(<!-- made from code: ([\w ]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${parts[name] ?? `unknown part ${name}`}\n\n${close}`,
  );
