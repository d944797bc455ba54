import { describe, expect, it } from 'vitest';
import { formatUpdateReport, update } from '../../../functions/cli/aws/update.ts';
import { captureKey } from '../../../shared/archive/keys.ts';
import { serializeCapture } from '../../../shared/archive/warc/snapshot.ts';
import { aCapture, DAY, instant } from '../../support/build.ts';
import { deployed, fakeCloud, fakeOperator } from './fakes.ts';

const written = { email: 'owner@example.org', region: 'eu-central-1' };
const NOW = { daily: 2, trending: 1, watched: 1 };
const versions = (daily: number) => ({ paperkeep: '0.1.0', parsers: { daily, trending: 1, watched: 1 } });

/** An operator of a deployment with two daily captures of one day and a trending one. */
async function operatorOf(given: Parameters<typeof fakeOperator>[0]) {
  const operator = fakeOperator({ aws: fakeCloud(deployed()), written, get: () => versions(1), ...given });
  const store = await operator.archive('s3://bucket-of-snapshots', 'eu-central-1');
  for (const capture of [
    aCapture(),
    aCapture({ at: instant('2025-01-08T07:15:00Z') }),
    aCapture({ list: 'trending' }),
  ]) {
    await store.putIfAbsent(captureKey(capture), await serializeCapture(capture));
  }
  return operator;
}

describe('updating', () => {
  it('shows what would change before it deploys', async () => {
    const operator = await operatorOf({ get: () => versions(2) });
    expect(await update(operator, { yes: true }, NOW)).toMatchObject({ from: '0.1.0', replay: null, isPaused: false });
    expect(operator.ran).toEqual(['diff', 'deploy --all --require-approval never']);
  });

  it('changes nothing without a yes', async () => {
    const operator = await operatorOf({ answers: {} });
    await expect(update(operator, {}, NOW)).rejects.toMatchObject({ code: 'DECLINED' });
    expect(operator.ran).toEqual(['diff']);
  });

  it('says what reading again costs when a parser became better, and sends nothing by itself', async () => {
    const operator = await operatorOf({});
    const { replay } = await update(operator, { yes: true }, NOW);
    expect(replay).toMatchObject({ kinds: ['daily'], snapshots: 2, listDays: 1, sent: false });
    expect(operator.told.join('\n')).toContain('2 snapshots of 1 lists');
    expect(operator.aws.queues.get('https://sqs/queue')).toBeUndefined();
  });

  it('asks the recorder for each list once when that was agreed to', async () => {
    const operator = await operatorOf({});
    const result = await update(operator, { yes: true, replay: true }, NOW);
    expect(operator.aws.queues.get('https://sqs/queue')?.map(({ body }) => JSON.parse(body))).toEqual([
      { partition: { source: 'daily', day: DAY } },
    ]);
    expect(formatUpdateReport(result)).toContain('1 lists are being read again');
  });

  it('reads everything again when that was asked for and no parser rose', async () => {
    const operator = await operatorOf({ get: () => versions(2) });
    const { replay } = await update(operator, { yes: true, replay: true }, NOW);
    expect(replay).toMatchObject({ snapshots: 3, listDays: 2, sent: true });
  });

  it('leaves a paused deployment paused', async () => {
    const aws = fakeCloud(deployed());
    for (const name of aws.schedules.keys()) aws.schedules.set(name, false);
    // CloudFormation brings a schedule that changed back switched on
    const operator = await operatorOf({
      aws,
      cdk: (line) => {
        if (line.startsWith('deploy')) aws.schedules.set('hourly', true);
        return 0;
      },
    });
    expect(await update(operator, { yes: true }, NOW)).toMatchObject({ isPaused: true });
    expect([...aws.schedules.values()]).toEqual([false, false]);
  });

  it('goes on where the site does not answer, and says that it cannot tell', async () => {
    const operator = await operatorOf({ get: () => null });
    expect(await update(operator, { yes: true }, NOW)).toMatchObject({ from: null, replay: null });
    expect(operator.told.join('\n')).toContain('CHANGELOG.md');
  });

  it('wants a deployment that is there', async () => {
    const nothing = fakeOperator({ written });
    await expect(update(nothing, { yes: true }, NOW)).rejects.toMatchObject({ code: 'NOT_DEPLOYED' });
    await expect(update(fakeOperator({}), { yes: true }, NOW)).rejects.toMatchObject({ code: 'NO_CHOICES' });
  });
});
