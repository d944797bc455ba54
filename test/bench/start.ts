import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoStore, createDynamoTable } from '../../shared/table/dynamo.ts';
import { SCHEMA_KEY, TABLE_SCHEMA_VERSION } from '../../shared/table/open.ts';
import { environmentOf, TABLE } from '../functions/environment.ts';
import { makeOutput, removeOutput, synthesise } from '../infra/stacks.ts';
import { startDynalite } from '../support/dynalite.ts';
import { columnOf, type Figure, percentileOf, ratioOf, times } from './measure.ts';

/** Starts of each bundle; one more goes before, not counted. */
const ROUNDS = 20;
const NAMES = ['collect', 'record', 'query', 'export'] as const;

/** The least that a function with a table must do before its first event: load the client of DynamoDB, and ask for one item. */
const FLOOR = `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const Key = { pk: { S: '${SCHEMA_KEY.pk}' }, sk: { S: '${SCHEMA_KEY.sk}' } };
await new DynamoDBClient().send(new GetItemCommand({ TableName: '${TABLE}', Key, ConsistentRead: true }));
export const handler = () => {};
`;

/** Nothing listens there: no function asks the bucket or the feed before its first event. */
const NOTHING = 'http://127.0.0.1:9';

/** Milliseconds that a file took to import, in a process of its own. */
async function importMs(file: string, env: Record<string, string>): Promise<number> {
  const runtime = fileURLToPath(import.meta.resolve('../functions/runtime.ts'));
  const child = fork(runtime, [file], { env, execArgv: [] });
  const ended = once(child, 'exit');
  const [{ loadedMs, error }] = (await once(child, 'message')) as [{ loadedMs?: number; error?: string }];
  child.kill();
  await ended;
  if (loadedMs === undefined) throw new Error(`${file}: ${error}`);
  return loadedMs;
}

/** What it takes to import each bundle as it is deployed, as Lambda does at a cold start, against the least that it could. */
export async function benchStart(): Promise<Figure[]> {
  const { bundle } = synthesise();
  const floor = join(makeOutput(), 'floor.mjs');
  writeFileSync(floor, FLOOR);
  const dynamo = await startDynalite();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: dynamo.endpoint, region: 'eu-central-1', credentials });
  const table = createDynamoStore(TABLE, client);
  try {
    await createDynamoTable(TABLE, client);
    await table.put({ ...SCHEMA_KEY, version: TABLE_SCHEMA_VERSION });
    // an address that is not taken for an emulator's: there a function would first try to make the table
    const env = environmentOf(NOTHING, dynamo.endpoint.replace('127.0.0.1', '0.0.0.0'), NOTHING);
    const files = [...NAMES.map(bundle), floor];
    const rows: number[][] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const row: number[] = [];
      for (const file of files) row.push(await importMs(file, env));
      if (round > 0) rows.push(row);
    }
    const least = `the client of DynamoDB and one request: ${columnOf(rows, NAMES.length).toFixed(0)} ms`;
    return NAMES.map((name, at): Figure => {
      const p90 = percentileOf(
        rows.flatMap((row) => row[at] ?? []),
        90,
      );
      const size = statSync(bundle(name)).size / 1000;
      return {
        name: `start of ${name}, ${size.toFixed(0)} kB`,
        value: times(ratioOf(rows, at, NAMES.length)),
        limit: '',
        against: `${columnOf(rows, at).toFixed(0)} ms, p90 ${p90.toFixed(0)} ms; ${least}`,
      };
    });
  } finally {
    await table.close();
    await dynamo.stop();
    removeOutput();
  }
}
