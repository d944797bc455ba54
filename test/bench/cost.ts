import { readFileSync, writeFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { buildApp } from '../../infra/app.ts';
import { Config } from '../../infra/config.ts';
import { ALWAYS_FREE, PRICES } from '../../shared/aws/prices.ts';
import { addDays, type Day } from '../../shared/lib/time.ts';
import { METRICS } from '../../shared/names.ts';
import { ASSUMED } from './assumed.ts';
import { openDeployment, type Units } from './deployment.ts';
import { amount, type Figure, money } from './measure.ts';
import { describeStranger, measureRoutes } from './stranger.ts';

/** Three weeks fill the window of the schedule, then a week is counted. */
const [FIRST, WARM_UP_DAYS, COUNTED_DAYS] = ['2026-01-05' as Day, 21, 7];
const DAYS_A_MONTH = 365 / 12;

/** S3 Infrequent Access: dollars per GB and month, and the size in kB that a smaller object is billed as. */
const INFREQUENT = { gb: 0.0125, leastKb: 128 };

/** What a page takes, compressed. */
type Page = { readonly kb: number; readonly readUnits: number };
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
function billMonth(week: Units, page: Page, standing: ReturnType<typeof countInTemplate>, age: number): Month {
  const monthly = (amount: number) => (amount / COUNTED_DAYS) * DAYS_A_MONTH;
  const { requests } = ASSUMED;
  const months = age + 0.5;
  const seconds =
    monthly(week.collectRuns) * ASSUMED.collectSeconds +
    monthly(week.visits) * ASSUMED.visitSeconds +
    monthly(week.recordRuns) * ASSUMED.recordSeconds;
  const largeSeconds = monthly(week.nightRuns) * ASSUMED.nightSeconds + requests * ASSUMED.requestSeconds;
  const runs = monthly(week.collectRuns + week.recordRuns + week.nightRuns) + requests;
  const logGb = (monthly(week.logBytes) + runs * ASSUMED.logBytesARun) / 1e9;
  const tableGb = (monthly(week.tableBytes) * months) / 1e9;
  return {
    writeUnit: monthly(week.writeUnits),
    readUnit: monthly(week.readUnits) + requests * page.readUnits,
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
    outGb: (requests * page.kb) / 1e6,
  };
}

/** The archive over ten years: its size, and its price by the month in S3 Standard and in Infrequent Access. */
function describeStorage({ visits }: Units): string {
  const gb = ((visits / COUNTED_DAYS) * 365 * ASSUMED.snapshotKb) / 1e6;
  const rows = Array.from({ length: 10 }, (_, year) => {
    const gbMonths = gb * (year + 0.5) * 12;
    const infrequent = gbMonths * Math.max(1, INFREQUENT.leastKb / ASSUMED.snapshotKb) * INFREQUENT.gb;
    return `| ${year + 1} | ${amount(gb * (year + 1))} | ${money(gbMonths * PRICES.bucketGb)} | ${money(infrequent)} |`;
  });
  return ['| year | GB at its end | S3 Standard, in the year | Infrequent Access |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** Counts a week of the schedule and the responses of a year's archive, and puts the tables between the markers of docs/aws/cost.md. */
export async function benchCost(): Promise<Figure[]> {
  const deployment = openDeployment();
  await deployment.run(FIRST, WARM_UP_DAYS);
  await deployment.takeUnits();
  await deployment.run(addDays(FIRST, WARM_UP_DAYS), COUNTED_DAYS);
  const week = await deployment.takeUnits();
  await deployment.close();
  const standing = countInTemplate();
  const { all, pages } = await measureRoutes();
  const mean = (of: keyof Page) => Number((pages.reduce((sum, page) => sum + page[of], 0) / pages.length).toFixed(1));
  const page = { kb: mean('kb'), readUnits: mean('readUnits') };
  const mostReadUnits = Math.max(...all.map(({ readUnits }) => readUnits));
  const visit = { writeUnits: Number((week.writeUnits / week.visits).toFixed(1)) };
  const measured = { page, mostReadUnits, visit, visitsADay: Math.round(week.visits / COUNTED_DAYS) };
  const month = (age: number) => billMonth(week, page, standing, age);
  const total = (months: number, price: typeof billed) =>
    Array.from({ length: months }, (_, age) => sumOf(month(age), price)).reduce((sum, each) => sum + each, 0);
  const row = (title: string, price: (of: typeof billed) => number) =>
    `| ${title} | ${money(price(listed))} | ${money(price(billed))} |`;
  const tables = [
    '| | by the price list | less what is always free |',
    '|---|---|---|',
    row('first month', (price) => sumOf(month(0), price)),
    row('a month of the first year', (price) => total(12, price) / 12),
    row('a month of the tenth year', (price) => sumOf(month(114), price)),
    row('ten years', (price) => total(120, price)),
    '',
    '| unit | a month | by the price list | less what is always free | in the tenth year |',
    '|---|---|---|---|---|',
    ...UNITS.map((unit) => {
      const [first, tenth] = [month(6)[unit], month(114)[unit]];
      return `| ${TITLES[unit]} | ${amount(first)} | ${money(listed(unit, first))} | ${money(billed(unit, first))} | ${money(billed(unit, tenth))} |`;
    }),
  ].join('\n');
  writeFileSync(new URL('measured.json', import.meta.url), `${JSON.stringify(measured, null, 2)}\n`);
  const file = new URL('../../docs/aws/cost.md', import.meta.url);
  const parts = [tables, describeStorage(week), describeStranger(all, mostReadUnits)];
  const made = /(?<=<!-- made by npm run bench -- cost -->\n)[\s\S]*?(?=<!-- end -->)/g;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(made, () => `\n${parts.shift()}\n\n`),
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
