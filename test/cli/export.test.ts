import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addSeconds, type Instant, sleep } from '../../shared/lib/time.ts';
import { createRandom } from '../../shared/sample/random.ts';
import { digestsIn, isCompleteExport } from '../export/build.ts';
import { aFolder, run, spawned, start } from './run.ts';
import { saveDay } from './saved.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;

/** An archive of made-up visits, so many hours of them; its settings. */
async function anArchive(hours: number): Promise<{ readonly PAPERKEEP_DATA: string }> {
  const folder = aFolder();
  for (let hour = 0; hour < hours; hour += 1) saveDay(folder, addSeconds(NOON, hour * 3600));
  const env = { PAPERKEEP_DATA: aFolder() };
  await run(['import', folder], env);
  return env;
}

describe('The command export', () => {
  it('writes all formats into the data folder and reports what it wrote', async () => {
    const env = await anArchive(12);
    const { exit, out } = await run(['export'], env);
    const exports = join(env.PAPERKEEP_DATA, 'exports');
    expect([exit, out]).toEqual([
      0,
      expect.stringMatching(/^\d+ files, \d\.\d MB, from 12 snapshots, in .*\npapers \d+ · /),
    ]);
    expect(readdirSync(exports).sort()).toEqual([
      'csv',
      'datapackage.json',
      'manifest.json',
      'paperkeep.sqlite',
      'papers.jsonl.gz',
      'parquet',
      'schema.json',
    ]);
    expect(await isCompleteExport(exports)).toBe(true);
    const reported = JSON.parse((await run(['export', '--json'], env)).out);
    expect(reported).toMatchObject({
      out: exports,
      formats: ['parquet', 'csv', 'sqlite', 'jsonl'],
      builtFrom: { snapshots: 12 },
    });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect([reported.paperkeep, reported.commit]).toEqual([
      version,
      existsSync('.git') ? expect.stringMatching(/^[0-9a-f]{40}(-dirty)?$/) : null,
    ]);
  });

  it('writes the formats, days and place that flags name', async () => {
    const env = await anArchive(30);
    const out = join(aFolder(), 'deep', 'papers');
    const args = ['--format', 'csv,jsonl', '--from', '2026-03-04', '--out', out, '--no-abstracts', '--json'];
    const reported = JSON.parse((await run(['export', ...args], env)).out);
    expect(reported).toMatchObject({
      formats: ['csv', 'jsonl'],
      from: '2026-03-04',
      to: null,
      builtFrom: { snapshots: 18 },
    });
    expect(reported.leftOut).toEqual(['papers.abstract', 'papers.ai_summary']);
    expect(readdirSync(out).sort()).toEqual([
      'csv',
      'datapackage.json',
      'manifest.json',
      'papers.jsonl.gz',
      'schema.json',
    ]);
    expect(existsSync(join(env.PAPERKEEP_DATA, 'exports'))).toBe(false);
  });

  it('writes a release once, beside the newest export', async () => {
    const env = await anArchive(3);
    const release = ['export', '--format', 'csv', '--release', '2026.1'];
    expect(await run(release, env)).toMatchObject({ exit: 0 });
    const folder = join(env.PAPERKEEP_DATA, 'exports', 'releases', '2026.1');
    const before = digestsIn(folder);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['CITATION.cff', 'coverage.json', 'coverage.md']));
    expect(await run(release, env)).toMatchObject({ exit: 2, err: expect.stringContaining('exists already') });
    expect(await run(['export'], env)).toMatchObject({ exit: 0 });
    expect(digestsIn(folder)).toEqual(before);
  });

  it.each([
    [['--format', 'xlsx'], 'must be some of parquet,csv,sqlite,jsonl'],
    [['--from', '2026-02-30'], 'YYYY-MM-DD'],
    [['--from', '2026-03-02', '--to', '2026-03-01'], 'swap them'],
    [['--release', '../x'], 'must be 1 to 64 letters'],
  ])('refuses the flags %j', async (args, says) => {
    expect(await run(['export', ...args], { PAPERKEEP_DATA: aFolder() })).toMatchObject({
      exit: 2,
      out: '',
      err: expect.stringContaining(says),
    });
  });

  it('fails for an empty archive and writes nothing', async () => {
    const env = { PAPERKEEP_DATA: aFolder() };
    const { exit, err } = await run(['export'], env);
    expect([exit, err]).toEqual([1, expect.stringContaining('[NOTHING_TO_EXPORT]: ')]);
    expect(readdirSync(join(env.PAPERKEEP_DATA, 'exports'))).toEqual([]);
  });

  it('names a folder that it cannot write to', async () => {
    const env = await anArchive(1);
    const file = join(aFolder(), 'file');
    writeFileSync(file, '');
    const { exit, err } = await run(['export', '--out', file], env);
    expect([exit, err.trimEnd().split('\n')]).toEqual([1, [expect.stringContaining('[EXPORT_REFUSED]: ')]]);
  });

  it.skipIf(process.platform !== 'linux')('names a folder below /proc, where nothing can be created', async () => {
    const { exit, err } = await run(['export', '--out', '/proc/no-such-folder/papers'], await anArchive(1));
    expect([exit, err]).toEqual([1, expect.stringMatching(/\[EXPORT_REFUSED\]: /)]);
  });

  it('reports a full disk in one line and leaves the previous export unchanged', async ({ skip }) => {
    const disk = mkdtempSync(join(tmpdir(), 'paperkeep-disk-'));
    const mounted =
      process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
    onTestFinished(() => {
      // lazily: on a busy machine a handle may be let go a moment after the run that held it
      if (mounted) spawnSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    });
    if (!mounted) skip('no small disk can be mounted here');
    const env = await anArchive(40);
    const out = join(disk, 'exports');
    mkdirSync(out);
    expect(await run(['export', '--format', 'csv', '--to', '2026-03-03', '--out', out], env)).toMatchObject({
      exit: 0,
    });
    const before = digestsIn(out);
    for (const format of ['sqlite', 'csv', 'parquet', 'jsonl']) {
      spawnSync('sh', ['-c', `cat /dev/zero > ${join(disk, 'filler')} 2>/dev/null`]);
      const { exit, err } = await run(['export', '--format', format, '--out', out], env);
      expect([exit, err.trimEnd().split('\n')]).toEqual([
        1,
        [expect.stringMatching(/no space is left .*\[DISK_FULL\]: free/)],
      ]);
      expect(digestsIn(out)).toEqual(before);
      expect(readdirSync(out)).not.toContainEqual(expect.stringContaining('.making'));
    }
  });
});

describe('An export that is killed', () => {
  const chance = createRandom('kill an export');

  it('leaves the previous export or none, never a part of one, and the next run cleans up', async () => {
    const env = await anArchive(60);
    const exports = join(env.PAPERKEEP_DATA, 'exports');
    const started = performance.now();
    expect(await spawned(['export'], env)).toMatchObject({ exit: 0 });
    let longest = performance.now() - started;
    const { 'manifest.json': _, ...wanted } = digestsIn(exports);
    for (let [runs, kills] = [0, 0]; kills < 4; runs += 1) {
      expect(runs, 'runs that ended before they were killed').toBeLessThan(20);
      const { child, ended } = start(['export'], env);
      await Promise.race([sleep((0.3 + 0.7 * chance()) * longest), ended]);
      child.kill('SIGKILL');
      if ((await ended).exit === null) kills += 1;
      else longest *= 0.8;
      // what is being made lies apart
      for (const name of readdirSync(exports).filter((name) => name.startsWith('.making')))
        rmSync(join(exports, name), { recursive: true });
      if (existsSync(join(exports, 'manifest.json'))) expect(await isCompleteExport(exports)).toBe(true);
    }
    expect(await spawned(['export'], env)).toMatchObject({ exit: 0 });
    const { 'manifest.json': _again, ...files } = digestsIn(exports);
    expect(files).toEqual(wanted);
  });
});
