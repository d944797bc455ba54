import { describe, expect, it } from 'vitest';
import { destroy, formatDestroyReport } from '../../../functions/cli/aws/destroy.ts';
import { captureKey } from '../../../shared/archive/keys.ts';
import { serializeCapture } from '../../../shared/archive/warc/snapshot.ts';
import { aCapture } from '../../support/build.ts';
import { deployed, fakeCloud, fakeOperator } from './fakes.ts';

const written = { email: 'owner@example.org', region: 'eu-central-1' };

async function operatorOf(given: Parameters<typeof fakeOperator>[0] = {}) {
  const operator = fakeOperator({ aws: fakeCloud(deployed()), written, ...given });
  const store = await operator.archive('s3://bucket-of-snapshots', 'eu-central-1');
  const capture = aCapture();
  await store.putIfAbsent(captureKey(capture), await serializeCapture(capture));
  return operator;
}

describe('destroying', () => {
  it('takes the app away and keeps archive and table, and says what they cost', async () => {
    const operator = await operatorOf();
    const result = await destroy(operator, { yes: true });
    expect(operator.ran).toEqual(['destroy paperkeep-main-app --force']);
    // a bucket that is not empty stops CloudFormation
    expect(operator.aws.done).toEqual(['empty bucket-of-derived']);
    expect(result).toMatchObject({ archive: 's3://bucket-of-snapshots', snapshots: 1, steps: [] });
    // 2 GB of table at $0.25 and $0.20
    expect(result.monthDollars).toBeCloseTo(0.9, 2);
    expect(formatDestroyReport(result)).toContain('npm run destroy -- --everything');
  });

  it.each([{}, { everything: true }, { everything: true, yes: true }, { everything: true, confirm: 'other' }])(
    'does nothing with %j where nobody can be asked',
    async (flags) => {
      const operator = await operatorOf();
      await expect(destroy(operator, flags)).rejects.toMatchObject({ code: 'DECLINED' });
      expect([...operator.ran, ...operator.aws.done]).toEqual([]);
    },
  );

  it('does nothing when another name was typed', async () => {
    const operator = await operatorOf({ answers: { 'Type its name': 'mian' } });
    await expect(destroy(operator, { everything: true })).rejects.toMatchObject({ code: 'DECLINED' });
    expect([...operator.ran, ...operator.aws.done]).toEqual([]);
  });
});

describe('destroying everything', () => {
  it('asks for the name, offers a copy, and takes protection away step by step', async () => {
    const operator = await operatorOf({ answers: { 'Type its name': 'main', 'Copy the archive': 'file:/backup' } });
    const { steps } = await destroy(operator, { everything: true });
    expect(operator.ran).toEqual(['destroy paperkeep-main-app --force', 'destroy paperkeep-main-data --force']);
    expect(operator.aws.done).toEqual([
      'empty bucket-of-derived',
      'allow deleting in bucket-of-snapshots',
      'unprotect table-of-records',
      'unprotect paperkeep-main-data',
    ]);
    const copied = operator.archives.get('file:/backup');
    expect([...(copied?.files.keys() ?? [])]).toEqual([captureKey(aCapture())]);
    expect(steps.map((step) => step.split(' ').slice(0, 3).join(' '))).toEqual([
      'aws dynamodb delete-table',
      'aws s3api put-bucket-lifecycle-configuration',
      'aws s3api delete-bucket',
    ]);
  });

  it('deletes no snapshot itself', async () => {
    const operator = await operatorOf();
    await destroy(operator, { everything: true, confirm: 'main' });
    expect(operator.archives.get('s3://bucket-of-snapshots')?.files.size).toBe(1);
  });

  it('stops before it takes anything away when the copy is not whole', async () => {
    const operator = await operatorOf();
    operator.archives.get('s3://bucket-of-snapshots')?.files.set(captureKey(aCapture()), new Uint8Array([1, 2, 3]));
    const flags = { everything: true, confirm: 'main', copyTo: 'file:/backup' };
    await expect(destroy(operator, flags)).rejects.toMatchObject({ code: 'COPY_DAMAGED' });
    expect([...operator.ran, ...operator.aws.done]).toEqual([]);
  });

  it('goes on where an earlier one ended', async () => {
    const aws = fakeCloud(deployed().slice(0, 1));
    const operator = await operatorOf({ aws });
    await destroy(operator, { everything: true, confirm: 'main' });
    expect(operator.ran).toEqual(['destroy paperkeep-main-data --force']);
  });
});
