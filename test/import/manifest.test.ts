import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listManifestFiles } from '../../shared/import/manifest.ts';

const home = mkdtempSync(join(tmpdir(), 'paperkeep-manifest-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
mkdirSync(join(home, 'saved'));
writeFileSync(join(home, 'saved/a.json'), 'the list');

function manifestOf(text: string | Uint8Array): string {
  const path = join(mkdtempSync(join(home, 'm-')), '..', `${Math.random()}.csv`);
  writeFileSync(path, text);
  return path;
}

/** What a manifest says of its files, and what can be read of them. */
async function listed(text: string | Uint8Array) {
  const files = await listManifestFiles(manifestOf(text));
  return Promise.all(
    files.map(async ({ name, list, day, at, read }) => [
      name,
      list,
      day,
      at,
      await read().then(String, (error) => error.message.replace(/^(line \d+) of \S+/, '$1')),
    ]),
  );
}

const AT = '2025-01-08T18:00:00Z';
const LINE = `saved/a.json,daily,2025-01-08,${AT}`;
const FILE = ['saved/a.json', 'daily', '2025-01-08', AT, 'the list'];

describe('a manifest', () => {
  it.each<[string, string | Uint8Array]>([
    ['the usual header', `file,list,day,captured_at\n${LINE}\n`],
    ['the older names of list and day', `file,source,target,captured_at\n${LINE}\n`],
    ['other columns, in another order', `note,captured_at,day,list,file\nx,${AT},2025-01-08,daily,saved/a.json\n`],
    [
      'semicolons, as spreadsheets write it in many countries',
      `file;list;day;captured_at\r\n${LINE.replaceAll(',', ';')}\r\n`,
    ],
    [
      'tabs in UTF-16, as spreadsheets save Unicode text',
      Buffer.from(`\ufefffile\tlist\tday\tcaptured_at\r\n${LINE.replaceAll(',', '\t')}\r\n`, 'utf16le'),
    ],
    [
      'a byte-order mark and quotes',
      `\ufeff"file","list","day","captured_at"\n"saved/a.json",daily,2025-01-08,"${AT}"\n`,
    ],
    ['names of columns in capitals', `File,List,Day,Captured_At\n${LINE}\n`],
  ])('a manifest is read with %s', async (_, text) => {
    expect(await listed(text)).toEqual([FILE]);
  });

  it('a manifest may have paths with the backslashes of Windows', async () => {
    const [, ...facts] = FILE;
    const text = `file,list,day,captured_at\n${LINE.replace('/', '\\')}\n`;
    expect(await listed(text)).toEqual([['saved\\a.json', ...facts]]);
  });

  it('a path that leads out of the folder of its manifest, be it by a link, is of a file of which only a list is kept', async () => {
    const folder = join(home, 'below');
    mkdirSync(folder);
    writeFileSync(join(folder, '..a.json'), '');
    symlinkSync(join(home, 'saved/a.json'), join(folder, 'link.json'));
    symlinkSync(folder, join(home, 'linked'));
    const names = [
      '..a.json',
      '../below/..a.json',
      'missing.json',
      '../saved/a.json',
      '..\\saved\\a.json',
      'link.json',
      join(home, 'saved/a.json'),
    ];
    const lines = names.map((name) => `${name},daily,2025-01-08,${AT}\n`).join('');
    writeFileSync(join(folder, 'index.csv'), `file,list,day,captured_at\n${lines}`);
    const files = await listManifestFiles(join(home, 'linked/index.csv'));
    expect(files.map(({ listsOnly }) => listsOnly)).toEqual([false, false, false, true, true, true, true]);
  });

  it('a line that names a device or a folder is named, and never read', async () => {
    for (const path of ['/dev/zero', 'saved']) {
      const [line] = await listed(`file,list,day,captured_at\n${path},daily,2025-01-08,${AT}\n`);
      expect(line?.[4]).toMatch(/(?:zero|saved) is not a file$/);
    }
  });

  it('an empty cell leaves it to the file to say what it is', async () => {
    expect(await listed('file,list,day,captured_at\nsaved/a.json,,,\n')).toEqual([
      ['saved/a.json', null, null, null, 'the list'],
    ]);
  });

  it.each([
    ['08.01.2025', AT, 'day: "08.01.2025"'],
    ['1/8/2025', AT, 'day: "1/8/2025"'],
    ['45665', AT, 'day: "45665"'],
    ['2025-01-08', '08.01.2025 18:00', 'captured_at: "08.01.2025 18:00"'],
  ])('a line with a day or time in the spelling of a spreadsheet is named: %s, %s', async (day, at, wrong) => {
    const text = `file,list,day,captured_at\n${LINE}\nsaved/a.json,daily,${day},${at}\n`;
    const [first, second] = await listed(text);
    expect(first).toEqual(FILE);
    expect(second?.[4]).toBe(`line 3 has no readable ${wrong}`);
  });

  it.each([
    ['lacks a column', 'file,list\nx,daily\n', /has no column day, captured_at/],
    ['is empty', '', /has no column file, list, day, captured_at/],
    ['is no CSV', 'file,list,day,captured_at\n"x', /is no CSV/],
  ])('a manifest that %s is refused', async (_, text, message) => {
    await expect(listManifestFiles(manifestOf(text))).rejects.toMatchObject({
      code: 'BAD_MANIFEST',
      message: expect.stringMatching(message),
    });
  });
});
