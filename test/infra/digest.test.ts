import { afterAll, describe, expect, it } from 'vitest';
import { allOf, makeApp, removeOutput, statementsOf, templatesOf } from './stacks.ts';

const MAIL = { mailFrom: 'paperkeep <digest@example.org>', publicUrl: 'https://papers.example.org' } as const;
const off = templatesOf();
const ses = templatesOf({ ...MAIL, mail: 'ses' });
const smtp = templatesOf({ ...MAIL, mail: 'smtp', mailParameter: '/paperkeep/mail' });
afterAll(removeOutput);

const digestOf = ({ service }: typeof ses) =>
  allOf(service, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.Description === 'paperkeep digest',
  )?.[1];
const digestPolicy = ({ service }: typeof ses) => {
  const [, policy] = allOf(service, 'AWS::IAM::Policy').find(([id]) => id.includes('DigestFunction')) as never as [
    string,
    { Properties: { PolicyDocument: Parameters<typeof statementsOf>[0] } },
  ];
  return statementsOf(policy.Properties.PolicyDocument);
};

describe('Mail in AWS', () => {
  it('is off unless it is chosen: the service has no resource, permission, alarm or setting for it', () => {
    expect(digestOf(off)).toBeUndefined();
    const traces = ['PAPERKEEP_MAIL', 'PAPERKEEP_SUBSCRIPTIONS', 'ses:Send', 'AWS::SES', 'subscriptions-name'];
    expect(traces.filter((trace) => JSON.stringify(off.service).includes(trace))).toEqual([]);
  });

  it('has a table of its own in the stack that is kept, always, protected like the other, with a name that AWS gives', () => {
    const tables = allOf(off.data, 'AWS::DynamoDB::GlobalTable');
    expect(tables).toHaveLength(2);
    for (const [, { DeletionPolicy, UpdateReplacePolicy, Properties }] of tables) {
      expect([DeletionPolicy, UpdateReplacePolicy, Properties.TableName]).toEqual(['Retain', 'Retain', undefined]);
      expect(Properties.Replicas).toMatchObject([
        { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ]);
    }
    expect(ses.data).toEqual(off.data);
  });

  it.each([
    ['ses', ses, { PAPERKEEP_MAIL: 'ses:' }],
    ['smtp', smtp, { PAPERKEEP_MAIL_PARAMETER: '/paperkeep/mail' }],
  ])(
    'by %s is sent every hour by a function that reports failures, with one more alarm',
    (_, templates, environment) => {
      expect(digestOf(templates)?.Properties).toMatchObject({
        Timeout: 900,
        Environment: {
          Variables: {
            ...environment,
            PAPERKEEP_MAIL_FROM: 'paperkeep <digest@example.org>',
            PAPERKEEP_PUBLIC_URL: 'https://papers.example.org',
          },
        },
      });
      // the identifier of the function, which the widgets of the dashboard refer to
      const [[, { Properties: dashboard }] = ['', { Properties: {} }]] = allOf(
        templates.service,
        'AWS::CloudWatch::Dashboard',
      );
      expect(JSON.stringify(dashboard).match(/"Ref":"DigestFunction/g)).toHaveLength(2);
      const schedules = allOf(templates.service, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
      const hourly = schedules.find(({ Description }) => Description === 'Sends the mail that is due');
      expect(hourly.ScheduleExpression).toBe('cron(15 * * * ? *)');
      expect(hourly.Target.DeadLetterConfig).toBeDefined();
      const alarms = allOf(templates.service, 'AWS::CloudWatch::Alarm');
      expect(alarms.length).toBeLessThanOrEqual(10);
      expect(alarms.filter(([, { Properties }]) => Properties.AlarmName === 'paperkeep-main-MailFailing')).toHaveLength(
        1,
      );
    },
  );

  it('changes no other resource but the permissions and settings of the site', () => {
    for (const templates of [ses, smtp])
      for (const [id, resource] of Object.entries(off.service.Resources)) {
        if (/^Query(Function|Http)|^AlarmsDashboard/.test(id)) continue;
        expect({ id, resource: templates.service.Resources[id] }).toEqual({ id, resource });
      }
  });

  it('lets the function read the papers, and read and write only its own table', () => {
    const actions = digestPolicy(smtp).map(({ actions }) => [...actions].sort());
    expect(actions).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['s3:GetObject'],
      ['s3:ListBucket'],
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      ['ssm:GetParameter'],
      ['sqs:SendMessage'],
    ]);
  });

  it('by SES may only be sent as the one sender, whose bounces and complaints reach the function', () => {
    const sending = digestPolicy(ses).find(({ actions }) => actions.includes('ses:SendEmail'));
    expect(sending?.conditions).toEqual({ StringEquals: { 'ses:FromAddress': 'digest@example.org' } });
    const [[, identity] = []] = allOf(ses.service, 'AWS::SES::EmailIdentity');
    expect(identity?.Properties.EmailIdentity).toBe('digest@example.org');
    const [[, events] = []] = allOf(ses.service, 'AWS::SES::ConfigurationSetEventDestination');
    expect(events?.Properties.EventDestination.MatchingEventTypes).toEqual(['bounce', 'complaint']);
    const subscribed = allOf(ses.service, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Protocol);
    expect(subscribed.sort()).toEqual(['email', 'lambda']);
    expect(allOf(smtp.service, 'AWS::SES::EmailIdentity')).toEqual([]);
  });

  it.each([
    ['ses', ses],
    ['smtp', smtp],
  ])('by %s passes the rules of cdk-nag', (mail) => {
    const { app } = makeApp({ ...MAIL, mail: mail as 'ses', ...(mail === 'smtp' && { mailParameter: 'm' }) });
    expect(() => app.synth()).not.toThrow();
  });

  it('links to the address of the API where the site has no other', () => {
    const { mailFrom } = MAIL;
    const { Properties } = digestOf(templatesOf({ mailFrom, mail: 'ses' })) ?? {};
    expect(JSON.stringify(Properties.Environment.Variables.PAPERKEEP_PUBLIC_URL)).toMatch(/QueryHttp.*execute-api/);
  });

  it('needs a sender, and for SMTP the parameter with the server', () => {
    expect(() => templatesOf({ mail: 'ses' })).toThrow(/is required where mail is on/);
    expect(() => templatesOf({ ...MAIL, mail: 'smtp' })).toThrow(/is required with mail: 'smtp'/);
    expect(() => templatesOf({ ...MAIL, mailFrom: 'a@b.example, c@d.example' })).toThrow(/Name <address>/);
  });
});
