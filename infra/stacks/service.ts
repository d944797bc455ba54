import { CfnOutput, type StackProps } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SERVICE_OUTPUTS } from '../../shared/names.ts';
import { type Config, configuredUrl, mailConfig } from '../config.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Analytics } from '../constructs/analytics.ts';
import { CollectStage } from '../constructs/collect.ts';
import { DerivedDataBucket } from '../constructs/derived-data-bucket.ts';
import { DigestStage } from '../constructs/digest.ts';
import { ExportStage } from '../constructs/export.ts';
import { FailedInvocationQueue } from '../constructs/failed-invocation-queue.ts';
import { PauseStage } from '../constructs/pause.ts';
import { QueryStage } from '../constructs/query.ts';
import { RecordStage } from '../constructs/record.ts';
import { readDataStack, readSubscriptionsTable } from '../data-stack-refs.ts';
import { StableStack } from '../logical-ids.ts';

/** Everything that can be created again: schedules, functions, site and alarms. Archive and table stay when it is destroyed. */
export class ServiceStack extends StableStack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: Config }) {
    super(scope, id, { description: 'paperkeep: schedule, functions, site and alarms', ...props });
    const dataStack = readDataStack(this, config.stage);
    const failedInvocations = new FailedInvocationQueue(this, 'FailedInvocations');
    const shared = { config, dataStack, failedInvocations };

    const collect = new CollectStage(this, 'Collect', shared);
    const record = new RecordStage(this, 'Record', shared);
    const derived = new DerivedDataBucket(this, 'Derived', config);
    const exporting = new ExportStage(this, 'Export', { ...shared, derived });
    if (config.analytics) new Analytics(this, 'Analytics', { config, derived });
    const mail = mailConfig(config);
    const subscriptions = mail && readSubscriptionsTable(this, config.stage);
    const query = new QueryStage(this, 'Query', { config, dataStack, derived, subscriptions });
    const siteUrl = configuredUrl(config) ?? query.url;
    const digest =
      mail && subscriptions && new DigestStage(this, 'Digest', { ...shared, derived, mail, siteUrl, subscriptions });
    const deadLetters = Queue.fromQueueArn(this, 'DeadLetters', dataStack.deadLettersArn);
    new Alarms(this, 'Alarms', { config, collect, record, exporting, query, digest, failedInvocations, deadLetters });

    if (config.pauseOverBudget)
      new CfnOutput(this, SERVICE_OUTPUTS.overBudgetTopic, {
        value: new PauseStage(this, 'Pause', { config, failedInvocations }).topic.topicArn,
      });

    new CfnOutput(this, SERVICE_OUTPUTS.siteUrl, { value: query.url, description: 'The site' });
    if (query.domain)
      new CfnOutput(this, 'DomainTarget', {
        value: query.domain.regionalDomainName,
        // a description cannot refer to a resource
        description: `Point ${config.domain} at this by a CNAME`,
      });
    new CfnOutput(this, SERVICE_OUTPUTS.collectFunction, { value: collect.function.lambda.functionName });
    new CfnOutput(this, SERVICE_OUTPUTS.recordFunction, { value: record.function.lambda.functionName });
    new CfnOutput(this, SERVICE_OUTPUTS.exportFunction, { value: exporting.function.lambda.functionName });
    new CfnOutput(this, SERVICE_OUTPUTS.derivedUrl, { value: derived.url, description: 'PAPERKEEP_DERIVED' });
    new CfnOutput(this, SERVICE_OUTPUTS.failedInvocationsUrl, { value: failedInvocations.queueUrl });
  }
}
