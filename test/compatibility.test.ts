import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigInput } from '../infra/config.ts';
import { openArchive } from '../shared/archive/open.ts';
import { readSnapshot } from '../shared/archive/warc/read-snapshot.ts';
import { createSnapshot } from '../shared/archive/warc/write-snapshot.ts';
import { silentLog } from '../shared/lib/log.ts';
import { parseCollectEvent } from '../shared/model/list.ts';
import { parsers } from '../shared/parse/parsers.ts';
import { createQueueRecorder } from '../shared/record/queue.ts';
import { type ReplayDeps, reconcile, recordSnapshotsByKey } from '../shared/record/reconcile.ts';
import { verifyArchive } from '../shared/record/verify.ts';
import { openTable as openStore } from '../shared/table/open.ts';
import type { Item, TableStore } from '../shared/table/store.ts';
import { createApp } from '../shared/web/app.ts';
import { makeApp, type Resource, removeOutput, type Template } from './infra/stacks.ts';
import { instant } from './support/build.ts';
import { catalogOf } from './support/catalog.ts';

/** What an earlier version stored, opened with today's code; `fixtures/compatibility/README.md` says what it is. It is never made anew. */
const FIXTURES = fileURLToPath(new URL('fixtures/compatibility', import.meta.url));
const read = (path: string) => JSON.parse(readFileSync(join(FIXTURES, path), 'utf8'));

/** Keys of JSON responses that have another name since: old name, new name. */
const RENAMED: Readonly<Record<string, string>> = { target: 'day' };

const archive = await openArchive(`file:${join(FIXTURES, 'archive')}`);
const keys: string[] = [];
for await (const { key } of archive.list('raw/')) keys.push(key);
const storedItems: readonly Item[] = read('table.json');

let folder: string;
const opened: TableStore[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperkeep-compatibility-'));
});
afterAll(async () => {
  for (const table of opened) await table.close();
  rmSync(folder, { recursive: true });
  removeOutput();
});

/** Opens the stored table, a copy for each test; or one that holds nothing yet. */
async function openTable(from: 'stored' | 'empty'): Promise<TableStore> {
  const path = join(folder, `${opened.length}.sqlite`);
  if (from === 'stored') writeFileSync(path, gunzipSync(readFileSync(join(FIXTURES, 'table.sqlite.gz'))));
  const table = await openStore(`sqlite:${path}`);
  opened.push(table);
  return table;
}

/**
 * True for the items of the one stored capture that is read better today: one of its papers has a name that is null among its authors, and
 * the other author is no longer dropped with it.
 */
const isReadBetter = (name: string): boolean =>
  /^(?:AUTHOR#ada-example 2026-03-05#2603\.01006|PAPER#2603\.01006 CONTENT#\w+|LIST#daily#2026-03-05 (?:AT#2026-03-05T21:05:00Z#7ba68a2e3d50|#SUMMARY))$/.test(
    name,
  );

const withoutReadBetter = (items: readonly Item[]): Item[] =>
  items.filter(({ pk, sk }) => !isReadBetter(`${pk} ${sk}`));

const rereading = (table: TableStore): ReplayDeps => ({
  archive,
  table,
  parsers,
  read: (key) => readSnapshot(archive, key),
});

/** Every item of a table, by its key. */
async function itemsIn(table: TableStore): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of table.scan()) items.push(item);
  const before = (a: Item, b: Item) => (a.pk === b.pk ? a.sk < b.sk : a.pk < b.pk);
  return items.sort((a, b) => (before(a, b) ? -1 : 1));
}

describe('a stored archive', () => {
  it('lists all of its snapshots', () => {
    expect(keys).toHaveLength(20);
  });

  it.each(keys)(
    'holds a capture that has the same key and the same bytes when it is written again: %s',
    async (key) => {
      const { bytes, capture } = await readSnapshot(archive, key);
      const again = await createSnapshot(capture);
      expect(again.key).toBe(key);
      // releases of zlib compress differently, so the table are compared
      expect(gunzipSync(again.bytes).toString('latin1')).toBe(gunzipSync(bytes).toString('latin1'));
    },
  );
});

describe('a stored table', () => {
  it('is opened with exactly the items that were recorded in it', async () => {
    expect(await itemsIn(await openTable('stored'))).toEqual(storedItems);
  });

  it('agrees with its archive, row by row', async () => {
    const report = await verifyArchive(rereading(await openTable('stored')), {});
    expect(report.findings.filter(({ name }) => !isReadBetter(name))).toEqual([]);
    expect(report.snapshots).toBe(keys.length);
  });

  it('is not changed by a byte when its archive is recorded again', async () => {
    const table = await openTable('stored');
    const before = JSON.stringify(withoutReadBetter(await itemsIn(table)));
    const everything = await archive.touched(instant('2000-01-01T00:00:00Z'));
    expect(everything.length).toBeGreaterThan(5);
    expect(await reconcile(rereading(table), everything)).toEqual({ recorded: 0, damaged: [] });
    expect(await recordSnapshotsByKey(rereading(table), keys)).toEqual([]);
    expect(JSON.stringify(withoutReadBetter(await itemsIn(table)))).toBe(before);
  });

  it('is reproduced, item by item, when its archive is replayed into an empty table', async () => {
    const table = await openTable('empty');
    expect(await recordSnapshotsByKey(rereading(table), keys)).toEqual([]);
    expect(withoutReadBetter(await itemsIn(table))).toEqual(withoutReadBetter(storedItems));
    expect(withoutReadBetter(storedItems).length).toBeGreaterThan(storedItems.length - 5);
  });
});

describe('A stored message or event', () => {
  it('is recorded when it is a message of the recording queue', async () => {
    const bodies: string[] = read('queue-messages.json');
    const table = await openTable('empty');
    const recorder = createQueueRecorder({ ...rereading(table), log: silentLog, metrics: () => {} });
    expect(await recorder.recordMessages(bodies.map((body, at) => ({ id: String(at), body })))).toEqual([]);
    const asked = /^LIST#(daily#2026-03-02|watched:agents#)/;
    const recorded = (await itemsIn(table)).filter(({ pk }) => pk.startsWith('LIST#'));
    expect(recorded).toEqual(storedItems.filter(({ pk }) => asked.test(pk)));
  });

  it('may have the new spelling too, which a newer command line sends', async () => {
    const table = await openTable('empty');
    const recorder = createQueueRecorder({ ...rereading(table), log: silentLog, metrics: () => {} });
    const body = JSON.stringify({ partition: { list: 'daily', day: '2026-03-02' } });
    expect(await recorder.recordMessages([{ id: '1', body }])).toEqual([]);
    const recorded = (await itemsIn(table)).filter(({ pk }) => pk.startsWith('LIST#'));
    expect(recorded).toEqual(storedItems.filter(({ pk }) => pk.startsWith('LIST#daily#2026-03-02')));
  });

  it('is understood when it is an event of the collecting function', () => {
    const [scheduled, byHand]: [object, { targets: { source: string; day: string }[] }] = read('scheduled-event.json');
    expect(parseCollectEvent(scheduled)).toBeNull();
    expect(parseCollectEvent(byHand)).toEqual([
      { list: 'daily', day: '2026-03-02' },
      { list: 'watched:agents', day: '2026-03-05' },
    ]);
    const listDays = byHand.targets.map(({ source, day }) => ({ list: source, day }));
    expect(parseCollectEvent({ listDays })).toEqual(parseCollectEvent(byHand));
  });
});

describe('the site over a stored table', () => {
  const responses = readdirSync(join(FIXTURES, 'responses')).map((name) => read(`responses/${name}`));
  let site: ReturnType<typeof createApp>;
  beforeAll(async () => {
    const table = await openTable('stored');
    const clock = () => instant('2026-03-20T12:00:00Z');
    site = createApp({
      context: { table, catalog: catalogOf(table, clock), clock, sample: false },
      archive: async () => archive,
      log: silentLog,
      versions: { paperkeep: '0.0.0', node: '24.0.0', schema: 1, parsers: {} },
      watched: ['watched:agents'],
    });
  });

  /** The same value with the keys' new names. */
  const renamed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(renamed)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [RENAMED[key] ?? key, renamed(inner)]))
        : value;

  type Body = {
    coverage?: unknown;
    papers?: { id: string | null; title: string; url: string | null }[];
    day?: unknown;
    total?: number;
  };
  /** Leaves out the rows that copied text adds to search, new and top. */
  function withoutCopiedText(body: Body): object {
    if (body.papers === undefined || body.day !== undefined) return body;
    const papers = body.papers.filter(({ id }) => id !== null);
    return {
      ...body,
      papers,
      total: (body.total ?? 0) - (body.papers.length - papers.length),
    };
  }

  /** Leaves out of the papers of a name what is now as on their own pages: the newest numbers and day, and the lists that were read for them. */
  const withoutNumbers = (body: Body & { kind?: string; coverage?: unknown }): Body => {
    if (body.kind === undefined) return body;
    const papers = body.papers?.map(({ id, title, url }) => ({ id, title, url }));
    return { ...body, coverage: null, papers: papers ?? [] };
  };

  /** Leaves out which papers are similar, which is found in another way now, and papers of a topic before the archive began: now unknown. */
  const withoutReplaced = (body: Body & { topics?: object[]; terms?: unknown; comparedAt?: unknown }): Body => {
    const { terms, comparedAt, ...rest } = body;
    if (terms !== undefined || comparedAt !== undefined) return { ...rest, papers: [], total: 0 };
    return rest.topics
      ? ({ ...rest, topics: rest.topics.map((topic) => ({ ...topic, papersBefore: null })) } as Body)
      : rest;
  };

  it.each(responses)('returns every value that it returned before: $path', async ({ path, status, body }) => {
    const response = await site.request(path);
    expect(response.status).toBe(status);
    // keys that came since are allowed; lists have the same length
    const compared = (value: unknown) => withoutCopiedText(withoutNumbers(withoutReplaced(value as Body)));
    expect(compared(await response.json())).toMatchObject(compared(renamed(body)));
  });
});

/** By type of resource the properties whose change makes CloudFormation replace it, as far as our templates could use them. */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Integration': ['ApiId'],
  'AWS::ApiGatewayV2::Route': ['ApiId'],
  'AWS::ApiGatewayV2::Stage': ['ApiId', 'StageName'],
  // a saved query is text alone, and any change replaces it
  'AWS::Athena::NamedQuery': [],
  'AWS::Athena::WorkGroup': ['Name'],
  'AWS::Budgets::Budget': ['Budget.BudgetName', 'Budget.BudgetType', 'Budget.TimeUnit', 'NotificationsWithSubscribers'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'AttributeDefinitions', 'LocalSecondaryIndexes'],
  'AWS::Glue::Database': ['CatalogId', 'DatabaseName', 'DatabaseInput.Name'],
  'AWS::Glue::Table': ['CatalogId', 'DatabaseName', 'TableInput.Name'],
  'AWS::IAM::Policy': ['PolicyName'],
  'AWS::IAM::Role': ['RoleName', 'Path'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'StartingPosition'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::Permission': ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SNS::Subscription': ['TopicArn', 'Protocol', 'Endpoint'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::SNS::TopicPolicy': [],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SQS::QueuePolicy': [],
  'AWS::SSM::Parameter': ['Name', 'Type'],
  'AWS::Scheduler::Schedule': ['Name', 'GroupName'],
};

/** What makes a resource the same one: its type and the properties that would replace it. */
function identityOf(resource: Resource | undefined): object | null {
  if (!resource) return null;
  const replacing = REPLACING[resource.Type];
  if (!replacing) throw new Error(`${resource.Type} is not in the list of what replaces a resource`);
  const valueAt = (path: string) => path.split('.').reduce((value, name) => value?.[name], resource.Properties);
  return { Type: resource.Type, ...Object.fromEntries(replacing.map((path) => [path, valueAt(path)])) };
}

/** Resources that an update removes or replaces on purpose; none of them holds data that is not also elsewhere. */
const REMOVED_OR_REPLACED = new Set([
  // `deploy` and `update` set up the budget, since some accounts and regions refuse it
  'AlarmsBudget139EFA6B',
  // the access log moved below /aws/vendedlogs/
  'QueryAccessLog4EBA53BC',
]);

const EVERYTHING: Partial<ConfigInput> = {
  watch: 'agents=AI agents',
  access: 'token',
  accessParameter: '/paperkeep/main/readers',
  tokenParameter: '/paperkeep/main/feed-token',
  exports: true,
  downloads: true,
  analytics: true,
};

describe.each([
  ['with nothing chosen', '', {}],
  ['with everything switched on', '-everything', EVERYTHING],
])('a deployment %s', (_, suffix, choices) => {
  const assembly = makeApp(choices).app.synth();

  it.each([
    ['data', 'paperkeep-main-data'],
    ['service', 'paperkeep-main-app'],
  ])('is updated in place, no resource of its %s stack replaced or removed', (stack, name) => {
    const before: Template = read(`templates/${stack}${suffix}.json`);
    const after: Template = assembly.getStackByName(name).template;
    const ids = Object.keys(before.Resources).filter((id) => !REMOVED_OR_REPLACED.has(id));
    const identitiesIn = ({ Resources }: Template) =>
      Object.fromEntries(ids.map((id) => [id, identityOf(Resources[id])]));
    expect(identitiesIn(after)).toEqual(identitiesIn(before));
    expect(Object.keys(after.Outputs ?? {})).toEqual(expect.arrayContaining(Object.keys(before.Outputs ?? {})));
  });
});
