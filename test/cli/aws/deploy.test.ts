import { describe, expect, it } from 'vitest';
import { formatConfigFile } from '../../../functions/cli/aws/choices.ts';
import { deploy, formatDeployReport } from '../../../functions/cli/aws/deploy.ts';
import { deployed, fakeCloud, fakeOperator } from './fakes.ts';

const CHOICES = { email: 'owner@example.org', region: 'eu-central-1' };
const FRESH = {
  lists: [
    { list: 'trending', last: null, stale: true },
    { list: 'daily', last: '2026-11-23T05:02:09Z', stale: false },
  ],
};

/** CDK that makes the stacks. */
const making = (aws: ReturnType<typeof fakeCloud>) => (line: string) => {
  if (line.startsWith('deploy')) for (const stack of deployed()) aws.stacks.set(stack.name, stack);
  return 0;
};

describe('deploying for the first time at a terminal', () => {
  it('asks for address and region, writes them down, deploys, collects once, and waits for the first list', async () => {
    const aws = fakeCloud();
    const operator = fakeOperator({
      aws,
      answers: { 'E-mail': 'owner@example.org', region: 'eu-central-1', 'Deploy paperkeep': 'y' },
      cdk: making(aws),
      get: (url, _, time) => (url === 'https://site.example/-/health.json' && time > 2 ? FRESH : { lists: [] }),
    });
    const result = await deploy(operator, {});
    expect(operator.asked).toHaveLength(3);
    expect(operator.asked[2]).toContain('account 123456789012, eu-central-1');
    expect(operator.file).toBe(formatConfigFile(CHOICES));
    expect(operator.ran).toEqual(['deploy --all --require-approval never']);
    expect(aws.done).toEqual(['invoke collect-fn', 'invoke export-fn']);
    expect(operator.waited).toBe(30_000);
    expect(result).toMatchObject({
      stage: 'main',
      url: 'https://site.example',
      archive: 's3://bucket-of-snapshots',
      first: { list: 'daily', at: '2026-11-23T05:02:09Z' },
      isMailConfirmed: true,
    });
  });

  it('does not take a list of an archive that was there before for the first one', async () => {
    const aws = fakeCloud();
    const old = { lists: [{ list: 'daily', last: '2026-02-03T05:02:09Z', stale: true }] };
    const operator = fakeOperator({ aws, written: CHOICES, cdk: making(aws), get: () => old });
    expect(await deploy(operator, { yes: true })).toMatchObject({ first: null });
  });

  it('does nothing without a yes', async () => {
    const operator = fakeOperator({ answers: { 'E-mail': 'owner@example.org' }, region: 'eu-central-1' });
    await expect(deploy(operator, {})).rejects.toMatchObject({ code: 'DECLINED' });
    expect(operator.ran).toEqual([]);
  });

  it('takes the region of the AWS configuration and writes it down, so that a later command finds it again', async () => {
    const aws = fakeCloud();
    const operator = fakeOperator({ aws, region: 'us-west-2', cdk: making(aws), get: () => FRESH });
    await deploy(operator, { email: 'owner@example.org', yes: true });
    expect(operator.file).toBe(formatConfigFile({ email: 'owner@example.org', region: 'us-west-2' }));
  });
});

describe('deploying where nobody can be asked', () => {
  it('names every flag that is missing, in one error', async () => {
    await expect(deploy(fakeOperator({}), {})).rejects.toMatchObject({
      code: 'CHOICES_MISSING',
      message: expect.stringMatching(/--email.*--region.*--yes/),
    });
  });

  it('names every bad choice, in one error', async () => {
    const operator = fakeOperator({ written: { ...CHOICES, minute: 99, stage: 'Not A Name' } });
    await expect(deploy(operator, { yes: true })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(/stage.*minute/),
    });
  });

  it('refuses a flag that contradicts the file, and leaves the file alone', async () => {
    const operator = fakeOperator({ written: CHOICES });
    const other = { email: 'other@example.org', yes: true };
    await expect(deploy(operator, other)).rejects.toMatchObject({ code: 'USAGE' });
    expect(operator.file).toBeNull();
  });

  it('deploys what the file says', async () => {
    const aws = fakeCloud();
    const operator = fakeOperator({ aws, written: CHOICES, cdk: making(aws), get: () => FRESH });
    expect(await deploy(operator, { yes: true })).toMatchObject({ region: 'eu-central-1', first: { list: 'daily' } });
    expect(operator.file).toBeNull();
  });
});

describe('deploying into an account that CDK never saw', () => {
  it('lays down what CDK needs when that was agreed to', async () => {
    const aws = fakeCloud();
    aws.bootstrapped = null;
    const operator = fakeOperator({ aws, written: CHOICES, cdk: making(aws), get: () => FRESH });
    await deploy(operator, { yes: true, bootstrap: true });
    expect(operator.ran[0]).toBe('bootstrap aws://123456789012/eu-central-1');
  });

  it('says what is missing when it was not', async () => {
    const aws = fakeCloud();
    aws.bootstrapped = 5;
    const operator = fakeOperator({ aws, written: CHOICES });
    await expect(deploy(operator, { yes: true })).rejects.toMatchObject({ code: 'NOT_BOOTSTRAPPED' });
    expect(operator.ran).toEqual([]);
  });
});

describe('deploying again after trouble', () => {
  it('clears away a stack whose creation failed, which CDK cannot while it is protected', async () => {
    const [data] = deployed();
    const aws = fakeCloud(data ? [{ ...data, status: 'ROLLBACK_COMPLETE', outputs: {} }] : []);
    const operator = fakeOperator({ aws, written: CHOICES, cdk: making(aws), get: () => FRESH });
    await deploy(operator, { yes: true });
    expect(aws.done).toEqual(['unprotect paperkeep-main-data', 'invoke collect-fn', 'invoke export-fn']);
  });

  it('never takes the protection off a stack that was in use', async () => {
    const [data, app] = deployed();
    const aws = fakeCloud(data && app ? [{ ...data, status: 'UPDATE_ROLLBACK_COMPLETE' }, app] : []);
    await deploy(fakeOperator({ aws, written: CHOICES, get: () => FRESH }), { yes: true });
    expect(aws.done).toEqual(['invoke collect-fn', 'invoke export-fn']);
  });

  it('ends with what to do when CDK fails, and touches nothing after it', async () => {
    const aws = fakeCloud();
    const operator = fakeOperator({ aws, written: CHOICES, cdk: () => 1 });
    await expect(deploy(operator, { yes: true })).rejects.toMatchObject({ code: 'CDK_FAILED' });
    expect(aws.done).toEqual([]);
  });

  it('mails the link again to an address that did not confirm', async () => {
    const aws = fakeCloud(deployed());
    aws.mailed.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    const result = await deploy(fakeOperator({ aws, written: CHOICES, get: () => FRESH }), { yes: true });
    expect(aws.done).toContain('mail owner@example.org');
    expect(result.isMailConfirmed).toBe(false);
    expect(formatDeployReport(result)).toContain('CONFIRM IT');
  });
});

describe('a feed that refuses', () => {
  it('is waited for six minutes, and then named with where to read on', async () => {
    const aws = fakeCloud(deployed());
    const captures = { captures: [{ outcome: 'challenge' }, { outcome: 'challenge' }] };
    const operator = fakeOperator({
      aws,
      written: CHOICES,
      get: (url) => (url.includes('captures.json') ? captures : { lists: [] }),
    });
    const result = await deploy(operator, { yes: true });
    expect(operator.waited).toBe(360_000);
    expect(result).toMatchObject({ first: null, outcomes: ['challenge'] });
    expect(formatDeployReport(result)).toContain('A feed that refuses AWS');
  });

  it('is looked up with the token where the site is behind one', async () => {
    const headers: unknown[] = [];
    const operator = fakeOperator({
      aws: fakeCloud(deployed()),
      written: { ...CHOICES, access: 'token', accessParameter: '/paperkeep/readers' },
      get: (url, sent) => {
        if (url.includes('captures.json')) headers.push(sent);
        return { lists: [] };
      },
    });
    await deploy(operator, { yes: true });
    expect(headers).toEqual([{ authorization: 'Bearer let-me-in' }]);
  });
});

describe('the file of choices', () => {
  it('is what the example is: an object that satisfies the type', () => {
    expect(formatConfigFile({ email: "o'neill@example.org", region: 'eu-central-1' })).toBe(
      `import type { ConfigInput } from './infra/config.ts';\n\nexport default {\n  email: "o'neill@example.org",\n  region: 'eu-central-1',\n} satisfies ConfigInput;\n`,
    );
  });
});
