import { writeFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { ALWAYS_FREE, PRICES } from '../../functions/cli/aws/prices.ts';
import { buildApp } from '../../infra/app.ts';
import { Config } from '../../infra/config.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { createUpdatingCatalog } from '../../shared/catalog/update.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { addDays, addSeconds, type Day, eachDay, startOfDay } from '../../shared/lib/time.ts';
import { snapshotKey } from '../../shared/model/list.ts';
import { METRICS } from '../../shared/names.ts';
import { calendarKey, indexPk, monthKey } from '../../shared/table/keys.ts';
import { createApp } from '../../shared/web/app.ts';
import { deployment, type Units } from './bill.ts';
import { counting } from './counting.ts';
import type { Figure } from './measure.ts';

/** Three weeks that fill the schedule's window, then a week that is counted: five weekdays and a weekend. */
const WARMING = 21;
const COUNTED = 7;
const FIRST = '2026-01-05' as Day;
const DAYS_A_MONTH = 365 / 12;
const SECONDS_A_DAY = 86_400;

/** What could not be counted or measured here, and is taken to be so. */
const ASSUMED = {
  /** Memory of collect and record, in GB, and of query and export: infra says 512 and 1024 MiB. */
  memoryGb: 0.5,
  largeGb: 1,
  /** At 512 MiB a function has 0.29 of a processor, at 1024 twice that; one of ours here is taken to be one of theirs. */
  slower: 1769 / 512,
  largeSlower: 1769 / 1024,
  /** Starting a function that was not running, in seconds. Every hourly run starts one of each. */
  start: 1,
  /** A request to DynamoDB, and to S3, in seconds. */
  tableWait: 0.005,
  bucketWait: 0.04,
  /** The gap between two requests to the feed, and the feed's answer, in seconds. */
  gap: 2,
  feedWait: 1,
  /** Pollers of an event source mapping with a maximum concurrency, and how long each waits: AWS says five, which it then does not make fewer. */
  pollers: 5,
  pollSeconds: 20,
  /**
   * A trending snapshot, in bytes, and one more reading of it, in seconds. The sample's page is a sixth of the real one, of which only parts
   * were seen: 1.54 MB, packed like the one whole real page that was (6.1 to 1).
   */
  trendingBytes: 250_000,
  trendingRead: 0.1,
  /** Bytes that Lambda itself logs of an invocation, and the API of a request. */
  runLog: 900,
  requestLog: 250,
  /**
   * Of the nightly catalog: bytes of ten years as packed (66,000 papers, 270 MB unpacked: `npm run bench -- catalog`); seconds of
   * this processor to pack and put them, and to fetch, unpack and open them (from a bucket in the same process, whose share is in it);
   * bytes a second that a function gets from the bucket.
   */
  catalogBytes: 70e6,
  packSeconds: 4.1,
  unpackSeconds: 2.4,
  bucketBytesASecond: 50e6,
  /** Containers a month that fetch it: every tenth of the readers' requests starts one, of which some search. */
  searchingStarts: 0.5,
  /** What the owner and feed parsers ask for in a month: a hundred pages a day. */
  requests: 3000,
} as const;

/** What a month is to cost at most, in dollars. */
const PROMISE = 0.5;

/** A trending snapshot of the sample. */
const SAMPLE_TRENDING_BYTES = 42_500;

type Unit =
  | 'writeUnit'
  | 'readUnit'
  | 'put'
  | 'get'
  | 'gbSecond'
  | 'invocation'
  | 'queueRequest'
  | 'wake'
  | 'apiRequest'
  | 'alarmMetric'
  | 'metric'
  | 'dashboard'
  | 'logGb'
  | 'logStoredGb'
  | 'outGb'
  | 'bucketGb'
  | 'tableGb'
  | 'recoveryGb';
/** What a month takes of each. */
type Month = Readonly<Record<Unit, number>>;

const TITLES: Readonly<Record<Unit, string>> = {
  writeUnit: 'DynamoDB: write units',
  readUnit: 'DynamoDB: read units',
  put: 'S3: PUT and LIST requests',
  get: 'S3: GET requests',
  gbSecond: 'Lambda: GB-seconds',
  invocation: 'Lambda: invocations',
  queueRequest: 'SQS: requests (polling above all)',
  wake: 'EventBridge Scheduler: invocations',
  apiRequest: 'HTTP API: requests',
  alarmMetric: 'CloudWatch: metrics that alarms look at',
  metric: 'CloudWatch: custom metrics',
  dashboard: 'CloudWatch: dashboards',
  logGb: 'CloudWatch: GB of logs taken in',
  logStoredGb: 'CloudWatch: GB of logs kept (30 days)',
  outGb: 'GB to the internet',
  bucketGb: 'S3: GB kept',
  tableGb: 'DynamoDB: GB kept',
  recoveryGb: 'DynamoDB: GB of point-in-time recovery',
};
const UNITS = Object.keys(TITLES) as Unit[];

const isFree = (unit: Unit): unit is Unit & keyof typeof ALWAYS_FREE => unit in ALWAYS_FREE;
/** What an amount costs: by the price list, and less what is always free. */
const dollarsOf = (unit: Unit, amount: number) => ({
  list: amount * PRICES[unit],
  free: Math.max(0, amount - (isFree(unit) ? ALWAYS_FREE[unit] : 0)) * PRICES[unit],
});
const sumOf = (month: Month, which: 'list' | 'free'): number =>
  UNITS.reduce((sum, unit) => sum + dollarsOf(unit, month[unit])[which], 0);

/** What the stacks have that is paid by the month whether it is used or not. */
function standing(): { readonly alarmMetrics: number; readonly dashboards: number; readonly schedules: number } {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  buildApp(app, Config.parse({ email: 'owner@example.org' }), { account: '123456789012', region: PRICES.region });
  const template = app.synth().getStackByName('paperkeep-main-app').template as {
    Resources: Record<string, { Type: string; Properties: { Metrics?: { MetricStat?: unknown }[] } }>;
  };
  const of = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);
  const watched = of('AWS::CloudWatch::Alarm').map(
    ({ Properties: { Metrics } }) => Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1,
  );
  return {
    alarmMetrics: watched.reduce((sum, count) => sum + count, 0),
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    schedules: of('AWS::Scheduler::Schedule').length,
  };
}

/** What parsers ask for, one request of each, and what it takes. */
type Request = { readonly path: string; readonly bytes: number; readonly readUnits: number; readonly seconds: number };

async function asking(
  workspace: ReturnType<typeof deployment>,
  last: Day,
  paths: readonly string[],
): Promise<Request[]> {
  const { table, asked } = counting(workspace.table);
  const clock = () => addSeconds(startOfDay(last), 23 * 3600);
  // the clock stands still: it is brought up to date once, as a function that answers often does once a minute
  const catalog = createUpdatingCatalog({ table, catalog: openCatalog(':memory:', table.url), clock }, 60, () => null);
  const versions = { paperkeep: '0', node: '0', schema: 1, parsers: {} };
  const site = createApp({
    context: { table, catalog, clock, sample: false },
    archive: async () => workspace.archive,
    log: silentLog,
    versions,
  });
  const requests: Request[] = [];
  for (const path of paths) {
    await site.request(path);
    asked();
    const begun = process.cpuUsage().user;
    const response = await site.request(path);
    const bytes = (await response.arrayBuffer()).byteLength;
    const cpu = (process.cpuUsage().user - begun) / 1e6;
    if (response.status >= 500 && !path.startsWith('/-/health')) throw new Error(`${path}: ${response.status}`);
    const { readUnits, operations } = asked();
    const seconds = cpu * ASSUMED.largeSlower + operations * ASSUMED.tableWait;
    requests.push({ path, bytes, readUnits, seconds });
  }
  return requests;
}

/** A month of a deployment that has been there for so many months before. */
function monthOf(
  week: Units,
  reading: readonly Request[],
  stands: ReturnType<typeof standing>,
  age: { months: number; extraReads: number; extraSeconds: number },
): Month {
  const month = (amount: number) => (amount / COUNTED) * DAYS_A_MONTH;
  const mean = (of: (request: Request) => number) => reading.reduce((sum, one) => sum + of(one), 0) / reading.length;
  const { requests, memoryGb, largeGb, slower, largeSlower, start } = ASSUMED;
  const starts = week.collectRuns * 2 + COUNTED;
  const busy =
    (week.collectSeconds + week.recordSeconds) * slower +
    week.tableOperations * ASSUMED.tableWait +
    (week.puts + week.lists + week.gets) * ASSUMED.bucketWait +
    week.visits * (ASSUMED.gap + ASSUMED.feedWait) +
    starts * start;
  // every tenth request finds no function running
  const readingSeconds = requests * (mean(({ seconds }) => seconds) + start / 10);
  // the file grows with the archive; a night fetches, unpacks, packs and puts it
  const share = Math.min(1, (age.months + 0.5) / 120);
  const way = ASSUMED.catalogBytes / ASSUMED.bucketBytesASecond;
  const unpacking = share * (ASSUMED.unpackSeconds * largeSlower + way);
  const nights = month(week.nightRuns);
  const nightlySeconds =
    month(week.nightSeconds) * largeSlower +
    nights * (start + unpacking + share * (ASSUMED.packSeconds * largeSlower + way));
  const fetches = (requests / 10) * ASSUMED.searchingStarts;
  const runs = month(week.collectRuns + week.recordRuns + week.nightRuns);
  const pollsADay = (ASSUMED.pollers * SECONDS_A_DAY) / ASSUMED.pollSeconds;
  const logBytes = month(week.logBytes) + runs * ASSUMED.runLog + requests * (ASSUMED.runLog + ASSUMED.requestLog);
  const tableGb = (month(week.tableBytes) * (age.months + 0.5)) / 1e9;
  return {
    writeUnit: month(week.writeUnits),
    readUnit: month(week.readUnits) + age.extraReads + requests * mean(({ readUnits }) => readUnits),
    put: month(week.puts + week.lists),
    get: month(week.gets) + fetches,
    gbSecond:
      (month(busy) + age.extraSeconds) * memoryGb + (readingSeconds + nightlySeconds + fetches * unpacking) * largeGb,
    invocation: runs + requests,
    // S3 puts a message on the queue, and the mapping takes it off
    queueRequest: pollsADay * DAYS_A_MONTH + month(week.messages) * 2,
    wake: month(week.collectRuns + COUNTED + week.nightRuns),
    apiRequest: requests,
    alarmMetric: stands.alarmMetrics,
    metric: Object.keys(METRICS).length,
    dashboard: stands.dashboards,
    logGb: logBytes / 1e9,
    logStoredGb: logBytes / 1e9,
    outGb: (requests * mean(({ bytes }) => bytes)) / 1e9,
    bucketGb: (month(week.archiveBytes) * (age.months + 0.5) + share * ASSUMED.catalogBytes) / 1e9,
    tableGb,
    recoveryGb: tableGb,
  };
}

/** The week, with trending pages as large as real ones: 24 a day, each read twice to collect and once to record it. */
function withRealTrending(week: Units): Units {
  const snapshots = 24 * COUNTED;
  return {
    ...week,
    archiveBytes: week.archiveBytes + snapshots * (ASSUMED.trendingBytes - SAMPLE_TRENDING_BYTES),
    collectSeconds: week.collectSeconds + 2 * snapshots * ASSUMED.trendingRead,
    recordSeconds: week.recordSeconds + snapshots * ASSUMED.trendingRead,
  };
}

/** Makes an archive look as if it had begun ten years before: a first snapshot, and a calendar without holes. */
async function age(workspace: ReturnType<typeof deployment>, years: number): Promise<void> {
  const day = addDays(FIRST, 7);
  const model = await workspace.table.get(calendarKey({ list: 'daily', day }));
  if (!model) throw new Error(`the calendar has no ${day}`);
  const first = addDays(FIRST, -Math.round(years * 365.25));
  const days = eachDay(first, addDays(FIRST, -1));
  await workspace.table.putMany(days.map((on) => ({ ...model, ...calendarKey({ list: 'daily', day: on }) })));
  await workspace.table.putMany(days.map((on) => monthKey({ list: 'daily', day: on })));
  const facts = { list: 'daily', day: first, at: startOfDay(first), digest: '0123456789ab' } as const;
  await workspace.archive.putIfAbsent(snapshotKey(facts), new Uint8Array());
}

/** A moment near the beginning of the archive that is counted: what is asked since then is all of it. */
const BEGINNING = addDays(FIRST, 2);
/** What grows with the archive, asked for everything, and what of it is read or made; the pages of a name besides, whose name is the archive's. */
const GROWING: Readonly<Record<string, string>> = {
  '/captures.csv': 'the whole index of captures',
  [`/movers.csv?from=${BEGINNING}`]: 'all lists since a moment, compared',
  '/search.csv': 'all papers',
  '/search.bib': 'all papers, to cite',
  [`/new.csv?since=${BEGINNING}`]: 'all papers since a moment',
  [`/top.csv?from=${BEGINNING}`]: 'all papers of a stretch, ranked',
  [`/top.json?from=${BEGINNING}&limit=1`]: 'papers of a stretch, ranked, of which one is told',
  [`/topics.json?q=tables&from=${BEGINNING}`]: 'a phrase, looked for in all papers of a stretch',
};

/** What infra/constructs/query.ts lets through once in 5 seconds. */
const SLOW =
  /^\/(?:captures|movers|authors\/.+|organizations\/.+|keywords\/.+|(?:search|new|top)\.(?:csv|bib))(?:[.?]|$)/;
/** Requests that the throttle lets through in a day: 5 a second and a burst of 20, of what grows with the archive 0.2 and at most 20 (infra/constructs/query.ts). */
const requestsADay = (path: string): number => (SLOW.test(path) ? 0.2 : 5) * SECONDS_A_DAY + 20;
/** The function is ended after this long, in seconds; a body above 6 MB is refused instead. */
const TIMEOUT = 20;
const LARGEST = 6e6;

/** What a day of one request, as often as the throttle lets it, costs at most: by the price list, and with a month's free share unused. */
function worstDay({ path, bytes, readUnits, seconds }: Request): { readonly list: number; readonly free: number } {
  const cut = Math.min(1, TIMEOUT / Math.max(seconds, 0.001));
  const sent = bytes > LARGEST ? 200 : bytes;
  const each = {
    readUnit: readUnits * cut,
    gbSecond: Math.min(seconds + 0.05, TIMEOUT) * ASSUMED.largeGb,
    invocation: 1,
    apiRequest: Math.max(1, Math.ceil(sent / 524_288)),
    outGb: sent / 1e9,
    logGb: (ASSUMED.runLog + ASSUMED.requestLog) / 1e9,
  };
  const units = Object.keys(each) as (keyof typeof each)[];
  const sum = (which: 'list' | 'free') =>
    units.reduce((dollars, unit) => dollars + dollarsOf(unit, each[unit] * requestsADay(path))[which], 0);
  return { list: sum('list'), free: sum('free') };
}

/** The same request in an archive that is so many times as long; a page of it is as large as before. */
const grown = (request: Request, times: number): Request => ({
  ...request,
  bytes: request.bytes * (request.path.includes('limit=') ? 1 : times),
  readUnits: request.readUnits * times,
  seconds: request.seconds * times,
});

/** The bill, counted on a week of the schedule, and the worst day of a stranger. Writes docs/cost.md. */
export async function benchCost(): Promise<Figure[]> {
  const workspace = deployment();
  await workspace.live(FIRST, WARMING);
  await workspace.units();
  await workspace.live(addDays(FIRST, WARMING), COUNTED);
  const week = withRealTrending(await workspace.units());
  const last = addDays(FIRST, WARMING + COUNTED - 1);
  await workspace.replay(addDays(last, -4));
  const replayed = await workspace.units();
  const replay =
    (replayed.writeUnits * PRICES.writeUnit +
      replayed.readUnits * PRICES.readUnit +
      replayed.gets * PRICES.get +
      replayed.lists * PRICES.put +
      (replayed.recordSeconds * ASSUMED.slower +
        (replayed.gets * ASSUMED.bucketWait) / 8 +
        replayed.tableOperations * ASSUMED.tableWait) *
        ASSUMED.memoryGb *
        PRICES.gbSecond) /
    replayed.gets;

  const day = addDays(last, -4);
  const id = await onePaper(workspace, day);
  const keyword = await mostUsedKeyword(workspace);
  const growing = {
    ...GROWING,
    [keyword.path]: `all ${keyword.papers} papers of the most used keyword, and their lists`,
  };
  const read = [`/`, '/daily', `/daily/${day}`, '/trending', `/papers/${id}`, '/coverage'];
  const reading = await asking(workspace, last, read);
  const all = await asking(workspace, last, [
    ...read,
    '/index.json',
    '/trending.json',
    `/daily/${day}.csv`,
    `/papers/${id}/history`,
    `/coverage?from=${addDays(last, -364)}`,
    '/captures?limit=500',
    '/openapi.json',
    '/movers',
    '/top',
    '/topics?q=tables&from=2025-01-01',
    '/search?q=the',
    `/papers/${id}/similar`,
    '/new',
    `/captures.csv?from=${addDays(last, -61)}&to=${last}`,
    keyword.path.replace('.csv', ''),
    ...Object.keys(growing),
  ]);
  await workspace.live(addDays(last, 1), 1);
  const young = await workspace.units();
  await age(workspace, 10);
  await workspace.units();
  await workspace.live(addDays(last, 2), 1);
  const old = await workspace.units();
  await workspace.close();

  const stands = standing();
  const extra = {
    extraReads: Math.max(0, old.readUnits - young.readUnits) * DAYS_A_MONTH,
    extraSeconds: Math.max(0, old.tableOperations - young.tableOperations) * DAYS_A_MONTH * ASSUMED.tableWait,
  };
  const month = (months: number) => {
    const share = months / 120;
    const older = { months, extraReads: extra.extraReads * share, extraSeconds: extra.extraSeconds * share };
    return monthOf(week, reading, stands, older);
  };
  const total = (months: number, which: 'list' | 'free') =>
    Array.from({ length: months }, (_, at) => sumOf(month(at), which)).reduce((sum, each) => sum + each, 0);
  const bill = { week, month, total, stands, replay, extra, growing };
  const worst = all.map((request) => ({ ...request, day: worstDay(request).list })).sort((a, b) => b.day - a.day);
  writeFileSync(new URL('../../docs/cost.md', import.meta.url), report(bill, worst));
  const dollar = (amount: number) => `$${amount.toFixed(2)}`;
  return [
    {
      name: 'a month of the first year, with what is always free',
      value: dollar(total(12, 'free') / 12),
      limit: `≤ $${PROMISE.toFixed(2)}`,
      against: `by the price list alone ${dollar(total(12, 'list') / 12)}, of which CloudWatch ${dollar(standingCost(month(6)))}`,
    },
    {
      name: 'ten years',
      value: dollar(total(120, 'free')),
      limit: '',
      against: `by the price list alone ${dollar(total(120, 'list'))}`,
    },
    {
      name: 'reading a year of snapshots again',
      value: dollar(((replay * week.snapshots) / COUNTED) * 365),
      limit: '',
      against: `${(replayed.writeUnits / replayed.gets).toFixed(1)} write units a snapshot`,
    },
    ...worst.slice(0, 3).map(({ path, day: cost }) => ({
      name: `worst day: ${path}`,
      value: dollar(cost),
      limit: '',
      against: `${requestsADay(path).toLocaleString('en')} requests`,
    })),
  ];
}

const standingCost = (month: Month): number =>
  (['alarmMetric', 'metric', 'dashboard'] as const).reduce((sum, unit) => sum + dollarsOf(unit, month[unit]).list, 0);

/** A paper of a day. */
async function onePaper({ table }: ReturnType<typeof deployment>, on: Day): Promise<string> {
  const [item] = await table.range({ pk: `LIST#daily#${on}`, from: 'AT#', limit: 1 });
  return String((item?.papers as string[] | undefined)?.[0]);
}

/** The keyword under which most papers stand, all of them at once. */
async function mostUsedKeyword({ table }: ReturnType<typeof deployment>) {
  const papers = new Map<string, number>();
  for await (const { pk } of table.scan())
    if (pk.startsWith(indexPk('keyword', ''))) papers.set(pk, (papers.get(pk) ?? 0) + 1);
  const [most = ['', 0]] = [...papers].sort(([, a], [, b]) => b - a);
  return { path: `/keywords/${most[0].slice(indexPk('keyword', '').length)}.csv`, papers: most[1] };
}

type Bill = {
  readonly week: Units;
  readonly month: (months: number) => Month;
  readonly total: (months: number, which: 'list' | 'free') => number;
  readonly stands: ReturnType<typeof standing>;
  readonly replay: number;
  readonly extra: { readonly extraReads: number; readonly extraSeconds: number };
  readonly growing: typeof GROWING;
};

const money = (amount: number): string => (amount > 0 && amount < 0.005 ? '< $0.01' : `$${amount.toFixed(2)}`);
const count = (amount: number): string =>
  amount >= 100 ? Math.round(amount).toLocaleString('en') : amount >= 1 ? amount.toFixed(1) : amount.toPrecision(2);

/** An address without what is only of this archive. */
const saidOf = (path: string): string => path.replaceAll(/\d{4}-\d\d-\d\d/g, 'D').replaceAll(/\d{4}\.\d{5}/g, 'ID');

function report(
  { week, month, total, stands, replay, extra, growing }: Bill,
  worst: readonly (Request & { day: number })[],
): string {
  const of = (unit: Unit) => {
    const first = dollarsOf(unit, month(6)[unit]);
    const tenth = dollarsOf(unit, month(114)[unit]);
    return `| ${TITLES[unit]} | ${count(month(6)[unit])} | ${money(first.list)} | ${money(first.free)} | ${money(tenth.list)} | ${money(tenth.free)} |`;
  };
  const rowOf = (request: Request & { day: number }) => {
    const after = (days: number) => money(worstDay(grown(request, days / (WARMING + COUNTED))).list);
    return `| \`${saidOf(request.path)}\` | ${growing[request.path]} | ${count(request.readUnits)} | ${count(request.bytes / 1000)} | ${after(28)} | ${after(365)} | ${after(3650)} |`;
  };
  const worstOf = (which: 'list' | 'free') => money(Math.max(...worst.map((request) => worstDay(request)[which])));
  const dear = Array.from({ length: 120 }, (_, at) => sumOf(month(at), 'free')).findIndex((each) => each > PROMISE);
  const others = worst.filter(({ path }) => !(path in growing));
  return `# What it costs

Made by \`npm run bench -- cost\`; do not edit. Prices for ${PRICES.region} as known on ${PRICES.on} (\`functions/cli/aws/prices.ts\`); AWS's own pages could not be reached from where they were written down, so compare once. Most other regions take up to a fifth more. US dollars, without tax.

## In short

| | price list alone | with what is free for every account, for ever |
|---|---|---|
| first month | ${money(sumOf(month(0), 'list'))} | ${money(sumOf(month(0), 'free'))} |
| a month of the first year, on average | ${money(total(12, 'list') / 12)} | **${money(total(12, 'free') / 12)}** |
| first year | ${money(total(12, 'list'))} | ${money(total(12, 'free'))} |
| ten years | ${money(total(120, 'list'))} | ${money(total(120, 'free'))} |
| a month of the tenth year | ${money(sumOf(month(114), 'list'))} | ${money(sumOf(month(114), 'free'))} |
| besides, a stranger's worst day ([below](#the-worst-day)) | ${worstOf('list')} | ${worstOf('free')} |

At most ${money(PROMISE)} a month is promised: with what is always free that holds for ${dear < 0 ? 'ten years' : `the first ${dear} months (${(dear / 12).toFixed(1)} years); then the snapshots in S3, which are never deleted, cost more`}; by the price list alone it never does.

"Free for ever" is what AWS gives every account each month without end: ten alarms, ten metrics, three dashboards, a million requests to SQS and so on. It is shared by all that runs in the account:
where something else uses it up, the first column holds. The free tier of the first year is in neither column.
Of the first column, ${money(standingCost(month(6)))} are CloudWatch's alarms, metrics and dashboard, and ${money(dollarsOf('queueRequest', month(6).queueRequest).list)} is Lambda looking whether the queue holds something.

## A month, unit by unit

| | a month | first year, list | less what is free | tenth year, list | less what is free |
|---|---|---|---|---|---|
${UNITS.map(of).join('\n')}

## Where the figures come from

Counted: the functions of the four handlers, wired as there, lived through ${WARMING} days of the schedule against the sample feed and then through the ${COUNTED} that were counted (a week with its weekend).
In that week: ${week.visits} visits, ${week.snapshots} snapshots of ${count(week.archiveBytes / week.snapshots / 1000)} kB on average, ${count(week.writeUnits)} write units, ${count(week.readUnits)} read units, ${week.puts} PUT, ${week.lists} LIST and ${week.gets} GET requests, ${count(week.logBytes / 1000)} kB of logs.
Units are counted by the rules of DynamoDB; \`npm run bench -- units\` compares that count with what DynamoDB Local says it consumed. The sample's daily lists and texts have the sizes of real ones.
Alarms (${stands.alarmMetrics} metrics), dashboard and schedules (${stands.schedules}) are counted in the template. \`test/bench/budget.test.ts\` holds the units to a budget.

An archive of ten years was made up by its calendar: the plan and the nights then read ${count(extra.extraReads)} more units a month, since they look through all months (the nights, for want of listings there, for every day of them anew, which real ones do once).

Not counted but taken to be so, since it was never run in AWS:

| | |
|---|---|
| trending pages | ${ASSUMED.trendingBytes / 1000} kB a snapshot, 1.5 MB unpacked, where the sample's has ${SAMPLE_TRENDING_BYTES / 1000} kB; in the figures above already |
| the catalog | ${ASSUMED.catalogBytes / 1e6} MB packed after ten years, growing with the archive; ${count(ASSUMED.packSeconds)} s of a whole processor to pack it, ${count(ASSUMED.unpackSeconds)} s to unpack it, ${ASSUMED.bucketBytesASecond / 1e6} MB a second from the bucket: by a night each, and by every second function that starts for a reader |
| processor | 512 MiB (collect, record) have ${(1 / ASSUMED.slower).toFixed(2)} of a processor, 1024 MiB (query, export) twice that; what was measured here (${count((week.collectSeconds / week.collectRuns) * 1000)} ms a run, ${count((week.recordSeconds / week.recordRuns) * 1000)} ms a snapshot, ${count((week.nightSeconds / week.nightRuns) * 1000)} ms a night) is multiplied accordingly |
| starting a function | ${ASSUMED.start} s, each hour one to collect and one to record, and for every tenth reader |
| waiting | ${ASSUMED.tableWait * 1000} ms for the table, ${ASSUMED.bucketWait * 1000} ms for the bucket, ${ASSUMED.feedWait} s for the feed and ${ASSUMED.gap} s between two visits |
| polling | ${ASSUMED.pollers} pollers that wait ${ASSUMED.pollSeconds} s each. AWS polls less when a queue is quiet, but not where a maximum concurrency is set, as here |
| parsers | ${ASSUMED.requests.toLocaleString('en')} requests a month, evenly of the front page, lists, a paper and the calendar |

## Reading everything again

After a parser became better \`npm run update\` offers a replay: ${money(((replay * week.snapshots) / COUNTED) * 365)} for a year of snapshots (${count((week.snapshots / COUNTED) * 365)} of them), ${money(((replay * week.snapshots) / COUNTED) * 3650)} for ten.

## The worst day

The API lets 5 requests a second through, ${requestsADay('/').toLocaleString('en')} a day; of the index of captures, of movers, of the papers of a name, and of search, what is new and leaderboards as whole files, one in 5 seconds, ${requestsADay('/captures').toLocaleString('en')}. What a stranger can cause in a day by asking for one thing only, by the price list (a month's free share is used up within days), in an archive of four weeks:

| address | read units | kB | a day |
|---|---|---|---|
${others
  .slice(0, 6)
  .map(
    ({ path, bytes, readUnits, day }) =>
      `| \`${saidOf(path)}\` | ${count(readUnits)} | ${count(bytes / 1000)} | ${money(day)} |`,
  )
  .join('\n')}

These do not grow with the archive, or hardly (\`npm run bench -- growth\`). These do, asked for everything; a day of each would cost, as if all it takes grew with the archive's age:

| address | gives | read units | kB | after four weeks | a year | ten years |
|---|---|---|---|---|---|---|
${worst
  .filter(({ path }) => path in growing)
  .map(rowOf)
  .join('\n')}

In the end the function's time-out of ${TIMEOUT} s ends it (the faster the processor, the more it has read by then), and above 6 MB nothing is sent but a refusal.
The keyword is the sample's; one that stands at a larger share of papers costs that much more.

\`.warc.gz\` is a signed link to S3, which no throttle of ours stands before: while it holds, a file of ${ASSUMED.trendingBytes / 1000} kB can be fetched from it as often as a network allows, at ${money(PRICES.outGb)} a GB.

What tells of it: the budget's mail (a day late, as bills are), and QuerySlow or QueryErrors. What to do: [runbook, Budget](runbook.md#budget). What bounds it otherwise: a site behind a token answers strangers with 401, which costs ${money(worstDay({ path: '', bytes: 200, readUnits: 0, seconds: 0.01 }).list)} a day.
`;
}
