import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ScanCommand,
  type WriteRequest,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import pMap from 'p-map';
import { type AwsResource, isLoopbackEndpoint, resolveEndpoint, toPaperkeepError } from '../aws/errors.ts';
import { batches } from '../lib/concurrency.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { sleep } from '../lib/time.ts';
import { formatKey } from './keys.ts';
import type { Condition, Item, Key, KeyRange, TableStore } from './store.ts';

/** The limits of DynamoDB for one BatchGetItem and one BatchWriteItem. */
const GET_BATCH = 100;
const WRITE_BATCH = 25;
/** Batches in flight at once: enough to hide the latency, few enough for a small function. */
const PARALLEL = 4;
/** The wait before the rest of a batch is sent again; doubled while nothing of it gets through, 13 s in total before giving up. */
const BACKOFF_MS = 50;
/** Attempts without any progress after which a batch fails. */
const FUTILE_ATTEMPTS = 8;
/** A response takes some 10 ms. Without these a silent connection would block a function until its own timeout. */
export const REQUEST_TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };
/** How long to wait for a new table, which is active within seconds. */
const CREATE_SECONDS = 60;

type Attributes = Record<string, AttributeValue>;

/**
 * Creates a store on a DynamoDB table with the text keys `pk` and `sk`. The client retries requests; what a batch left unprocessed is sent
 * again here, after a `wait`. `close` destroys the client.
 */
export function createDynamoStore(table: string, client: DynamoDBClient, wait = sleep): TableStore {
  const guarded = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch(async (error) => {
      throw await toPaperkeepError(error, tableResource(table), client);
    });
  const isApplied = (answer: Promise<unknown>): Promise<boolean> =>
    guarded(
      answer.then(
        () => true,
        (error) => {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        },
      ),
    );

  /** Sends a batch, then what is left unprocessed, until nothing is: a response holds 16 MB, and a partition may be throttled. */
  const sendUntilProcessed = async <T>(batch: T[], send: (rest: T[]) => Promise<T[]>): Promise<void> => {
    let before = batch.length;
    let rest = await send(batch);
    for (let futile = 0; rest.length > 0; ) {
      futile = rest.length < before ? 0 : futile + 1;
      if (futile === FUTILE_ATTEMPTS) {
        const hint = 'try again later; what is done is kept';
        throw new PaperkeepError({
          code: 'TABLE_THROTTLED',
          message: `the table "${table}" is throttled and accepts no requests now`,
          hint,
        });
      }
      await wait(BACKOFF_MS * 2 ** futile);
      before = rest.length;
      rest = await send(rest);
    }
  };

  const put = (item: Item, condition: Condition | undefined): Promise<boolean> => {
    const command = new PutItemCommand({ TableName: table, Item: marshall(item), ...conditionExpression(condition) });
    return isApplied(client.send(command));
  };

  return {
    url: `dynamodb:${table}`,

    async get(key, options) {
      const ConsistentRead = options?.consistent ?? false;
      const { Item } = await guarded(
        client.send(new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead })),
      );
      return Item ? itemOf(Item) : null;
    },

    async getMany(keys) {
      const found: Item[] = [];
      await eachBatch(lastOfEach(keys).map(keyOf), GET_BATCH, (batch) =>
        sendUntilProcessed(batch, async (Keys) => {
          const answer = await guarded(client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } })));
          for (const item of answer.Responses?.[table] ?? []) found.push(itemOf(item));
          return answer.UnprocessedKeys?.[table]?.Keys ?? [];
        }),
      );
      return found;
    },

    async range(range) {
      const query = rangeQuery(range);
      const limit = range.limit ?? Number.POSITIVE_INFINITY;
      const items: Item[] = [];
      if (!query || limit < 1) return items;
      let start = query.ExclusiveStartKey;
      do {
        const answer = await guarded(
          client.send(
            new QueryCommand({
              ...query,
              TableName: table,
              ExclusiveStartKey: start,
              Limit: Number.isFinite(limit) ? limit - items.length : undefined,
            }),
          ),
        );
        for (const item of answer.Items ?? []) items.push(itemOf(item));
        start = answer.LastEvaluatedKey;
      } while (start && items.length < limit);
      return items;
    },

    put,

    async putMany(items) {
      const requests: WriteRequest[] = lastOfEach(items).map((item) => ({ PutRequest: { Item: marshall(item) } }));
      await eachBatch(requests, WRITE_BATCH, (batch) =>
        sendUntilProcessed(batch, async (rest) => {
          const answer = await guarded(client.send(new BatchWriteItemCommand({ RequestItems: { [table]: rest } })));
          return answer.UnprocessedItems?.[table] ?? [];
        }),
      );
    },

    async putInOrder(puts) {
      for (const { item, condition } of puts) await put(item, condition);
    },

    delete(key, condition) {
      const command = new DeleteItemCommand({ TableName: table, Key: keyOf(key), ...conditionExpression(condition) });
      return isApplied(client.send(command));
    },

    async *scan() {
      let start: Attributes | undefined;
      do {
        const answer = await guarded(
          client.send(new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start })),
        );
        for (const item of answer.Items ?? []) yield itemOf(item);
        start = answer.LastEvaluatedKey;
      } while (start);
    },

    async close() {
      client.destroy();
    },
  };
}

/**
 * Opens a table with its own client, configured as the SDK does it: region, credentials and endpoint from the environment or a profile.
 * Creates a missing table where the endpoint is a loopback address, hence an emulator.
 */
export async function openDynamoTable(table: string, onUnits?: OnUnits): Promise<TableStore> {
  const client = new DynamoDBClient({ requestHandler: REQUEST_TIMEOUTS });
  if (onUnits) reportUnits(client, onUnits);
  try {
    const endpoint = await resolveEndpoint(client);
    if (endpoint && isLoopbackEndpoint(endpoint)) {
      await createDynamoTable(table, client).catch((error) => {
        // a function deployed into the emulator may not create tables, and has one
        if (!(error instanceof PaperkeepError) || error.code !== 'TABLE_FORBIDDEN') throw error;
      });
    }
    return createDynamoStore(table, client);
  } catch (error) {
    client.destroy();
    throw error;
  }
}

/** Called with the capacity units that a request to a table took. */
export type OnUnits = (units: number) => void;

/** Reports the capacity units of every request that a client makes. */
export function reportUnits(client: DynamoDBClient, onUnits: OnUnits): void {
  client.middlewareStack.add(
    (next) => async (request) => {
      const response = await next({ ...request, input: { ...request.input, ReturnConsumedCapacity: 'TOTAL' } });
      const { ConsumedCapacity = [] } = response.output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
      // a batch has one per table
      for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) onUnits(CapacityUnits);
      return response;
    },
    { step: 'initialize' },
  );
}

/** Creates the table (keys `pk` and `sk`, on demand) unless it exists, and waits until it is active. */
export async function createDynamoTable(table: string, client: DynamoDBClient): Promise<void> {
  try {
    const create = new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await client.send(create).catch((error) => {
      if (!(error instanceof ResourceInUseException)) throw error;
    });
    await waitUntilTableExists(
      { client, maxWaitTime: CREATE_SECONDS, minDelay: 0.05, maxDelay: 2 },
      { TableName: table },
    );
  } catch (error) {
    throw await toPaperkeepError(error, tableResource(table), client);
  }
}

const tableResource = (table: string): AwsResource => ({
  name: `the table "${table}"`,
  code: 'TABLE',
  permissions: 'dynamodb:GetItem, BatchGetItem, Query, Scan, PutItem, BatchWriteItem and DeleteItem on the table',
});

const keyOf = ({ pk, sk }: Key): Attributes => ({ pk: { S: pk }, sk: { S: sk } });
const itemOf = (attributes: Attributes): Item => unmarshall(attributes) as Item;

/** The last one of each key: DynamoDB refuses a batch that names a key twice. */
const lastOfEach = <K extends Key>(all: readonly K[]): K[] => [
  ...new Map(all.map((one) => [formatKey(one), one])).values(),
];

/** Runs `work` on batches of `size`, several at once. After an error no further batch is started. */
const eachBatch = <T>(all: readonly T[], size: number, work: (batch: T[]) => Promise<void>): Promise<unknown> =>
  pMap(batches(all, size), work, { concurrency: PARALLEL });

/** A condition as DynamoDB expects it; names are aliased, because many are reserved words. */
function conditionExpression(condition: Condition | undefined) {
  if (!condition) return {};
  if (condition.if === 'absent') {
    return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } };
  }
  const ExpressionAttributeValues = marshall({ ':value': condition.value });
  return condition.if === 'equal'
    ? {
        ConditionExpression: '#field = :value',
        ExpressionAttributeNames: { '#field': condition.field },
        ExpressionAttributeValues,
      }
    : {
        ConditionExpression: 'attribute_not_exists(#pk) OR #field < :value',
        ExpressionAttributeNames: { '#pk': 'pk', '#field': condition.field },
        ExpressionAttributeValues,
      };
}

/** The order of sort keys, by UTF-8 bytes; beyond U+FFFF JavaScript orders strings differently. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A key range as a query; null where it is empty: DynamoDB refuses an empty BETWEEN and a start outside of it. */
function rangeQuery({ pk, from, to, after, newestFirst = false, consistent = false }: KeyRange) {
  if (from !== undefined && to !== undefined && compare(from, to) > 0) return null;
  const [first, last] = newestFirst ? [to, from] : [from, to];
  const ahead = (a: string, b: string): number => (newestFirst ? compare(b, a) : compare(a, b));
  if (after !== undefined && last !== undefined && ahead(after, last) >= 0) return null;
  const start = after !== undefined && (first === undefined || ahead(after, first) >= 0) ? after : undefined;

  const bound = boundOf(from, to);
  return {
    KeyConditionExpression: `#pk = :pk${bound}`,
    ExpressionAttributeNames: { '#pk': 'pk', ...(bound && { '#sk': 'sk' }) },
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ...(from !== undefined && { ':from': { S: from } }),
      ...(to !== undefined && { ':to': { S: to } }),
    },
    ScanIndexForward: !newestFirst,
    ConsistentRead: consistent,
    ExclusiveStartKey: start === undefined ? undefined : keyOf({ pk, sk: start }),
  };
}

function boundOf(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && to !== undefined) return ' AND #sk BETWEEN :from AND :to';
  if (from !== undefined) return ' AND #sk >= :from';
  return to === undefined ? '' : ' AND #sk <= :to';
}
