import { describe, expect, it } from 'vitest';
import { destroy, formatDestroyReport } from '../../../functions/cli/aws/destroy.ts';
import { captureKey } from '../../../shared/archive/keys.ts';
import { serializeCapture } from '../../archive/captures.ts';
import { aCapture } from '../../support/build.ts';
import { createFakeCloud, createFakeDeps, deployedStacks } from './fakes.ts';

const file = { email: 'owner@example.org', region: 'eu-central-1' };
const capture = aCapture();

/** Dependencies of a deployment whose archive holds one snapshot. */
async function depsWithArchive(options: Parameters<typeof createFakeDeps>[0] = {}) {
  const deps = createFakeDeps({ cloud: createFakeCloud(deployedStacks()), file, ...options });
  const store = await deps.openArchive('s3://bucket-of-snapshots', 'eu-central-1');
  await store.putIfAbsent(captureKey(capture), await serializeCapture(capture));
  return deps;
}

describe('destroy', () => {
  it('destroys the service stack, keeps archive and table, and reports what they cost', async () => {
    const deps = await depsWithArchive();
    const report = await destroy(deps, { yes: true });
    expect(deps.cdkRuns).toEqual(['destroy paperkeep-main-app --force']);
    // CloudFormation fails to delete a bucket that is not empty
    expect(deps.cloud.changes).toEqual(['empty bucket-of-derived', 'delete budget paperkeep-main']);
    expect(report).toMatchObject({ archive: 's3://bucket-of-snapshots', snapshots: 1, steps: [] });
    // 2 GB of table at $0.25 and $0.20
    expect(report.monthDollars).toBeCloseTo(0.9, 2);
    expect(formatDestroyReport(report)).toContain('npm run destroy -- --everything');
  });

  it.each([{}, { everything: true }, { everything: true, yes: true }, { everything: true, confirm: 'other' }])(
    'changes nothing with the flags %j where there is no terminal',
    async (flags) => {
      const deps = await depsWithArchive();
      await expect(destroy(deps, flags)).rejects.toMatchObject({ code: 'DECLINED' });
      expect([...deps.cdkRuns, ...deps.cloud.changes]).toEqual([]);
    },
  );

  it('changes nothing when the name of the stage is mistyped', async () => {
    const deps = await depsWithArchive({ answers: { 'Type the name': 'mian' } });
    await expect(destroy(deps, { everything: true })).rejects.toMatchObject({ code: 'DECLINED' });
    expect([...deps.cdkRuns, ...deps.cloud.changes]).toEqual([]);
  });
});

describe('destroy --everything', () => {
  it('asks for the name of the stage, offers a copy, and removes the protection step by step', async () => {
    const deps = await depsWithArchive({ answers: { 'Type the name': 'main', 'Copy the archive': 'file:/backup' } });
    const { steps } = await destroy(deps, { everything: true });
    expect(deps.cdkRuns).toEqual(['destroy paperkeep-main-app --force', 'destroy paperkeep-main-data --force']);
    expect(deps.cloud.changes).toEqual([
      'empty bucket-of-derived',
      'delete budget paperkeep-main',
      'allow deleting in bucket-of-snapshots',
      'unprotect table-of-records',
      'unprotect paperkeep-main-data',
    ]);
    expect([...(deps.archives.get('file:/backup')?.files.keys() ?? [])]).toEqual([captureKey(capture)]);
    expect(steps.map((step) => step.split(' ').slice(0, 3).join(' '))).toEqual([
      'aws dynamodb delete-table',
      'aws s3api put-bucket-lifecycle-configuration',
      'aws s3api delete-bucket',
    ]);
  });

  it('leaves every snapshot where it is and deletes none', async () => {
    const deps = await depsWithArchive();
    await destroy(deps, { everything: true, confirm: 'main' });
    expect(deps.archives.get('s3://bucket-of-snapshots')?.files.size).toBe(1);
  });

  it('stops before it destroys anything when the copy is not complete', async () => {
    const deps = await depsWithArchive();
    deps.archives.get('s3://bucket-of-snapshots')?.files.set(captureKey(capture), new Uint8Array([1, 2, 3]));
    const flags = { everything: true, confirm: 'main', copyTo: 'file:/backup' };
    await expect(destroy(deps, flags)).rejects.toMatchObject({ code: 'COPY_DAMAGED' });
    expect([...deps.cdkRuns, ...deps.cloud.changes]).toEqual([]);
  });

  it('continues where an earlier destroy ended', async () => {
    const deps = await depsWithArchive({ cloud: createFakeCloud(deployedStacks().slice(0, 1)) });
    await destroy(deps, { everything: true, confirm: 'main' });
    expect(deps.cdkRuns).toEqual(['destroy paperkeep-main-data --force']);
  });
});
