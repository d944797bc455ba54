import { describe, expect, it } from 'vitest';
import { formatConfigFile } from '../../../functions/cli/aws/config.ts';
import { deploy, formatDeployReport } from '../../../functions/cli/aws/deploy.ts';
import { PaperkeepError } from '../../../shared/lib/errors.ts';
import { createFakeCloud, createFakeDeps, deployedStacks, type FakeCloud } from './fakes.ts';

const CONFIG = { email: 'owner@example.org', region: 'eu-central-1' };
const BUDGET = 'budget paperkeep-main of $1 for owner@example.org';
const FRESH = {
  lists: [
    { list: 'trending', last: null, stale: true },
    { list: 'daily', last: '2026-11-23T05:02:09Z', stale: false },
  ],
};

/** A CDK whose `deploy` creates the stacks. */
const creatingStacks = (cloud: FakeCloud) => (line: string) => {
  if (line.startsWith('deploy')) for (const stack of deployedStacks()) cloud.stacks.set(stack.name, stack);
  return 0;
};

/** Dependencies of a deployment that succeeds; the site has a list at once. */
function succeedingDeps(options: Parameters<typeof createFakeDeps>[0] = {}) {
  const cloud = options.cloud ?? createFakeCloud();
  return createFakeDeps({ cloud, file: CONFIG, cdk: creatingStacks(cloud), respond: () => FRESH, ...options });
}

describe('the first deploy on a terminal', () => {
  it('asks for address and region, writes them to the file, deploys, starts a run and waits for its first list', async () => {
    const deps = succeedingDeps({
      file: null,
      answers: { 'E-mail': 'owner@example.org', region: 'eu-central-1', 'Deploy paperkeep': 'y' },
      respond: (url, _, requests) =>
        url === 'https://site.example/-/health.json' && requests > 2 ? FRESH : { lists: [] },
    });
    const report = await deploy(deps, {});
    expect(deps.questions).toHaveLength(4);
    expect(deps.questions[3]).toContain('account 123456789012, eu-central-1');
    expect(deps.writtenFile).toBe(formatConfigFile(CONFIG));
    expect(deps.cdkRuns).toEqual(['deploy --all --require-approval never -c reserveConcurrency=true']);
    expect(deps.cloud.changes).toEqual([BUDGET, 'start collect-fn', 'start export-fn']);
    expect(deps.waitedMs).toBe(30_000);
    expect(report).toMatchObject({
      stage: 'main',
      account: '123456789012',
      url: 'https://site.example',
      archive: 's3://bucket-of-snapshots',
      first: { list: 'daily', at: '2026-11-23T05:02:09Z' },
      isMailConfirmed: true,
    });
  });

  it('asks whether new papers are to be mailed to the owner, who is then subscribed', async () => {
    const answers = {
      'E-mail': 'owner@example.org',
      'Mail new papers to owner@example.org': 'y',
      'Deploy paperkeep': 'y',
    };
    const deps = succeedingDeps({ file: null, region: 'eu-central-1', answers });
    const report = await deploy(deps, {});
    expect(deps.writtenFile).toBe(formatConfigFile({ ...CONFIG, mail: 'ses', mailFrom: 'owner@example.org' }));
    expect(deps.subscribed).toEqual(['owner@example.org to dynamodb:subscriptions']);
    expect(formatDeployReport(report)).toMatch(/new papers: +mailed to owner@example\.org every morning/);
  });

  it.each([
    ['declined', null, { 'E-mail': 'owner@example.org', 'Deploy paperkeep': 'y' }, {}],
    ['chose flags instead of answers', null, {}, { email: 'owner@example.org', yes: true }],
    ['has a configuration', CONFIG, { 'Mail new papers': 'y', 'Deploy paperkeep': 'y' }, {}],
  ])('subscribes no owner who %s', async (_, file, answers, flags) => {
    const deps = succeedingDeps({ file, region: 'eu-central-1', answers });
    expect(await deploy(deps, flags)).toMatchObject({ subscriber: null });
    expect(deps.subscribed).toEqual([]);
    expect(deps.writtenFile ?? '').not.toContain('ses');
  });

  it('does not offer mail by Amazon SES in a region that has none', async () => {
    const answers = { 'E-mail': 'owner@example.org', 'Mail new papers': 'y', 'Deploy paperkeep': 'y' };
    const deps = succeedingDeps({ file: null, region: 'eu-south-2', answers });
    await deploy(deps, {});
    expect(deps.questions.join()).not.toContain('Mail new papers');
    expect(deps.writtenFile).toBe(formatConfigFile({ ...CONFIG, region: 'eu-south-2' }));
  });

  it('refuses a configuration with mail by Amazon SES in a region that has none, before anything is deployed', async () => {
    const file = { ...CONFIG, region: 'eu-south-2', mail: 'ses', mailFrom: 'owner@example.org' };
    const deps = succeedingDeps({ file });
    await expect(deploy(deps, { yes: true })).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    expect(deps.cdkRuns).toEqual([]);
  });

  it('does not report an old list of an archive that existed before as the first one', async () => {
    const old = { lists: [{ list: 'daily', last: '2026-02-03T05:02:09Z', stale: true }] };
    const deps = succeedingDeps({ respond: () => old });
    expect(await deploy(deps, { yes: true })).toMatchObject({ first: null });
  });

  it('changes nothing unless the question is answered with yes', async () => {
    const deps = createFakeDeps({ answers: { 'E-mail': 'owner@example.org' }, region: 'eu-central-1' });
    await expect(deploy(deps, {})).rejects.toMatchObject({ code: 'DECLINED' });
    expect(deps.cdkRuns).toEqual([]);
  });

  it('writes the region of the AWS configuration to the file, so that later commands use it too', async () => {
    const deps = succeedingDeps({ file: null, region: 'us-west-2' });
    await deploy(deps, { email: 'owner@example.org', yes: true });
    expect(deps.writtenFile).toBe(formatConfigFile({ email: 'owner@example.org', region: 'us-west-2' }));
  });
});

describe('deploy with a day back to which the lists are filled', () => {
  it('states the price of that before anything is deployed', async () => {
    const deps = succeedingDeps({ file: { ...CONFIG, since: '2024-01-01' }, answers: {} });
    await expect(deploy(deps, {})).rejects.toMatchObject({ code: 'DECLINED' });
    expect(deps.questions[0]).toContain('a month. Filling the daily lists back to 2024-01-01 costs about $0.27 once.');
  });

  it('refuses what is no day', async () => {
    const deps = createFakeDeps({ file: { ...CONFIG, since: 'always' } });
    await expect(deploy(deps, { yes: true })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: /since must be a day/,
    });
  });
});

describe('deploy without a terminal', () => {
  it('names every missing flag in one error', async () => {
    await expect(deploy(createFakeDeps(), {})).rejects.toMatchObject({
      code: 'FLAGS_MISSING',
      message: expect.stringMatching(/--email.*--region.*--yes/),
    });
  });

  it('names every invalid value of the file in one error', async () => {
    const deps = createFakeDeps({ file: { ...CONFIG, minute: 99, stage: 'Not A Name' } });
    await expect(deploy(deps, { yes: true })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(/stage.*minute/),
    });
  });

  it('requires the address in the file where there is one, since CDK reads it there', async () => {
    const deps = createFakeDeps({ file: { region: 'eu-central-1' } });
    const flags = { email: 'owner@example.org', yes: true };
    await expect(deploy(deps, flags)).rejects.toMatchObject({ code: 'BAD_CONFIG', message: /email/ });
  });

  it('refuses a flag that contradicts the file, and does not write the file', async () => {
    const deps = createFakeDeps({ file: CONFIG });
    const flags = { email: 'other@example.org', yes: true };
    await expect(deploy(deps, flags)).rejects.toMatchObject({ code: 'USAGE' });
    expect(deps.writtenFile).toBeNull();
  });

  it('deploys the configuration of the file', async () => {
    const deps = succeedingDeps();
    expect(await deploy(deps, { yes: true })).toMatchObject({ region: 'eu-central-1', first: { list: 'daily' } });
    expect(deps.writtenFile).toBeNull();
  });
});

describe('deploy into an account that is not bootstrapped for CDK', () => {
  it('bootstraps it first when the flag agrees to that', async () => {
    const deps = succeedingDeps();
    deps.cloud.bootstrapVersion = null;
    await deploy(deps, { yes: true, bootstrap: true });
    expect(deps.cdkRuns[0]).toBe(
      'bootstrap aws://123456789012/eu-central-1 --qualifier hnb659fds --toolkit-stack-name CDKToolkit',
    );
  });

  it('passes the configured names, policies and boundary to the bootstrap', async () => {
    const file = {
      ...CONFIG,
      qualifier: 'mine',
      toolkitStackName: 'MyToolkit',
      executionPolicies: 'arn:aws:iam::aws:policy/PowerUserAccess',
      permissionsBoundary: 'boundary',
    };
    const deps = succeedingDeps({ file });
    await deploy(deps, { yes: true, bootstrap: true });
    expect(deps.cdkRuns[0]).toBe(
      'bootstrap aws://123456789012/eu-central-1 --qualifier mine --toolkit-stack-name MyToolkit ' +
        '--cloudformation-execution-policies arn:aws:iam::aws:policy/PowerUserAccess --custom-permissions-boundary boundary',
    );
  });

  it('never bootstraps over a stack with another qualifier, and uses that qualifier where it is configured', async () => {
    const cloud = createFakeCloud([{ name: 'CDKToolkit', status: 'CREATE_COMPLETE', isProtected: false, outputs: {} }]);
    cloud.qualifier = 'theirs';
    const deps = succeedingDeps({ cloud });
    const flags = { yes: true, bootstrap: true };
    await expect(deploy(deps, flags)).rejects.toMatchObject({ code: 'OTHER_BOOTSTRAP' });
    expect(deps.cdkRuns).toEqual([]);
    const configured = succeedingDeps({ cloud, file: { ...CONFIG, qualifier: 'theirs' } });
    await deploy(configured, flags);
    expect(configured.cdkRuns[0]).toMatch(/^deploy /);
  });

  it('fails without the flag, also where the bootstrap is too old, and runs nothing', async () => {
    const deps = createFakeDeps({ file: CONFIG });
    deps.cloud.bootstrapVersion = 5;
    await expect(deploy(deps, { yes: true })).rejects.toMatchObject({ code: 'NOT_BOOTSTRAPPED' });
    expect(deps.cdkRuns).toEqual([]);
  });
});

describe('deploy after a failure', () => {
  it('unprotects a stack whose creation failed, which CDK cannot replace while it is protected', async () => {
    const [data] = deployedStacks();
    const cloud = createFakeCloud(data ? [{ ...data, status: 'ROLLBACK_COMPLETE', outputs: {} }] : []);
    await deploy(succeedingDeps({ cloud }), { yes: true });
    expect(cloud.changes).toEqual(['unprotect paperkeep-main-data', BUDGET, 'start collect-fn', 'start export-fn']);
  });

  it('never unprotects a stack that was in use', async () => {
    const [data, service] = deployedStacks();
    const cloud = createFakeCloud(data && service ? [{ ...data, status: 'UPDATE_ROLLBACK_COMPLETE' }, service] : []);
    await deploy(createFakeDeps({ cloud, file: CONFIG, respond: () => FRESH }), { yes: true });
    expect(cloud.changes).toEqual([BUDGET, 'start collect-fn', 'start export-fn']);
  });

  it('stops when CDK fails, and changes nothing afterwards', async () => {
    const deps = createFakeDeps({ file: CONFIG, cdk: () => 1 });
    await expect(deploy(deps, { yes: true })).rejects.toMatchObject({ code: 'CDK_FAILED' });
    expect(deps.cloud.changes).toEqual([]);
  });

  it('subscribes an address again that has not confirmed, so that AWS mails another link', async () => {
    const cloud = createFakeCloud(deployedStacks());
    cloud.subscribers.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    const report = await deploy(succeedingDeps({ cloud }), { yes: true });
    expect(cloud.changes).toContain('subscribe owner@example.org');
    expect(report.isMailConfirmed).toBe(false);
    expect(formatDeployReport(report)).toContain('NOT CONFIRMED');
  });
});

describe('the confirmation of the alarm mail', () => {
  it('is not requested again by a first deploy, which has just created the subscription', async () => {
    const deps = succeedingDeps();
    deps.cloud.subscribers.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    expect(await deploy(deps, { yes: true })).toMatchObject({ isMailConfirmed: false });
    expect(deps.cloud.changes).not.toContain('subscribe owner@example.org');
  });
});

describe('the mailed link to confirm the alarm mail', () => {
  const LINK =
    'https://sns.eu-central-1.amazonaws.com/confirmation.html?TopicArn=arn:topic&Token=2336412f&Endpoint=owner@example.org';
  const asking = (link: string) => {
    const deps = succeedingDeps({ answers: { Deploy: 'y', 'Paste the link': link } });
    deps.cloud.subscribers.splice(0, 1, { address: 'owner@example.org', isConfirmed: false });
    return deps;
  };

  it('is asked for on a terminal, and its token confirms the subscription', async () => {
    const deps = asking(LINK);
    expect(await deploy(deps, {})).toMatchObject({ isMailConfirmed: true });
    expect(deps.cloud.changes.at(-1)).toBe('confirm arn:topic 2336412f');
  });

  it('may be left out, and one that AWS refuses ends no deployment', async () => {
    expect(await deploy(asking(''), {})).toMatchObject({ isMailConfirmed: false });
    const deps = asking(LINK);
    deps.cloud.confirmSubscription = () => Promise.reject(new Error('the token expired'));
    expect(await deploy(deps, {})).toMatchObject({ isMailConfirmed: false, first: { list: 'daily' } });
    expect(deps.logged).toContain('the alarm mail was not confirmed');
  });
});

describe('credentials that may not read alarms', () => {
  it('end no deployment, and the report names the permission', async () => {
    const deps = succeedingDeps();
    deps.cloud.listFiringAlarms = () =>
      Promise.reject(new PaperkeepError({ code: 'AWS_FORBIDDEN', message: 'denied' }));
    const report = await deploy(deps, { yes: true });
    expect(report).toMatchObject({ alarms: null, first: { list: 'daily' } });
    expect(formatDeployReport(report)).toContain(
      'alarms: unknown, since these credentials lack cloudwatch:DescribeAlarms',
    );
  });
});

describe('an alarm that fires', () => {
  it('is reported at the end of a deploy, with where to read on', async () => {
    const deps = succeedingDeps({ cloud: createFakeCloud(deployedStacks()) });
    deps.cloud.firingAlarms.push('paperkeep-main-DeadLetters');
    const report = await deploy(deps, { yes: true });
    expect(report.alarms).toEqual(['DeadLetters']);
    expect(formatDeployReport(report)).toContain('ALARMS firing: DeadLetters; see docs/aws/runbook.md');
  });
});

describe('the budget of a deployment', () => {
  it('is updated by every deploy, with the limit and the address of the configuration', async () => {
    const cloud = createFakeCloud(deployedStacks());
    await deploy(succeedingDeps({ cloud, file: { ...CONFIG, budgetDollars: 2.5 } }), { yes: true });
    expect(cloud.changes).toContain('budget paperkeep-main of $2.5 for owner@example.org');
  });

  it('is missing with a warning where the account refuses it, and everything else is deployed', async () => {
    const deps = succeedingDeps();
    deps.cloud.upsertBudget = async () =>
      Promise.reject(new PaperkeepError({ code: 'AWS_FORBIDDEN', message: 'not in this organization' }));
    const report = await deploy(deps, { yes: true });
    expect(report).toMatchObject({ first: { list: 'daily' }, hasBudget: false });
    expect(deps.logged.join()).toContain('not in this organization');
    expect(formatDeployReport(report)).toContain('budget:        none');
  });
});

describe('the concurrency of a deployment', () => {
  const deployed = async (concurrencyLimit: number, file = {}) => {
    const deps = succeedingDeps({ file: { ...CONFIG, ...file } });
    deps.cloud.concurrencyLimit = concurrencyLimit;
    await deploy(deps, { yes: true });
    return { cdk: deps.cdkRuns.join(), logged: deps.logged.join() };
  };

  it.each([
    [121, false],
    [122, true],
    [1000, true],
  ])(
    'with an account limit of %i is reserved: %s, since AWS requires 100 executions to stay unreserved',
    async (limit, isReserved) => {
      const { cdk, logged } = await deployed(limit);
      expect(cdk.includes('-c reserveConcurrency=true')).toBe(isReserved);
      expect(logged).not.toContain('concurrent executions');
    },
  );

  it('is shared with a warning where the account has a limit below 100', async () => {
    const { cdk, logged } = await deployed(10);
    expect(cdk).not.toContain('reserveConcurrency');
    expect(logged).toContain('this account allows 10 concurrent executions');
  });

  it('is as configured where the file decides it', async () => {
    expect((await deployed(1000, { reserveConcurrency: false })).cdk).not.toContain('reserveConcurrency');
  });
});

describe('deploy where the feed refuses', () => {
  it('waits six minutes, then reports the outcomes and where to read on', async () => {
    const captures = { captures: [{ outcome: 'challenge' }, { outcome: 'challenge' }] };
    const deps = succeedingDeps({ respond: (url) => (url.includes('captures.json') ? captures : { lists: [] }) });
    const report = await deploy(deps, { yes: true });
    expect(deps.waitedMs).toBe(360_000);
    expect(report).toMatchObject({ first: null, outcomes: ['challenge'] });
    expect(formatDeployReport(report)).toContain('A feed that refuses AWS');
  });

  it('reads the outcomes with the token where the site requires one', async () => {
    const headers: unknown[] = [];
    const deps = succeedingDeps({
      file: { ...CONFIG, access: 'token', accessParameter: '/paperkeep/readers' },
      respond: (url, sent) => {
        if (url.includes('captures.json')) headers.push(sent);
        return { lists: [] };
      },
    });
    await deploy(deps, { yes: true });
    expect(headers).toEqual([{ authorization: 'Bearer let-me-in' }]);
  });
});

describe('the configuration file', () => {
  it('is written as the example is: an object that satisfies the type', () => {
    expect(formatConfigFile({ email: "o'neill@example.org", region: 'eu-central-1' })).toBe(
      `import type { ConfigInput } from './infra/config.ts';\n\nexport default {\n  email: "o'neill@example.org",\n  region: 'eu-central-1',\n} satisfies ConfigInput;\n`,
    );
  });
});
