import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { createEmfMetrics } from '../../shared/aws/emf.ts';
import { publishCatalog } from '../../shared/catalog/publish.ts';
import type { CatalogStore } from '../../shared/catalog/s3.ts';
import type { FeedClient } from '../../shared/collect/client.ts';
import { emitHealthMetrics } from '../../shared/collect/health-metrics.ts';
import { collectLists } from '../../shared/collect/run.ts';
import { createJsonLog } from '../../shared/lib/log.ts';
import {
  addDays,
  addSeconds,
  type Clock,
  type Day,
  dayOf,
  type Instant,
  sleep,
  startOfDay,
} from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import { type Parsers, parsers } from '../../shared/parse/parsers.ts';
import { createListDayMessage } from '../../shared/record/messages.ts';
import { createQueueRecorder } from '../../shared/record/queue.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { readCalendar } from '../../shared/table/calendar.ts';
import { takeLease } from '../../shared/table/lease.ts';
import { SCHEMA_KEY } from '../../shared/table/open.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { createMemoryArchive } from '../support/snapshots.ts';
import { countOperations, sizeOf, writeUnits } from './counting.ts';

/** The billed units of some days of a deployment. */
export type Units = {
  /** Visits to the feed; each makes one snapshot. */
  visits: number;
  /** Requests to the archive bucket and the bucket of the catalog. */
  puts: number;
  lists: number;
  gets: number;
  /** Bytes of snapshots stored. */
  archiveBytes: number;
  writeUnits: number;
  readUnits: number;
  /** Bytes stored in the table, with the overhead that DynamoDB bills. */
  tableBytes: number;
  /** Operations on the table, each of which a function waits for. */
  tableOperations: number;
  /** Invocations of the functions. */
  collectRuns: number;
  recordRuns: number;
  nightRuns: number;
  /** Messages on the queue. */
  messages: number;
  logBytes: number;
};

/** Minutes past the hour at which the schedule runs. */
const MINUTE = 2;
/** Keys in one response of S3 to LIST. */
const PAGE = 1000;
/** Bytes that DynamoDB adds to an item when it bills storage. */
const ITEM_OVERHEAD = 100;

const noUnits = (): Units => ({
  ...{ visits: 0, puts: 0, lists: 0, gets: 0, archiveBytes: 0, writeUnits: 0, readUnits: 0, tableBytes: 0 },
  ...{ tableOperations: 0, collectRuns: 0, recordRuns: 0, nightRuns: 0, messages: 0, logBytes: 0 },
});

/** The functions of a deployment on an archive in memory, with a count of their billed units. */
export type Deployment = {
  /** Runs every scheduled invocation of `days` days. */
  run(from: Day, days: number): Promise<void>;
  /** Records every list of a day again, with parsers of a higher epoch. */
  replay(day: Day): Promise<void>;
  /** The units since the last call. */
  takeUnits(): Promise<Units>;
  close(): Promise<void>;
};

/** Opens a deployment over the sample feed, wired as the handlers wire it. */
export function openDeployment(): Deployment {
  const { table, takeOperations } = countOperations(openSqliteTable(':memory:'));
  let units = noUnits();
  let now = '2026-01-01T00:00:00Z' as Instant;
  let before = { tableBytes: 0, archiveBytes: 0 };
  const clock: Clock = () => now;
  const archive = countSnapshots(() => units);
  const catalogs = countCatalogs(() => units);
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-deployment-'));
  const write = (line: string) => {
    units.logBytes += Buffer.byteLength(line);
  };
  const log = createJsonLog(write, clock);
  const metrics = createEmfMetrics('main', write, () => 0);
  const lists = configuredLists([]);
  const holder = { host: 'lambda', pid: 0, run: 'one' };
  const collecting = {
    feed: sampleClient(clock),
    archive,
    readCalendar: readCalendar.bind(null, table),
    parsers,
    lists,
    since: null,
    clock,
    log,
    takeLease: () => takeLease({ table, clock, holder, identify: () => '', sleep }),
    onStored: async () => {},
  };
  const createRecorder = (parsers: Parsers) =>
    createQueueRecorder({ archive, table, parsers, read: (key) => readSnapshot(archive, key), log, metrics });
  const recorder = createRecorder(parsers);

  /** A function checks the layout of the table when it starts. */
  const start = () => table.get(SCHEMA_KEY, { consistent: true });

  async function collect(): Promise<void> {
    units.collectRuns += 1;
    await start();
    const report = await collectLists(collecting, null, () => 600_000);
    await emitHealthMetrics({ table, clock, metrics, lists }, report);
    units.visits += report.visits.length;
    // visits are seconds apart, so every snapshot is a message and an invocation of its own
    const keys = report.visits.flatMap(({ key }) => (key ? [key] : []));
    if (keys.length > 0) await start();
    for (const key of keys) await recordMessage(s3Event(key), recorder);
  }

  async function runNight(): Promise<void> {
    await start();
    const path = join(folder, 'nightly.sqlite');
    await publishCatalog({ store: catalogs, table, clock, log, path }, () => 600_000);
    units.nightRuns += 1;
  }

  async function recordMessage(body: string, by: ReturnType<typeof createQueueRecorder>): Promise<void> {
    const failed = await by.recordMessages([{ id: '1', body }]);
    if (failed.length > 0) throw new Error(`not recorded: ${body}`);
    units.recordRuns += 1;
    units.messages += 1;
  }

  return {
    async run(from, days) {
      for (let hour = 0; hour < days * 24; hour += 1) {
        now = addSeconds(startOfDay(from), hour * 3600 + MINUTE * 60);
        await collect();
        if (hour % 24 === 3) {
          units.recordRuns += 1;
          await start();
          await recorder.reconcileRecent(now);
        }
        if (hour % 24 === 4) await runNight();
      }
    },
    async replay(day) {
      const higher: Parsers = {
        daily: { ...parsers.daily, epoch: 99 },
        trending: { ...parsers.trending, epoch: 99 },
        watched: { ...parsers.watched, epoch: 99 },
      };
      for (const { name } of lists)
        await recordMessage(createListDayMessage({ list: name, day }), createRecorder(higher));
    },
    async takeUnits() {
      const { operations, readUnits, written } = takeOperations();
      const stored = { tableBytes: 0, archiveBytes: 0 };
      for await (const item of table.scan()) stored.tableBytes += sizeOf(item) + ITEM_OVERHEAD;
      for await (const { bytes } of archive.stored('raw/')) stored.archiveBytes += bytes;
      const taken = {
        ...units,
        readUnits,
        writeUnits: written.reduce((sum, item) => sum + writeUnits(item), 0),
        tableOperations: operations,
        tableBytes: stored.tableBytes - before.tableBytes,
        archiveBytes: stored.archiveBytes - before.archiveBytes,
      };
      before = stored;
      units = noUnits();
      return taken;
    },
    async close() {
      await table.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A bucket that holds the catalog, packed. */
function countCatalogs(units: () => Units): CatalogStore {
  let packed: Uint8Array | null = null;
  return {
    async fetch(path) {
      units().gets += 1;
      if (packed === null) return null;
      writeFileSync(path, zstdDecompressSync(packed));
      return 'one';
    },
    async put(path) {
      units().puts += 1;
      packed = zstdCompressSync(readFileSync(path));
      return packed.length;
    },
  };
}

/** An archive bucket in memory; `stored` lists it without counting. */
function countSnapshots(units: () => Units): SnapshotStore & { readonly stored: SnapshotStore['list'] } {
  const store = createMemoryArchive();
  return {
    ...store,
    stored: store.list,
    putIfAbsent(key, bytes) {
      units().puts += 1;
      return store.putIfAbsent(key, bytes);
    },
    get(key) {
      units().gets += 1;
      return store.get(key);
    },
    async *list(prefix, from) {
      let listed = 0;
      units().lists += 1;
      for await (const one of store.list(prefix, from)) {
        listed += 1;
        if (listed % PAGE === 1 && listed > 1) units().lists += 1;
        yield one;
      }
    },
    async touched(since) {
      // one request for the folders of the lists, then the keys of the last 21 days of each list
      const first = addDays(dayOf(since), -21);
      const listDays = await store.touched(since);
      const names = new Set(listDays.map(({ list }) => list));
      units().lists += 1;
      for (const name of names) {
        let keys = 0;
        for await (const _ of store.list(`raw/${name}/`, `raw/${name}/${first}`)) keys += 1;
        units().lists += Math.max(1, Math.ceil(keys / PAGE));
      }
      // the schedule visits only days that got a snapshot since then
      return listDays.filter(({ day }) => day >= first);
    },
  };
}

/** A feed client that asks the sample feed without a network. */
const sampleClient = (clock: Clock): FeedClient => ({
  async get(path) {
    const url = `https://huggingface.co${path}`;
    const { status, headers, body } = createSampleFeed(clock()).answer(new URL(url));
    const exchange: Exchange = {
      url,
      at: clock(),
      status,
      headers: Object.entries(headers),
      sent: [['user-agent', 'paperkeep']],
      body: new TextEncoder().encode(body),
      cut: false,
    };
    return { exchanges: [exchange], failure: null };
  },
});

const s3Event = (key: string): string =>
  JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }] });
