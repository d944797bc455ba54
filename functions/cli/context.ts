import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { CollectDeps } from '../../shared/collect.ts';
import { isLoopback } from '../../shared/fetch/origin.ts';
import { type Ask, politeRequest } from '../../shared/fetch/request.ts';
import { addSeconds, type Clock, dayOf, deadlineIn, pause, startOf, systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { type ExitCode, messageOf, PaperkeepError } from '../../shared/kit/errors.ts';
import { type Log, silentLog, textLog } from '../../shared/kit/log.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { calendarOf } from '../../shared/record/calendar.ts';
import { type Lease, takeLease } from '../../shared/record/lease.ts';
import { openRecords } from '../../shared/record/open.ts';
import { type RereadDeps, reconcile } from '../../shared/record/reconcile.ts';
import { record } from '../../shared/record/record.ts';
import type { Records } from '../../shared/record/records.ts';
import { Settings } from '../../shared/settings.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import type { SnapshotStore } from '../../shared/snapshot/store.ts';
import { readSnapshot } from '../../shared/snapshot/warc.ts';
import { type Source, sourcesOf } from '../../shared/sources.ts';
import { makeProgress, type Progress } from './progress.ts';

/** This release, from package.json. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** Who asks, for the feed's operators. */
const USER_AGENT = `paperkeep/${VERSION} (+https://github.com/paperkeep/paperkeep)`;
/** The least time between two requests to the feed: 100 pages in 5 minutes are allowed, this is under two thirds of it. */
const MIN_GAP_MS = 2000;
/** How long one collecting run may take; the longest wait for a rate limit is 5 minutes. */
const RUN_MS = 15 * 60_000;
/** Snapshots archived this long ago and not recorded are looked for before every writing command. */
const RECONCILE_SECONDS = 2 * 86_400;

/** Flags that every command has. */
export type GlobalFlags = {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly origin?: string;
  readonly data?: string;
  readonly archive?: string;
  readonly table?: string;
  readonly watch?: string;
  readonly minGapMs?: string;
};

/** What a command works with: settings, a voice, and the opened archive. */
export type Context = {
  readonly settings: Settings;
  readonly flags: GlobalFlags;
  readonly log: Log;
  readonly sources: readonly Source[];
  /** Says the result: as JSON with `--json`, else as text. */
  say(result: unknown, text: string): void;
  progress(what: string): Progress;
};

/** The archive and the table of the settings, opened. */
export type House = {
  readonly snapshots: SnapshotStore;
  readonly records: Records;
  /** What reading snapshots into the table needs. */
  readonly reread: RereadDeps;
  /** What collecting needs. */
  collecting(clock: Clock, ask?: Ask): CollectDeps;
  lease(): Promise<Lease>;
  close(): Promise<void>;
};

/** Reads settings and flags (a flag wins). */
export function makeContext(flags: GlobalFlags, env: NodeJS.ProcessEnv): Context {
  const settings = readEnv(Settings, {
    ...env,
    ...(flags.origin !== undefined && { PAPERKEEP_ORIGIN: flags.origin }),
    ...(flags.data !== undefined && { PAPERKEEP_DATA: flags.data }),
    ...(flags.archive !== undefined && { PAPERKEEP_ARCHIVE: flags.archive }),
    ...(flags.table !== undefined && { PAPERKEEP_TABLE: flags.table }),
    ...(flags.watch !== undefined && { PAPERKEEP_WATCH: flags.watch }),
    ...(flags.minGapMs !== undefined && { PAPERKEEP_MIN_GAP_MS: flags.minGapMs }),
  });
  return {
    settings,
    flags,
    log: flags.quiet ? silentLog : textLog((line) => process.stderr.write(line)),
    sources: sourcesOf(settings.watch),
    say: (result, text) =>
      process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : text === '' ? '' : `${text}\n`),
    progress: (what) => makeProgress(what, process.stderr.isTTY === true && !flags.quiet),
  };
}

/** Opens archive and table. */
export async function openHouse(context: Pick<Context, 'settings' | 'log' | 'sources'>): Promise<House> {
  const { settings, log, sources } = context;
  const snapshots = openSnapshots(settings.archive);
  const records = await openRecords(settings.table);
  const reread: RereadDeps = { snapshots, records, readers: parsers, read: (key) => readSnapshot(snapshots, key) };
  const holder = { host: hostname(), pid: process.pid, run: randomUUID() };
  const lease = () => takeLease({ records, clock: systemClock, holder, isAlive });
  return {
    snapshots,
    records,
    reread,
    lease,
    collecting: (clock, ask = askFeed(settings, clock, log)) => ({
      ask,
      snapshots,
      calendar: { between: (source, from, to) => calendarOf(records, source, from, to) },
      readers: parsers,
      sources,
      clock,
      log,
      takeLease: lease,
      onStored: async (snapshot) => {
        await record(reread, snapshot.capture, [snapshot]);
      },
    }),
    close: () => records.close(),
  };
}

/** A polite way to ask the feed of the settings. */
const askFeed = ({ origin, minGapMs, token }: Settings, clock: Clock, log: Log): Ask =>
  politeRequest({
    origin,
    minGapMs: minGapMs ?? (isLoopback(origin) ? 0 : MIN_GAP_MS),
    userAgent: USER_AGENT,
    token,
    clock,
    pause,
    log,
  });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The deadline of one collecting run. */
export const runDeadline = () => deadlineIn(RUN_MS);

/** What every writing command does first: records what was archived and not recorded, should an earlier run have been killed in between. */
export async function catchUp({ reread, snapshots }: House, log: Log): Promise<ExitCode> {
  const touched = await snapshots.touched(addSeconds(startOf(dayOf(systemClock())), -RECONCILE_SECONDS));
  const { recorded, damaged } = await reconcile(reread, touched);
  if (recorded > 0) log.info('recorded what an earlier run had archived', { snapshots: recorded });
  for (const { key, error } of damaged) log.warn('damaged snapshot', { key, why: messageOf(error) });
  return damaged.length > 0 ? 5 : 0;
}

/** A wrong use of a command. */
export const usage = (what: string, mend: string): PaperkeepError => new PaperkeepError('USAGE', what, mend, 2);
