import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../infra/app.ts';
import { REGIONS_WITHOUT_SES } from '../../infra/config.ts';
import { allOf, makeApp, makeOutput, removeOutput, templatesOf } from './stacks.ts';

afterAll(removeOutput);

/** Reads a configuration from a file and from `-c name=value`, which is always text. */
const read = (context: Record<string, string>, file = {}) =>
  readConfig(new App({ context, outdir: makeOutput() }), file);

/** Watched searches that take so many bytes. */
function longWatch(bytes: number): string {
  const searches = Array.from({ length: 20 }, (_, at) => `search-${at}=${'x'.repeat(200)}`).join(';');
  return searches.slice(0, bytes);
}

describe('npx cdk synth', () => {
  /** Runs the app as CDK does, with these values of `-c`. */
  function synth(context: object, region?: string) {
    const outdir = makeOutput();
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: outdir,
        ...(region && { CDK_DEFAULT_REGION: region }),
        CDK_CONTEXT_JSON: JSON.stringify({ stage: 'plain', 'aws:cdk:bundling-stacks': [], ...context }),
      },
    });
    return { status, stderr, manifest: () => readFileSync(join(outdir, 'manifest.json'), 'utf8') };
  }

  it('works in a plain checkout without a configuration, an account or a region', () => {
    const { status, manifest } = synth({});
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(manifest()).artifacts)).toEqual(
      expect.arrayContaining(['paperkeep-plain-data', 'paperkeep-plain-app']),
    );
  });

  it('refuses mail by Amazon SES where the region of the AWS configuration has none', () => {
    const { status, stderr } = synth({ mail: 'ses', mailFrom: 'digest@example.org' }, 'eu-south-2');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^paperkeep: the configuration is not valid: mail cannot be 'ses' .* \[BAD_CONFIG\]: \w.*\n$/,
    );
  });

  it('ends with one line that names everything wrong in the configuration, and a hint', () => {
    const { status, stderr } = synth({ minute: '99', email: 'owner' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^paperkeep: the configuration is not valid: email .*; minute .* \[BAD_CONFIG\]: \w.*\n$/);
  });
});

describe('the configuration of a deployment', () => {
  it('has a default for everything but the address and the region', () => {
    expect(read({ email: 'owner@example.org' })).toEqual({
      stage: 'main',
      email: 'owner@example.org',
      watch: '',
      access: 'public',
      indexing: false,
      minute: 2,
      logDays: 30,
      budgetDollars: 1,
      pauseOverBudget: false,
      exports: false,
      downloads: false,
      mail: 'off',
      analytics: false,
      qualifier: 'hnb659fds',
      toolkitStackName: 'CDKToolkit',
      origin: 'https://huggingface.co',
    });
  });

  it('takes values of the command line over those of the file, numbers and booleans too', () => {
    const choices = { email: 'owner@example.org', minute: '17', logDays: '90', budgetDollars: '2.5', exports: 'true' };
    expect(read(choices, { logDays: 14, stage: 'kept' })).toMatchObject({
      minute: 17,
      logDays: 90,
      budgetDollars: 2.5,
      exports: true,
      stage: 'kept',
    });
  });

  it.each(REGIONS_WITHOUT_SES)('is refused with mail by Amazon SES in %s, which has none', (region) => {
    const mail = { mail: 'ses', mailFrom: 'digest@example.org' };
    expect(() => read({ ...mail, region })).toThrow("mail cannot be 'ses' in this region, which has no Amazon SES");
    expect(read({ ...mail, region: 'eu-central-1' })).toMatchObject({ mail: 'ses' });
    expect(read({ ...mail, mail: 'smtp', mailParameter: '/mail', region })).toMatchObject({ region });
  });

  it.each([
    [{ email: 'owner' }, 'email'],
    [{ minute: '60' }, 'minute'],
    [{ stage: 'Main Stage' }, 'stage'],
    [{ watch: 'no slug=' }, 'watch'],
    [{ watch: longWatch(2501) }, 'watch'],
    [{ tokenParameter: 'x'.repeat(257) }, 'tokenParameter'],
    [{ access: 'token' }, 'accessParameter'],
    [{ logDays: '31' }, 'logDays'],
    [{ downloads: 'true' }, 'exports'],
    [{ analytics: 'true' }, 'exports'],
    [{ exports: 'perhaps' }, 'exports'],
  ])('is refused with the name of the wrong value: %j', (wrong, name) => {
    expect(() => read({ email: 'owner@example.org', ...wrong })).toThrow(name);
  });

  it('fits into the 4 KB that Lambda allows for an environment, whatever is configured', () => {
    const parameter = `/${'x'.repeat(255)}`;
    const { service } = templatesOf({
      stage: 'x'.repeat(20),
      watch: longWatch(2500),
      access: 'token',
      accessParameter: parameter,
      tokenParameter: parameter,
      origin: 'https://huggingface.co',
      exports: true,
      downloads: true,
    });
    for (const [, { Properties }] of allOf(service, 'AWS::Lambda::Function')) {
      // names of resources, which only AWS knows, have at most 255 characters
      const values = Object.entries<unknown>(Properties.Environment.Variables).map(([name, value]) =>
        typeof value === 'string' ? name + value : name + 'x'.repeat(255),
      );
      expect(Buffer.byteLength(values.join(''))).toBeLessThan(4096);
    }
  });

  it('without an address gives a stack that mails no one, with a warning', () => {
    const { app } = makeApp({ email: undefined });
    const { messages, template } = app.synth().getStackByName('paperkeep-main-app');
    expect(messages.map(({ entry }) => String(entry.data)).join()).toContain('alarms are mailed to no one');
    expect(allOf(template, 'AWS::SNS::Subscription')).toEqual([]);
  });

  it('decides which bootstrap of CDK the stacks are deployed with', () => {
    for (const template of Object.values(templatesOf({ qualifier: 'mine' })))
      expect(template.Parameters?.BootstrapVersion?.Default).toBe('/cdk-bootstrap/mine/version');
  });

  it('reaches the resources that it configures', () => {
    const { service } = templatesOf({
      stage: 'try',
      minute: 17,
      logDays: 90,
      watch: 'agents=llm agents',
      since: '2024-01-01',
    });
    expect(allOf(service, 'AWS::Scheduler::Schedule')[0]?.[1].Properties.ScheduleExpression).toBe('cron(17 * * * ? *)');
    for (const [, { Properties }] of allOf(service, 'AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(90);
    const functions = allOf(service, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    const variables = functions.map(({ Environment }) => Environment.Variables);
    expect(variables.map(({ PAPERKEEP_STAGE }) => PAPERKEEP_STAGE)).toEqual(['try', 'try', 'try', 'try']);
    expect(variables.filter(({ PAPERKEEP_SINCE }) => PAPERKEEP_SINCE === '2024-01-01')).toHaveLength(2);
    expect(variables.map(({ PAPERKEEP_WATCH }) => PAPERKEEP_WATCH)).toContain('agents=llm agents');
  });

  it('serves the site under a domain of the owner, which needs a certificate', () => {
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b';
    const { service } = templatesOf({ domain: 'papers.example.org', certificateArn });
    expect(allOf(service, 'AWS::ApiGatewayV2::DomainName').map(([, { Properties }]) => Properties)).toMatchObject([
      {
        DomainName: 'papers.example.org',
        DomainNameConfigurations: [{ CertificateArn: certificateArn, EndpointType: 'REGIONAL' }],
      },
    ]);
    expect(allOf(service, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
    expect(Object.keys(service.Outputs ?? {})).toContain('DomainTarget');
    expect(() => read({}, { email: 'owner@example.org', domain: 'papers.example.org' })).toThrow(
      'certificateArn and domain are required together',
    );
  });
});
