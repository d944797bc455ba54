import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDay, asInstant, type Day, type Instant } from '../../shared/kit/clock.ts';
import { silentLog } from '../../shared/kit/log.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { createTable, dynamoRecords } from '../../shared/record/dynamo.ts';
import { makeRecorder } from '../../shared/record/job.ts';
import { openRecords } from '../../shared/record/open.ts';
import type { Item, Records } from '../../shared/record/records.ts';
import { captureOf } from '../../shared/snapshot/foreign.ts';
import { s3Snapshots } from '../../shared/snapshot/s3.ts';
import { readSnapshot } from '../../shared/snapshot/warc.ts';
import { archive } from '../../shared/snapshot/write.ts';
import { objectCreated } from '../functions/events.ts';
import type { Emulator } from '../support/dynalite.ts';
import { hasJava, startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';
/** Captures taken through the cloud's parts: DynamoDB Local takes some 2,000 items a second, and all 419 would take a minute and a half. */
const COUNT = Number(process.env.PAPERKEEP_CLOUD_CAPTURES ?? 60);

const why = !corpus
  ? ' (skipped: PAPERKEEP_CORPUS names no captures)'
  : hasJava()
    ? ''
    : ' (skipped: java is not there)';

describe.skipIf(why !== '')(`real captures through a bucket, the queue's messages and DynamoDB${why}`, () => {
  let bucket: S3Double;
  let emulator: Emulator;
  let table: Records;

  beforeAll(async () => {
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    [bucket, emulator] = await Promise.all([startS3(), startDynamoDbLocal()]);
    const client = new DynamoDBClient({ endpoint: emulator.endpoint, region: 'local', credentials });
    await createTable('papers', client);
    table = dynamoRecords('papers', client);
  });
  afterAll(async () => {
    await table.close();
    await Promise.all([bucket.stop(), emulator.stop()]);
  });

  it(`give the table that SQLite has of them, item for item, the newest ${COUNT} of them`, {
    timeout: 300_000,
  }, async () => {
    const client = new S3({
      ...{ endpoint: bucket.endpoint, region: 'local', forcePathStyle: true },
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    });
    const snapshots = s3Snapshots(`s3://${BUCKET}`, client);
    const names = readdirSync(join(corpus, 'api-daily')).filter((name) => name.endsWith('.json.gz'));
    const keys: string[] = [];
    for (const name of names.slice(-COUNT)) {
      const [day = '', time = ''] = name.split(/__|\./);
      const facts = { source: 'daily' as const, day: asDay(day) as Day, at: asInstant(time) as Instant };
      const body = gunzipSync(readFileSync(join(corpus, 'api-daily', name)));
      keys.push((await archive(snapshots, captureOf({ ...facts, kind: 'json', body, cut: false }))).key);
    }
    const sqlite = await openRecords('sqlite::memory:');
    for (const records of [table, sqlite]) {
      const read = (key: string) => readSnapshot(snapshots, key);
      const recorder = makeRecorder({ snapshots, records, readers: parsers, read, log: silentLog, metrics: () => {} });
      const messages = keys.map((key) => ({ id: key, body: objectCreated(key) }));
      expect(await recorder.recordMessages(messages)).toEqual([]);
    }
    expect(await itemsIn(table)).toEqual(await itemsIn(sqlite));
    await sqlite.close();
  });
});

/** All items but those of the table itself, by key. */
async function itemsIn(records: Records): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const item of records.scan()) if (item.pk !== 'META') items.set(`${item.pk} ${item.sk}`, item);
  return items;
}
