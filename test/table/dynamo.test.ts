import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDynamoStore, createDynamoTable, REQUEST_TIMEOUTS } from '../../shared/table/dynamo.ts';
import { openTable, SCHEMA_KEY } from '../../shared/table/open.ts';
import { type Emulator, startDynalite } from '../support/dynalite.ts';
import { installDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { storeContract } from './contract.ts';

const connection = (endpoint: string) => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  maxAttempts: 1,
});
const clientOf = (endpoint: string) => new DynamoDBClient(connection(endpoint));

let tables = 0;
async function newTable(endpoint: string) {
  const table = `table-${++tables}`;
  const client = clientOf(endpoint);
  await createDynamoTable(table, client);
  return createDynamoStore(table, client);
}

describe('on dynalite', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startDynalite();
  });
  afterAll(() => emulator.stop());
  afterEach(() => vi.unstubAllEnvs());

  const asEnvironment = (endpoint: string) => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  };

  storeContract('records in DynamoDB', () => newTable(emulator.endpoint));

  /** A way to the emulator on which DynamoDB does only the first `done` entries of a batch, so many times in a row. */
  async function throttled(done: number, times: number) {
    let left = times;
    const server = createServer(async (request, response) => {
      const target = String(request.headers['x-amz-target']);
      const asked = (await json(request)) as { RequestItems: Record<string, unknown[] | { Keys: unknown[] }> };
      const [[table, wanted] = ['', []]] = Object.entries(asked.RequestItems);
      const isWrite = Array.isArray(wanted);
      const undone = (isWrite ? wanted : wanted.Keys).splice(left > 0 ? done : Number.POSITIVE_INFINITY);
      left -= 1;
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      const body = JSON.stringify(asked);
      const signed = {
        'x-amz-target': target,
        'x-amz-date': String(request.headers['x-amz-date']),
        authorization: String(request.headers.authorization),
      };
      const answer =
        done === 0 && left >= 0
          ? {}
          : await (await fetch(emulator.endpoint, { method: 'POST', headers: { ...headers, ...signed }, body })).json();
      const rest = isWrite
        ? { UnprocessedItems: { [table]: undone } }
        : { UnprocessedKeys: { [table]: { Keys: undone } } };
      response.writeHead(200, headers).end(JSON.stringify({ ...(answer as object), ...(undone.length > 0 && rest) }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { client: clientOf(`http://127.0.0.1:${port}`), left: () => left, stop: () => server.close() };
  }

  it('sends the unprocessed items of a batch again', async () => {
    const client = clientOf(emulator.endpoint);
    await createDynamoTable('throttled', client);
    const direct = createDynamoStore('throttled', client);
    const items = Array.from({ length: 60 }, (_, n) => ({ pk: 'P', sk: `S${100 + n}`, n }));

    const immediately = async () => {};
    // far more attempts than a batch has without progress
    const writing = await throttled(1, 40);
    const writer = createDynamoStore('throttled', writing.client, immediately);
    await writer.putMany(items);
    expect(writing.left()).toBeLessThan(0);
    expect(await direct.range({ pk: 'P' })).toEqual(items);

    const reading = await throttled(1, 2);
    const reader = createDynamoStore('throttled', reading.client, immediately);
    const found = await reader.getMany(items);
    expect(reading.left()).toBeLessThan(0);
    expect(found.toSorted((a, b) => Number(a.n) - Number(b.n))).toEqual(items);

    for (const table of [direct, writer, reader]) await table.close();
    for (const server of [writing, reading]) server.stop();
  });

  it('gives up with an error when nothing of a batch ever gets through', async () => {
    const stuck = await throttled(0, 1000);
    const waits: number[] = [];
    const table = createDynamoStore('stuck', stuck.client, async (ms) => void waits.push(ms));
    await expect(table.putMany([{ pk: 'P', sk: 'S' }])).rejects.toMatchObject({ code: 'TABLE_THROTTLED' });
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400]);
    await table.close();
    stuck.stop();
  });

  it('reads consistently where the caller asks for it, and always in a scan', async () => {
    const client = clientOf(emulator.endpoint);
    await createDynamoTable('consistent', client);
    const requests: [command: unknown, consistent: unknown][] = [];
    client.middlewareStack.add(
      (next, context) => (args) => {
        const { ConsistentRead } = args.input as { ConsistentRead?: boolean };
        requests.push([context.commandName, ConsistentRead]);
        return next(args);
      },
      { step: 'initialize' },
    );
    const table = createDynamoStore('consistent', client);
    await table.get({ pk: 'P', sk: 'S' });
    await table.get({ pk: 'P', sk: 'S' }, { consistent: true });
    await table.range({ pk: 'P' });
    await table.range({ pk: 'P', consistent: true });
    for await (const _item of table.scan());
    expect(requests).toEqual([
      ['GetItemCommand', false],
      ['GetItemCommand', true],
      ['QueryCommand', false],
      ['QueryCommand', true],
      ['ScanCommand', true],
    ]);
    await table.close();
  });

  it('gives up a request that gets no response', async () => {
    expect(REQUEST_TIMEOUTS.requestTimeout).toBeLessThanOrEqual(20_000);
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const client = new DynamoDBClient({
      ...connection(`http://127.0.0.1:${port}`),
      requestHandler: { ...REQUEST_TIMEOUTS, requestTimeout: 20 },
    });
    const table = createDynamoStore('silent', client);
    await expect(table.get({ pk: 'P', sk: 'S' })).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
    await table.close();
    silent.closeAllConnections();
    silent.close();
  });

  it.each([
    ['create tables', 'CreateTable', { version: 1 }],
    ['write', 'PutItem', null],
  ])('opens a table in an emulator for a function that may not %s', async (_, forbidden, schema) => {
    const name = `no-${forbidden}`;
    await createDynamoTable(name, clientOf(emulator.endpoint));
    const guard = createServer(async (request, response) => {
      const target = String(request.headers['x-amz-target']);
      const type = { 'content-type': 'application/x-amz-json-1.0' };
      if (target.endsWith(`.${forbidden}`)) {
        response.writeHead(400, type).end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' }));
        return;
      }
      const signed = {
        'x-amz-date': String(request.headers['x-amz-date']),
        authorization: String(request.headers.authorization),
      };
      const headers = { ...type, ...signed, 'x-amz-target': target };
      const answer = await fetch(emulator.endpoint, {
        method: 'POST',
        headers,
        body: JSON.stringify(await json(request)),
      });
      response.writeHead(answer.status, type).end(await answer.text());
    });
    guard.listen(0, '127.0.0.1');
    await once(guard, 'listening');
    asEnvironment(`http://127.0.0.1:${(guard.address() as AddressInfo).port}`);
    const table = await openTable(`dynamodb:${name}`);
    expect(await table.get(SCHEMA_KEY)).toEqual(schema && { ...SCHEMA_KEY, ...schema });
    await table.close();
    guard.close();
  });

  it('names the table that is missing, and where', async () => {
    const client = clientOf(emulator.endpoint);
    const table = createDynamoStore('not-there', client);
    const missing = {
      code: 'TABLE_MISSING',
      message: expect.stringMatching(new RegExp(`"not-there" at ${emulator.endpoint}`)),
      hint: expect.stringContaining('PAPERKEEP_TABLE'),
    };
    await expect(table.get({ pk: 'P', sk: 'S' })).rejects.toMatchObject(missing);
    await expect(table.getMany([{ pk: 'P', sk: 'S' }])).rejects.toMatchObject(missing);
    await expect(table.range({ pk: 'P' })).rejects.toMatchObject(missing);
    await expect(table.put({ pk: 'P', sk: 'S' }, { if: 'absent' })).rejects.toMatchObject(missing);
    await expect(table.putMany([{ pk: 'P', sk: 'S' }])).rejects.toMatchObject(missing);
    await expect(table.delete({ pk: 'P', sk: 'S' })).rejects.toMatchObject(missing);
    await expect(table.scan()[Symbol.asyncIterator]().next()).rejects.toMatchObject(missing);
    await table.close();
  });

  it('opens the table of its setting, and creates it in an emulator, marked with the version of its layout', async () => {
    asEnvironment(emulator.endpoint);
    const [first, second] = await Promise.all([openTable('dynamodb:opened'), openTable('dynamodb:opened')]);
    expect(first.url).toBe('dynamodb:opened');
    expect(await second.get(SCHEMA_KEY, { consistent: true })).toEqual({ ...SCHEMA_KEY, version: 1 });
    await first.put({ ...SCHEMA_KEY, version: 7 });
    await expect(openTable('dynamodb:opened')).rejects.toMatchObject({ code: 'TABLE_NEWER' });
    await first.close();
    await second.close();
  });

  it('creates no table where the endpoint is no loopback address', async () => {
    // 0.0.0.0 reaches this machine too, but is not one of its loopback addresses
    asEnvironment(emulator.endpoint.replace('127.0.0.1', '0.0.0.0'));
    await expect(openTable('dynamodb:elsewhere')).rejects.toMatchObject({ code: 'TABLE_MISSING' });
  });

  it('reports that nothing answers at the endpoint', async () => {
    const gone = await startDynalite();
    await gone.stop();
    asEnvironment(gone.endpoint);
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    await expect(openTable('dynamodb:opened')).rejects.toMatchObject({
      code: 'TABLE_UNREACHABLE',
      message: expect.stringContaining(gone.endpoint),
    });
  });

  it('reports that credentials or the region are missing', async () => {
    asEnvironment(emulator.endpoint);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    await expect(openTable('dynamodb:opened')).rejects.toMatchObject({ code: 'NO_CREDENTIALS' });
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    await expect(openTable('dynamodb:opened')).rejects.toMatchObject({ code: 'NO_REGION' });
  });
});

const missing = await installDynamoDbLocal();

describe.skipIf(missing !== null)(`on DynamoDB Local${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startDynamoDbLocal();
  });
  afterAll(() => emulator.stop());

  storeContract('records in DynamoDB', () => newTable(emulator.endpoint));

  // not in the contract, since dynalite compares bounds by code unit
  it('orders bounds and fields by UTF-8 bytes beyond U+FFFF too', async () => {
    const table = await newTable(emulator.endpoint);
    await table.putMany([
      { pk: 'P', sk: '\uffee' },
      { pk: 'P', sk: '😀' },
    ]);
    const within = await table.range({ pk: 'P', from: '\uffee', to: '😀', consistent: true });
    expect(within.map((item) => item.sk)).toEqual(['\uffee', '😀']);
    await table.put({ pk: 'P', sk: 'field', name: '\uffee' });
    expect(await table.delete({ pk: 'P', sk: 'field' }, { if: 'below', field: 'name', value: '😀' })).toBe(true);
    await table.close();
  });
});
