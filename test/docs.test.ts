import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../functions/cli/program.ts';
import { Settings } from '../shared/settings.ts';
import { type IndexKind, indexPk } from '../shared/table/keys.ts';
import { routes } from '../shared/web/routes.ts';
import { describeLists, describeRequests } from './bench/scale.ts';
import { codeBlocks, documents, FENCE } from './support/documents.ts';
import {
  describeAddresses,
  describeCommands,
  describeExitCodes,
  describeParameters,
  fillMadeParts,
} from './support/reference.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

/** The text under a heading, up to the next one of its level. */
const section = (text: string, heading: string): string =>
  text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
/** The first cell of each table row, where it is code. */
const firstCells = (text: string): string[] =>
  [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell as string);

describe('The links of the documents', () => {
  /** Anchors as GitHub makes them from headings. */
  const anchors = (text: string): string[] =>
    [...text.replaceAll(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      (heading as string)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  it.each(documents)('lead from %s to files and headings that exist', (document) => {
    const text = read(document);
    const links = [...text.replaceAll(FENCE, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string);
    const dead = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      return !existsSync(file) || (anchor !== undefined && !anchors(read(file)).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it('name no file in the repository that does not exist', () => {
    const named = documents.flatMap((document) =>
      [
        ...read(document)
          .replaceAll(FENCE, '')
          .matchAll(/`((?:shared|functions|infra|test|docs)\/[\w./-]+)`/g),
      ].map(([, path]) => ({ document, path: path as string })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => !existsSync(path))).toEqual([]);
  });
});

describe('The npm scripts in the documents', () => {
  it('exist in package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !scripts[name])).toEqual([]);
  });
});

describe('The command lines in the documents', () => {
  const lines = documents
    .flatMap((document) => [
      ...codeBlocks(read(document)).flatMap((code) => [...code.matchAll(/^(?:\$ )?npx paperkeep ([^#|\n]+)/gm)]),
      ...read(document)
        .replaceAll(FENCE, '')
        .matchAll(/`npx paperkeep ([a-z]+ [^`]+)`/g),
    ])
    .map(([, words]) => (words as string).trim());
  const options = { version: '0', writeOut() {}, writeErr() {}, run: async () => {} };

  it.each([...new Set(lines)])('are accepted by the command line: %s', async (line) => {
    const argv = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll(/^'|'$/g, ''));
    await expect(runProgram(argv, options)).resolves.toBeUndefined();
  });
});

describe('The reference', () => {
  it('describes in docs/reference/api.md the addresses and parameters of the code', async () => {
    const file = 'docs/reference/api.md';
    const parts = { addresses: describeAddresses(), parameters: describeParameters() };
    await expect(fillMadeParts(read(file), parts)).toMatchFileSnapshot(`../${file}`);
  });

  it('describes in docs/reference/cli.md the commands of the code', async () => {
    const file = 'docs/reference/cli.md';
    await expect(fillMadeParts(read(file), { commands: await describeCommands() })).toMatchFileSnapshot(`../${file}`);
  });

  it('describes in docs/reference/exit-codes.md the exit codes of the code', async () => {
    const file = 'docs/reference/exit-codes.md';
    await expect(fillMadeParts(read(file), { codes: describeExitCodes() })).toMatchFileSnapshot(`../${file}`);
  });

  it('has in docs/aws/scale.md the tables that its script computes', async () => {
    const file = 'docs/aws/scale.md';
    const parts = { requests: describeRequests(), lists: describeLists() };
    await expect(fillMadeParts(read(file), parts)).toMatchFileSnapshot(`../${file}`);
  });

  it('has every route of the site', () => {
    const addresses = firstCells(section(read('docs/reference/api.md'), 'Addresses'));
    expect(routes.map(({ question: { path } }) => path).filter((path) => !addresses.includes(path))).toEqual([]);
  });

  it('has exactly the settings of the code', () => {
    expect(firstCells(read('docs/reference/settings.md')).sort()).toEqual(Object.keys(Settings.in.shape).sort());
  });
});

describe('The folders in docs/internals/how-it-works.md', () => {
  const map = readTree(codeBlocks(section(read('docs/internals/how-it-works.md'), 'Folders'))[0] ?? '');

  it('exist', () => {
    expect(map.length).toBeGreaterThan(0);
    expect(map.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('include every top folder and every stage', () => {
    const there = [...foldersIn('.'), ...foldersIn('shared').map((name) => `shared/${name}`)];
    expect(there.filter((folder) => !map.includes(`${folder}/`))).toEqual([]);
  });
});

/** The paths of a tree that is indented by two blanks a level, each line a name and what it is. */
function readTree(tree: string): string[] {
  const above: string[] = [];
  return tree
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, indent = '', name = ''] = /^( *)(\S+)/.exec(line) ?? [];
      above.length = indent.length / 2;
      above.push(name);
      return above.join('');
    });
}

/** Folders that hold a file, are not hidden and are not ignored by git. */
function foldersIn(folder: string): string[] {
  const ignored = read('.gitignore')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.includes(entry.name))
    .filter(({ name }) => globSync(join(folder, name, '**/*.*')).length > 0)
    .map(({ name }) => name);
}

describe('The data model', () => {
  it('names the beginning of every key', () => {
    // in the source each is a word in capitals at the beginning of a text, `LIST#`, '#SUMMARY', 'CALENDAR'; after a bracket it is an argument
    const written = [...read('shared/table/keys.ts').matchAll(/(?<!\()['`](#?[A-Z]{2,}#?)/g)].map(
      ([, text]) => text as string,
    );
    const kinds = { author: null, organization: null, keyword: null } satisfies Record<IndexKind, null>;
    const named = Object.keys(kinds).map((kind) => indexPk(kind as IndexKind, ''));
    const model = [...read('docs/internals/data-model.md').matchAll(/^\|.*\|$/gm)].flatMap(([row]) =>
      [...(row as string).matchAll(/`([^`]+)`/g)].map(([, code]) => code as string),
    );
    expect(written).toContain('LIST#');
    expect([...written, ...named].filter((text) => !model.some((code) => code.startsWith(text)))).toEqual([]);
  });
});

describe('The log queries in the runbook', () => {
  it('name events that the code logs', () => {
    const source = globSync('{shared,functions}/**/*.ts')
      .map((file) => read(file))
      .join('\n');
    const queries = codeBlocks(read('docs/aws/runbook.md')).join('\n');
    const events = [
      ...[...queries.matchAll(/event = "([^"]+)"/g)].map(([, event]) => event as string),
      ...[...queries.matchAll(/event in \[([^\]]+)\]/g)].flatMap(([, list]) => JSON.parse(`[${list}]`) as string[]),
    ];
    expect(events.length).toBeGreaterThan(5);
    expect(events.filter((event) => !source.includes(`'${event}'`))).toEqual([]);
  });
});
