import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSeconds, type Day, startOfDay, systemClock } from '../../shared/lib/time.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { answerAt, saveDay } from '../cli/saved.ts';
import { codeBlocks, documents } from '../support/documents.ts';
import { pythonHome } from '../support/packages.ts';

/**
 * The commands in the guides that this test does not run, and why. A new command in a guide is run, unless it is listed here; a line that
 * no guide needs fails.
 */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm (ci|test)$|^npm ci &&|^git pull/, 'replaces the installation; .ci/run runs the first two'],
  [/^npm start\b|paperkeep (serve|mcp)\b/, 'runs until it is stopped; test/integration/package.test.ts starts it'],
  [/^datasette /, 'runs until it is stopped; test/export/readers.test.ts asks it'],
  [/^aws |^group\(\)/, 'needs an AWS account'],
  [/^npm run (doctor|deploy|destroy)\b/, 'needs an AWS account; test/e2e/deploy.test.ts runs it in an emulator'],
  [/^npm run update\b|paperkeep (doctor --aws|deploy|update|destroy|redrive|pause|resume)\b/, 'needs an AWS account'],
  [/ --stage | s3:\/\//, 'needs a deployment; test/e2e/deploy.test.ts has one in an emulator'],
  [/docker compose/, 'needs Docker; test/self-hosting.test.ts checks its files, and builds what the image holds'],
  [/^sudo /, 'changes the machine; test/self-hosting.test.ts checks the units'],
  [/^claude /, 'changes another program; test/integration/mcp.test.ts starts what that would start'],
];
const isRun = (line: string): boolean => !NOT_RUN.some(([pattern]) => pattern.test(line));

/** The command lines of a document, in its order. */
function linesOf(document: string): string[] {
  const text = readFileSync(document, 'utf8');
  const typed = codeBlocks(text, 'console').flatMap((code) =>
    [...code.matchAll(/^\$ (.+)$/gm)].map(([, line]) => line),
  );
  const lines = [...typed, ...codeBlocks(text, 'sh').flatMap((code) => code.split('\n'))];
  return lines.flatMap((line) => line?.trim() || []);
}

const HOME = pythonHome('guides', ['duckdb-cli==1.5.6', 'pandas==3.1.1', 'polars==2.1.0', 'pyarrow==26.0.1']);
const missing = await HOME.install();
/** False for a command of another program that cannot be installed here. */
const isThere = (line: string): boolean => missing === null || !line.startsWith('duckdb ');

describe('The commands in the guides', () => {
  const root = mkdtempSync(join(tmpdir(), 'paperkeep-guides-'));
  const start = join(root, 'start');
  const tools = join(root, 'tools');
  const program = join(root, 'dist', 'paperkeep.js');
  let feed: SampleServer;
  let site: { readonly url: string; stop(): Promise<unknown> };
  let env: Record<string, string>;
  let known: readonly (readonly [string, string])[];

  /** Runs a script that ends at the first command that fails. */
  const inShell = (script: string, cwd: string) =>
    promisify(execFile)('sh', ['-exc', script], { cwd, env, maxBuffer: 64_000_000 }).catch(({ stdout, stderr }) => {
      throw new Error(`${stderr}\n${stdout}`);
    });

  beforeAll(async () => {
    execFileSync(process.execPath, [resolve('functions/cli/build.ts'), join(root, 'dist')]);
    mkdirSync(tools);
    const addTool = (name: string, script: string) =>
      writeFileSync(join(tools, name), `#!/bin/sh\n${script} "$@"\n`, { mode: 0o755 });
    // a reader has the package from npm: here `npx paperkeep` is what was just built
    addTool('npx', `shift\nexec '${process.execPath}' '${program}'`);
    addTool('duckdb', `exec '${HOME.python}' -m duckdb_cli`);
    feed = await serveSample();
    feed.setNow(systemClock());
    env = {
      PATH: `${tools}${delimiter}${process.env.PATH}`,
      PAPERKEEP_ORIGIN: feed.origin,
      PAPERKEEP_WATCH: 'agents=agents',
      PAPERKEEP_MAIL: `outbox:${join(root, 'outbox')}`,
      PAPERKEEP_MAIL_FROM: 'me@example.org',
      PAPERKEEP_PUBLIC_URL: 'http://127.0.0.1:8080',
    };
    const saved = join(start, 'saved');
    mkdirSync(saved, { recursive: true });
    for (const day of ['2024-12-31', '2025-01-02', '2025-01-08', '2026-11-20'] as Day[])
      for (const hours of [7, 12, 20]) saveDay(saved, addSeconds(startOfDay(day), hours * 3600));
    const yesterday = addSeconds(systemClock(), -25 * 3600);
    writeFileSync(join(start, 'page.html'), answerAt(yesterday, '/papers/trending'));
    mkdirSync(join(start, 'old'));
    const [one = ''] = globSync('*', { cwd: saved });
    cpSync(join(saved, one), join(start, 'old', one));
    writeFileSync(
      join(start, 'old/index.csv'),
      `file,list,day,captured_at\n${one},daily,2024-12-31,2024-12-31T07:00:00Z\n`,
    );
    await inShell(
      `npx paperkeep import saved\nnpx paperkeep import page.html --list trending --at ${yesterday}\nnpx paperkeep collect`,
      start,
    );
    const { stdout } = await inShell('npx paperkeep show daily 2025-01-08 --json', start);
    const [key = ''] = globSync('raw/daily/2025-01-08/*', { cwd: join(start, 'data/archive') });
    cpSync(join(start, 'data/archive'), join(start, 'backup'), { recursive: true });
    site = await serve(start);
    known = [
      ['http://127.0.0.1:8080', site.url],
      ['https://papers.example.org/', `${site.url}/`],
      ['/mnt/backup/paperkeep', 'backup'],
      ['raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz', key],
      ['2501.04519', JSON.parse(stdout).papers[0].id],
    ];
  }, 120_000);
  afterAll(async () => {
    await Promise.all([site?.stop(), feed?.stop()]);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });

  async function serve(cwd: string) {
    const child = spawn(process.execPath, [program, 'serve', '--port', '0'], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((done) => child.once('close', done));
    const url = await new Promise<string>((found) =>
      child.stdout.once('data', (line: Buffer) => found(line.toString().trim().split(' ').at(-1) ?? '')),
    );
    return { url, stop: async () => child.kill() && ended };
  }

  it('are all run here, or listed with the reason', () => {
    const lines = documents.flatMap(linesOf);
    expect(lines.filter(isRun).length).toBeGreaterThan(80);
    expect(NOT_RUN.filter(([pattern]) => !lines.some((line) => pattern.test(line)))).toEqual([]);
  });

  it.concurrent.each(documents.filter((document) => linesOf(document).some(isRun)))(
    'do what %s says, in order, in a folder with some captures',
    async (document) => {
      const folder = join(root, document.replaceAll('/', '-'));
      cpSync(start, folder, { recursive: true });
      const script = linesOf(document).filter(isRun).filter(isThere).join('\n');
      await inShell(
        known.reduce((text, [printed, here]) => text.replaceAll(printed, here), script),
        folder,
      );
      const python = codeBlocks(readFileSync(document, 'utf8'), 'python').join('\n');
      if (python !== '' && missing === null) await promisify(execFile)(HOME.python, ['-c', python], { cwd: folder });
    },
  );
});
