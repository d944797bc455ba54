import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../cli/run.ts';

/** Runs a command line in a process of its own; returns what of the AWS SDK was loaded for it. */
function sdkLoadedBy(args: readonly string[]): string[] {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({
      resolve(name, context, next) {
        if (/^@(aws-sdk|smithy)/.test(name)) loaded.push(name);
        return next(name, context);
      },
    });
    const { main } = await import(${JSON.stringify(pathToFileURL(resolve('functions/cli/main.ts')).href)});
    await main(${JSON.stringify(args)}, { env: {}, out() {}, err() {}, watched: false });
    process.stdout.write(JSON.stringify(loaded));`;
  const env = { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env });
  return JSON.parse(stdout) as string[];
}

describe('a command that stays on this machine', () => {
  it.each([
    ['--help'],
    ['status'],
    ['copy', 'file:none', 'file:other'],
    ['replay', '--dry-run'],
    ['redrive', '--help'],
  ])('does not load the AWS SDK: %s', (...args) => {
    expect(sdkLoadedBy([...args, '--data', aFolder()])).toEqual([]);
  });

  it('unlike one in AWS', () => {
    expect(sdkLoadedBy(['pause', '--stage', 'main'])).toContain('@aws-sdk/client-scheduler');
  });
});
