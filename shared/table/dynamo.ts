import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
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
import { PaperkeepError } from '../lib/errors.ts';
import { sleep } from '../lib/time.ts';
import type { Condition, Item, Key, KeyRange, TableStore } from './store.ts';

/** DynamoDB's own bounds of one BatchGetItem and one BatchWriteItem. */
const GET_BATCH = 100;
const WRITE_BATCH = 25;
/** Batches under way at once: enough to hide the way there and back, few enough for a small function. */
const PARALLEL = 4;
/** Before what was left of a batch is sent again: 50 ms, doubled as long as nothing gets through, 13 s in all before giving up. */
const BACKOFF_MS = 50;
const FRUITLESS = 8;
/** An answer takes some 10 ms; a connection that says nothing would hold a function until it is ended. */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };
/** A new table is active within seconds. */
const CREATE_SECONDS = 60;

type Attributes = Record<string, AttributeValue>;

/**
 * The table in DynamoDB, keyed by `pk` and `sk`, both text. Retries and throttling are the client's, but for what a batch left undone:
 * that is sent again after a `wait`. `close` ends the client.
 */
export function createDynamoStore(table: string, client: DynamoDBClient, wait = sleep): TableStore {
  const guarded = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch(async (error) => {
      throw await toPaperkeepError(error, tableResource(table), client);
    });
  const carriedOut = (answer: Promise<unknown>): Promise<boolean> =>
    guarded(
      answer.then(
        () => true,
        (error) => {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        },
      ),
    );

  /** Sends a batch, then what came back undone, until nothing does (an answer holds 16 MB; a partition may be throttled). */
  const untilDone = async <T>(batch: T[], send: (rest: T[]) => Promise<T[]>): Promise<void> => {
    let before = batch.length;
    let rest = await send(batch);
    for (let fruitless = 0; rest.length > 0; ) {
      fruitless = rest.length < before ? 0 : fruitless + 1;
      if (fruitless === FRUITLESS) {
        const hint = 'run it again later: what is done already stays done';
        throw new PaperkeepError({
          code: 'TABLE_THROTTLED',
          message: `the table "${table}" takes no more requests just now`,
          hint,
        });
      }
      await wait(BACKOFF_MS * 2 ** fruitless);
      before = rest.length;
      rest = await send(rest);
    }
  };

  const put = (item: Item, condition: Condition | undefined): Promise<boolean> => {
    const command = new PutItemCommand({ TableName: table, Item: marshall(item), ...expressed(condition) });
    return carriedOut(client.send(command));
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
        untilDone(batch, async (Keys) => {
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
        untilDone(batch, async (rest) => {
          const answer = await guarded(client.send(new BatchWriteItemCommand({ RequestItems: { [table]: rest } })));
          return answer.UnprocessedItems?.[table] ?? [];
        }),
      );
    },

    async putInOrder(puts) {
      for (const { item, condition } of puts) await put(item, condition);
    },

    delete(key, condition) {
      const command = new DeleteItemCommand({ TableName: table, Key: keyOf(key), ...expressed(condition) });
      return carriedOut(client.send(command));
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
 * The table with a client of its own, set up as the SDK does it (region, credentials, endpoint from the environment or profile).
 * Where the endpoint is a loopback address, hence an emulator that begins empty, a missing table is created.
 */
export async function openDynamoTable(table: string): Promise<TableStore> {
  const client = new DynamoDBClient({ requestHandler: TIMEOUTS });
  try {
    const endpoint = await resolveEndpoint(client);
    if (endpoint && isLoopbackEndpoint(endpoint)) {
      await createDynamoTable(table, client).catch((error) => {
        // a function that was deployed into the emulator: it may not create tables, and has one
        if (!(error instanceof PaperkeepError) || error.code !== 'TABLE_FORBIDDEN') throw error;
      });
    }
    return createDynamoStore(table, client);
  } catch (error) {
    client.destroy();
    throw error;
  }
}

/** Creates the table (`pk`, `sk`, on demand) unless it is there, and waits until it is active. */
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

/** One per key, the last: a batch that names a key twice is refused. */
const lastOfEach = <K extends Key>(all: readonly K[]): K[] => [
  ...new Map(all.map((one) => [JSON.stringify([one.pk, one.sk]), one])).values(),
];

function* batchesOf<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** Runs `work` on batches of `size`, several at once. After an error no further batch is started. */
const eachBatch = <T>(all: readonly T[], size: number, work: (batch: T[]) => Promise<void>): Promise<unknown> =>
  pMap(batchesOf(all, size), work, { concurrency: PARALLEL });

/** The condition in DynamoDB's language; names are aliased, since many good ones are reserved words. */
function expressed(condition: Condition | undefined) {
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

/** Order of sort keys: UTF-8 bytes, which is not that of JavaScript's strings beyond U+FFFF. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The stretch as a query, or null when nothing can lie in it: DynamoDB refuses an empty BETWEEN and a start outside of it. */
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
