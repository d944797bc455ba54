import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';
import { keepFailures, ScheduledInvocation } from './scheduled-invocation.ts';

/** A topic for the budget of the account, and a function that disables all schedules of the stack when a message arrives there. */
export class PauseStage extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { config, failedInvocations }: Omit<StageProps, 'dataStack'>) {
    super(scope, id);
    const stack = Stack.of(this);
    const scheduled = stack.node.findAll().filter((one) => one instanceof ScheduledInvocation);
    const schedules = scheduled.map(({ schedule }) => schedule.ref);
    const pause = new PaperkeepFunction(this, 'Function', {
      name: 'pause',
      memoryMiB: 256,
      timeout: Duration.minutes(1),
      logDays: config.logDays,
      environment: { PAPERKEEP_STAGE: config.stage, PAPERKEEP_SCHEDULES: schedules.join() },
      policy: [
        allow(
          ['scheduler:GetSchedule', 'scheduler:UpdateSchedule'],
          ...schedules.map((name) =>
            stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `default/${name}` }),
          ),
        ),
        // an update sends the role of the schedule again
        allow('iam:PassRole', ...scheduled.map(({ role }) => role.roleArn)),
      ],
    });
    this.topic = new Topic(this, 'OverBudget', { enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('budgets.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    );
    this.topic.addSubscription(new LambdaSubscription(pause.lambda));
    keepFailures(this, pause, failedInvocations);
    Validations.of(this.topic).acknowledge({
      id: 'AwsSolutions-SNS2',
      reason: 'AWS Budgets cannot publish to a topic under alias/aws/sns, and a key of its own costs $1 a month.',
    });
  }
}
