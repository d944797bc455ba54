/**
 * The prices of AWS in US dollars, in us-east-1, as known on `on`; most other regions are up to a fifth more expensive. They were not read from
 * AWS's price pages: compare them once before you rely on a figure. `npm run bench -- cost` makes docs/aws/cost.md from them.
 */
export const PRICES = {
  on: '2026-11-23',
  region: 'us-east-1',
  /** DynamoDB on demand, per unit; storage and point-in-time recovery, per GB and month. */
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  tableGb: 0.25,
  recoveryGb: 0.2,
  /** S3 Standard: storage per GB and month; PUT and LIST, GET, per request. */
  bucketGb: 0.023,
  put: 5e-6,
  get: 0.4e-6,
  /** Lambda on arm64: per GB-second, initialisation included; per request. */
  gbSecond: 13.3334e-6,
  invocation: 0.2e-6,
  /** SQS standard queues, per request; EventBridge Scheduler, per invocation; an HTTP API, per request of up to 512 kB. */
  queueRequest: 0.4e-6,
  scheduledInvocation: 1e-6,
  apiRequest: 1e-6,
  /** CloudWatch: per metric of an alarm, per custom metric, per dashboard, each a month; logs, per GB taken in and per GB and month. */
  alarmMetric: 0.1,
  metric: 0.3,
  dashboard: 3,
  logGb: 0.5,
  logStoredGb: 0.03,
  /** Data to the internet, per GB. */
  outGb: 0.09,
} as const;

/** What every account has free permanently, a month: not the free tier of the first year, which these figures leave out. */
export const ALWAYS_FREE = {
  tableGb: 25,
  gbSecond: 400_000,
  invocation: 1e6,
  queueRequest: 1e6,
  scheduledInvocation: 14e6,
  alarmMetric: 10,
  metric: 10,
  dashboard: 3,
  logGb: 5,
  outGb: 100,
} as const;
