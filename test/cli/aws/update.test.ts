import { describe, expect, it } from 'vitest';
import { formatUpdateReport, update } from '../../../functions/cli/aws/update.ts';
import { captureKey } from '../../../shared/archive/keys.ts';
import { serializeCapture } from '../../archive/captures.ts';
import { aCapture, DAY, instant } from '../../support/build.ts';
import { createFakeCloud, createFakeDeps, deployedStacks } from './fakes.ts';

const file = { email: 'owner@example.org', region: 'eu-central-1' };
const EPOCHS = { daily: 2, trending: 1, watched: 1 };
const versions = (daily: number) => ({ paperkeep: '0.1.0', parsers: { daily, trending: 1, watched: 1 } });

/** Dependencies of a deployment whose archive holds two daily captures of one day and a trending one. */
async function depsWithArchive(options: Parameters<typeof createFakeDeps>[0] = {}) {
  const deps = createFakeDeps({
    cloud: createFakeCloud(deployedStacks()),
    file,
    respond: () => versions(1),
    ...options,
  });
  const store = await deps.openArchive('s3://bucket-of-snapshots', 'eu-central-1');
  for (const capture of [
    aCapture(),
    aCapture({ at: instant('2025-01-08T07:15:00Z') }),
    aCapture({ list: 'trending' }),
  ]) {
    await store.putIfAbsent(captureKey(capture), await serializeCapture(capture));
  }
  return deps;
}

describe('update', () => {
  it('sets up no budget for a deployment without an address', async () => {
    const deps = await depsWithArchive({ file: { region: 'eu-central-1' } });
    await update(deps, { yes: true }, EPOCHS);
    expect(deps.cloud.changes).toEqual(['start export-fn']);
  });

  it('shows the differences before it deploys them', async () => {
    const deps = await depsWithArchive({ respond: () => versions(2) });
    expect(await update(deps, { yes: true }, EPOCHS)).toMatchObject({ from: '0.1.0', replay: null, isPaused: false });
    expect(deps.cdkRuns).toEqual([
      'diff -c reserveConcurrency=true',
      'deploy --all --require-approval never -c reserveConcurrency=true',
    ]);
  });

  it('builds the catalog of the new release without waiting for the night', async () => {
    const deps = await depsWithArchive();
    await update(deps, { yes: true }, EPOCHS);
    expect(deps.cloud.changes).toEqual(['budget paperkeep-main of $1 for owner@example.org', 'start export-fn']);
  });

  it('reports who has not confirmed the alarm mail', async () => {
    const deps = await depsWithArchive();
    deps.cloud.subscribers.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    const report = await update(deps, { yes: true }, EPOCHS);
    expect(report.unconfirmed).toEqual(['owner@example.org']);
    expect(formatUpdateReport(report)).toContain('ALARM MAIL not confirmed by owner@example.org');
  });

  it('reports by name the alarms that fire in the account', async () => {
    const deps = await depsWithArchive();
    deps.cloud.firingAlarms.push('paperkeep-main-Drift');
    const report = await update(deps, { yes: true }, EPOCHS);
    expect(report.alarms).toEqual(['Drift']);
    expect(formatUpdateReport(report)).toContain('ALARMS firing: Drift');
  });

  it('changes nothing unless the question is answered with yes', async () => {
    const deps = await depsWithArchive({ answers: {} });
    await expect(update(deps, {}, EPOCHS)).rejects.toMatchObject({ code: 'DECLINED' });
    expect(deps.cdkRuns).toEqual(['diff -c reserveConcurrency=true']);
    expect(deps.cloud.changes).toEqual([]);
  });

  it('requires --yes where there is no terminal', async () => {
    const deps = await depsWithArchive();
    await expect(update(deps, {}, EPOCHS)).rejects.toMatchObject({ code: 'FLAGS_MISSING', message: /--yes/ });
    expect(deps.cdkRuns).toEqual([]);
  });

  it('reports what a replay costs when a parser has a higher epoch, and does not start it unasked', async () => {
    const deps = await depsWithArchive();
    const { replay } = await update(deps, { yes: true }, EPOCHS);
    expect(replay).toMatchObject({ kinds: ['daily'], snapshots: 2, listDays: 1, sent: false });
    expect(deps.logged.join('\n')).toContain('2 snapshots of 1 list day (daily)');
    expect(deps.cloud.queues.get('https://sqs/queue')).toBeUndefined();
  });

  it('asks the recorder to read each list day once when the replay is agreed to', async () => {
    const deps = await depsWithArchive();
    const report = await update(deps, { yes: true, replay: true }, EPOCHS);
    expect(deps.cloud.queues.get('https://sqs/queue')?.map(({ body }) => JSON.parse(body))).toEqual([
      { partition: { source: 'daily', day: DAY } },
    ]);
    expect(formatUpdateReport(report)).toContain('replaying 1 list day');
  });

  it('replays everything when that is requested and no parser changed', async () => {
    const deps = await depsWithArchive({ respond: () => versions(2) });
    const { replay } = await update(deps, { yes: true, replay: true }, EPOCHS);
    expect(replay).toMatchObject({ snapshots: 3, listDays: 2, sent: true });
  });

  it('leaves a paused deployment paused, although CloudFormation enables a schedule that it changes', async () => {
    const cloud = createFakeCloud(deployedStacks());
    for (const name of cloud.schedules.keys()) cloud.schedules.set(name, false);
    const deps = await depsWithArchive({
      cloud,
      cdk: (line) => {
        if (line.startsWith('deploy')) cloud.schedules.set('hourly', true);
        return 0;
      },
    });
    expect(await update(deps, { yes: true }, EPOCHS)).toMatchObject({ isPaused: true });
    expect([...cloud.schedules.values()]).toEqual([false, false]);
  });

  it('does not disable the schedules of a deployment of which only some were disabled', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.schedules.set('hourly', false);
    expect(await update(await depsWithArchive({ cloud }), { yes: true }, EPOCHS)).toMatchObject({ isPaused: false });
    expect(cloud.schedules.get('nightly')).toBe(true);
  });

  it('updates where the site does not answer, and says that a replay may be needed', async () => {
    const deps = await depsWithArchive({ respond: () => null });
    expect(await update(deps, { yes: true }, EPOCHS)).toMatchObject({ from: null, replay: null });
    expect(deps.logged.join('\n')).toContain('CHANGELOG.md');
  });

  it('requires a deployment that exists, and its configuration file', async () => {
    const withoutStacks = createFakeDeps({ file });
    await expect(update(withoutStacks, { yes: true }, EPOCHS)).rejects.toMatchObject({ code: 'NOT_DEPLOYED' });
    await expect(update(createFakeDeps(), { yes: true }, EPOCHS)).rejects.toMatchObject({ code: 'NO_CONFIG' });
  });
});
