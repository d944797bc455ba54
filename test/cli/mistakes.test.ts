import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Instant, sleep, systemClock } from '../../shared/lib/time.ts';
import { takeLease } from '../../shared/table/lease.ts';
import { openTable, SCHEMA_KEY } from '../../shared/table/open.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { aFolder, type Env, type Ran, run, SCRIPT, spawned } from './run.ts';
import { answerAt, saveDay } from './saved.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const local = (): Env => ({ PAPERKEEP_DATA: aFolder(), PAPERKEEP_ORIGIN: 'http://127.0.0.1:9' });

/** An error is one line: who, what, the code, what to do. */
function expectLine({ exit, out, err }: Ran, expected: { exit: number; code: string; says: RegExp }): void {
  expect({ exit, out }).toEqual({ exit: expected.exit, out: '' });
  expect(err).toMatch(new RegExp(`^paperkeep: [^\\n]+ \\[${expected.code}\\]: [^\\n]+\\n$`));
  expect(err).toMatch(expected.says);
}

describe('a wrong command line', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown command', ['colect'], /unknown command 'colect' \(Did you mean collect\?\)/],
    ['an unknown flag', ['collect', '--dya', '2025-01-08'], /unknown option '--dya'.*collect --help/],
    ['a flag without its value', ['collect', '--day'], /'--day <day>' argument missing/],
    [
      'flags with an empty value',
      ['serve', '--host', '', '--data', ''],
      /--host, --data: the value is empty.*serve --help/,
    ],
    ['a missing argument', ['show', 'paper'], /missing required argument 'id'.*show paper --help/],
    ['an argument too many', ['status', 'now'], /too many arguments for 'status'/],
    ['a day that is not in the calendar', ['collect', '--day', '2025-02-30'], /--day must be a day .*"2025-02-30"/],
    ['a week where a day belongs', ['show', 'daily', '2026-W54'], /DAY must be a day .*"2026-W54"/],
    ['a day in the future', ['collect', '--day', '2999-01-01'], /--day 2999-01-01 is in the future/],
    [
      'a range into the future',
      ['backfill', 'daily', '--from', '2025-01-01', '--to', '2999-01-01'],
      /--to 2999-01-01 is/,
    ],
    ['a range that ends before it begins', ['replay', '--from', '2025-02-01', '--to', '2025-01-01'], /swap them/],
    ['half a range', ['backfill', 'daily', '--from', '2025-01-01'], /--to is missing; it must be a day/],
    ['a time that does not exist', ['show', 'daily', '--at', '2025-01-08T25:00:00Z'], /--at must be a time, RFC 3339/],
    [
      'the past of a list without one',
      ['collect', 'trending', '--day', '2025-01-08'],
      /does not show past days of trending/,
    ],
    [
      'a backfill of trending',
      ['backfill', 'trending', '--from', '2025-01-01', '--to', '2025-01-02'],
      /does not show past days of trending/,
    ],
    [
      'a backfill of a watched search',
      ['backfill', 'watched:agents', '--from', '2025-01-01', '--to', '2025-01-02'],
      /past days of watched:agents: only daily can be captured later/,
    ],
    ['an unknown list', ['collect', 'weekly'], /LIST must be daily, trending or watched:<slug>, not "weekly"/],
    ['a search that is not watched', ['collect', 'watched:agents'], /watched:agents is not watched/],
    ['an unknown view', ['show', 'papers'], /unknown view 'papers' \(Did you mean paper\?\).*show --help/],
    ['a week that the calendar does not have', ['show', 'top', '2025-W53'], /PERIOD must be a week .*"2025-W53"/],
    ['a week and a range', ['show', 'top', '2025-W02', '--from', '2025-01-01'], /--from and --to do not apply/],
    [
      'an age for a ranking by days',
      ['show', 'top', '--by', 'days', '--age', '2d'],
      /--age does not apply to --by days/,
    ],
    ['an age in weeks', ['show', 'top', '--age', '2w'], /--age must be an age .*"2w"/],
    ['a topic without its name', ['show', 'topic'], /missing required argument 'topic'/],
    ...['coverage', 'top', 'topics', 'topic "x"', 'compare "x"'].map((view): [string, string[], RegExp] => [
      `more days than one answer has, for show ${view}`,
      ['show', ...view.split(' '), '--from', '1000-01-01'],
      /--from must be within 4000 days of to/,
    ]),
    [
      'more days than rising topics have',
      ['show', 'topics', '--sort', 'rising', '--from', '2020-01-01', '--to', '2025-01-01'],
      /--from must be within \d+ days of to with sort=rising/,
    ],
    ['nine topics', ['show', 'compare', 'a,b,c,d,e,f,g,h,i'], /TOPICS must be 1 to 8 topics/],
    ['a topic by day', ['show', 'topic', 'agents', '--by', 'day'], /--by must be week or month, not "day"/],
    ['a watched search without its name', ['show', 'watched'], /missing required argument 'slug'/],
    ...[
      ['show', 'coverage'],
      ['show', 'movers'],
      ['show', 'top'],
      ['search', 'x'],
    ].map((words): [string, string[], RegExp] => [
      `${words.join(' ')} --list with a search that was never watched`,
      [...words, '--list', 'watched:tea'],
      /no search named tea .* add it to PAPERKEEP_WATCH/,
    ]),
    ['a search that was never watched', ['show', 'watched', 'tea'], /no search named tea .* add it to PAPERKEEP_WATCH/],
    ['an id that arXiv never gave', ['show', 'paper', 'abc'], /ID must be an arXiv id .*"abc"/],
    ['an address of another site', ['show', 'paper', 'https://example.org/abs/2501.04519'], /ID must be an arXiv id/],
    ['a flag of another view', ['show', 'paper', '2501.04519', '--at', NOON], /unknown option '--at'/],
    ['movers of an unknown list', ['show', 'movers', '--list', 'weekly'], /--list must be daily, trending or/],
    ['an unknown window', ['show', 'movers', '--window', '2h'], /--window must be 24h, 7d or 30d, not "2h"/],
    ['a weekday where a time belongs', ['show', 'movers', '--from', 'monday'], /--from must be a day or a time/],
    ['a window with a start', ['show', 'movers', '--from', NOON, '--window', '7d'], /leave out one of them/],
    [
      'movers that end before they begin',
      ['show', 'movers', '--from', '2025-01-09', '--to', '2025-01-08'],
      /--from 2025-01-09T00:00:00Z is not before --to 2025-01-08T23:59:59Z/,
    ],
    ['movers in the future', ['show', 'movers', '--from', '2999-01-01'], /is not before --to now/],
    ['a search for nothing but marks', ['search', '"'], /TEXT .*search --help/],
    ['a negative rank', ['search', 'x', '--max-rank', '0'], /--max-rank must be a whole number from 1/],
    ['an empty keyword', ['search', 'x', '--keyword', ''], /--keyword must hold a letter or a digit, not ""/],
    ['two wrong flags', ['search', 'x', '--max-rank', '0', '--limit', '0'], /--max-rank must .*; --limit must /],
    ['a key of no snapshot', ['record', 'raw/daily/x'], /KEY must be a key like .*"raw\/daily\/x"/],
    ['a port above the last one', ['serve', '--port', '99999'], /--port must be a port, 0 to 65535/],
    ['an unknown export format', ['export', '--format', 'csv,xml'], /--format must be some of .*"csv,xml"/],
    ['a release that is no file name', ['export', '--release', 'a/b'], /--release must be 1 to 64 letters/],
    ['nothing to import', ['import'], /nothing to import/],
    [
      'an import of a search that is not watched',
      ['import', 'page.html', '--list', 'watched:agents', '--at', NOON],
      /watched:agents is not watched.*add it to PAPERKEEP_WATCH/,
    ],
    [
      'an import from the future',
      ['import', 'page.html', '--list', 'trending', '--at', '2999-01-01T00:00:00Z'],
      /--at 2999-01-01T00:00:00Z is in the future/,
    ],
    ['an address to list subscribers of', ['subscribers', 'list', 'me@example.org'], /list takes no address/],
    ['an address without a host', ['import', 'https://'], /https:\/\/ is not an address/],
    ['a file that does not exist', ['import', '/nowhere/x.json'], /\/nowhere\/x\.json cannot be opened/],
  ])('is answered with one line that says what to do: %s', async (_, args, says) => {
    const env = local();
    expectLine(await run(args, env), { exit: 2, code: 'USAGE', says });
    const { exit, out, err } = await run([...args, '--json'], env);
    expect({ exit, err }).toEqual({ exit: 2, err: '' });
    expect(JSON.parse(out)).toEqual({
      error: { code: 'USAGE', message: expect.stringMatching(/./), hint: expect.stringMatching(/./) },
    });
  });

  it('is one that sets the clock while the feed is the real one', async () => {
    const { PAPERKEEP_DATA = '' } = local();
    for (const origin of [{}, { PAPERKEEP_ORIGIN: 'https://127.0.0.1.example.org' }]) {
      const ran = await run(['collect', '--at', NOON], { PAPERKEEP_DATA, ...origin });
      expectLine(ran, { exit: 2, code: 'USAGE', says: /--at sets the clock, but https:\S+ is not a loopback address/ });
    }
  });

  it.each([[[]], [['--quiet']], [['--data', 'somewhere']]])(
    'is answered with the help and exit code 2 when it has no command: %j',
    async (args: string[]) => {
      const { exit, out, err } = await run(args);
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(err).toMatch(/^Usage: paperkeep[\s\S]+collect[\s\S]+doctor/);
      const asJson = await run([...args, '--json']);
      expect([asJson.exit, asJson.err, JSON.parse(asJson.out)]).toEqual([
        2,
        '',
        { error: { code: 'USAGE', message: 'no command was given', hint: 'see `npx paperkeep --help`' } },
      ]);
    },
  );

  it('is an error too when it has --help and an unknown command', async () => {
    for (const args of [
      ['colect', '--help'],
      ['--data', 'x', 'colect', '-h'],
      ['help', 'colect'],
    ]) {
      const says = /unknown command 'colect' \(Did you mean collect\?\)/;
      expectLine(await run(args), { exit: 2, code: 'USAGE', says });
      expect(JSON.parse((await run([...args, '--json'])).out).error.message).toMatch(says);
    }
  });
});

describe('help and version', () => {
  it.each([
    [['--help'], /^Usage: paperkeep [\s\S]+To begin: npx paperkeep serve/],
    [['help'], /^Usage: paperkeep [\s\S]+To begin: npx paperkeep serve/],
    [['collect', '--help'], /^Usage: paperkeep collect [\s\S]+Examples:\n {2}\$ npx paperkeep collect/],
    [['help', 'collect'], /^Usage: paperkeep collect [\s\S]+Examples:/],
  ])('are printed on stdout, as text and as JSON: %j', async (args: string[], says) => {
    const { exit, out, err } = await run(args);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(says);
    const asJson = await run([...args, '--json']);
    expect({ exit: asJson.exit, ...JSON.parse(asJson.out) }).toEqual({ exit: 0, help: out.trimEnd() });
  });

  it('name the version of paperkeep', async () => {
    const { out } = await run(['--version']);
    for (const args of [
      ['--version', '--json'],
      ['--json', '--version'],
    ]) {
      const asJson = await run(args);
      expect({ exit: asJson.exit, ...JSON.parse(asJson.out) }).toEqual({ exit: 0, version: out.trimEnd() });
    }
  });
});

describe('Invalid settings', () => {
  it('are all named by one error', async () => {
    const env = {
      PAPERKEEP_ORIGIN: 'huggingface.co',
      PAPERKEEP_ARCHIVE: '/archive',
      PAPERKEEP_TABLE: 'papers',
      PAPERKEEP_WATCH: 'Agents=x',
      PAPERKEEP_MIN_GAP_MS: 'often',
    };
    const says =
      /PAPERKEEP_ORIGIN: .+PAPERKEEP_ARCHIVE: .+PAPERKEEP_TABLE: .+PAPERKEEP_WATCH: .+PAPERKEEP_MIN_GAP_MS: /;
    expectLine(await run(['status'], env), { exit: 2, code: 'BAD_SETTING', says });
  });

  it('are reported for flags too, which win over the environment', async () => {
    const says = /PAPERKEEP_TABLE: must be sqlite:/;
    const ran = await run(['status', '--table', 'x'], { ...local(), PAPERKEEP_TABLE: 'sqlite:good.sqlite' });
    expectLine(ran, { exit: 2, code: 'BAD_SETTING', says });
  });
});

describe('a file that cannot be imported', () => {
  const imported = async (env: Env, args: readonly string[]) => {
    const { exit, out, err } = await run(['import', ...args, '--json'], env);
    expect(err).toBe('');
    return { exit, report: JSON.parse(out) };
  };

  it('is kept as a cut capture when it is half a gzip file', async () => {
    const env = local();
    const folder = aFolder();
    const path = saveDay(folder, NOON);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    const { exit, report } = await imported(env, [path]);
    expect(exit).toBe(4);
    expect(report).toMatchObject({
      files: 1,
      stored: 1,
      unreadable: 1,
      captures: [{ file: path, outcome: 'cut', result: 'unreadable' }],
    });
    expect((await run(['import', path], env)).out).toContain(
      `${path}: the connection ended before the answer did (kept as raw/`,
    );
    expect(JSON.parse((await run(['show', 'daily', '2026-03-03', '--json'], env)).out)).toMatchObject({
      coverage: { status: 'failed' },
    });
    expect((await run(['verify'], env)).exit).toBe(0);
  });

  it('is kept when it is half a WARC, with the reason, and the captures before the cut are imported', async () => {
    const env = local();
    const other = local();
    const folder = aFolder();
    await run(['import', saveDay(folder, NOON)], other);
    const ours = (await run(['import', folder, '--json'], other)).out;
    const key: string = JSON.parse(ours).captures[0].key;
    const snapshot = readFileSync(join(other.PAPERKEEP_DATA as string, 'archive', key));
    const half = join(folder, 'half.warc.gz');
    writeFileSync(half, snapshot.subarray(0, snapshot.length / 2));
    const torn = await imported(env, [half]);
    expect(torn).toMatchObject({
      exit: 4,
      report: { stored: 1, unreadable: 1, captures: [{ file: half, outcome: 'cut', result: 'unreadable' }] },
    });
    const [{ key: keptAs, why }] = torn.report.captures;
    expect(keptAs).toMatch(/^raw\/daily\/2026-03-03\/20260303T120000Z-/);
    expect(why).toMatch(/^the WARC ends in the middle/);
    expect(await imported(env, [half])).toMatchObject({ exit: 4, report: { stored: 0, known: 1 } });
    expect((await run(['verify'], env)).exit).toBe(0);
    const anew = `sqlite:${join(folder, 'anew.sqlite')}`;
    expect((await run(['replay', '--table', anew], env)).exit).toBe(0);
    expect((await run(['verify', '--table', anew], env)).exit).toBe(0);
    expect((await run(['import', half], env)).out).toContain(`${half}: ${why} (kept as ${keptAs})`);

    // A stranger's: the same list twice, the second one torn.
    const record = (at: string): string => {
      const body = gunzipSync(readFileSync(saveDay(folder, NOON))).toString();
      const http = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`;
      const uri = 'https://huggingface.co/api/daily_papers?date=2026-03-03&limit=100';
      const fields = [
        'WARC/1.0',
        'WARC-Type: response',
        `WARC-Target-URI: ${uri}`,
        `WARC-Date: ${at}`,
        `WARC-Record-ID: <urn:${at}>`,
      ];
      return `${[...fields, `Content-Length: ${Buffer.byteLength(http)}`].join('\r\n')}\r\n\r\n${http}\r\n\r\n`;
    };
    const foreign = join(folder, 'foreign.warc');
    writeFileSync(foreign, record(NOON) + record('2026-03-03T13:00:00Z').slice(0, -2000));
    const second = await imported(env, [foreign]);
    expect(second).toMatchObject({
      exit: 4,
      report: {
        stored: 1,
        unreadable: 1,
        captures: [
          { outcome: 'list', result: 'done' },
          { key: null, result: 'unreadable' },
        ],
      },
    });
  });

  it('is reported as holding nothing of the feed when it is a WARC of another site', async () => {
    const path = join(aFolder(), 'other.warc');
    const http = 'HTTP/1.1 200 OK\r\n\r\nhello';
    const fields = ['WARC/1.0', 'WARC-Type: response', 'WARC-Target-URI: https://example.org/', `WARC-Date: ${NOON}`];
    writeFileSync(path, `${[...fields, `Content-Length: ${http.length}`].join('\r\n')}\r\n\r\n${http}\r\n\r\n`);
    const { exit, report } = await imported(local(), [path]);
    expect(exit).toBe(4);
    expect(report.captures[0].why).toMatch(/holds no list of the feed/);
  });

  it('is named with the missing flags when it does not say what it is', async () => {
    const path = join(aFolder(), 'answer.json');
    writeFileSync(path, '[]');
    const { exit, report } = await imported(local(), [path]);
    expect(exit).toBe(4);
    const { out } = await run(['import', path], local());
    expect(out).toContain(`--at: paperkeep import ${path} --list daily --day 2025-01-08 --at 2025-01-08T18:00:00Z`);
    expect(report.captures[0].why).toMatch(/answer\.json does not say its day, time: give it/);
  });

  it('is named among those of a manifest, and the rest is imported', async () => {
    const folder = aFolder();
    const manifest = join(folder, 'index.csv');
    saveDay(folder, NOON);
    const good = '2026-03-03__20260303T120000Z.json.gz';
    const lines = [
      'note,file,list,day,captured_at',
      `good,${good},daily,2026-03-03,${NOON}`,
      `gone,missing.json,daily,2026-03-03,${NOON}`,
      `no such day,${good},daily,2026-02-30,${NOON}`,
      `a folder,.,daily,2026-03-03,${NOON}`,
      `unwatched,${good},watched:agents,2026-03-03,${NOON}`,
      'short',
      `tomorrow's,${good},daily,2026-03-03,2999-01-01T00:00:00Z`,
    ];
    writeFileSync(manifest, lines.join('\n'));
    const env = local();
    const { exit, report } = await imported(env, ['--manifest', manifest]);
    expect(report).toMatchObject({ files: 7, stored: 1, unreadable: 6 });
    expect(report.captures.map(({ why }: { why: string }) => why)).toEqual([
      '',
      expect.stringMatching(/ENOENT.*missing\.json/),
      expect.stringMatching(/line 4 .* has no readable day/),
      expect.stringMatching(/ is not a file$/),
      expect.stringMatching(/watched:agents has no query: name it in PAPERKEEP_WATCH/),
      expect.stringMatching(/line 7 .* has no readable file/),
      expect.stringMatching(/2999-01-01T00:00:00Z lies in the future/),
    ]);
    expect(exit).toBe(4);
    expect(JSON.parse((await run(['show', 'daily', '2026-03-03', '--json'], env)).out).total).toBeGreaterThan(5);
  });

  it('is named when neither the manifest nor the file says its list, day and time', async () => {
    const [folder, other, env] = [aFolder(), local(), local()];
    saveDay(folder, NOON);
    await run(['import', folder], other);
    const { key } = JSON.parse((await run(['import', folder, '--json'], other)).out).captures[0];
    const snapshot = join(other.PAPERKEEP_DATA as string, 'archive', key);
    const page = join(folder, 'page.html');
    writeFileSync(page, answerAt(NOON, '/papers/trending'));
    const manifest = join(folder, 'index.csv');
    writeFileSync(manifest, `file,list,day,captured_at\n${snapshot},,,\n${page},trending,,${NOON}\n${page},,,\n`);
    const { exit, report } = await imported(env, ['--manifest', manifest]);
    expect(report.captures.map(({ key, code }: Record<string, unknown>) => [key, code])).toEqual([
      [key, null],
      [expect.stringMatching(/^raw\/trending\/2026-03-03\//), null],
      [null, 'UNSAID'],
    ]);
    expect(exit).toBe(4);
  });

  it('is printed once when it is a damaged WARC, and not at all with --quiet', async () => {
    const folder = aFolder();
    const http = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[]';
    const head = [
      'WARC/1.0',
      'WARC-Type: response',
      'WARC-Target-URI: https://huggingface.co/api/daily_papers?date=2026-03-03',
      `WARC-Date: ${NOON}`,
      'WARC-Record-ID: <urn:one>',
      // one byte less than there are
      `Content-Length: ${http.length - 1}`,
    ];
    const record = `${head.join('\r\n')}\r\n\r\n${http}\r\n\r\n`;
    const warc = join(folder, 'short.warc');
    writeFileSync(warc, record + record);
    expect((await spawned(['import', warc, '--quiet'], local())).err).toBe('');
  });

  it('ends the import with exit code 4 when a manifest names it and it does not exist', async () => {
    const folder = aFolder();
    saveDay(folder, NOON);
    writeFileSync(
      join(folder, 'index.csv'),
      `file,list,day,captured_at\n2026-03-03__20260303T120000Z.json.gz,daily,2026-03-03,${NOON}\nx.json,daily,2026-03-03,${NOON}\n`,
    );
    expect(await imported(local(), ['--manifest', join(folder, 'index.csv')])).toMatchObject({
      exit: 4,
      report: { stored: 1, unreadable: 1 },
    });
  });

  it('is refused before anything is done when it is a manifest that lacks a column or does not exist', async () => {
    const manifest = join(aFolder(), 'index.csv');
    writeFileSync(manifest, 'file,list\nx.json,daily\n');
    expectLine(await run(['import', '--manifest', manifest], local()), {
      exit: 2,
      code: 'BAD_MANIFEST',
      says: /has no column day, captured_at/,
    });
    expectLine(await run(['import', '--manifest', '/nowhere/x.csv'], local()), {
      exit: 2,
      code: 'BAD_MANIFEST',
      says: /manifest \/nowhere\/x\.csv cannot be read/,
    });
  });

  it('is named when it cannot be read', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything');
    const path = saveDay(aFolder(), NOON);
    chmodSync(path, 0);
    const { exit, report } = await imported(local(), [path]);
    expect({ exit, why: report.captures[0].why }).toEqual({ exit: 4, why: expect.stringMatching(/EACCES/) });
  });

  it('is named when it is in a folder that cannot be read, and the rest is imported', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything');
    const folder = aFolder();
    saveDay(folder, NOON);
    const closed = join(folder, 'closed');
    mkdirSync(closed, 0);
    const { exit, report } = await imported(local(), [folder]);
    expect({ exit, stored: report.stored }).toEqual({ exit: 4, stored: 1 });
    expect(report.captures).toContainEqual(
      expect.objectContaining({ file: closed, why: expect.stringMatching(/EACCES/) }),
    );
  });

  it('is refused when it is a folder without anything to import', async () => {
    expectLine(await run(['import', aFolder()], local()), { exit: 2, code: 'USAGE', says: /holds nothing to import/ });
  });
});

describe('a table or an archive that cannot be used', () => {
  it('is refused and left unchanged when a newer version wrote it', async () => {
    const env = local();
    const table = openSqliteTable(join(env.PAPERKEEP_DATA as string, 'papers.sqlite'));
    await table.put({ ...SCHEMA_KEY, version: 99 });
    await table.close();
    expectLine(await run(['status'], env), { exit: 1, code: 'TABLE_NEWER', says: /newer paperkeep \(schema 99/ });
  });

  it('is reported as damaged when it is not a database', async () => {
    const env = local();
    writeFileSync(
      join(env.PAPERKEEP_DATA as string, 'papers.sqlite'),
      'no database at all, but long enough to be read\n'.repeat(100),
    );
    expectLine(await run(['show', 'daily'], env), {
      exit: 5,
      code: 'TABLE_DAMAGED',
      says: /papers\.sqlite is damaged/,
    });
  });

  it('is reported when its folder cannot be written to', async () => {
    const file = join(aFolder(), 'file');
    writeFileSync(file, '');
    const env = { ...local(), PAPERKEEP_DATA: join(file, 'data') };
    expectLine(await run(['collect'], env), { exit: 1, code: 'TABLE_UNREACHABLE', says: /cannot be used/ });
    const { PAPERKEEP_DATA = '' } = local();
    const folder = aFolder();
    saveDay(folder, NOON);
    const blocked = { PAPERKEEP_DATA, PAPERKEEP_ARCHIVE: `file:${join(file, 'archive')}` };
    expectLine(await run(['import', folder], blocked), { exit: 1, code: 'ARCHIVE_REFUSED', says: /cannot be used/ });
  });

  it.each(['verify', 'status', 'replay', 'record'])(
    'is not taken for empty when a file stands in its place: %s reports where, with a hint',
    async (command) => {
      const file = join(aFolder(), 'file');
      writeFileSync(file, '');
      const ran = await run([command, '--quiet'], { ...local(), PAPERKEEP_ARCHIVE: `file:${file}` });
      const says = /a file stands where its folder belongs .*move that file away/;
      expectLine(ran, { exit: 1, code: 'ARCHIVE_REFUSED', says });
    },
  );

  it('is reported by the rows that lost their snapshot when it is gone', async () => {
    const env = local();
    const folder = aFolder();
    saveDay(folder, NOON);
    await run(['import', folder], env);
    rmSync(join(env.PAPERKEEP_DATA as string, 'archive'), { recursive: true });
    const { exit, out } = await run(['verify'], env);
    expect([exit, out.trim().split('\n')]).toEqual([
      5,
      expect.arrayContaining([
        expect.stringMatching(
          /^orphan LIST#daily#2026-03-03 AT#.*: its snapshot raw\/daily\/2026-03-03\/.* is missing$/,
        ),
      ]),
    ]);
  });

  it('is read past a damaged snapshot, which is named with exit code 5', async () => {
    const env = local();
    const folder = aFolder();
    saveDay(folder, NOON);
    saveDay(folder, '2026-03-04T12:00:00Z' as Instant);
    const { captures } = JSON.parse((await run(['import', folder, '--json'], env)).out);
    const key: string = captures[0].key;
    writeFileSync(join(env.PAPERKEEP_DATA as string, 'archive', key), 'not what it was');
    const verified = await run(['verify'], env);
    expect(verified).toMatchObject({ exit: 5, out: expect.stringContaining(`damaged ${key}: `) });
    expect(verified.out.trim().split('\n')).toHaveLength(1);
    const replayed = await run(['replay', '--table', `sqlite:${join(folder, 'new.sqlite')}`], env);
    expect(replayed).toMatchObject({
      exit: 5,
      out: expect.stringMatching(/^1 snapshot of 2 list days read\ndamaged raw/),
    });
  });
});

describe('A data folder that does not exist', () => {
  it.each([['show daily'], ['show coverage'], ['search tables'], ['export']])(
    'is reported by %s, which creates nothing',
    async (line) => {
      const data = join(aFolder(), 'dtaa');
      const ran = await run(line.split(' '), { PAPERKEEP_DATA: data });
      expectLine(ran, {
        exit: 2,
        code: 'NO_DATA',
        says: /no data folder .*dtaa .*check --data .*`npx paperkeep collect`/,
      });
      expect(existsSync(data)).toBe(false);
    },
  );

  it.each([['status'], ['verify'], ['record'], ['replay'], ['subscribers']])(
    'is an empty archive for %s, as after a first run that was killed at once',
    async (line) => {
      const data = join(aFolder(), 'new');
      expect(await run([line], { ...local(), PAPERKEEP_DATA: data })).toMatchObject({ exit: 0 });
    },
  );

  it('is not looked for when what is read is elsewhere', async () => {
    const [env, elsewhere] = [local(), { PAPERKEEP_DATA: join(aFolder(), 'new') }];
    await run(['import', saveDay(aFolder(), NOON)], env);
    const [archive, table] = ['archive', 'papers.sqlite'].map((name) => join(env.PAPERKEEP_DATA as string, name));
    expect(await run(['show', 'daily', '--table', `sqlite:${table}`], elsewhere)).toMatchObject({ exit: 0 });
    expect(await run(['replay', '--archive', `file:${archive}`], elsewhere)).toMatchObject({
      exit: 0,
      out: '1 snapshot of 1 list day read\n',
    });
  });

  it('is right for doctor, which creates nothing', async () => {
    const data = join(aFolder(), 'new');
    const { out } = await run(['doctor'], { ...local(), PAPERKEEP_DATA: data });
    expect(out).toContain(`ok      archive and table: nothing in ${data} yet\n`);
    expect(existsSync(data)).toBe(false);
  });
});

describe('An address that is not subscribed', () => {
  it('is reported with the command that lists the others', async () => {
    const ran = await run(['subscribers', 'remove', 'me@example.org'], local());
    expectLine(ran, { exit: 1, code: 'NOT_SUBSCRIBED', says: /`npx paperkeep subscribers` lists/ });
  });
});

describe('Two processes at the same time', () => {
  it('do not both request from the feed: the second one names the first', async () => {
    const env = local();
    const table = await openTable(`sqlite:${join(env.PAPERKEEP_DATA as string, 'papers.sqlite')}`);
    const holder = { host: 'elsewhere', pid: 1, run: 'x' };
    const lease = await takeLease({ table, clock: systemClock, holder, identify: () => '', sleep });
    expectLine(await run(['collect'], env), {
      exit: 3,
      code: 'LEASE_HELD',
      says: /another paperkeep \(elsewhere\/1\/x/,
    });
    await lease.release();
    await table.close();
  });

  it('may import into the same folder', async () => {
    const env = local();
    const folder = aFolder();
    const hours = Array.from(
      { length: 16 },
      (_, hour) => `2026-03-03T${String(hour + 7).padStart(2, '0')}:00:00Z` as Instant,
    );
    for (const hour of hours) saveDay(folder, hour);
    const [one, two] = await Promise.all([
      spawned(['import', folder, '--json', '--quiet'], env),
      spawned(['import', folder, '--json', '--quiet'], env),
    ]);
    expect([one.exit, two.exit, one.err, two.err]).toEqual([0, 0, '', '']);
    const [first, second] = [JSON.parse(one.out), JSON.parse(two.out)];
    expect(first.stored + second.stored).toBe(16);
    expect(first.known + second.known).toBe(16);
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });
  });

  it('cannot serve on the same port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const ran = await spawned(['serve', '--port', String(port)], local());
    expectLine(ran, { exit: 1, code: 'PORT_TAKEN', says: new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`) });
  });
});

describe('A command that is run as its own process', () => {
  it('shows the stack of an error only on request', async () => {
    const plain = await spawned(['collect', '--day', '2025-02-30']);
    expectLine(plain, { exit: 2, code: 'USAGE', says: /2025-02-30/ });
    const { exit, err } = await spawned(['collect', '--day', '2025-02-30', '--debug']);
    expect(exit).toBe(2);
    expect(err).toMatch(/\n\s+at .*program\.ts/);
  });

  it.each([
    ['that did what it should', 'status', 0],
    ['that could not read a file', 'import noise.json --list trending --at 2026-03-03T12:00:00Z', 4],
    ['that found damage', 'verify', 5],
  ])(
    'ends with its own exit code, and without an error, when the reader of its output has gone: one %s',
    (_, line, exit) => {
      const folder = aFolder();
      const program = `"${process.execPath}" "${SCRIPT}" --data data`;
      const sh = (script: string) => spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
      sh(`echo noise > noise.json; ${program} import noise.json --list daily --day 2026-03-03 --at ${NOON}`);
      if (line === 'verify') sh('for file in data/archive/raw/*/*/*; do echo damaged > $file; done');
      expect(sh(`{ ${program} ${line} --quiet; echo $? >&2; } | true`).stderr).toBe(`${exit}\n`);
    },
  );

  it('ends when it is an MCP server whose client has gone', async () => {
    const child = spawn(process.execPath, [SCRIPT, 'mcp', '--data', aFolder()], { stdio: ['pipe', 'pipe', 'ignore'] });
    const exit = once(child, 'exit');
    child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write('{"jsonrpc":"2.0","id":2,"method":"ping"}\n');
    expect(await exit).toEqual([0, null]);
  });

  it('fails and says so when its output is lost', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('this system has no /dev/full');
    const script = `"${process.execPath}" "${SCRIPT}" status --data "${aFolder()}" > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expectLine({ exit: status, out: '', err: stderr }, { exit: 1, code: 'OUTPUT_LOST', says: /ENOSPC/ });
  });
});

/** A disk of a megabyte at a folder, or why there can be none. */
function smallDisk(folder: string): string | null {
  if (process.getuid?.() !== 0) return 'only root may mount a small disk';
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  return status === 0 ? null : `no small disk can be mounted: ${error?.message ?? stderr}`;
}

describe('a disk that is full', () => {
  it('is reported, loses nothing that was stored, and is over once there is room', async ({ skip }) => {
    const disk = mkdtempSync(join(tmpdir(), 'paperkeep-disk-'));
    const none = smallDisk(disk);
    onTestFinished(() => {
      if (none === null) spawnSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    });
    if (none !== null) skip(none);
    const folder = aFolder();
    for (let hour = 10; hour < 24; hour += 1)
      for (const day of [2, 3, 4, 5, 6]) saveDay(folder, `2026-03-0${day}T${hour}:00:00Z` as Instant);
    const env = { PAPERKEEP_DATA: join(disk, 'data') };
    expectLine(await spawned(['import', folder], env), { exit: 1, code: 'DISK_FULL', says: /no (?:space|room)/ });
    spawnSync('mount', ['-o', 'remount,size=50m', disk]);
    const again = await spawned(['import', folder, '--json'], env);
    expect(again.exit).toBe(0);
    const { stored, known } = JSON.parse(again.out);
    expect(known).toBeGreaterThan(3);
    expect(stored + known).toBe(70);
    expect(await spawned(['verify'], env)).toMatchObject({ exit: 0, out: '' });
    // what is left for the catalog is less than it takes
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - 400_000));
    for (const args of [
      ['search', 'papers'],
      ['show', 'top', '--from', '2026-03-01'],
    ])
      expectLine(await spawned(args, env), { exit: 1, code: 'DISK_FULL', says: /catalog/ });
  });
});
