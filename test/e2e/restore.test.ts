import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAwsCloud } from '../../functions/cli/aws/client.ts';
import { findDeployment } from '../../functions/cli/aws/stage.ts';
import { inEnvironment } from '../cli/aws/environment.ts';
import { aFolder, type Env, run } from '../cli/run.ts';
import { aBackup, exportOf, rowsOf, succeed } from '../support/restoring.ts';
import { AWS, installMinistack, startMinistack, until } from './ministack.ts';
import { runCdk } from './trial.ts';

const missing = await installMinistack();

/** Runs a step of the drill, and prints how long it took. */
async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  console.info(`restore drill: ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** docs/restore.md, "In AWS": an emulator with nothing in it, and the deployed functions with their roles. */
describe('A paperkeep restored from a copy of its archive into an empty account', () => {
  it('has every row and every export as before, and a site that shows them', { timeout: 400_000 }, async (context) => {
    if (missing !== null) return context.skip(`no emulator of AWS: ${missing}`);
    const { env, backup } = await aBackup();
    const before = { rows: await rowsOf(env), files: await exportOf(env) };

    const aws = await startMinistack();
    onTestFinished(() => aws.stop());
    inEnvironment({ ...(aws.env as Record<string, string>), AWS_CONFIG_FILE: '/dev/null' });
    const s3 = new S3Client({ endpoint: aws.endpoint, region: AWS.region, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'cdk-assets' }));
    s3.destroy();
    await step('deploy', () => runCdk(aws, aFolder(), 'http://127.0.0.1:9', 'deploy', '--all'));

    const cloud = createAwsCloud(AWS.region);
    const { archive, table, service } = await findDeployment('trial', cloud);
    const restored: Env = { ...env, PAPERKEEP_DATA: join(aFolder(), 'data'), PAPERKEEP_TABLE: table };
    await step('copy', () => succeed(['copy', backup, archive], restored));
    await step('replay', () => succeed(['replay', '--stage', 'trial'], restored));
    await step('verify, until the functions have recorded everything', () =>
      until('every snapshot is recorded', async () => {
        const { exit } = await run(['verify', '--stage', 'trial', '--quiet'], restored);
        return exit === 0;
      }),
    );
    expect(await rowsOf(restored)).toEqual(before.rows);
    expect(await exportOf(restored, '--stage', 'trial')).toEqual(before.files);

    const api = new URL(service?.url ?? '').hostname.split('.')[0];
    const site = `${aws.endpoint}/_aws/execute-api/${api}/$default`;
    const list = await (await fetch(`${site}/daily/2026-03-03.json`)).json();
    expect(list).toMatchObject({ coverage: { status: 'captured', captures: 2 }, sample: false });
  });
});
