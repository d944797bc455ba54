import { readFileSync, writeFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { ALWAYS_FREE, PRICES } from '../../functions/cli/aws/prices.ts';
import { buildApp } from '../../infra/app.ts';
import { Config } from '../../infra/config.ts';
import { addDays, type Day } from '../../shared/lib/time.ts';
import { METRICS } from '../../shared/names.ts';
import { openDeployment, type Units } from './deployment.ts';
import type { Figure } from './measure.ts';

/** Three weeks fill the window of the schedule, then a week is counted. */
const [FIRST, WARM_UP_DAYS, COUNTED_DAYS] = ['2026-01-05' as Day, 21, 7];
const DAYS_A_MONTH = 365 / 12;

/** What cannot be counted here. None of it was measured in AWS. */
const ASSUMED = {
  /** Requests of readers in a month: a hundred pages a day. Each reads 20 read units, sends 40 kB and takes 0.3 s. */
  requests: 3000,
  requestReadUnits: 20,
  requestKb: 40,
  requestSeconds: 0.3,
  /** The mean size of a snapshot in kB. The sample's trending page is a sixth of the real one, which packs to 250 kB. */
  snapshotKb: 100,
  /** Seconds of a collecting run besides 3 s a visit, of recording a snapshot, and of a nightly run. */
  collectSeconds: 3,
  recordSeconds: 1.5,
  nightSeconds: 60,
  /** Memory in GB of collect and record, and of query and export. */
  memoryGb: 0.5,
  largeMemoryGb: 1,
  /** Lambda polls a queue with five pollers that wait 20 s each, also when the queue is empty. */
  pollsADay: (5 * 86_400) / 20,
  /** Bytes that Lambda and the HTTP API log for an invocation. */
  logBytesARun: 1150,
  /** The catalog after ten years, packed, in GB. */
  catalogGb: 0.07,
  /** What the API lets through of one address: 5 requests a second. The largest page is 340 kB before compression. */
  throttledRequestsADay: 5 * 86_400 + 20,
  largestKb: 340,
} as const;

type Unit = Exclude<keyof typeof PRICES, 'on' | 'region'>;
type Month = Readonly<Record<Unit, number>>;

const TITLES: Readonly<Record<Unit, string>> = {
  writeUnit: 'DynamoDB: write units',
  readUnit: 'DynamoDB: read units',
  tableGb: 'DynamoDB: GB stored',
  recoveryGb: 'DynamoDB: GB of point-in-time recovery',
  put: 'S3: PUT and LIST requests',
  get: 'S3: GET requests',
  bucketGb: 'S3: GB stored',
  gbSecond: 'Lambda: GB-seconds',
  invocation: 'Lambda: invocations',
  queueRequest: 'SQS: requests, most of them polling',
  scheduledInvocation: 'EventBridge Scheduler: invocations',
  apiRequest: 'HTTP API: requests',
  alarmMetric: 'CloudWatch: alarm metrics',
  metric: 'CloudWatch: custom metrics',
  dashboard: 'CloudWatch: dashboards',
  logGb: 'CloudWatch: GB of logs ingested',
  logStoredGb: 'CloudWatch: GB of logs stored for 30 days',
  outGb: 'Data to the internet: GB',
};
const UNITS = Object.keys(TITLES) as Unit[];

const billed = (unit: Unit, amount: number): number =>
  Math.max(0, amount - ((ALWAYS_FREE as Partial<Record<Unit, number>>)[unit] ?? 0)) * PRICES[unit];
const listed = (unit: Unit, amount: number): number => amount * PRICES[unit];
const sumOf = (month: Month, price: typeof billed): number =>
  UNITS.reduce((sum, unit) => sum + price(unit, month[unit]), 0);

/** How many alarm metrics and dashboards the template of the service has: they are billed by the month, used or not. */
function countInTemplate(): { readonly alarmMetric: number; readonly dashboard: number } {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  buildApp(app, Config.parse({ email: 'owner@example.org' }), { account: '123456789012', region: PRICES.region });
  const { Resources } = app.synth().getStackByName('paperkeep-main-app').template as {
    Resources: Record<string, { Type: string; Properties: { Metrics?: { MetricStat?: unknown }[] } }>;
  };
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
  const metrics = ofType('AWS::CloudWatch::Alarm').map(
    ({ Properties }) => Properties.Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1,
  );
  return {
    alarmMetric: metrics.reduce((sum, count) => sum + count, 0),
    dashboard: ofType('AWS::CloudWatch::Dashboard').length,
  };
}

/** One month of a deployment that already ran for `age` months. */
function billMonth(week: Units, standing: ReturnType<typeof countInTemplate>, age: number): Month {
  const monthly = (amount: number) => (amount / COUNTED_DAYS) * DAYS_A_MONTH;
  const { requests } = ASSUMED;
  const months = age + 0.5;
  const seconds =
    monthly(week.collectRuns) * ASSUMED.collectSeconds +
    monthly(week.visits) * 3 +
    monthly(week.recordRuns) * ASSUMED.recordSeconds;
  const largeSeconds = monthly(week.nightRuns) * ASSUMED.nightSeconds + requests * ASSUMED.requestSeconds;
  const runs = monthly(week.collectRuns + week.recordRuns + week.nightRuns) + requests;
  const logGb = (monthly(week.logBytes) + runs * ASSUMED.logBytesARun) / 1e9;
  const tableGb = (monthly(week.tableBytes) * months) / 1e9;
  return {
    writeUnit: monthly(week.writeUnits),
    readUnit: monthly(week.readUnits) + requests * ASSUMED.requestReadUnits,
    tableGb,
    recoveryGb: tableGb,
    put: monthly(week.puts + week.lists),
    get: monthly(week.gets) + requests / 20,
    bucketGb: (monthly(week.visits) * ASSUMED.snapshotKb * months) / 1e6 + (ASSUMED.catalogGb * months) / 120,
    gbSecond: seconds * ASSUMED.memoryGb + largeSeconds * ASSUMED.largeMemoryGb,
    invocation: runs,
    queueRequest: ASSUMED.pollsADay * DAYS_A_MONTH + monthly(week.messages) * 2,
    scheduledInvocation: monthly(week.collectRuns + 2 * COUNTED_DAYS),
    apiRequest: requests,
    ...standing,
    // one of them has no values, and costs nothing, while no content is missing
    metric: Object.keys(METRICS).length - 1,
    logGb,
    logStoredGb: logGb,
    outGb: (requests * ASSUMED.requestKb) / 1e6,
  };
}

const money = (dollars: number): string => (dollars > 0 && dollars < 0.01 ? '< $0.01' : `$${dollars.toFixed(2)}`);
const amount = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });

/** Counts a week of the schedule and puts the two tables between the markers of docs/aws/cost.md. */
export async function benchCost(): Promise<Figure[]> {
  const deployment = openDeployment();
  await deployment.run(FIRST, WARM_UP_DAYS);
  await deployment.takeUnits();
  await deployment.run(addDays(FIRST, WARM_UP_DAYS), COUNTED_DAYS);
  const week = await deployment.takeUnits();
  await deployment.close();
  const standing = countInTemplate();
  const month = (age: number) => billMonth(week, standing, age);
  const total = (months: number, price: typeof billed) =>
    Array.from({ length: months }, (_, age) => sumOf(month(age), price)).reduce((sum, each) => sum + each, 0);
  const row = (title: string, price: (of: typeof billed) => number) =>
    `| ${title} | ${money(price(listed))} | ${money(price(billed))} |`;
  const stranger = (price: typeof billed): number => {
    const requests = ASSUMED.throttledRequestsADay;
    const gb = (requests * ASSUMED.largestKb) / 1e6;
    const seconds = requests * ASSUMED.requestSeconds;
    return (
      price('apiRequest', requests) + price('invocation', requests) + price('gbSecond', seconds) + price('outGb', gb)
    );
  };
  const tables = [
    '| | by the price list | less what is always free |',
    '|---|---|---|',
    row('first month', (price) => sumOf(month(0), price)),
    row('a month of the first year', (price) => total(12, price) / 12),
    row('a month of the tenth year', (price) => sumOf(month(114), price)),
    row('ten years', (price) => total(120, price)),
    row('the largest page, requested all day as fast as the site allows', stranger),
    '',
    '| unit | a month | by the price list | less what is always free | in the tenth year |',
    '|---|---|---|---|---|',
    ...UNITS.map((unit) => {
      const [first, tenth] = [month(6)[unit], month(114)[unit]];
      return `| ${TITLES[unit]} | ${amount(first)} | ${money(listed(unit, first))} | ${money(billed(unit, first))} | ${money(billed(unit, tenth))} |`;
    }),
  ].join('\n');
  const file = new URL('../../docs/aws/cost.md', import.meta.url);
  const made = /(?<=<!-- made by npm run bench -- cost -->\n)[\s\S]*?(?=<!-- end -->)/;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(made, () => `\n${tables}\n\n`),
  );
  return [
    {
      name: 'a month of the first year, less what is always free',
      value: money(total(12, billed) / 12),
      limit: '≤ $0.50',
      against: `by the price list ${money(total(12, listed) / 12)}`,
    },
    {
      name: 'write units per recorded capture',
      value: (week.writeUnits / week.visits).toFixed(1),
      limit: '≤ 18',
      against: `${week.visits} captures of a week`,
    },
  ];
}
