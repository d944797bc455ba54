import { createOpenApi } from '../../shared/web/openapi.ts';

type Parameter = { readonly name: string; readonly in: string; readonly schema: Readonly<Record<string, unknown>> };
type Operation = {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
};

const operations = Object.entries(
  (createOpenApi('0.0.0', false) as { paths: Record<string, { get: Operation }> }).paths,
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

/** A document with the parts between `<!-- made from code: NAME -->` and `<!-- end -->` made anew. */
export const fillMadeParts = (document: string, parts: Readonly<Record<string, string>>): string =>
  document.replaceAll(
    /(<!-- made from code: ([\w ]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${parts[name] ?? `unknown part ${name}`}\n\n${close}`,
  );
