import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which folders of shared/ may import which: a stage imports what comes before it in the picture of the data flow, never what comes after.
 * Read from the text of the imports, type-only ones included, since tools that resolve imports see nothing under TypeScript 7.
 */
const BASE = ['lib', 'model', 'lists.ts', 'names.ts'];
const STORES = [...BASE, 'aws', 'archive', 'parse', 'table'];
const CATALOG = [...STORES, 'record', 'collect', 'import', 'catalog'];
const QUERY = [...CATALOG, 'query'];
const stages: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  'names.ts': [],
  model: ['lib'],
  'lists.ts': ['model'],
  'settings.ts': ['lib', 'model', 'lists.ts'],
  aws: BASE,
  archive: [...BASE, 'aws'],
  parse: BASE,
  table: [...BASE, 'aws'],
  record: STORES,
  collect: STORES,
  import: STORES,
  catalog: CATALOG,
  query: QUERY,
  export: QUERY,
  digest: QUERY,
  mcp: QUERY,
  web: [...QUERY, 'export', 'digest'],
  sample: ['lib', 'model'],
};

/** Libraries that only some files may import. */
const places: readonly (readonly [library: RegExp, where: RegExp])[] = [
  // one file of the CLI operates a deployment; nothing that is deployed does
  [/^@aws-sdk\//, /^(shared\/\w+\/(s3|dynamo|ses|ssm|scheduler)|functions\/cli\/aws\/client)\.ts$/],
  [/^(cheerio|htmlparser2)/, /^shared\/parse\//],
  [/^node:sqlite$/, /(\/sqlite\.ts$|^shared\/export\/)/],
  [/^(aws-cdk-lib|constructs|cdk-nag)/, /^infra\//],
  [/^hyparquet/, /^shared\/export\/parquet\.ts$/],
  [/^@modelcontextprotocol\//, /^(shared\/mcp\/|functions\/cli\/commands\/mcp\.ts)/],
  [/^hono/, /^(shared\/(web\/|digest\/html\.ts)|functions\/)/],
  [/^nodemailer/, /^shared\/digest\/(compose|smtp)\.ts$/],
  [/^commander$|^cli-progress$/, /^functions\/cli\//],
];

type Import = { readonly file: string; readonly from: string };
const files = globSync('{infra,functions,shared}/**/*.ts')
  .map((file) => file.replaceAll('\\', '/'))
  .sort();
const imports = files.flatMap((file): Import[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, from]) => ({
    file,
    from: from as string,
  })),
);
const inside = imports
  .filter(({ from }) => from.startsWith('.'))
  .map(({ file, from }) => ({ file, from: normalize(join(dirname(file), from)).replaceAll('\\', '/') }));

const stageOf = (path: string): string => path.split('/')[1] as string;

describe('the source tree', () => {
  it.each(Object.keys(stages))('shared/%s imports only what comes before it', (stage) => {
    const own = inside.filter(({ file }) => stageOf(file) === stage && file.startsWith('shared/'));
    const allowed = (path: string) =>
      stageOf(path) === stage ||
      (stages[stage] as readonly string[]).some((one) => path === `shared/${one}` || path.startsWith(`shared/${one}/`));
    expect(own.filter(({ from }) => !from.startsWith('shared/') || !allowed(from))).toEqual([]);
  });

  it('has no cycle of imports', () => {
    const imported = new Map<string, string[]>();
    for (const { file, from } of inside) imported.set(file, [...(imported.get(file) ?? []), from]);
    const cycles: string[][] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
      else if (!done.has(file)) for (const from of imported.get(file) ?? []) walk(from, [...path, file]);
      done.add(file);
    };
    for (const file of imported.keys()) walk(file, []);
    expect(cycles).toEqual([]);
  });

  it('has no stage in shared that this table does not name', () => {
    expect([...new Set(files.filter((file) => file.startsWith('shared/')).map(stageOf))].sort()).toEqual(
      Object.keys(stages).sort(),
    );
  });

  it('lets no function import another one', () => {
    const crossing = inside.filter(
      ({ file, from }) =>
        file.startsWith('functions/') && from.startsWith('functions/') && stageOf(file) !== stageOf(from),
    );
    expect(crossing).toEqual([]);
  });

  it('lets infra import only settings, lists, names, the keys of the table and the routes of the site', () => {
    const synthesised = inside.filter(({ file }) => file.startsWith('infra/'));
    const known =
      /^(infra\/|shared\/(lists|settings|names)\.ts|shared\/(model|lib)\/|shared\/catalog\/(schema|columns)\.ts|shared\/table\/keys\.ts|shared\/web\/routes\.ts)/;
    expect(synthesised.filter(({ from }) => !known.test(from))).toEqual([]);
  });

  it.each(places.map(([library, where]) => [library.source, library, where] as const))(
    'keeps %s in its place',
    (_, library, where) => {
      expect(imports.filter(({ file, from }) => library.test(from) && !where.test(file))).toEqual([]);
    },
  );

  it('uses neither the environment nor the console nor Date in shared code', () => {
    const asking = files
      // the script runs in the reader's browser
      .filter(
        (file) =>
          file.startsWith('shared/') && !/^shared\/(lib\/time|web\/static\/script(?:\/[\w-]+)?)\.ts$/.test(file),
      )
      .filter((file) => {
        const code = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
        return /process\.env|\bconsole\.|new Date\(|\bDate\.(now|parse|UTC)/.test(code);
      });
    expect(asking).toEqual([]);
  });

  it('names no command, flag, npm script or exit code in shared code', () => {
    const naming = files
      .filter((file) => file.startsWith('shared/') && !file.startsWith('shared/web/static/'))
      .flatMap((file) => {
        const code = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
        const found =
          /`(?:npx )?paperkeep [a-z][^`$]*`|\bnpx |\bnpm (?:run|ci|start|test)|[ ('`]--[a-z]|exit code/.exec(code);
        return found ? [`${file}: ${found[0]}`] : [];
      });
    expect(naming).toEqual([]);
  });

  it('has a docstring on every exported name of shared', () => {
    const bare = files
      .filter((file) => file.startsWith('shared/'))
      .flatMap((file) => {
        const lines = readFileSync(file, 'utf8').split('\n');
        return lines.flatMap((line, at) => {
          if (!/^export (async )?(const|function|type|class|interface)/.test(line)) return [];
          const before = lines[at - 1] ?? '';
          const typeOfSchema = /^export type (\w+) = z\.(infer|output)/.test(line);
          return before.endsWith('*/') || typeOfSchema ? [] : [`${file}:${at + 1}: ${line.slice(0, 60)}`];
        });
      });
    expect(bare).toEqual([]);
  });
});
