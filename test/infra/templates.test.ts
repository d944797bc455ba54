import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { App } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../infra/app.ts';
import { Config } from '../../infra/config.ts';
import { CATALOG_KEY } from '../../shared/catalog/schema.ts';
import { METRICS, METRICS_NAMESPACE } from '../../shared/names.ts';
import { SPENDING_KEY } from '../../shared/table/keys.ts';
import {
  allOf,
  makeApp,
  makeOutput,
  type Resource,
  removeOutput,
  type Statement,
  statementsOf,
  synthesise,
  type Template,
  templatesOf,
} from './stacks.ts';

/** Properties of the templates that the emulator of the deployment test cannot show. */
const stacks = synthesise();
const { data, service } = stacks;
const both = [data, service];
afterAll(removeOutput);

const everything = both.flatMap(({ Resources }) => Object.values(Resources));
const ofType = (type: string): Resource[] => both.flatMap((template) => allOf(template, type)).map(([, one]) => one);
const only = (template: Template, type: string): [string, Resource] => {
  const found = allOf(template, type);
  expect(found).toHaveLength(1);
  return found[0] as [string, Resource];
};

describe('the archive and the table', () => {
  const kept = [
    ...allOf(data, 'AWS::S3::Bucket'),
    ...allOf(data, 'AWS::S3::BucketPolicy'),
    ...allOf(data, 'AWS::DynamoDB::GlobalTable'),
  ];

  it('are kept when their stack is deleted or a resource is replaced', () => {
    // the bucket with its policy, the table of records and that of subscriptions
    expect(kept).toHaveLength(4);
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of kept) {
      // RetainExceptOnCreate: an empty one goes when its first deployment fails
      expect(DeletionPolicy).toMatch(/^Retain(ExceptOnCreate)?$/);
      expect(UpdateReplacePolicy).toBe('Retain');
    }
  });

  it('have tables that are protected against deletion, can be restored, and do not block the rollback of a failed deployment', () => {
    for (const [, { Properties, DeletionPolicy }] of allOf(data, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties.Replicas).toMatchObject([
        { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ]);
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('are not in the stack that may be destroyed', () => {
    expect(allOf(service, 'AWS::DynamoDB::GlobalTable')).toEqual([]);
    const [, derived] = only(service, 'AWS::S3::Bucket');
    expect(derived.DeletionPolicy).toBe('Delete');
    expect(derived.Properties.VersioningConfiguration).toBeUndefined();
  });

  it('keep every version of a snapshot in the storage class that is read at once', () => {
    const [, { Properties }] = only(data, 'AWS::S3::Bucket');
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(JSON.stringify(Properties.LifecycleConfiguration)).not.toMatch(/Transition|Expiration/);
  });

  it('allow a snapshot to be created but never overwritten or deleted', () => {
    const [, { Properties }] = only(data, 'AWS::S3::BucketPolicy');
    const named = (name: string) => statementsOf(Properties.PolicyDocument).find(({ sid }) => sid === name);
    expect(named('WriteOnce')).toMatchObject({
      effect: 'Deny',
      actions: ['s3:PutObject'],
      conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    expect(named('NeverDelete')).toMatchObject({
      effect: 'Deny',
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      conditions: undefined,
    });
    for (const name of ['WriteOnce', 'NeverDelete']) {
      expect(JSON.stringify(named(name)?.resources)).toMatch(/\/raw\/\*"\]\]\}\]$/);
    }
    for (const { Principal } of Properties.PolicyDocument.Statement) expect(Principal).toEqual({ AWS: '*' });
  });
});

describe('an update from the last release', () => {
  const released = JSON.parse(readFileSync(new URL('release/data.template.json', import.meta.url), 'utf8')) as Template;
  /** What CloudFormation makes a new resource for when it changes. */
  const IDENTITY: Readonly<Record<string, readonly string[]>> = {
    'AWS::S3::Bucket': ['BucketName'],
    'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'AttributeDefinitions', 'LocalSecondaryIndexes'],
    'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
    'AWS::SSM::Parameter': ['Name', 'Type'],
  };

  it.each(Object.keys(IDENTITY))('changes every %s in place', (type) => {
    const identities = (template: Template) =>
      allOf(template, type).map(([id, { Properties }]) => [
        id,
        Object.fromEntries((IDENTITY[type] as readonly string[]).map((name) => [name, Properties[name]])),
      ]);
    expect(identities(released).length).toBeGreaterThan(0);
    expect(identities(data)).toEqual(expect.arrayContaining(identities(released)));
  });
});

describe('the queue of the recorder', () => {
  const queues = Object.fromEntries(allOf(data, 'AWS::SQS::Queue'));
  const [letters, queue] = Object.keys(queues)
    .sort((a, b) => a.indexOf('DeadLetters') - b.indexOf('DeadLetters'))
    .reverse();

  it('delivers a message three times, then keeps it as a dead letter for two weeks', () => {
    expect(queues[queue as string]?.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [letters, 'Arn'] },
      maxReceiveCount: 3,
    });
    expect(queues[letters as string]?.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('hides a message six times as long as the timeout of the recorder', () => {
    const { Timeout } = functionNamed('record').Properties;
    expect(queues[queue as string]?.Properties.VisibilityTimeout).toBe(6 * Timeout);
  });

  it('receives events of snapshots only, and only from the archive', () => {
    const [, bucket] = only(data, 'AWS::S3::Bucket');
    expect(bucket.Properties.NotificationConfiguration.QueueConfigurations).toEqual([
      {
        Event: 's3:ObjectCreated:*',
        Queue: { 'Fn::GetAtt': [queue, 'Arn'] },
        Filter: {
          S3Key: {
            Rules: [
              { Name: 'prefix', Value: 'raw/' },
              { Name: 'suffix', Value: '.warc.gz' },
            ],
          },
        },
      },
    ]);
    const allowed = ofType('AWS::SQS::QueuePolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toMatchObject([
      {
        Action: 'sqs:SendMessage',
        Principal: { Service: 's3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      },
    ]);
  });

  it('is read by at most two recorders, which report the messages that failed', () => {
    const [, { Properties }] = only(service, 'AWS::Lambda::EventSourceMapping');
    expect(Properties).toMatchObject({
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('the functions', () => {
  const functions = ofType('AWS::Lambda::Function');

  it('are four, on arm64 and Node 24, and CDK adds none of its own', () => {
    expect(functions.map(({ Properties }) => Properties.Description).sort()).toEqual([
      'paperkeep collect',
      'paperkeep export',
      'paperkeep query',
      'paperkeep record',
    ]);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  it('reserve no concurrency by default, since a young account has ten executions in all', () => {
    expect(JSON.stringify(both)).not.toContain('ReservedConcurrent');
    expect(JSON.stringify(both)).not.toContain('ProvisionedConcurrency');
  });

  it('reserve concurrency for the collector and limit that of the site where it is configured', () => {
    const reserved = allOf(templatesOf({ reserveConcurrency: true }).service, 'AWS::Lambda::Function').map(
      ([, { Properties }]) => [Properties.Description, Properties.ReservedConcurrentExecutions],
    );
    expect(Object.fromEntries(reserved)).toEqual({
      'paperkeep collect': 2,
      'paperkeep record': undefined,
      'paperkeep query': 20,
      'paperkeep export': undefined,
    });
  });

  it('write JSON into log groups of their own with a retention', () => {
    for (const { Properties } of functions) {
      expect(Properties.LoggingConfig.LogFormat).toBe('JSON');
      expect(service.Resources[Properties.LoggingConfig.LogGroup.Ref]?.Type).toBe('AWS::Logs::LogGroup');
    }
    const logs = ofType('AWS::Logs::LogGroup');
    expect(logs).toHaveLength(functions.length + 1);
    for (const { Properties } of logs) expect(Properties.RetentionInDays).toBe(30);
  });

  it('are invoked hourly and nightly, retried twice within the hour, and then reported as failed invocations', () => {
    const failed = Object.keys(service.Resources).find((id) => id.startsWith('Lost') && !id.includes('Policy'));
    const Arn = { 'Fn::GetAtt': [failed, 'Arn'] };
    const schedules = ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'cron(2 * * * ? *)',
      'cron(40 3 * * ? *)',
      // after the recorder's nightly run, so that the catalog has what that recorded
      'cron(20 4 * * ? *)',
    ]);
    for (const { Target } of schedules) {
      expect(Target.RetryPolicy).toEqual({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 });
      expect(Target.DeadLetterConfig).toEqual({ Arn });
    }
    const runs = ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties);
    expect(runs).toHaveLength(3);
    for (const run of runs) {
      expect(run).toMatchObject({
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 3600,
        DestinationConfig: { OnFailure: { Destination: Arn } },
      });
    }
  });
});

describe('the bundle of a function', () => {
  it.each([
    ['collect', 650],
    ['record', 850],
    // since 550: feeds, Markdown, search with groups, the examples of the API page; since 600: facets by numbers, answers packed once
    ['query', 610],
    ['export', 400],
  ] as const)('is for %s at most %i kB, since the runtime has the clients of AWS', async (name, kilobytes) => {
    const code = readFileSync(stacks.bundle(name));
    expect(code.length).toBeGreaterThan(50_000);
    expect(code.length).toBeLessThanOrEqual(kilobytes * 1000);
    expect(code.includes('hyparquet')).toBe(name === 'export');
    // what it does not bring the runtime must have: Node, and the clients of AWS
    const { metafile } = await build({
      entryPoints: [stacks.bundle(name)],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
    });
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(imported).toContain('@aws-sdk/client-dynamodb');
    const strangers = imported.filter((path) => !isBuiltin(path) && !/^@aws-sdk\/client-[a-z0-9]+$/.test(path));
    expect(strangers).toEqual([]);
  });

  it('loads at the start of the site only what most requests need', async () => {
    const entry = 'functions/query/handler.ts';
    const options = { bundle: true, packages: 'external', platform: 'node', format: 'esm', write: false } as const;
    const { metafile } = await build({ ...options, entryPoints: [entry], metafile: true });
    const loaded = new Set<string>([entry]);
    for (const path of loaded)
      for (const { path: next, kind } of metafile.inputs[path]?.imports ?? [])
        if (kind === 'import-statement') loaded.add(next);
    expect([...loaded]).toContain('shared/web/routes.ts');
    expect([...loaded].filter((path) => path.endsWith('.schema.ts'))).toEqual([]);
    expect([...loaded]).not.toContain('shared/web/openapi.ts');
    expect([...loaded].filter((path) => /^shared\/(catalog\/(sqlite|s3)|export\/)/.test(path))).toEqual([]);
    // esbuild sets what is imported by name at the head of the bundle, even where a module is loaded later
    const atOnce = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.filter(({ path, kind }) => kind === 'import-statement' && path.startsWith('@aws-sdk/client-')),
    );
    expect([...new Set(atOnce.map(({ path }) => path))]).toEqual(['@aws-sdk/client-dynamodb']);
  });
});

const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

describe('permissions', () => {
  const policies: Record<string, Statement[]> = {};
  for (const { Properties } of ofType('AWS::IAM::Policy')) {
    for (const { Ref } of Properties.Roles) policies[Ref] = statementsOf(Properties.PolicyDocument);
  }
  const roleOf = (part: string): Statement[] => {
    const id = Object.keys(policies).find((name) => name.includes(part));
    return policies[id as string] as Statement[];
  };
  const actionsOf = (part: string): string[] =>
    roleOf(part)
      .flatMap(({ actions }) => actions)
      .sort();
  const LOG = LOG_ACTIONS;

  it('allow each function the actions that it needs and no others', () => {
    expect(actionsOf('Functioncollect')).toEqual(
      [
        ...LOG,
        ...['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        ...['s3:GetObject', 's3:ListBucket', 's3:PutObject', 'sqs:SendMessage'],
      ].sort(),
    );
    expect(actionsOf('Functionrecord')).toEqual(
      [
        ...LOG,
        ...['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        ...['dynamodb:Query', 's3:GetObject', 's3:ListBucket'],
        ...['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
      ].sort(),
    );
    const READ = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
    expect(actionsOf('Functionexport')).toEqual(
      [...LOG, ...READ, 's3:GetObject', 's3:ListBucket', 's3:PutObject', 'sqs:SendMessage'].sort(),
    );
    expect(actionsOf('Functionquery')).toEqual(
      [...LOG, ...READ, 'dynamodb:PutItem', 's3:GetObject', 's3:ListBucket'].sort(),
    );
    // all that the site may write
    expect(roleOf('Functionquery').find(({ actions }) => actions.includes('dynamodb:PutItem'))?.conditions).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [SPENDING_KEY.pk] },
    });
    for (const role of ['HourlyRole', 'RecordNightlyRole', 'ExportNightlyRole'])
      expect(actionsOf(role)).toEqual(['lambda:InvokeFunction', 'sqs:SendMessage']);
    expect(Object.keys(policies)).toHaveLength(7);
  });

  it('allow one function to write the catalog and one to read it', () => {
    const [derived] = only(service, 'AWS::S3::Bucket');
    const of = (part: string) =>
      roleOf(part).filter(({ resources }) => JSON.stringify(resources).includes(`"${derived}"`));
    const permissionsOf = (part: string) =>
      of(part).map(({ actions, resources }) => [actions.join(), JSON.stringify(resources[0]).includes(CATALOG_KEY)]);
    const lists = ['s3:ListBucket', false];
    expect(permissionsOf('Functionexport')).toEqual([['s3:GetObject,s3:PutObject', true], lists]);
    expect(permissionsOf('Functionquery')).toEqual(expect.arrayContaining([lists]));
    const reads = roleOf('Functionquery').find(({ actions }) => actions.includes('s3:GetObject'));
    expect(JSON.stringify(reads?.resources)).toContain(`/${CATALOG_KEY}`);
    for (const part of ['Functioncollect', 'Functionrecord']) expect(of(part)).toEqual([]);
  });

  it('have no wildcard in an action, and in a resource only for snapshots', () => {
    const allowed = Object.values(policies)
      .flat()
      .filter(({ effect }) => effect === 'Allow');
    for (const { actions, resources } of allowed) {
      for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      for (const resource of resources) {
        expect(resource).not.toBe('*');
        expect(JSON.stringify(resource).replace('/raw/*', '')).not.toContain('*');
      }
    }
    for (const { Properties } of ofType('AWS::IAM::Role')) expect(Properties.ManagedPolicyArns).toBeUndefined();
  });

  it('let only Lambda and the schedules of this account assume a role', () => {
    const trusts = ofType('AWS::IAM::Role').map(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0]);
    for (const { Principal, Condition } of trusts) {
      if (Principal.Service === 'lambda.amazonaws.com') continue;
      expect(Principal.Service).toBe('scheduler.amazonaws.com');
      expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': '111111111111' } });
    }
  });

  it.each([
    ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
    ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
    ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'],
  ])('deny requests to an %s without TLS', (type, policyType) => {
    const policies = ofType(policyType);
    expect(policies).toHaveLength(ofType(type).length);
    for (const { Properties } of policies) {
      expect(statementsOf(Properties.PolicyDocument)).toContainEqual(
        expect.objectContaining({ effect: 'Deny', conditions: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  it('block all public access to buckets', () => {
    for (const { Properties } of ofType('AWS::S3::Bucket')) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    }
  });
});

describe('the site', () => {
  it('accepts five requests per second, of slow routes two in all, and logs neither who sent them nor a path or a key', () => {
    const [, { Properties }] = only(service, 'AWS::ApiGatewayV2::Stage');
    expect(Properties.DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 });
    const slow = { ThrottlingRateLimit: 2 / 22, ThrottlingBurstLimit: 10 };
    const dear = ['', '.json', '.csv'].flatMap((end) => [`ANY /captures${end}`, `ANY /movers${end}`]);
    const whole = ['.csv', '.bib', '.atom', '.feed.json'].flatMap((end) => [`ANY /search${end}`, `ANY /new${end}`]);
    const top = ['ANY /top.csv', 'ANY /top.bib'];
    const names = ['authors', 'organizations', 'keywords'].map((names) => `ANY /${names}/{slug+}`);
    names.push(...['week', 'month', 'year'].map((period) => `ANY /top/${period}/{${period}+}`));
    expect(Properties.RouteSettings).toEqual({
      ...Object.fromEntries([...dear, ...whole, ...top].map((route) => [route, slow])),
      ...Object.fromEntries(names.map((route) => [route, { ...slow, ThrottlingBurstLimit: 20 }])),
    });
    const routes = allOf(service, 'AWS::ApiGatewayV2::Route').map(([, route]) => route.Properties.RouteKey);
    expect(routes.sort()).toEqual(['ANY /', 'ANY /{path+}', ...Object.keys(Properties.RouteSettings)].sort());
    const log = service.Resources[Properties.AccessLogSettings.DestinationArn['Fn::GetAtt'][0]];
    expect(log?.Type).toBe('AWS::Logs::LogGroup');
    expect(log?.Properties.LogGroupName).toBe('/aws/vendedlogs/paperkeep-main-api');
    const { Format } = Properties.AccessLogSettings;
    expect(Format).toContain('$context.routeKey');
    expect(Format).not.toMatch(/sourceIp|userAgent|queryString|authorizer|\$context\.(identity|path)/);
  });

  it('behind a token knows only the name of the parameter that holds it, and may read no other parameter', () => {
    const { service: closed } = templatesOf({
      access: 'token',
      accessParameter: '/paperkeep/main/readers',
      tokenParameter: 'feed-token',
    });
    const environments = allOf(closed, 'AWS::Lambda::Function').map(([, { Properties }]) => ({
      name: Properties.Description,
      variables: Properties.Environment.Variables,
    }));
    const variablesOf = (name: string) => environments.find((one) => one.name === `paperkeep ${name}`)?.variables;
    expect(variablesOf('query').PAPERKEEP_ACCESS_PARAMETER).toBe('/paperkeep/main/readers');
    expect(variablesOf('collect').PAPERKEEP_TOKEN_PARAMETER).toBe('feed-token');
    expect(variablesOf('collect').PAPERKEEP_ACCESS_PARAMETER).toBeUndefined();
    const secrets = allOf(closed, 'AWS::IAM::Policy')
      .flatMap(([, { Properties }]) => statementsOf(Properties.PolicyDocument))
      .filter(({ actions }) => actions.some((action) => action.startsWith('ssm:')));
    expect(secrets.map(({ actions }) => actions)).toEqual([['ssm:GetParameter'], ['ssm:GetParameter']]);
    const resources = secrets.map((statement) => JSON.stringify(statement.resources));
    expect(resources[0]).toMatch(/:parameter\/feed-token"/);
    expect(resources[1]).toMatch(/:parameter\/paperkeep\/main\/readers"/);
  });

  it('with public access neither knows nor may read a token, even where its parameter is configured', () => {
    const { service: open } = templatesOf({ access: 'public', accessParameter: '/paperkeep/main/readers' });
    expect(JSON.stringify(open)).not.toContain('paperkeep/main/readers');
  });
});

describe('A deployment that pauses over its budget', () => {
  const { service: pausing } = templatesOf({ pauseOverBudget: true });

  it('has a topic that only the budgets of its account publish to, and a function that may only disable its schedules', () => {
    const [topic] = String(
      pausing.Outputs?.OverBudgetTopic && JSON.stringify(pausing.Outputs.OverBudgetTopic.Value),
    ).match(/Pause\w+/) as [string];
    expect(pausing.Resources[topic]?.Type).toBe('AWS::SNS::Topic');
    const statements = (type: string, part: string) =>
      allOf(pausing, type)
        .filter(([id]) => id.startsWith(part))
        .flatMap(([, { Properties }]) => statementsOf(Properties.PolicyDocument));
    expect(statements('AWS::SNS::TopicPolicy', 'Pause')).toContainEqual(
      expect.objectContaining({
        actions: ['sns:Publish'],
        conditions: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      }),
    );
    const allowed = statements('AWS::IAM::Policy', 'Pause');
    expect(allowed.flatMap(({ actions }) => actions)).toEqual([
      ...LOG_ACTIONS,
      'scheduler:GetSchedule',
      'scheduler:UpdateSchedule',
      'iam:PassRole',
      'sqs:SendMessage',
    ]);
    expect(allOf(pausing, 'AWS::Lambda::EventInvokeConfig').map(([id]) => id)).toContainEqual(
      expect.stringMatching(/^Pause/),
    );
    const schedules = allOf(pausing, 'AWS::Scheduler::Schedule').map(([id]) => id);
    const text = JSON.stringify(allowed[1]?.resources);
    for (const id of schedules) expect(text).toContain(`{"Ref":"${id}"}`);
    expect(allowed[1]?.resources).toHaveLength(schedules.length);
    expect(allowed[2]?.resources).toHaveLength(schedules.length);
    const [, subscription] = allOf(pausing, 'AWS::SNS::Subscription').find(([id]) => id.startsWith('Pause')) ?? [];
    expect(subscription?.Properties).toMatchObject({ Protocol: 'lambda', TopicArn: { Ref: topic } });
  });

  it('differs from any other in nothing else, and is chosen by its owner', () => {
    expect(Object.keys(service.Resources).filter((id) => !pausing.Resources[id])).toEqual([]);
    expect(Object.keys(service.Resources).filter((id) => id.startsWith('Pause'))).toEqual([]);
  });
});

describe('the alarms of a deployment', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
  const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `paperkeep-main-${name}`);

  it('are at most the ten that are free, each of one metric', () => {
    expect(alarms.length).toBeLessThanOrEqual(10);
    const metrics = alarms.flatMap(({ Metrics = [{ MetricStat: {} }] }) =>
      Metrics.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat),
    );
    expect(metrics).toHaveLength(alarms.length);
  });

  it('read at most ten custom metrics, all of which functions emit', () => {
    const names: string[] = Object.values(METRICS);
    expect(names.length).toBeLessThanOrEqual(10);
    expect(new Set(names).size).toBe(names.length);
    const own = alarms.filter(({ Namespace }) => Namespace === METRICS_NAMESPACE);
    expect(own.length).toBeGreaterThan(0);
    for (const { MetricName } of own) expect(names).toContain(MetricName);
    const [, dashboard] = only(service, 'AWS::CloudWatch::Dashboard');
    for (const name of names) expect(JSON.stringify(dashboard)).toContain(`\\"${METRICS_NAMESPACE}\\",\\"${name}\\"`);
  });

  it('are mailed to the owner when they fire and when they are over', () => {
    const [topic] = only(service, 'AWS::SNS::Topic');
    for (const { AlarmActions, OKActions } of alarms)
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]]);
    const [, { Properties }] = only(service, 'AWS::SNS::Subscription');
    expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: 'owner@example.org', TopicArn: { Ref: topic } });
  });

  it('treat missing data as a breach only where data must arrive', () => {
    const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(silent).toEqual([named('NotRunning'), named('Stale')]);
    for (const alarm of alarms) if (!silent.includes(alarm)) expect(alarm.TreatMissingData).toBe('notBreaching');
  });

  it('fire after three hours without data, as an expression that has a value in every hour', () => {
    const metricOf = ({ Metrics }: { Metrics: { Expression?: string; MetricStat?: object }[] }) => ({
      expression: Metrics.find(({ Expression }) => Expression)?.Expression,
      stat: Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat,
    });
    const common = { EvaluationPeriods: 3, TreatMissingData: 'breaching' };
    expect(named('NotRunning')).toMatchObject({ ...common, Threshold: 1, ComparisonOperator: 'LessThanThreshold' });
    expect(metricOf(named('NotRunning'))).toMatchObject({
      expression: 'FILL(m1, 0)',
      stat: { Metric: { MetricName: 'Invocations' }, Period: 3600, Stat: 'Sum' },
    });
    expect(named('Stale')).toMatchObject({ ...common, Threshold: 180, ComparisonOperator: 'GreaterThanThreshold' });
    expect(metricOf(named('Stale'))).toMatchObject({
      expression: 'FILL(m1, 181)',
      stat: { Metric: { MetricName: METRICS.captureAge }, Period: 3600, Stat: 'Maximum' },
    });
  });
});

describe('the two stacks', () => {
  it('pass values by SSM parameter, since an export would lock them together', () => {
    expect(JSON.stringify(both)).not.toContain('Fn::ImportValue');
    for (const { Outputs = {} } of both) for (const one of Object.values(Outputs)) expect(one.Export).toBeUndefined();
    const published = allOf(data, 'AWS::SSM::Parameter').map(([, { Properties }]) => Properties.Name);
    const read = Object.values(service.Parameters ?? {}).flatMap(({ Default = '' }) =>
      Default.startsWith('/paperkeep/') ? [Default] : [],
    );
    expect(read.length).toBeGreaterThan(0);
    expect(published).toEqual(expect.arrayContaining(read));
  });

  it('have the outputs by which commands find a deployment', () => {
    expect(Object.keys(data.Outputs ?? {})).toEqual([
      'ArchiveUrl',
      'TableUrl',
      'SubscriptionsUrl',
      'QueueUrl',
      'DeadLettersUrl',
    ]);
    expect(Object.keys(service.Outputs ?? {})).toEqual(
      expect.arrayContaining([
        ...['Url', 'CollectFunction', 'RecordFunction', 'ExportFunction', 'DerivedUrl', 'LostRunsUrl'],
      ]),
    );
  });

  it('tag everything that causes cost or has permissions with their stage', () => {
    const tagged = ['S3::Bucket', 'SQS::Queue', 'Lambda::Function', 'IAM::Role', 'Logs::LogGroup', 'SNS::Topic'];
    for (const { Type, Properties } of everything) {
      if (!tagged.some((type) => Type.endsWith(`AWS::${type}`))) continue;
      expect(Properties.Tags).toContainEqual({ Key: 'paperkeep', Value: 'main' });
    }
    for (const [, table] of allOf(data, 'AWS::DynamoDB::GlobalTable'))
      expect(table.Properties.Replicas[0].Tags).toEqual([{ Key: 'paperkeep', Value: 'main' }]);
  });

  it('can be synthesised without credentials, hence for no account and region yet, with mail too', () => {
    const app = new App({ outdir: makeOutput(), context: { 'aws:cdk:bundling-stacks': [] } });
    const choices = { mail: 'ses', mailFrom: 'd@example.org', publicUrl: 'https://papers.example.org' } as const;
    buildApp(app, Config.parse(choices), {});
    expect(app.synth().stacks).toHaveLength(2);
  });

  it('cannot be synthesised with a finding of cdk-nag', () => {
    const { app, service: stack } = makeApp();
    new Bucket(stack, 'Careless');
    expect(() => app.synth()).toThrow('AwsSolutions-S10');
  });

  it('are equal to the reviewed templates', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const templates = JSON.stringify({ data, service }, null, 2)
      .replaceAll(/[0-9a-f]{64}/g, '<hash>')
      .replaceAll(`"PAPERKEEP_VERSION": "${version}"`, '"PAPERKEEP_VERSION": "<version>"');
    await expect(`${templates}\n`).toMatchFileSnapshot('templates.snap');
  });
});

function functionNamed(name: string): Resource {
  const found = ofType('AWS::Lambda::Function').find(
    ({ Properties }) => Properties.Description === `paperkeep ${name}`,
  );
  return found as Resource;
}
