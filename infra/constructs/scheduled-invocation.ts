import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PaperkeepFunction } from './function.ts';

/** When and with what a function is woken. */
export type ScheduledInvocationProps = {
  readonly says: string;
  readonly fn: PaperkeepFunction;
  /** `cron(minute hour day month weekday year)`, UTC. */
  readonly cron: string;
  readonly input?: object;
  /** Where a run goes that was given up. */
  readonly lost: Queue;
};

/** A run is tried twice again, within an hour: then the next one is due. */
const RETRIES = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 };

/**
 * A schedule that wakes a function; its role may invoke exactly that function (the higher construct adds all its versions).
 * A run can fail at two places, when it is handed over and when it runs: each tries again, and each gives it up to `lost`.
 */
export class ScheduledInvocation extends Construct {
  constructor(scope: Construct, id: string, { says, fn, cron, input, lost }: ScheduledInvocationProps) {
    super(scope, id);
    const sendLost = new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [lost.queueArn] });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.fn.functionArn] }));
    role.addToPolicy(sendLost);
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: says,
      scheduleExpression: cron,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: fn.fn.functionArn,
        roleArn: role.roleArn,
        retryPolicy: RETRIES,
        deadLetterConfig: { arn: lost.queueArn },
        ...(input && { input: JSON.stringify(input) }),
      },
    });
    schedule.node.addDependency(role);

    fn.role.addToPolicy(sendLost);
    const runs = new CfnEventInvokeConfig(this, 'Runs', {
      functionName: fn.fn.functionName,
      qualifier: '$LATEST',
      ...RETRIES,
      destinationConfig: { onFailure: { destination: lost.queueArn } },
    });
    runs.node.addDependency(fn.role);
  }
}

/** The queue of runs that were given up. */
export function createFailedInvocationQueue(scope: Construct): Queue {
  const lost = new Queue(scope, 'Lost', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(lost).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is where lost runs end: there is nothing behind it.',
  });
  return lost;
}
