import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. The folder tree is the picture of the data flow: a stage knows the model, the kit and what comes before it,
 * never what comes after. Checked on the text of the imports, since tools that resolve them see nothing under TypeScript 7.
 */
const stages: Record<string, readonly string[]> = {
  kit: [],
  model: ['kit'],
  'sources.ts': ['model'],
  'settings.ts': ['model', 'sources.ts'],
  plan: ['kit', 'model', 'sources.ts', 'snapshot/store.ts', 'record/fold.ts'],
  fetch: ['kit', 'model'],
  snapshot: ['kit', 'model'],
  parse: ['kit', 'model'],
  record: ['kit', 'model', 'snapshot/store.ts', 'snapshot/warc.ts'],
  catalog: ['kit'],
  query: ['kit', 'model', 'sources.ts', 'record', 'plan/schedule.ts', 'plan/outlook.ts', 'catalog'],
  export: ['kit', 'model', 'record', 'catalog', 'query'],
  render: ['kit', 'model', 'query/answers.ts', 'query/answers'],
  serve: ['kit', 'model', 'record', 'query', 'render', 'snapshot/store.ts', 'export/store.ts'],
  sample: ['kit', 'model'],
  'pulse.ts': ['kit', 'model', 'record', 'collect.ts'],
  'collect.ts': ['kit', 'model', 'sources.ts', 'plan', 'fetch', 'snapshot', 'record'],
  'import.ts': ['kit', 'model', 'sources.ts', 'snapshot', 'parse/page.ts', 'record'],
};

/** Libraries that have their place. */
const places: readonly (readonly [library: RegExp, where: RegExp])[] = [
  // one file asks AWS of operating a deployment; nothing that runs in it does
  [/^@aws-sdk\//, /^(shared\/\w+\/(s3|dynamo|ses|ssm)|functions\/cli\/cloud\/aws)\.ts$/],
  [/^cheerio/, /^shared\/parse\//],
  [/^node:sqlite$/, /(\/sqlite\.ts$|^shared\/export\/)/],
  [/^(aws-cdk-lib|constructs|cdk-nag)/, /^infra\//],
  [/^hyparquet/, /^shared\/export\/parquet\.ts$/],
  [/^warcio/, /^shared\/snapshot\//],
  [/^hono/, /^(shared\/(render|serve)|functions)\//],
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

describe('the house', () => {
  it.each(Object.keys(stages))('shared/%s imports only what comes before it', (stage) => {
    const own = inside.filter(({ file }) => stageOf(file) === stage && file.startsWith('shared/'));
    const allowed = (path: string) =>
      stageOf(path) === stage ||
      (stages[stage] as readonly string[]).some((one) => path === `shared/${one}` || path.startsWith(`shared/${one}/`));
    expect(own.filter(({ from }) => !from.startsWith('shared/') || !allowed(from))).toEqual([]);
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

  it('lets infrastructure know what exists, not what it does', () => {
    // infra/operate is run by hand and not synthesised: it uses what the commands use, and nothing else of infra knows of it
    const synthesised = inside.filter(({ file }) => /^infra\/(?!operate\/)/.test(file));
    const known =
      /^(infra\/(?!operate\/)|shared\/(sources|settings)\.ts|shared\/model\/|shared\/kit\/|shared\/record\/keys\.ts|shared\/catalog\/tables\.ts)/;
    expect(synthesised.filter(({ from }) => !known.test(from))).toEqual([]);
  });

  it.each(places.map(([library, where]) => [library.source, library, where] as const))(
    'keeps %s in its place',
    (_, library, where) => {
      expect(imports.filter(({ file, from }) => library.test(from) && !where.test(file))).toEqual([]);
    },
  );

  it('asks neither environment, console nor Date in shared code', () => {
    const asking = files
      .filter((file) => file.startsWith('shared/') && file !== 'shared/kit/clock.ts')
      .filter((file) => {
        const code = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
        return /process\.env|\bconsole\.|new Date\(|\bDate\.(now|parse|UTC)/.test(code);
      });
    expect(asking).toEqual([]);
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
