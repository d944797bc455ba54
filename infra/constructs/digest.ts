import { Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination, CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { MailConfig } from '../config.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';
import { ScheduledInvocation } from './scheduled-invocation.ts';

/** What the digest function and the site need to know of mail. */
type DigestStageProps = StageProps & {
  readonly derived: DerivedDataBucket;
  readonly mail: MailConfig;
  /** The address of the site, which messages link to. */
  readonly siteUrl: string;
  /** The table of subscriptions. */
  readonly subscriptions: { readonly url: string; readonly arn: string };
};

/** A region or an account as cdk-nag names it: without credentials it is known at deployment only. */
const nameOf = (value: string, name: 'Region' | 'AccountId'): string =>
  Token.isUnresolved(value) ? `<AWS::${name}>` : value;

/** Mail: a function that sends what is due every hour, after the collector's run, and where SES sends, the sender and its bounces. */
export class DigestStage extends Construct {
  readonly function: PaperkeepFunction;

  constructor(scope: Construct, id: string, props: DigestStageProps) {
    super(scope, id);
    const { config, dataStack, derived, failedInvocations, mail, siteUrl, subscriptions } = props;
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'digest',
      // the part of the catalog with the expected upvotes, and the papers of 15 days
      memoryMiB: 1024,
      tmpMiB: 1024,
      // 10,000 messages at 14 a second, the rate that SES starts with, take 12 minutes
      timeout: Duration.minutes(15),
      logDays: config.logDays,
      environment: {
        ...dataStack.environment,
        PAPERKEEP_DERIVED: derived.url,
        PAPERKEEP_SUBSCRIPTIONS: subscriptions.url,
        PAPERKEEP_PUBLIC_URL: siteUrl,
        PAPERKEEP_MAIL_FROM: mail.from,
        ...(mail.parameter === undefined ? { PAPERKEEP_MAIL: 'ses:' } : { PAPERKEEP_MAIL_PARAMETER: mail.parameter }),
      },
      policy: [
        allow('s3:GetObject', ...derived.catalogArns),
        derived.listPolicy,
        allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], dataStack.tableArn),
        allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], subscriptions.arn),
      ],
      secretParameter: mail.parameter,
    });
    new ScheduledInvocation(this, 'Hourly', {
      description: 'Sends the mail that is due',
      function: this.function,
      // the collector has ten minutes
      cron: `cron(${(config.minute + 13) % 60} * * * ? *)`,
      failedInvocations,
    });
    if (mail.parameter === undefined) this.addSender(config.stage, mail.address);
  }

  /** The sender as an identity of SES, and a topic for bounces and complaints that reaches the function. */
  private addSender(stage: string, address: string): void {
    const { partition, region, account } = Stack.of(this);
    const feedback = new Topic(this, 'Feedback', { enforceSSL: true });
    feedback.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [feedback.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    feedback.addSubscription(new LambdaSubscription(this.function.lambda));
    Validations.of(feedback).acknowledge({
      id: 'AwsSolutions-SNS2',
      reason: 'SES cannot publish to a topic under alias/aws/sns, and a key of its own costs $1 a month.',
    });
    const set = new CfnConfigurationSet(this, 'Messages', { name: `paperkeep-${stage}` });
    const destination = new CfnConfigurationSetEventDestination(this, 'FeedbackEvents', {
      configurationSetName: set.ref,
      eventDestination: {
        enabled: true,
        matchingEventTypes: ['bounce', 'complaint'],
        snsDestination: { topicArn: feedback.topicArn },
      },
    });
    destination.node.addDependency(feedback);
    new CfnEmailIdentity(this, 'Sender', {
      emailIdentity: address,
      configurationSetAttributes: { configurationSetName: set.ref },
    });
    const identities = `arn:${partition}:ses:${region}:${account}:identity/*`;
    this.function.role.addToPolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail', 'ses:SendRawEmail'],
        resources: [identities, `arn:${partition}:ses:${region}:${account}:configuration-set/paperkeep-${stage}`],
        conditions: { StringEquals: { 'ses:FromAddress': address } },
      }),
    );
    Validations.of(Stack.of(this)).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:${nameOf(region, 'Region')}:${nameOf(account, 'AccountId')}:identity/*]`,
      reason: 'In the sandbox SES also checks the identity of each recipient; the sender is fixed by a condition.',
    });
  }
}
