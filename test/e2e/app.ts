/**
 * The real stacks for an emulator: assets go to a bucket of their own, bundles include the SDK, the feed is on this machine, and exports
 * may be downloaded.
 */
import { App, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { buildApp } from '../../infra/app.ts';
import { Config } from '../../infra/config.ts';

const app = new App({
  context: { bundleSdk: true },
  // @ts-expect-error CDK's own types disagree about what may be undefined
  defaultStackSynthesizer: new CliCredentialsStackSynthesizer({ fileAssetsBucketName: 'cdk-assets', bucketPrefix: '' }),
});
const config = Config.parse({
  stage: 'trial',
  email: 'owner@example.org',
  origin: process.env.PAPERKEEP_ORIGIN,
  exports: true,
  downloads: true,
  mail: 'ses',
  mailFrom: 'paperkeep <digest@example.org>',
  // as far away as possible, so that only the test starts a run
  minute: (new Date().getUTCMinutes() + 30) % 60,
});
const { service } = buildApp(app, config, { account: '000000000000', region: 'us-east-1' });
for (const alarm of service.node.findAll().filter((construct) => construct instanceof CfnAlarm)) {
  if (!alarm.metrics) continue;
  // the emulator knows no metric math, and evaluates no alarm by itself: any metric will do
  alarm.addPropertyDeletionOverride('Metrics');
  const metric = { Namespace: 'paperkeep', MetricName: 'Any', Period: 3600, Statistic: 'Sum' };
  for (const [name, value] of Object.entries(metric)) alarm.addPropertyOverride(name, value);
}
for (const policy of service.node.findAll().filter((construct) => construct instanceof CfnPolicy)) {
  const { Statement } = Stack.of(policy).resolve(policy.policyDocument) as { Statement: { Action: unknown }[] };
  const at = Statement.findIndex(({ Action }) => [Action].flat().includes('ses:SendEmail'));
  if (at < 0) continue;
  // the emulator checks sending without the sender
  policy.addPropertyOverride(`PolicyDocument.Statement.${at}.Resource`, '*');
  policy.addPropertyDeletionOverride(`PolicyDocument.Statement.${at}.Condition`);
}
app.synth();
