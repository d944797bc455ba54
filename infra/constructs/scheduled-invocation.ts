import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow, type PaperkeepFunction } from './function.ts';

/** A schedule and the function that it invokes. */
export type ScheduledInvocationProps = {
  readonly description: string;
  readonly function: PaperkeepFunction;
  /** `cron(minute hour day month weekday year)`, UTC. */
  readonly cron: string;
  readonly input?: object;
  /** Receives invocations that failed every time. */
  readonly failedInvocations: Queue;
};

/** Two retries within an hour; then the next run is due. */
const RETRIES = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 };

/**
 * A schedule that invokes a function. An invocation can fail in EventBridge Scheduler, which cannot start the function, and in Lambda,
 * where it runs: both retry, and both send it to `failedInvocations` in the end.
 * Uses CfnSchedule, since the higher construct would allow the role to invoke every version of the function.
 */
export class ScheduledInvocation extends Construct {
  readonly schedule: CfnSchedule;
  /** The role with which the schedule invokes the function. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ScheduledInvocationProps) {
    super(scope, id);
    const { description, cron, input, failedInvocations } = props;
    const { lambda } = props.function;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.role.addToPolicy(allow('lambda:InvokeFunction', lambda.functionArn));
    failedInvocations.grant(this.role, 'sqs:SendMessage');
    this.schedule = new CfnSchedule(this, 'Schedule', {
      description,
      scheduleExpression: cron,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: lambda.functionArn,
        roleArn: this.role.roleArn,
        retryPolicy: RETRIES,
        deadLetterConfig: { arn: failedInvocations.queueArn },
        ...(input && { input: JSON.stringify(input) }),
      },
    });
    this.schedule.node.addDependency(this.role);

    keepFailures(this, props.function, failedInvocations);
  }
}

/** Makes Lambda retry the asynchronous invocations of a function, and send those that fail every time to the queue. */
export function keepFailures(scope: Construct, { lambda, role }: PaperkeepFunction, failedInvocations: Queue): void {
  failedInvocations.grant(role, 'sqs:SendMessage');
  const invokeConfig = new CfnEventInvokeConfig(scope, 'Runs', {
    functionName: lambda.functionName,
    qualifier: '$LATEST',
    ...RETRIES,
    destinationConfig: { onFailure: { destination: failedInvocations.queueArn } },
  });
  invokeConfig.node.addDependency(role);
}
