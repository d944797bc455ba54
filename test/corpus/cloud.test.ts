import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { createS3Store } from '../../shared/archive/s3.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { createPayloadCaptures } from '../../shared/import/payload.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { type Day, type Instant, parseDay, parseInstant } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { createQueueRecorder } from '../../shared/record/queue.ts';
import { createDynamoStore, createDynamoTable } from '../../shared/table/dynamo.ts';
import { openTable } from '../../shared/table/open.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';
import { objectCreated } from '../functions/events.ts';
import type { Emulator } from '../support/dynalite.ts';
import { installDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';
/** Captures taken through the cloud's parts: DynamoDB Local takes some 2,000 items a second, and all 419 would take a minute and a half. */
const COUNT = Number(process.env.PAPERKEEP_CLOUD_CAPTURES ?? 60);

const missing = corpus ? await installDynamoDbLocal() : 'PAPERKEEP_CORPUS names no captures';
const why = missing === null ? '' : ` (skipped: ${missing})`;

describe.skipIf(why !== '')(`real captures through a bucket, the queue's messages and DynamoDB${why}`, () => {
  let bucket: S3Double;
  let emulator: Emulator;
  let table: TableStore;

  beforeAll(async () => {
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    [bucket, emulator] = await Promise.all([startS3(), startDynamoDbLocal()]);
    const client = new DynamoDBClient({ endpoint: emulator.endpoint, region: 'local', credentials });
    await createDynamoTable('papers', client);
    table = createDynamoStore('papers', client);
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
    const archive = createS3Store(`s3://${BUCKET}`, client);
    const names = readdirSync(join(corpus, 'api-daily')).filter((name) => name.endsWith('.json.gz'));
    const keys: string[] = [];
    for (const name of names.slice(-COUNT)) {
      const [day = '', time = ''] = name.split(/__|\./);
      const facts = { name, list: 'daily' as const, day: parseDay(day) as Day, at: parseInstant(time) as Instant };
      const body = gunzipSync(readFileSync(join(corpus, 'api-daily', name)));
      const content = { mediaType: 'application/json', body, cut: false };
      for (const capture of createPayloadCaptures(facts, content, []))
        keys.push((await archiveCapture(archive, capture)).key);
    }
    const sqlite = await openTable('sqlite::memory:');
    for (const each of [table, sqlite]) {
      const read = (key: string) => readSnapshot(archive, key);
      const recorder = createQueueRecorder({ archive, table: each, parsers, read, log: silentLog, metrics: () => {} });
      const messages = keys.map((key) => ({ id: key, body: objectCreated(key) }));
      expect(await recorder.recordMessages(messages)).toEqual([]);
    }
    expect(await itemsIn(table)).toEqual(await itemsIn(sqlite));
    await sqlite.close();
  });
});

/** All items but those of the table itself, by key. */
async function itemsIn(table: TableStore): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const item of table.scan()) if (item.pk !== 'META') items.set(`${item.pk} ${item.sk}`, item);
  return items;
}
