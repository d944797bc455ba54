import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { aFolder, run } from './run.ts';
import { dayAt } from './saved.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const LIST = dayAt(NOON);

/** Imports a folder that holds these files; returns the report of each file by its name. */
async function importFolder(contents: Readonly<Record<string, string | Uint8Array>>) {
  const folder = aFolder();
  for (const [name, body] of Object.entries(contents)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), body);
  }
  const { exit, out } = await run(['import', folder, '--json'], { PAPERKEEP_DATA: aFolder() });
  const { captures } = JSON.parse(out) as { captures: { file: string; result: string; why: string }[] };
  return { exit, results: captures.map(({ file, result, why }) => [file.slice(folder.length + 1), result, why]) };
}

describe('importing a folder', () => {
  it('reads files with extensions in any case, below it too', async () => {
    const { exit, results } = await importFolder({
      '2026-03-03__20260303T120000Z.JSON': LIST,
      'below/2026-03-03__20260303T130000Z.Json.GZ': gzipSync(LIST),
    });
    expect(exit).toBe(0);
    expect(results).toEqual([
      ['2026-03-03__20260303T120000Z.JSON', 'done', ''],
      ['below/2026-03-03__20260303T130000Z.Json.GZ', 'done', ''],
    ]);
  });

  it('names every file that it does not import, and exits with 4', async () => {
    const { exit, results } = await importFolder({
      '2026-03-03__20260303T120000Z.json': LIST,
      'crawl.warc.gz.open': 'unfinished',
      'lines.jsonl': '{}',
    });
    expect(exit).toBe(4);
    const why = 'not imported: not a .warc, .json, .html or .txt file';
    expect(results).toEqual([
      ['2026-03-03__20260303T120000Z.json', 'done', ''],
      ['crawl.warc.gz.open', 'unreadable', why],
      ['lines.jsonl', 'unreadable', why],
    ]);
  });

  it('skips and names what operating systems leave there and folders that are called like files, and exits with 0', async () => {
    const { exit, results } = await importFolder({
      '2026-03-03__20260303T120000Z.json': LIST,
      '._2026-03-03__20260303T120000Z.json': 'resource fork',
      '.DS_Store': 'settings',
      'saved.json/2026-03-03__20260303T130000Z.json': LIST,
    });
    expect(exit).toBe(0);
    expect(results).toEqual([
      ['2026-03-03__20260303T120000Z.json', 'done', ''],
      ['saved.json/2026-03-03__20260303T130000Z.json', 'done', ''],
      ['.DS_Store', 'done', 'a file of the operating system'],
      ['._2026-03-03__20260303T120000Z.json', 'done', 'a file of the operating system'],
      ['saved.json', 'done', 'a folder'],
    ]);
  });
});

describe('importing a list with entries that cannot be read', () => {
  it('names each entry with the reason, counts them, and exits with 4', async () => {
    const path = join(aFolder(), '2026-03-03__20260303T120000Z.json');
    const list: { paper: { id: string } }[] = JSON.parse(LIST);
    for (const [at, id] of ['2613.00001', '2603.0002'].entries()) Object.assign(list[at]?.paper ?? {}, { id });
    writeFileSync(path, JSON.stringify(list));
    const env = { PAPERKEEP_DATA: aFolder() };
    const { exit, out } = await run(['import', path], env);
    expect(exit).toBe(4);
    expect(out).toContain(
      `1 file: 1 capture stored, 0 there already, 0 unreadable, 2 entries rejected\n${path}: 2 of ${list.length} entries could not be read; [0].paper.id: no id of a paper; [1].paper.id: no id of a paper (kept as raw/`,
    );
    const { exit: again, out: json } = await run(['import', path, '--json'], env);
    expect(again).toBe(4);
    expect(JSON.parse(json)).toMatchObject({ known: 1, unreadable: 0, rejected: 2, captures: [{ rejected: 2 }] });
  });
});

describe('importing a file that does not say what it is', () => {
  it('names in one line the flags to add, with an example', async () => {
    const path = join(aFolder(), 'copied page.txt');
    writeFileSync(path, 'Daily Papers');
    const { exit, out } = await run(['import', path], { PAPERKEEP_DATA: aFolder() });
    expect(exit).toBe(4);
    const [, line, ...more] = out.trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(line).toContain(`${path}: not kept: ${path} does not say its list, day, time: `);
    expect(line).toMatch(
      /by --list, --day and --at: paperkeep import ".*copied page\.txt" --list daily --day 2025-01-08 --at 2025-01-08T18:00:00Z$/,
    );
  });
});
