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

/** Where each alarm's article is. */
const RUNBOOK = 'https://github.com/paperkeep/paperkeep/blob/main/docs/aws/runbook.md';

/** What there is to watch. */
type Parts = {
  readonly collect: CollectStage;
  readonly record: RecordStage;
  readonly nightly: ExportStage;
  readonly query: QueryStage;
  /** Runs of the schedules that were given up. */
  readonly lost: IQueue;
  /** Snapshots that could not be recorded. */
  readonly deadLetters: IQueue;
};

/** What an alarm watches. */
type Watch = {
  /** Its name, and that of its article in the runbook. */
  readonly name: string;
  readonly says: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly when: 'above' | 'below';
  readonly periods?: number;
  /** What no data means; nothing wrong when absent. */
  readonly silence?: TreatMissingData;
};

/** Alarms on absence and volume as much as on errors; each mails its owner and names its article. At most ten are free. */
export class Alarms extends Construct {
  constructor(scope: Construct, config: Config, parts: Parts) {
    super(scope, 'Alarms');
    const topic = new Topic(this, 'Topic', { displayName: `paperkeep ${config.stage}`, enforceSSL: true });
    topic.addSubscription(new EmailSubscription(config.email));
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
    for (const watch of watches(config, parts)) this.add(topic, config.stage, watch);
    this.drawDashboard(config, parts);
    this.warnOfTheBill(config);
  }

  private add(
    topic: Topic,
    stage: string,
    { name, says, metric, threshold, when, periods = 1, silence = TreatMissingData.NOT_BREACHING }: Watch,
  ): void {
    const alarm = new Alarm(this, name, {
      alarmName: `paperkeep-${stage}-${name}`,
      alarmDescription: `${says} ${RUNBOOK}#${name.toLowerCase()}`,
      metric,
      threshold,
      comparisonOperator:
        when === 'above' ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: silence,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }

  private drawDashboard(config: Config, { collect, record, nightly, query, lost, deadLetters }: Parts): void {
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `paperkeep-${config.stage}`,
      widgets: [
        [
          graph('Visits', own(config, METRICS.visits), own(config, METRICS.failedVisits), own(config, METRICS.drift)),
          graph('Age of the newest capture, minutes', own(config, METRICS.captureAge, Stats.MAXIMUM)),
          graph(
            'Recorded',
            own(config, METRICS.recorded),
            own(config, METRICS.unrecordable),
            waiting(deadLetters),
            waiting(lost),
          ),
        ],
        [
          graph(
            'Duration',
            collect.fn.fn.metricDuration(),
            record.fn.fn.metricDuration(),
            nightly.fn.fn.metricDuration(),
            query.fn.fn.metricDuration(),
          ),
          graph('Requests', query.api.metricCount(), query.api.metricClientError(), query.api.metricServerError()),
          graph(
            'Errors',
            collect.fn.fn.metricErrors(),
            record.fn.fn.metricErrors(),
            nightly.fn.fn.metricErrors(),
            query.fn.fn.metricErrors(),
          ),
        ],
      ],
    });
  }

  /** Of the whole account: a budget of one tag stays silent until somebody switches that tag on in the billing console. */
  private warnOfTheBill({ stage, email, budgetDollars }: Config): void {
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
      // a forecast needs five weeks of bills
      notificationsWithSubscribers: [over('FORECASTED'), over('ACTUAL')],
    });
  }
}

/** One of our own metrics of this stage. */
const own = (
  { stage }: Config,
  metricName: MetricName,
  statistic: string = Stats.SUM,
  period = Duration.hours(1),
): Metric =>
  new Metric({ namespace: METRICS_NAMESPACE, metricName, dimensionsMap: { Stage: stage }, statistic, period });

/** Messages that wait in a queue. */
const waiting = (queue: IQueue): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(15), statistic: Stats.MAXIMUM });

const watches = (config: Config, { collect, query, lost, deadLetters }: Parts): Watch[] => [
  {
    name: 'NotRunning',
    says: 'The collector did not run for three hours.',
    metric: collect.fn.fn.metricInvocations({ period: Duration.hours(3), statistic: Stats.SUM }),
    threshold: 1,
    when: 'below',
    silence: TreatMissingData.BREACHING,
  },
  {
    name: 'Failing',
    says: 'The collector failed three hours in a row.',
    metric: collect.fn.fn.metricErrors({ period: Duration.hours(1), statistic: Stats.SUM }),
    threshold: 0,
    when: 'above',
    periods: 3,
  },
  {
    name: 'Haywire',
    says: 'The collector ran more than twelve times in an hour: something calls it in a loop.',
    metric: collect.fn.fn.metricInvocations({ period: Duration.hours(1), statistic: Stats.SUM }),
    threshold: 12,
    when: 'above',
  },
  {
    name: 'Stale',
    says: 'The newest daily or trending list on show is older than three hours, or there never was one.',
    metric: own(config, METRICS.captureAge, Stats.MAXIMUM, Duration.hours(3)),
    threshold: 180,
    when: 'above',
    // no age is told while a list was never captured, and an archive that was never filled is stale
    silence: TreatMissingData.BREACHING,
  },
  // Two alarms, not the sum of two metrics: a queue that is not used tells nothing, and a sum with nothing in it is nothing.
  {
    name: 'DeadLetters',
    says: 'Snapshots could not be recorded.',
    metric: waiting(deadLetters),
    threshold: 0,
    when: 'above',
  },
  {
    name: 'LostRuns',
    says: 'Runs of a schedule were given up after three tries: a visit of the feed, or one of the two nightly runs.',
    metric: waiting(lost),
    threshold: 0,
    when: 'above',
  },
  {
    name: 'Drift',
    says: 'The feed answers in a shape that cannot be read as it should, or a weekday has far fewer papers than usual.',
    metric: own(config, METRICS.drift),
    threshold: 0,
    when: 'above',
    periods: 2,
  },
  {
    name: 'QueryErrors',
    says: 'The site answered with errors of its own.',
    metric: query.api.metricServerError({ period: Duration.minutes(15), statistic: Stats.SUM }),
    threshold: 5,
    when: 'above',
  },
  {
    name: 'QuerySlow',
    says: 'One request in a hundred takes longer than five seconds.',
    metric: query.api.metricLatency({ period: Duration.minutes(15), statistic: Stats.percentile(99) }),
    threshold: 5000,
    when: 'above',
    periods: 2,
  },
];
