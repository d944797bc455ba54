import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CATALOG_KEY } from '../../shared/catalog/schema.ts';
import { subscriberId } from '../../shared/digest/address.ts';
import { putSubscription, readSubscription } from '../../shared/digest/store.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { addDays, dayOf, sleep, systemClock } from '../../shared/lib/time.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { createDynamoStore, createDynamoTable } from '../../shared/table/dynamo.ts';
import { SPENDING_KEY } from '../../shared/table/keys.ts';
import { takeLease } from '../../shared/table/lease.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { HOUR_DOLLARS, UNRECORDED_DOLLARS } from '../../shared/web/allowance.ts';
import { type FunctionName, removeOutput, synthesise } from '../infra/stacks.ts';
import { seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { type Emulator, startDynalite } from '../support/dynalite.ts';
import { startLoopback } from '../support/loopback.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';
import { archived } from '../support/snapshots.ts';
import { environmentOf, TABLE } from './environment.ts';
import { httpRequest, objectCreated, queueEvent } from './events.ts';

/** The deployed bundles, each in a process of its own, with the sample feed, a bucket and a table on this machine. */
const { bundle } = synthesise({ mail: 'ses', mailFrom: 'digest@example.org' });
const RUNTIME = fileURLToPath(new URL('runtime.ts', import.meta.url));

let feed: SampleServer;
let s3: S3Double;
let dynamo: Emulator;
let client: DynamoDBClient;
let table: TableStore;
let running: ChildProcess[] = [];
/** What is under /tmp of each function. */
let tmp: string;

beforeAll(async () => {
  [feed, s3, dynamo] = await Promise.all([serveSample(), startS3(), startDynalite()]);
  feed.setNow(systemClock());
  tmp = mkdtempSync(join(tmpdir(), 'paperkeep-functions-'));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new DynamoDBClient({ endpoint: dynamo.endpoint, region: 'eu-central-1', credentials });
  await createDynamoTable(TABLE, client);
  table = createDynamoStore(TABLE, client);
});
afterEach(() => {
  for (const child of running) child.kill();
  running = [];
});
afterAll(async () => {
  await table.close();
  await Promise.all([feed.stop(), s3.stop(), dynamo.stop()]);
  removeOutput();
  rmSync(tmp, { recursive: true });
});

type Said = { readonly event?: string; readonly key?: string; readonly [name: string]: unknown };

/** Starts a function; returns what invokes it, its log, and the error if it did not start. */
async function start(name: FunctionName, change: Record<string, string> = {}) {
  const own = { TMPDIR: mkdtempSync(join(tmp, `${name}-`)) };
  const env = { ...environmentOf(s3.endpoint, dynamo.endpoint, feed.origin), ...own, ...change };
  const child = fork(RUNTIME, [bundle(name)], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  running.push(child);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (written += bytes));
  const answer = async () =>
    (await once(child, 'message'))[0] as { result?: unknown; error?: string; loadedMs?: number };
  const { error = null } = await answer();
  return {
    error,
    // biome-ignore lint/suspicious/noExplicitAny: as many answers as functions
    async invoke(event: unknown, leftMs = 600_000): Promise<any> {
      const answered = answer();
      child.send({ event, leftMs });
      const { result, error } = await answered;
      if (error) throw new Error(error);
      return result;
    },
    log: (): Said[] =>
      written
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
  };
}

const today = () => dayOf(systemClock());

describe('the deployed functions', () => {
  it('refuse to start with wrong settings, and name all of them', async () => {
    const { error } = await start('collect', { PAPERKEEP_STAGE: '', PAPERKEEP_TABLE: 'papers', PAPERKEEP_WATCH: '=' });
    expect(error).toContain('PAPERKEEP_TABLE');
    expect(error).toContain('PAPERKEEP_WATCH');
  });

  it('collect what is due into the bucket, once', async () => {
    const collect = await start('collect');
    expect(await collect.invoke({})).toEqual({ visits: 15, failed: 0, left: 0 });
    expect(s3.objects.size).toBe(15);
    const captured = collect.log().filter(({ event }) => event === 'captured');
    expect(captured.map(({ key }) => key).sort()).toEqual([...s3.objects.keys()].sort());
    expect(collect.log()).toContainEqual(expect.objectContaining({ Stage: 'main', Visits: 15, FailedVisits: 0 }));
    const puts = s3.asked.filter(({ what }) => what.startsWith('PUT'));
    for (const { headers } of puts) expect(headers['if-none-match']).toBe('*');
  });

  it('begin no visit that they could not finish', async () => {
    const collect = await start('collect');
    const listDays = [{ list: 'daily', day: addDays(today(), -30) }];
    expect(await collect.invoke({ listDays }, 40_000)).toEqual({ visits: 0, failed: 0, left: 1 });
    await expect(collect.invoke({ listDays: [{ list: 'weekly', day: today() }] })).rejects.toThrow(
      'not a list and a day',
    );
  });

  it('leave the feed to the holder of the lease, which does not fail a scheduled run', async () => {
    const holder = { host: 'home', pid: 1, run: 'backfill' };
    const lease = await takeLease({ table, clock: systemClock, holder, identify: () => '', sleep });
    const collect = await start('collect', { PAPERKEEP_WATCH: 'agents=llm agents' });
    // no time to wait for the holder
    expect(await collect.invoke({}, 90_000)).toEqual({ visits: 0, failed: 0, left: 0 });
    expect(collect.log().map(({ event }) => event)).toContain('left to another run');
    // the older spelling of a scheduled event
    const targets = [{ source: 'trending', day: today() }];
    await expect(collect.invoke({ targets })).rejects.toThrow('is making requests to the feed');
    await lease.release();
    expect(await collect.invoke({})).toMatchObject({ visits: 1, failed: 0 });
    expect([...s3.objects.keys()].some((key) => key.startsWith('raw/watched=agents/'))).toBe(true);
  });

  it('record the messages of the queue, and report the one of three that failed', async () => {
    const poisoned = `raw/daily/${today()}/20250108T061500Z-0123456789ab.warc.gz`;
    s3.objects.set(poisoned, { bytes: new TextEncoder().encode('no snapshot'), at: '2025-01-08T06:15:00.000Z' });
    const [first = '', second = ''] = [...s3.objects.keys()];
    const record = await start('record');
    const answer = await record.invoke(queueEvent(...[first, poisoned, second].map((key) => objectCreated(key))));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    const recorded = record.log().filter(({ event }) => event === 'recorded');
    expect(recorded.map(({ key }) => key)).toEqual([first, second]);
    expect(record.log()).toContainEqual(expect.objectContaining({ Recorded: 2, Unrecordable: 1 }));
    s3.objects.delete(poisoned);
  });

  it('record at night what the queue has missed', async () => {
    const record = await start('record');
    expect(await record.invoke({ reconcile: true })).toEqual({ batchItemFailures: [] });
    expect(record.log()).toContainEqual(
      expect.objectContaining({ event: 'recorded what the queue had missed', snapshots: s3.objects.size - 2 }),
    );
  });

  it('publish the catalog at night, and again only when something changed', async () => {
    const nightly = await start('export');
    const catalogs = () => s3.asked.filter(({ what }) => what.startsWith('PUT ') && what.includes(CATALOG_KEY)).length;
    expect(await nightly.invoke({})).toMatchObject({ partitions: 16, left: 0 });
    expect(catalogs()).toBe(1);
    const nextNight = await start('export');
    expect(await nextNight.invoke({})).toEqual({ partitions: 0, papers: 0, left: 0, files: null });
    expect(catalogs()).toBe(1);
    expect(nextNight.log().map(({ event }) => event)).toEqual(['catalog up to date']);
    // too little time for anything: what is there is left as it is
    expect(await nextNight.invoke({}, 60_000)).toMatchObject({ partitions: 0 });
    const TMPDIR = mkdtempSync(join(tmp, 'ended-'));
    mkdirSync(join(TMPDIR, 'paperkeep-export-of-a-run-out-of-time'));
    const exporting = await start('export', { PAPERKEEP_EXPORTS: `s3://${BUCKET}/exports`, TMPDIR });
    expect(readdirSync(TMPDIR)).toEqual([]);
    const { files } = await exporting.invoke({});
    expect([...s3.objects.keys()].filter((key) => key.startsWith('exports/'))).toHaveLength(files + 1);
    const exports = { PAPERKEEP_EXPORTS: `s3://${BUCKET}/exports` };
    const [listing, giving] = [
      await start('query', exports),
      await start('query', { ...exports, PAPERKEEP_DOWNLOADS: 'true' }),
    ];
    const listed = JSON.parse((await giving.invoke(httpRequest('/exports.json'))).body);
    expect(listed).toMatchObject({ downloads: true, files: { length: files } });
    const file = await giving.invoke(httpRequest('/exports/paperkeep.sqlite'));
    expect(file.headers.location).toMatch(/\/exports\/paperkeep\.sqlite\?.*X-Amz-Signature=/);
    expect(await listing.invoke(httpRequest('/exports/paperkeep.sqlite'))).toMatchObject({ statusCode: 404 });
    for (const key of s3.objects.keys()) if (key.startsWith('exports/')) s3.objects.delete(key);
    await expect(start('export', { PAPERKEEP_DERIVED: '' })).resolves.toMatchObject({
      error: expect.stringContaining('names no bucket'),
    });
  });

  it('answer requests of the API with pages, data and files', async () => {
    const query = await start('query');
    const health = JSON.parse((await query.invoke(httpRequest('/-/health.json'))).body);
    expect(health).toMatchObject({ status: 'ok', sample: false });

    const page = await query.invoke(httpRequest('/trending', '', { accept: 'text/html' }));
    expect(page).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');

    const list = await query.invoke(httpRequest('/captures.json', 'limit=1'));
    const [{ key, download }] = JSON.parse(list.body).captures;
    const file = await query.invoke(httpRequest(download));
    expect(file).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(Buffer.from(file.body, 'base64')).toEqual(Buffer.from(s3.objects.get(key)?.bytes ?? []));

    expect(await query.invoke(httpRequest('/daily.json', 'at=yesterday'))).toMatchObject({ statusCode: 400 });
    expect(await query.invoke(httpRequest('/nowhere.json'))).toMatchObject({ statusCode: 404 });
  });

  it('record what they spend, and refuse requests once the allowance of the hour is spent', async () => {
    await table.delete(SPENDING_KEY);
    const query = await start('query');
    const charged = async () => Number((await table.get(SPENDING_KEY))?.dollars ?? 0);
    for (let asked = 0; (await charged()) === 0 && asked < 200; asked += 1)
      await query.invoke(httpRequest('/trending'));
    expect(await charged()).toBeGreaterThanOrEqual(UNRECORDED_DOLLARS);
    await expect
      .poll(query.log)
      .toContainEqual(expect.objectContaining({ event: 'answered', path: '/trending', status: 200 }));
    await table.put({ ...SPENDING_KEY, hour: systemClock().slice(0, 13), dollars: HOUR_DOLLARS });
    const next = await start('query');
    expect(await next.invoke(httpRequest('/trending'))).toMatchObject({
      statusCode: 429,
      headers: { 'content-type': 'application/problem+json', 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    await table.delete(SPENDING_KEY);
  });

  it('refuse a response that is too large for Lambda', async () => {
    // a quote takes two bytes in data, and four in what is given back
    const abstract = '"'.repeat(180_000);
    const on = day('2024-03-05');
    const rows = Array.from({ length: 10 }, (_, at) =>
      aPaper({ id: `2403.0000${at}`, rank: at + 1, abstract, listedOn: on }),
    );
    const { files } = await archived(seen(`daily ${on}`, `${on}T12:00:00Z`, rows));
    for (const [key, bytes] of files) s3.objects.set(key, { bytes, at: `${on}T12:00:00.000Z` });
    const record = await start('record');
    await record.invoke(queueEvent(...[...files.keys()].map((key) => objectCreated(key))));
    const query = await start('query');
    const refused = await query.invoke(httpRequest(`/daily/${on}.json`));
    expect(refused).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(refused.body)).toMatchObject({ title: 'Too large' });
    for (const key of files.keys()) s3.objects.delete(key);
  });

  it('mail what is due by SES once, and switch off the subscription of an address that bounced', async () => {
    await createDynamoTable('subscriptions', client);
    const subscriptions = createDynamoStore('subscriptions', client);
    const [me, you] = ['me@example.org', 'you@example.org'];
    for (const address of [me, you])
      await putSubscription(subscriptions, Subscription.parse({ address, cadence: 'weekly' }));
    const ses = await startLoopback([{ body: '{"MessageId":"1"}' }]);
    const digest = await start('digest', {
      PAPERKEEP_SUBSCRIPTIONS: 'dynamodb:subscriptions',
      PAPERKEEP_MAIL: 'ses:',
      PAPERKEEP_MAIL_FROM: 'paperkeep <digest@example.org>',
      PAPERKEEP_PUBLIC_URL: 'https://papers.example.org',
      AWS_ENDPOINT_URL_SESV2: ses.origin,
    });
    const bounce = { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: you }] };
    const Message = JSON.stringify({ eventType: 'Bounce', bounce });
    expect(await digest.invoke({ Records: [{ EventSource: 'aws:sns', Sns: { Message } }] })).toBeNull();
    expect(await readSubscription(subscriptions, subscriberId(you))).toMatchObject({ off: 'bounced' });
    expect(ses.asked).toEqual([]);

    const sent = { sent: 1, refused: 0, deferred: 0, unconfirmed: 0 };
    // too little time left for a message
    expect(await digest.invoke({}, 40_000)).toEqual({ ...sent, sent: 0 });
    expect(await digest.invoke({})).toEqual(sent);
    expect(await digest.invoke({})).toEqual({ ...sent, sent: 0 });
    await ses.stop();
    const { Destination, Content } = JSON.parse(ses.asked[0]?.body ?? '');
    expect(Destination).toEqual({ ToAddresses: [me] });
    expect(Buffer.from(Content.Raw.Data, 'base64').toString()).toContain('https://papers.example.org/papers/');
    expect(ses.asked).toHaveLength(1);
    expect(digest.log()).toContainEqual(expect.objectContaining({ event: 'mail sent', subscriber: subscriberId(me) }));
    expect(JSON.stringify(digest.log())).not.toContain(me);
    await subscriptions.close();
  });

  it('emit at the end of a run the age of the oldest hourly list', async () => {
    const collect = await start('collect');
    await collect.invoke({ listDays: [] });
    const metrics = collect.log().find(({ CaptureAgeMinutes }) => CaptureAgeMinutes !== undefined);
    expect(metrics?.CaptureAgeMinutes).toBeLessThan(60);
  });
});
