import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../shared/lib/time.ts';
import { aFolder, run } from '../run.ts';
import { saveDay } from '../saved.ts';

/** Runs a command line in a process of its own; returns the loaded modules whose names match. */
function loadedBy(library: RegExp, args: readonly string[]): string[] {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({
      resolve(name, context, next) {
        if (${library}.test(name)) loaded.push(name);
        return next(name, context);
      },
    });
    const { main } = await import(${JSON.stringify(pathToFileURL(resolve('functions/cli/main.ts')).href)});
    await main(${JSON.stringify(args)}, { env: {}, out() {}, err() {}, isInteractive: false });
    process.stdout.write(JSON.stringify(loaded));`;
  const env = { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env });
  return JSON.parse(stdout) as string[];
}

const SDK = /^@(aws-sdk|smithy)/;

describe('the Parquet writer', () => {
  it('is loaded only by an export that includes Parquet', async () => {
    const data = aFolder();
    const saved = saveDay(data, '2026-03-03T12:00:00Z' as Instant);
    await run(['import', saved], { PAPERKEEP_DATA: data });
    const loaded = (...args: string[]) => loadedBy(/^hyparquet/, [...args, '--data', data]);
    expect(loaded('export', '--format', 'parquet')).toContain('hyparquet-writer');
    for (const args of [['export', '--format', 'csv,sqlite,jsonl'], ['status'], ['show', 'daily', '2026-03-03']])
      expect(loaded(...args)).toEqual([]);
  });
});

describe('a command without AWS', () => {
  it.each([
    ['--help'],
    ['status'],
    ['export', '--format', 'csv'],
    ['copy', 'file:none', 'file:other'],
    ['replay', '--dry-run'],
    ['redrive', '--help'],
  ])('does not load the AWS SDK: %s', (...args) => {
    expect(loadedBy(SDK, [...args, '--data', aFolder()])).toEqual([]);
  });

  it('differs from one that operates a deployment, which loads the SDK', () => {
    expect(loadedBy(SDK, ['pause', '--stage', 'main'])).toContain('@aws-sdk/client-scheduler');
  });
});
