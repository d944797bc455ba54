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

/** Runs npm as a user has it, without the network and with nothing of the machine's own configuration. */
function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

describe('the npm package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-package-'));
  const empty = join(folder, 'empty');
  let tarball = '';
  let bin = '';
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: empty, encoding: 'utf8' });
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

  it('answers an agent over the Model Context Protocol', async () => {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin, 'mcp'], cwd: empty }));
    const { structuredContent } = await client.callTool({ name: 'list_papers', arguments: { day: '2025-01-08' } });
    expect(structuredContent).toMatchObject({ coverage: { status: 'missing' }, papers: [], omitted: [] });
    await client.close();
  });

  it('runs commands in an empty folder and says nothing else on stderr', () => {
    const saved = saveDay(folder, '2026-03-03T12:00:00Z' as Instant);
    expect(run('--version')).toMatchObject({ exit: 0, err: '' });
    expect(run('import', saved)).toMatchObject({ exit: 0, err: '' });
    for (const args of [
      ['status'],
      ['show', 'daily', '2026-03-03'],
      ['search', '--list', 'daily'],
      ['show', 'top', '--from', '2026-03-01', '--to', '2026-03-05'],
      ['verify', '--quiet'],
      ['replay'],
      ['export', '--format', 'csv,parquet,sqlite,jsonl'],
    ])
      expect({ args, ...run(...args, '--json') }).toMatchObject({ exit: 0, err: '' });
  });

  it('says of the commands that need a checkout what to do', () => {
    for (const command of ['deploy', 'update', 'destroy'])
      expect(run(command)).toMatchObject({
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
});

describe('an old Node', () => {
  it('is refused with what to install, before anything else can fail', () => {
    for (const version of ['18.20.0', '20.20.2', '22.15.1', '21.0.0'])
      expect(describeOldNode(version)).toMatch(
        new RegExp(`^paperkeep needs Node 22\\.16 or newer, and this is Node ${version}: install `),
      );
    for (const version of ['22.16.0', '22.20.1', '24.0.0', '26.1.0']) expect(describeOldNode(version)).toBeNull();
  });
});
