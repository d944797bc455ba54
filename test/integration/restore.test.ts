import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inEnvironment } from '../cli/aws/environment.ts';
import { aFolder, type Env } from '../cli/run.ts';
import { startDynalite } from '../support/dynalite.ts';
import { aBackup, exportOf, rowsOf, succeed } from '../support/restoring.ts';
import { BUCKET, startS3 } from '../support/s3.ts';

describe('A paperkeep restored from a copy of its archive alone', () => {
  it('has on another machine every row and every export as before', { timeout: 120_000 }, async () => {
    const { env, backup } = await aBackup();
    const restored: Env = { ...env, PAPERKEEP_DATA: join(aFolder(), 'data') };
    await succeed(['copy', backup, `file:${join(restored.PAPERKEEP_DATA as string, 'archive')}`], restored);
    await succeed(['replay'], restored);
    await succeed(['verify'], restored);
    expect(await rowsOf(restored)).toEqual(await rowsOf(env));
    expect(await exportOf(restored)).toEqual(await exportOf(env));
  });

  it('has in a bucket and DynamoDB every row and every export as before', { timeout: 120_000 }, async () => {
    const { env, backup } = await aBackup();
    const [bucket, dynamo] = await Promise.all([startS3(), startDynalite()]);
    onTestFinished(() => Promise.all([bucket.stop(), dynamo.stop()]).then(() => {}));
    inEnvironment({ AWS_ENDPOINT_URL_S3: bucket.endpoint, AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint });
    const restored: Env = {
      ...env,
      PAPERKEEP_DATA: join(aFolder(), 'data'),
      PAPERKEEP_ARCHIVE: `s3://${BUCKET}`,
      PAPERKEEP_TABLE: 'dynamodb:papers',
    };
    await succeed(['copy', backup, `s3://${BUCKET}`], restored);
    await succeed(['replay'], restored);
    await succeed(['verify'], restored);
    expect(await rowsOf(restored)).toEqual(await rowsOf(env));
    expect(await exportOf(restored)).toEqual(await exportOf(env));
  });
});
