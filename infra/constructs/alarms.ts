import { Annotations, Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
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
import { alarmPrefix, METRICS, METRICS_NAMESPACE, type MetricName } from '../../shared/names.ts';
import type { Config } from '../config.ts';
import type { CollectStage } from './collect.ts';
import type { DigestStage } from './digest.ts';
import type { ExportStage } from './export.ts';
import type { QueryStage } from './query.ts';
import type { RecordStage } from './record.ts';

/** The age at which a list that is captured every hour is stale. */
const MAX_AGE_MINUTES = 180;
/** The page with one article per alarm. */
const RUNBOOK = 'https://github.com/paperkeep/paperkeep/blob/main/docs/aws/runbook.md';

/** What the alarms monitor. */
export type AlarmsProps = {
  readonly config: Config;
  readonly collect: CollectStage;
  readonly record: RecordStage;
  readonly exporting: ExportStage;
  readonly query: QueryStage;
  /** Null while mail is off. */
  readonly digest: DigestStage | null;
  /** Asynchronous invocations that failed every time. */
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
  /** What a period without data counts as; an alarm without it stays quiet where there is no data. */
  readonly missingAs?: number;
};

/** Alarms on failures, on absence and on volume, with a dashboard. Each mails the owner when it fires and when it is over, and links to its article. Ten alarms are free. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { stage, email } = props.config;
    const topic = new Topic(this, 'Topic', { displayName: `paperkeep ${stage}`, enforceSSL: true });
    if (email === undefined)
      Annotations.of(this).addWarningV2('paperkeep:no-email', 'email is not configured: alarms are mailed to no one');
    else topic.addSubscription(new EmailSubscription(email));
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
  }

  private addAlarm(topic: Topic, stage: string, spec: AlarmSpec): void {
    const alarm = new Alarm(this, spec.name, {
      alarmName: `${alarmPrefix(stage)}${spec.name}`,
      alarmDescription: `${spec.description} ${RUNBOOK}#${spec.name.toLowerCase()}`,
      metric: spec.missingAs === undefined ? spec.metric : fillMissing(spec.metric, spec.missingAs),
      threshold: spec.above ?? spec.below ?? 0,
      comparisonOperator:
        spec.above === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: spec.periods ?? 1,
      treatMissingData:
        // FILL has nothing to fill while a metric never had data
        spec.missingAs === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
    });
    const mail = new SnsAction(topic);
    alarm.addAlarmAction(mail);
    alarm.addOkAction(mail);
  }

  private addDashboard({ config, query, digest, failedInvocations, deadLetters, ...stages }: AlarmsProps): void {
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8 });
    const custom = (name: MetricName, statistic?: string) => customMetric(config, name, statistic);
    const all = [stages.collect, stages.record, stages.exporting, query, ...(digest ? [digest] : [])];
    const functions = all.map((stage) => stage.function.lambda);
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
            custom(METRICS.missingContents),
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
}

/**
 * The metric with a value in every period. Without it an alarm on absence fires many hours late: while older data points are within its
 * evaluation range, which is longer than its evaluation periods, CloudWatch evaluates those and ignores how missing data is to be treated.
 * The newest period is always empty until the run of its hour, so an alarm with this needs several periods.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
 */
const fillMissing = (metric: IMetric, value: number): MathExpression =>
  new MathExpression({ expression: `FILL(m1, ${value})`, usingMetrics: { m1: metric }, period: Duration.hours(1) });

/** A custom metric of a stage; the sum over an hour by default. */
const customMetric = ({ stage }: Config, metricName: MetricName, statistic: string = Stats.SUM): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { Stage: stage },
    statistic,
    period: Duration.hours(1),
  });

/** The number of messages in a queue. */
const messagesIn = (queue: IQueue): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(15), statistic: Stats.MAXIMUM });

const alarmSpecs = ({ config, collect, query, digest, failedInvocations, deadLetters }: AlarmsProps): AlarmSpec[] => {
  const collector = collect.function.lambda;
  const hourly = { period: Duration.hours(1), statistic: Stats.SUM };
  return [
    {
      name: 'NotRunning',
      description: 'The collector was not started for three hours.',
      metric: collector.metricInvocations(hourly),
      below: 1,
      periods: 3,
      missingAs: 0,
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
      description: 'For three hours the newest daily or trending list was older than three hours, or there was none.',
      metric: customMetric(config, METRICS.captureAge, Stats.MAXIMUM),
      above: MAX_AGE_MINUTES,
      periods: 3,
      // the age is missing while a list was never captured
      missingAs: MAX_AGE_MINUTES + 1,
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
      description: 'An invocation by a schedule, or the pause over the budget, failed every time.',
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
    ...(digest
      ? [
          {
            name: 'MailFailing',
            description: 'The function that sends mail failed three hours in a row.',
            metric: digest.function.lambda.metricErrors(hourly),
            above: 0,
            periods: 3,
          },
        ]
      : []),
  ];
};
