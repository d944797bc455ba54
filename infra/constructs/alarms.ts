import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS, METRICS_NAMESPACE, type MetricName } from '../../shared/names.ts';
import type { Config } from '../config.ts';
import type { CollectStage } from './collect.ts';
import type { ExportStage } from './export.ts';
import type { QueryStage } from './query.ts';
import type { RecordStage } from './record.ts';

/** The page with one article per alarm. */
const RUNBOOK = 'https://github.com/paperkeep/paperkeep/blob/main/docs/aws/runbook.md';

/** What the alarms monitor. */
export type AlarmsProps = {
  readonly config: Config;
  readonly collect: CollectStage;
  readonly record: RecordStage;
  readonly exporting: ExportStage;
  readonly query: QueryStage;
  /** Scheduled invocations that failed every time. */
  readonly failedInvocations: IQueue;
  /** Snapshots that could not be recorded. */
  readonly deadLetters: IQueue;
};

/** An alarm. */
type AlarmSpec = {
  /** Its name, which is also that of its article in the runbook. */
  readonly name: string;
  readonly description: string;
  readonly metric: IMetric;
  readonly above?: number;
  readonly below?: number;
  /** Consecutive periods that must breach; one by default. */
  readonly periods?: number;
  /** Whether missing data counts as a breach; by default it does not. */
  readonly breachesWhenMissing?: boolean;
};

/** Alarms on failures, on absence and on volume, with a dashboard. Each mails the owner and links to its article. Ten alarms are free. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { stage, email } = props.config;
    const topic = new Topic(this, 'Topic', { displayName: `paperkeep ${stage}`, enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    Validations.of(topic).acknowledge({
      id: 'AwsSolutions-SNS2',
      reason: 'CloudWatch cannot publish to a topic under alias/aws/sns, and a key of its own costs $1 a month.',
    });
    for (const spec of alarmSpecs(props)) this.addAlarm(topic, stage, spec);
    this.addDashboard(props);
    this.addBudget(props.config);
  }

  private addAlarm(topic: Topic, stage: string, spec: AlarmSpec): void {
    const alarm = new Alarm(this, spec.name, {
      alarmName: `paperkeep-${stage}-${spec.name}`,
      alarmDescription: `${spec.description} ${RUNBOOK}#${spec.name.toLowerCase()}`,
      metric: spec.metric,
      threshold: spec.above ?? spec.below ?? 0,
      comparisonOperator:
        spec.above === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: spec.periods ?? 1,
      treatMissingData: spec.breachesWhenMissing ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }

  private addDashboard({ config, query, failedInvocations, deadLetters, ...stages }: AlarmsProps): void {
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8 });
    const custom = (name: MetricName, statistic?: string) => customMetric(config, name, { statistic });
    const functions = [stages.collect, stages.record, stages.exporting, query].map((stage) => stage.function.lambda);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `paperkeep-${config.stage}`,
      widgets: [
        [
          graph('Visits', custom(METRICS.visits), custom(METRICS.failedVisits), custom(METRICS.drift)),
          graph('Age of the newest capture, minutes', custom(METRICS.captureAge, Stats.MAXIMUM)),
          graph(
            'Recorded',
            custom(METRICS.recorded),
            custom(METRICS.unrecordable),
            messagesIn(deadLetters),
            messagesIn(failedInvocations),
          ),
        ],
        [
          graph('Duration', ...functions.map((lambda) => lambda.metricDuration())),
          graph('Requests', query.api.metricCount(), query.api.metricClientError(), query.api.metricServerError()),
          graph('Errors', ...functions.map((lambda) => lambda.metricErrors())),
        ],
      ],
    });
  }

  /** A budget of the whole account: one of a cost allocation tag stays silent until the owner activates the tag in the billing console. */
  private addBudget({ stage, email, budgetDollars }: Config): void {
    const subscribers = [{ address: email, subscriptionType: 'EMAIL' }];
    const over = (notificationType: string) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold: 100 },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `paperkeep-${stage}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: budgetDollars, unit: 'USD' },
      },
      // AWS makes a forecast after five weeks of bills
      notificationsWithSubscribers: [over('FORECASTED'), over('ACTUAL')],
    });
  }
}

/** A custom metric of a stage; the sum over an hour by default. */
const customMetric = (
  { stage }: Config,
  metricName: MetricName,
  { statistic = Stats.SUM, period = Duration.hours(1) }: { statistic?: string | undefined; period?: Duration } = {},
): Metric =>
  new Metric({ namespace: METRICS_NAMESPACE, metricName, dimensionsMap: { Stage: stage }, statistic, period });

/** The number of messages in a queue. */
const messagesIn = (queue: IQueue): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(15), statistic: Stats.MAXIMUM });

const alarmSpecs = ({ config, collect, query, failedInvocations, deadLetters }: AlarmsProps): AlarmSpec[] => {
  const collector = collect.function.lambda;
  const hourly = { period: Duration.hours(1), statistic: Stats.SUM };
  return [
    {
      name: 'NotRunning',
      description: 'The collector was not started for three hours.',
      metric: collector.metricInvocations({ period: Duration.hours(3), statistic: Stats.SUM }),
      below: 1,
      breachesWhenMissing: true,
    },
    {
      name: 'Failing',
      description: 'The collector failed three hours in a row.',
      metric: collector.metricErrors(hourly),
      above: 0,
      periods: 3,
    },
    {
      name: 'Haywire',
      description: 'The collector was started more than twelve times in an hour, so something calls it in a loop.',
      metric: collector.metricInvocations(hourly),
      above: 12,
    },
    {
      name: 'Stale',
      description: 'The newest daily or trending list is older than three hours, or was never captured.',
      metric: customMetric(config, METRICS.captureAge, { statistic: Stats.MAXIMUM, period: Duration.hours(3) }),
      above: 180,
      // the age is missing while a list was never captured
      breachesWhenMissing: true,
    },
    // two alarms instead of one on the sum of both metrics: an unused queue has no metric, and a sum with a missing part is missing
    {
      name: 'DeadLetters',
      description: 'Snapshots could not be recorded.',
      metric: messagesIn(deadLetters),
      above: 0,
    },
    {
      name: 'LostRuns',
      description: 'Scheduled invocations of the collector, the recorder or the export failed every time.',
      metric: messagesIn(failedInvocations),
      above: 0,
    },
    {
      name: 'Drift',
      description: 'The feed answers in another shape, or a weekday has far fewer papers than usual.',
      metric: customMetric(config, METRICS.drift),
      above: 0,
      periods: 2,
    },
    {
      name: 'QueryErrors',
      description: 'The site answered more than five requests with an error within 15 minutes.',
      metric: query.api.metricServerError({ period: Duration.minutes(15), statistic: Stats.SUM }),
      above: 5,
    },
    {
      name: 'QuerySlow',
      description: 'One request in a hundred took longer than five seconds for half an hour.',
      metric: query.api.metricLatency({ period: Duration.minutes(15), statistic: Stats.percentile(99) }),
      above: 5000,
      periods: 2,
    },
  ];
};
