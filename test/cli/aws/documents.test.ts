import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Config } from '../../../infra/config.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('the threat table', () => {
  // `test/x.test.ts`: "one name", "another…"; several files in a cell stand behind semicolons
  const proofs = [...read('docs/security.md').matchAll(/^\|.*\| (.+) \|$/gm)]
    .flatMap(([, cell]) => [...(cell as string).matchAll(/`(test\/[^`]+)`((?::?,? ?"[^"]+")*)/g)])
    .map(([, file = '', names = '']) => ({
      file,
      names: [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? ''),
    }));

  it('names tests', () => {
    expect(proofs.length).toBeGreaterThan(20);
    expect(proofs.flatMap(({ names }) => names).length).toBeGreaterThan(15);
  });

  it.each(proofs)('names tests that are there: $file $names', ({ file, names }) => {
    const source = read(file);
    const [missing] = names.filter((name) => !name.split('…').every((part) => source.includes(part)));
    expect(missing).toBeUndefined();
  });
});

describe('the guide to operating', () => {
  it('has every choice of the owner, and no other', () => {
    const [, section = ''] = read('docs/operating.md').split('\n## Choices\n');
    const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    // where the feed is, only tests change
    expect([...rows, 'origin'].sort()).toEqual(Object.keys(Config.shape).sort());
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = ['docs/operating.md', 'docs/runbook.md', 'docs/security.md', 'docs/cost.md'].flatMap((file) =>
      [...read(file).matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name as string),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !scripts[name])).toEqual([]);
    for (const name of ['deploy', 'update', 'destroy'])
      expect(scripts[name]).toBe(`node functions/cli/paperkeep.ts ${name}`);
  });
});
