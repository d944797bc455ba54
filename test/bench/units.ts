import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { captureKey } from '../../shared/archive/keys.ts';
import type { Snapshot } from '../../shared/archive/warc/snapshot.ts';
import { addDays, addSeconds, type Day, dayOf, eachDay, type Instant, startOfDay } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { ListName } from '../../shared/model/list.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { createDynamoStore, createDynamoTable } from '../../shared/table/dynamo.ts';
import { SUMMARY_SK } from '../../shared/table/keys.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';
import { hasJava, startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { counting, sizeOf, writeUnits } from './counting.ts';
import type { Figure } from './measure.ts';

/** A week of the sample without trouble, from its Monday, 24 papers a weekday; and its Thursday, whose list has 25 rows on average. */
const WEEK = eachDay('2026-01-05' as Day, '2026-01-11' as Day);
const DAY = '2026-01-08' as Day;
/** The schedule visits a daily list every hour on its day, every three on the next, then daily until it is settled, 14 days on. */
const SETTLED = 14;
const WEEKS_A_MONTH = 30 / 7;

const KINDS = ['listing', 'summary', 'calendar', 'contents', 'pointers'] as const;
type Kind = (typeof KINDS)[number];

function kindOf({ pk, sk }: Item): Kind {
  if (pk.startsWith('LIST#')) return sk === SUMMARY_SK ? 'summary' : 'listing';
  if (pk.startsWith('CALENDAR#')) return 'calendar';
  return sk.startsWith('CONTENT#') ? 'contents' : 'pointers';
}

type Visit = { readonly list: ListName; readonly day: Day; readonly at: Instant };

const hourly = (list: ListName, day: Day, on: Day, every: number): Visit[] =>
  Array.from({ length: 24 / every }, (_, at) => ({
    list,
    day,
    at: addSeconds(startOfDay(on), (at * every * 60 + 2) * 60),
  }));

/** What the schedule does on a day. */
const visitsOn = (on: Day): Visit[] => [
  ...hourly('daily', on, on, 1),
  ...hourly('daily', addDays(on, -1), on, 3),
  ...eachDay(addDays(on, -SETTLED), addDays(on, -2)).flatMap((day) => hourly('daily', day, on, 24)),
  ...hourly('trending', on, on, 1),
];

/** A visit's snapshot, as far as recording looks at it: the WARC's bytes do not matter. */
function snapshotOf({ list, day, at }: Visit): Snapshot {
  const path = list === 'daily' ? `/api/daily_papers?date=${day}&limit=100&p=0` : '/papers/trending';
  const url = `https://huggingface.co${path}`;
  const body = new TextEncoder().encode(createSampleFeed(at).answer(new URL(url)).body);
  const exchange = { url, at, status: 200, headers: [], sent: [], body, cut: false };
  const capture: Capture = { list, day, at, imported: false, exchanges: [exchange] };
  return { key: captureKey(capture), bytes: body, capture };
}

/** Items whose key was not written before: the others were there already. */
const distinct = (items: readonly Item[]): Item[] => [
  ...new Map(items.map((item) => [`${item.pk} ${item.sk}`, item])).values(),
];

const unitsOf = (items: readonly Item[]): number => items.reduce((sum, item) => sum + writeUnits(item), 0);

/** What a week of the schedule writes, after two weeks of it; each capture's items. */
async function oneWeek(table: TableStore) {
  const { table: counted, asked } = counting(table);
  const [monday = DAY] = WEEK;
  const before = eachDay(addDays(monday, -SETTLED), addDays(monday, -1)).flatMap(visitsOn);
  const recent = before.filter(({ list, day }) => day >= addDays(monday, list === 'daily' ? -SETTLED : -1));
  for (const visits of Map.groupBy(recent, ({ list, day }) => `${list} ${day}`).values()) {
    const [first] = visits;
    if (first) await recordSnapshots({ table, parsers }, visits.map(snapshotOf));
  }
  const captures = [];
  for (const visit of WEEK.flatMap(visitsOn)) {
    let rows = 0;
    await recordSnapshots({ table: counted, parsers }, [snapshotOf(visit)], ({ papers }) => {
      rows = papers.length;
    });
    captures.push({ visit, rows, ...asked() });
  }
  return captures;
}

/** Units that a capture writes, by our count and as DynamoDB Local says. */
async function confirmed(): Promise<Figure[]> {
  if (!hasJava()) return [];
  const emulator = await startDynamoDbLocal();
  const client = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  try {
    await createDynamoTable('bench', client);
    const said = { write: 0, read: 0 };
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (given) => {
          Object.assign(given.input, { ReturnConsumedCapacity: 'TOTAL' });
          const result = await next(given);
          const { ConsumedCapacity: consumed } = result.output as { ConsumedCapacity?: Units | Units[] };
          const side = /Put|Delete|Write/.test(commandName ?? '') ? 'write' : 'read';
          for (const { CapacityUnits } of [consumed ?? []].flat()) said[side] += CapacityUnits ?? 0;
          return result;
        },
      { step: 'initialize' },
    );
    const { table, asked } = counting(createDynamoStore('bench', client));
    const figures: Figure[] = [];
    for (const [list, hour] of [
      ['daily', 20],
      ['daily', 21],
      ['trending', 21],
    ] as const) {
      const visit: Visit = { list, day: DAY, at: addSeconds(startOfDay(DAY), hour * 3600) };
      Object.assign(said, { write: 0, read: 0 });
      await recordSnapshots({ table, parsers }, [snapshotOf(visit)]);
      const { written, readUnits } = asked();
      figures.push({
        name: `write units of one ${list} capture at ${hour}:00, as DynamoDB Local says`,
        value: `${said.write}`,
        limit: '',
        against: `our count: ${unitsOf(written)} for ${written.length} items; to read: it says ${said.read}, our count ${readUnits}`,
      });
    }
    return figures;
  } finally {
    client.destroy();
    await emulator.stop();
  }
}

type Units = { readonly CapacityUnits?: number };

/** Write units of captures by kind of item, and of a month's 2,070 captures. */
export async function benchUnits(): Promise<Figure[]> {
  const table = openSqliteTable(':memory:');
  const captures = await oneWeek(table);
  await table.close();
  const written = (of: typeof captures) => of.flatMap(({ written }) => written);
  const perCapture = (name: string, of: typeof captures): Figure => {
    const rows = of.reduce((sum, capture) => sum + capture.rows, 0) / of.length;
    const parts = KINDS.map((kind) => {
      const items = written(of).filter((item) => kindOf(item) === kind);
      const kb = items.reduce((sum, item) => sum + sizeOf(item), 0) / 1024;
      const per = (sum: number) => (sum / of.length).toFixed(1);
      return `${kind} ${per(unitsOf(items))} (${per(items.length)} items, ${per(kb)} kB)`;
    });
    return {
      name: `write units of ${name}, ${rows.toFixed(0)} rows`,
      value: (unitsOf(written(of)) / of.length).toFixed(1),
      limit: '',
      against: parts.join(', '),
    };
  };
  const today = captures.filter(({ visit }) => dayOf(visit.at) === DAY);
  const is = (list: ListName, age: number) =>
    today.filter(({ visit }) => visit.list === list && visit.day === addDays(DAY, -age));
  const older = today.filter(({ visit }) => visit.list === 'daily' && visit.day < addDays(DAY, -1));
  const monthOf = (kinds: readonly Kind[]) =>
    unitsOf(written(captures).filter((item) => kinds.includes(kindOf(item)))) * WEEKS_A_MONTH;
  const told = (units: number) => Math.round(units).toLocaleString('en');
  const pointers = written(captures).filter((item) => kindOf(item) === 'pointers');
  const reads = captures.reduce((sum, { readUnits }) => sum + readUnits, 0) * WEEKS_A_MONTH;
  const month = `${told(captures.length * WEEKS_A_MONTH)} captures`;
  return [
    perCapture('an hourly daily capture', is('daily', 0)),
    perCapture("a capture of yesterday's list", is('daily', 1)),
    perCapture('a capture of an older list', older),
    perCapture('an hourly trending capture', is('trending', 0)),
    {
      name: `write units of a month (${month}): listing, summary, calendar`,
      value: told(monthOf(['listing', 'summary', 'calendar'])),
      limit: '≤ 22,000',
      against: KINDS.slice(0, 3)
        .map((kind) => `${kind} ${told(monthOf([kind]))}`)
        .join(', '),
    },
    {
      name: `write units of a month (${month}): contents and pointers`,
      value: told(monthOf(['contents', 'pointers'])),
      limit: '',
      against: `contents ${told(monthOf(['contents']))}, pointers ${told(monthOf(['pointers']))}, of them ${told(unitsOf(distinct(pointers)) * WEEKS_A_MONTH)} new`,
    },
    {
      name: `read units of a month (${month}) while recording`,
      value: told(reads),
      limit: '',
      against: 'consistent reads of whole partitions, look-ups of contents',
    },
    ...(await confirmed()),
  ];
}
