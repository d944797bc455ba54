import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOldNode } from '../../functions/cli/node-version.ts';
import type { Instant } from '../../shared/lib/time.ts';
import { saveDay } from '../cli/saved.ts';
import { npmHome } from '../support/packages.ts';

/** Runs npm as a user has it, without the network and with nothing of the machine's own configuration. */
function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Where a Node of another version is, by npm; `missing` tells why it cannot be had. */
async function fetchNode(version: string): Promise<{ version: string; node: string; missing: string | null }> {
  if (version === process.versions.node) return { version, node: process.execPath, missing: null };
  const name = `node-${process.platform}-${process.arch}`;
  const home = npmHome(name, version);
  const missing = await home.install();
  const why = missing === null ? '' : ` (skipped: ${missing})`;
  return { version: `${version}${why}`, node: join(home.folder, 'node_modules', name, 'bin/node'), missing };
}
/** The oldest that is promised, the one of this checkout, and the newest. */
const NODES = await Promise.all(['22.16.0', process.versions.node, '26.12.1'].map(fetchNode));
const OLD_NODE = await fetchNode('20.20.2');

describe('the npm package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-package-'));
  const empty = join(folder, 'empty');
  let tarball = '';
  let bin = '';
  const runOn = (node: string, args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(node, [bin, ...args], { cwd: empty, encoding: 'utf8' });
    return { exit: status, out: stdout, err: stderr };
  };

  beforeAll(() => {
    const dist = join(folder, 'dist');
    execFileSync(process.execPath, [resolve('functions/cli/build.ts'), dist]);
    tarball = join(folder, npm(['pack', dist], folder).trim());
    mkdirSync(empty);
    writeFileSync(join(empty, 'package.json'), '{}');
    npm(['install', tarball], empty);
    bin = join(empty, 'node_modules/.bin/paperkeep');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  it('is a tarball of at most 1 MB that installs nothing but itself, with the licences of what it bundles', () => {
    expect(statSync(tarball).size).toBeLessThan(1_000_000);
    expect(globSync('*', { cwd: join(empty, 'node_modules') })).toEqual(['paperkeep']);
    const licences = join(empty, 'node_modules/paperkeep/THIRD-PARTY-LICENCES.txt');
    expect(statSync(licences).size).toBeGreaterThan(1000);
  });

  it('names its repository on GitHub, without which npm refuses to publish it with provenance', () => {
    const { repository } = JSON.parse(readFileSync(join(empty, 'node_modules/paperkeep/package.json'), 'utf8'));
    expect(repository).toEqual(JSON.parse(readFileSync('package.json', 'utf8')).repository);
  });

  describe.each(NODES)('on Node $version', ({ node, missing }) => {
    const data = join(folder, `data-${node.replaceAll(/\W/g, '-')}`);
    const run = (...args: string[]) => runOn(node, args);

    it.skipIf(missing !== null)('answers an agent over the Model Context Protocol', async () => {
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(new StdioClientTransport({ command: node, args: [bin, 'mcp'], cwd: empty }));
      const { structuredContent } = await client.callTool({ name: 'list_papers', arguments: { day: '2025-01-08' } });
      expect(structuredContent).toMatchObject({ coverage: { status: 'missing' }, papers: [], omitted: [] });
      await client.close();
    });

    it.skipIf(missing !== null)('runs commands in an empty folder and says nothing else on stderr', () => {
      const saved = saveDay(folder, '2026-03-03T12:00:00Z' as Instant);
      expect(run('--version', '--data', data)).toMatchObject({ exit: 0, err: '' });
      expect(run('import', saved, '--data', data)).toMatchObject({ exit: 0, err: '' });
      for (const args of [
        ['status'],
        ['show', 'daily', '2026-03-03'],
        ['search', '--list', 'daily'],
        ['show', 'top', '--from', '2026-03-01', '--to', '2026-03-05'],
        ['show', 'topics', '--sort', 'rising'],
        ['show', 'compare', '"model"'],
        ['verify', '--quiet'],
        ['replay'],
        ['export', '--format', 'csv,parquet,sqlite,jsonl'],
      ])
        expect({ args, ...run(...args, '--json', '--data', data) }).toMatchObject({ exit: 0, err: '' });
    });
  });

  it('says of the commands that need a checkout what to do', () => {
    for (const command of ['deploy', 'update', 'destroy'])
      expect(runOn(process.execPath, [command])).toMatchObject({
        exit: 1,
        err: expect.stringMatching(/\[NEEDS_CHECKOUT\]: run `git clone /),
      });
  });

  it('serves the sample where the feed cannot be reached, search included', async () => {
    const args = [
      'serve',
      '--collect',
      '--port',
      '0',
      '--origin',
      'http://127.0.0.1:9',
      '--data',
      join(folder, 'data'),
    ];
    const child = spawn(process.execPath, [bin, ...args], { cwd: empty, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((done) => child.once('close', done));
    try {
      const url = await new Promise<string>((found) =>
        child.stdout.once('data', (line: Buffer) => found(line.toString().trim().split(' ').at(-1) as string)),
      );
      const ask = async (path: string) => (await fetch(url + path)).json() as Promise<Record<string, unknown>>;
      await expect.poll(async () => (await ask('/daily.json')).sample, { timeout: 60_000 }).toBe(true);
      await expect.poll(async () => (await ask('/search.json')).total, { timeout: 60_000 }).toBeGreaterThan(100);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it.skipIf(OLD_NODE.missing !== null)(
    `tells Node ${OLD_NODE.version} what to install, before anything else can fail`,
    () => {
      expect(runOn(OLD_NODE.node, ['status'])).toEqual({
        exit: 1,
        out: '',
        err: 'paperkeep needs Node 22.16 or newer, and this is Node 20.20.2: install a newer one from https://nodejs.org\n',
      });
    },
  );
});

describe('an old Node', () => {
  it('is any before 22.16, and 23, which lacks what 22.16 has', () => {
    for (const version of ['18.20.0', '22.15.1', '21.0.0', '23.11.1'])
      expect(describeOldNode(version)).toContain(version);
    for (const version of ['22.16.0', '22.20.1', '24.0.0', '26.1.0']) expect(describeOldNode(version)).toBeNull();
  });
});
