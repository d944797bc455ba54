import { execFile } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandNames } from '../functions/cli/commands.ts';
import { Settings } from '../shared/settings.ts';
import { type IndexKind, indexPk } from '../shared/table/keys.ts';
import { routes } from '../shared/web/routes.ts';

const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md').sort()];
const read = (file: string): string => readFileSync(file, 'utf8');
const readme = read('README.md');

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
/** The blocks of code of a document. */
const blocksOf = (text: string): string[] => [...text.matchAll(FENCE)].map(([, , code]) => code as string);
/** What stands under a heading, up to the next of its level. */
const sectionOf = (text: string, heading: string): string =>
  text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
/** The first cell of each row of the tables of a text, where it is code. */
const firstCells = (text: string): string[] =>
  [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell as string);

describe('the links of', () => {
  /** Anchors as GitHub makes them of headings. */
  const anchorsOf = (text: string): string[] =>
    [...text.replaceAll(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      (heading as string)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  it.each(documents)('%s lead to a file and a heading that are there', (document) => {
    const text = read(document);
    const links = [...text.replaceAll(FENCE, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string);
    const dead = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(read(file)).includes(anchor));
    });
    expect(dead).toEqual([]);
  });
});

describe('the commands of the documents', () => {
  const run = promisify(execFile);
  const helpOf = async (...args: string[]) =>
    (await run(process.execPath, ['functions/cli/paperkeep.ts', ...args, '--help'])).stdout;
  /** Flags that a help explains, not those of its examples. */
  const flagsIn = (help: string) =>
    [...help.matchAll(/^ +(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, flag]) => flag as string);
  /** Command lines as they stand in blocks of code, without comment: the words behind `npx paperkeep`. */
  const lines = documents
    .flatMap((document) => blocksOf(read(document)))
    .flatMap((code) => [...code.matchAll(/^(?:\$ )?npx paperkeep ([^#\n]+)/gm)])
    .map(([, words]) => (words as string).trim().split(/\s+/));

  const commandOf = (words: readonly string[]) =>
    commandNames.find((name) => name === words.slice(0, name.split(' ').length).join(' '));
  const flags = new Map<string, string[]>();
  beforeAll(async () => {
    for (const name of commandNames) flags.set(name, flagsIn(await helpOf(...name.split(' '))));
  });

  it('exist, and so do their flags', () => {
    expect(lines.length).toBeGreaterThan(0);
    const wrong = lines.filter((words) => {
      const known = flags.get(commandOf(words) ?? '');
      return !words.filter((word) => word.startsWith('--')).every((flag) => known?.includes(flag));
    });
    expect(wrong.map((words) => words.join(' '))).toEqual([]);
  });

  it('are all commands there are, each with an example', () => {
    const section = sectionOf(readme, 'Commands');
    const known = [...new Set(commandNames.map((name) => name.split(' ')[0]))].sort();
    expect(firstCells(section).sort()).toEqual(known);
    expect([...new Set(lines.map(([name]) => name))].sort()).toEqual(known);
  });

  it('have the flags of the table of settings', () => {
    const named = sectionOf(readme, 'Settings').match(/(?<=`)--[a-z-]+(?=`)/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((flag) => !flags.get('collect')?.includes(flag))).toEqual([]);
  });
});

describe('the README', () => {
  it('lists exactly the addresses of the site', () => {
    expect(firstCells(sectionOf(readme, 'Addresses')).sort()).toEqual(routes.map(({ path }) => path).sort());
  });

  it('lists exactly the settings', () => {
    expect(firstCells(sectionOf(readme, 'Settings')).sort()).toEqual(Object.keys(Settings.in.shape).sort());
  });

  const map = mapOf(blocksOf(sectionOf(readme, 'Map of folders'))[0] ?? '');

  it('maps only what is there', () => {
    expect(map.length).toBeGreaterThan(0);
    expect(map.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('maps every folder at the top, and every stage', () => {
    const there = [...foldersIn('.'), ...foldersIn('shared').map((name) => `shared/${name}`)];
    expect(there.filter((folder) => !map.includes(`${folder}/`))).toEqual([]);
  });
});

/** The paths of a tree that is drawn by two blanks a level, each line a name and what it is. */
function mapOf(tree: string): string[] {
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

/** Folders that hold a file and are kept: not hidden, not ignored by git. */
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

describe('the data model', () => {
  it('names every beginning of a key', () => {
    // in the source every one is a capital word at the beginning of a text, `LIST#`, '#SUMMARY', 'CALENDAR'; behind a bracket it is an argument
    const written = [...read('shared/table/keys.ts').matchAll(/(?<!\()['`](#?[A-Z]{2,}#?)/g)].map(
      ([, text]) => text as string,
    );
    const kinds = { author: null, organization: null, keyword: null } satisfies Record<IndexKind, null>;
    const named = Object.keys(kinds).map((kind) => indexPk(kind as IndexKind, ''));
    const model = codeInTables(read('docs/data-model.md'));
    expect(written).toContain('LIST#');
    const missing = [...written, ...named].filter((text) => !model.some((code) => code.startsWith(text)));
    expect(missing).toEqual([]);
  });

  /** Everything that is written as code in the cells of tables. */
  function codeInTables(text: string): string[] {
    return [...text.matchAll(/^\|.*\|$/gm)].flatMap(([row]) =>
      [...(row as string).matchAll(/`([^`]+)`/g)].map(([, code]) => code as string),
    );
  }
});
