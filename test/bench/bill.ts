import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { readSnapshot } from '../../shared/archive/warc/snapshot.ts';
import { createEmfMetrics } from '../../shared/aws/emf.ts';
import { publishCatalog } from '../../shared/catalog/publish.ts';
import type { CatalogStore } from '../../shared/catalog/s3.ts';
import type { FeedClient } from '../../shared/collect/client.ts';
import { emitHealthMetrics } from '../../shared/collect/health-metrics.ts';
import { collectLists } from '../../shared/collect/run.ts';
import { createJsonLog } from '../../shared/lib/log.ts';
import { addDays, addSeconds, type Clock, type Day, dayOf, type Instant, startOfDay } from '../../shared/lib/time.ts';
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
import type { TableStore } from '../../shared/table/store.ts';
import { createMemoryArchive } from '../support/snapshots.ts';
import { counting, sizeOf, writeUnits } from './counting.ts';

/** What a stretch of the schedule asks of AWS, in the units that are billed. */
export type Units = {
  /** Visits of the feed and snapshots that came of them. */
  visits: number;
  snapshots: number;
  /** Requests to the bucket. */
  puts: number;
  lists: number;
  gets: number;
  archiveBytes: number;
  /** Units of the table, and bytes that stayed in it. */
  writeUnits: number;
  readUnits: number;
  tableBytes: number;
  /** Operations on the table, one after the other: what a function waits for. */
  tableOperations: number;
  /** Invocations, and the time on the processor of this machine, in seconds. */
  collectRuns: number;
  recordRuns: number;
  collectSeconds: number;
  recordSeconds: number;
  /** The nights: runs, time on the processor, bytes of the catalog that was put, packed. */
  nightRuns: number;
  nightSeconds: number;
  catalogBytes: number;
  /** Messages of the queue. */
  messages: number;
  logBytes: number;
};

/** Minutes past the hour at which the schedule runs. */
const MINUTE = 2;
/** Objects that S3 lists at a time. */
const PAGE = 1000;
/** Bytes that DynamoDB adds to an item when it bills storage. */
const ITEM_OVERHEAD = 100;

const none = (): Units => ({
  visits: 0,
  snapshots: 0,
  puts: 0,
  lists: 0,
  gets: 0,
  archiveBytes: 0,
  writeUnits: 0,
  readUnits: 0,
  tableBytes: 0,
  tableOperations: 0,
  collectRuns: 0,
  recordRuns: 0,
  collectSeconds: 0,
  recordSeconds: 0,
  nightRuns: 0,
  nightSeconds: 0,
  catalogBytes: 0,
  messages: 0,
  logBytes: 0,
});

/** An archive that the functions of a deployment keep, with a count of what that asks of AWS. */
export type Deployment = {
  readonly table: TableStore;
  readonly archive: SnapshotStore;
  /** Lives through days, every hour of them. */
  live(from: Day, days: number): Promise<void>;
  /** Reads every list of a day again, by parsers of a higher epoch. */
  replay(day: Day): Promise<void>;
  /** What was asked since it was last told. */
  units(): Promise<Units>;
  close(): Promise<void>;
};

/** A deployment in memory over the sample feed; its functions are wired as their handlers wire them. */
export function deployment(): Deployment {
  const { table, asked } = counting(openSqliteTable(':memory:'));
  let told = none();
  let now = '2026-01-01T00:00:00Z' as Instant;
  let before = { tableBytes: 0, archiveBytes: 0 };
  const clock: Clock = () => now;
  const archive = countingSnapshots(() => told);
  const catalogs = countingCatalogs(() => told);
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-bill-'));
  const write = (line: string) => {
    told.logBytes += Buffer.byteLength(line);
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
    clock,
    log,
    takeLease: () => takeLease({ table, clock, holder, isAlive: () => true }),
    onStored: async () => {},
  };
  const recorderOf = (parsers: Parsers) =>
    createQueueRecorder({ archive, table, parsers, read: (key) => readSnapshot(archive, key), log, metrics });
  const recorder = recorderOf(parsers);

  const cpu = () => process.cpuUsage().user / 1e6;
  /** A function that starts looks at the layout of the table. */
  const begin = () => table.get(SCHEMA_KEY, { consistent: true });

  async function run(): Promise<void> {
    told.collectRuns += 1;
    const begun = cpu();
    await begin();
    const report = await collectLists(collecting, null, () => 600_000);
    await emitHealthMetrics({ table, clock, metrics, hourlyLists: lists.map(({ name }) => name) }, report);
    told.collectSeconds += cpu() - begun;
    told.visits += report.visits.length;
    // visits are seconds apart, so each snapshot is a message and an invocation of its own
    const keys = report.visits.flatMap(({ key }) => (key ? [key] : []));
    if (keys.length > 0) await begin();
    for (const key of keys) await recordMessage(s3Event(key), recorder);
    told.snapshots += keys.length;
  }

  /** Brings the catalog up to date, as the function does; the file is packed as it is put, and unpacked as it is fetched. */
  async function night(): Promise<void> {
    const begun = cpu();
    await begin();
    const path = join(folder, 'nightly.sqlite');
    await publishCatalog({ store: catalogs, table, clock, log, path }, () => 600_000);
    told.nightSeconds += cpu() - begun;
    told.nightRuns += 1;
  }

  async function recordMessage(body: string, by: ReturnType<typeof createQueueRecorder>): Promise<void> {
    const begun = cpu();
    const failed = await by.recordMessages([{ id: '1', body }]);
    if (failed.length > 0) throw new Error(`not recorded: ${body}`);
    told.recordSeconds += cpu() - begun;
    told.recordRuns += 1;
    told.messages += 1;
  }

  return {
    table,
    archive,
    async live(from, days) {
      for (let hour = 0; hour < days * 24; hour += 1) {
        now = addSeconds(startOfDay(from), hour * 3600 + MINUTE * 60);
        await run();
        if (hour % 24 === 3) {
          told.recordRuns += 1;
          await begin();
          await recorder.reconcile(addSeconds(now, -2 * 86_400));
        }
        if (hour % 24 === 4) await night();
      }
    },
    async replay(day) {
      const better: Parsers = {
        daily: { ...parsers.daily, epoch: 99 },
        trending: { ...parsers.trending, epoch: 99 },
        watched: { ...parsers.watched, epoch: 99 },
      };
      for (const { name } of lists) await recordMessage(createListDayMessage({ list: name, day }), recorderOf(better));
    },
    async units() {
      const { operations, readUnits, written } = asked();
      const stored = { tableBytes: 0, archiveBytes: 0 };
      for await (const item of table.scan()) stored.tableBytes += sizeOf(item) + ITEM_OVERHEAD;
      for await (const { bytes } of archive.stored('raw/')) stored.archiveBytes += bytes;
      const units = {
        ...told,
        readUnits,
        writeUnits: written.reduce((sum, item) => sum + writeUnits(item), 0),
        tableOperations: operations,
        tableBytes: stored.tableBytes - before.tableBytes,
        archiveBytes: stored.archiveBytes - before.archiveBytes,
      };
      before = stored;
      told = none();
      return units;
    },
    async close() {
      await table.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A bucket of one catalog, packed in memory. */
function countingCatalogs(units: () => Units): CatalogStore {
  let packed: Uint8Array | null = null;
  return {
    async fetch(path) {
      units().gets += 1;
      if (packed === null) return null;
      writeFileSync(path, zstdDecompressSync(packed));
      return 'one';
    },
    async put(path) {
      packed = zstdCompressSync(readFileSync(path));
      units().puts += 1;
      units().catalogBytes = packed.length;
      return packed.length;
    },
  };
}

/** A bucket in memory; `stored` lists it without being counted. */
function countingSnapshots(units: () => Units): SnapshotStore & { readonly stored: SnapshotStore['list'] } {
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
      // the folders of the sources, and each source's keys of the last 21 days before
      const first = addDays(dayOf(since), -21);
      const listDays = await store.touched(since);
      const sources = new Set(listDays.map(({ list }) => list));
      units().lists += 1;
      for (const source of sources) {
        let keys = 0;
        for await (const _ of store.list(`raw/${source}/`, `raw/${source}/${first}`)) keys += 1;
        units().lists += Math.max(1, Math.ceil(keys / PAGE));
      }
      // those that got a snapshot since then are those that the schedule visits
      return listDays.filter(({ day }) => day >= first);
    },
  };
}

/** Asks the sample feed without a network: what the network takes is no matter of the processor. */
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
