/**
 * Names that the infrastructure declares and that functions and commands look up. Each is written here and nowhere else.
 * A deployment finds its resources by them, so a renamed one breaks every deployment that exists.
 */

/** The names of a deployment's two stacks: `paperkeep-main-data` and `paperkeep-main-app`. */
export const stackNames = (stage: string): { readonly data: string; readonly service: string } => ({
  data: `paperkeep-${stage}-data`,
  service: `paperkeep-${stage}-app`,
});

/** Outputs of the data stack. */
export const DATA_OUTPUTS = {
  /** `s3://<bucket>`, for PAPERKEEP_ARCHIVE. */
  archiveUrl: 'ArchiveUrl',
  /** `dynamodb:<table>`, for PAPERKEEP_TABLE. */
  tableUrl: 'TableUrl',
  /** `dynamodb:<table>`, for PAPERKEEP_SUBSCRIPTIONS. */
  subscriptionsUrl: 'SubscriptionsUrl',
  queueUrl: 'QueueUrl',
  deadLettersUrl: 'DeadLettersUrl',
} as const;

/** Outputs of the service stack. */
export const SERVICE_OUTPUTS = {
  siteUrl: 'Url',
  collectFunction: 'CollectFunction',
  recordFunction: 'RecordFunction',
  exportFunction: 'ExportFunction',
  /** `s3://<bucket>`, for PAPERKEEP_DERIVED. */
  derivedUrl: 'DerivedUrl',
  failedInvocationsUrl: 'LostRunsUrl',
  /** The topic that pauses a deployment; absent unless its owner chose that. */
  overBudgetTopic: 'OverBudgetTopic',
} as const;

/** SSM parameters by which the data stack passes values to the service stack, each below `/paperkeep/<stage>/`. */
export const DATA_PARAMETERS = {
  archiveBucket: 'archive-bucket',
  queueArn: 'queue-arn',
  queueUrl: 'queue-url',
  deadLettersArn: 'dead-letters-arn',
  tableName: 'table-name',
  subscriptionsName: 'subscriptions-name',
} as const;
/** A value that the data stack passes to the service stack. */
export type DataParameter = keyof typeof DATA_PARAMETERS;

/** The full name of a stage's SSM parameter: `/paperkeep/main/archive-bucket`. */
export const parameterName = (stage: string, parameter: DataParameter): string =>
  `/paperkeep/${stage}/${DATA_PARAMETERS[parameter]}`;

/** The name of a deployment's budget, which is not part of its stacks. */
export const budgetName = (stage: string): string => `paperkeep-${stage}`;

/** The beginning of the names of a deployment's alarms; the name of an article in the runbook follows. */
export const alarmPrefix = (stage: string): string => `paperkeep-${stage}-`;

/** The CloudWatch namespace of every metric. */
export const METRICS_NAMESPACE = 'paperkeep';

/** The custom metrics that functions emit and that alarms and the dashboard read. Ten are free. */
export const METRICS = {
  /** Visits of one collecting run. */
  visits: 'Visits',
  /** Visits of one collecting run that gave no usable list. */
  failedVisits: 'FailedVisits',
  /** Minutes since the newest usable capture of the hourly list that was captured longest ago, at the end of a run. */
  captureAge: 'CaptureAgeMinutes',
  /** Visits whose list had another shape or many rejected entries, and a weekday with far fewer papers than usual. */
  drift: 'Drift',
  /** Snapshots recorded. */
  recorded: 'Recorded',
  /** Snapshots that could not be recorded. */
  unrecordable: 'Unrecordable',
  /** Papers of a list that was shown whose content the table lacks. */
  missingContents: 'MissingContents',
} as const;
/** The name of a custom metric. */
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** The memory of the function behind the site: processor is in proportion to it, and the first search in a container unpacks the catalog. */
export const SITE_MEMORY_MIB = 1024;
