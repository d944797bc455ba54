import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFeedClient } from '../../shared/collect/client.ts';
import { type CollectDeps, collectLists } from '../../shared/collect/run.ts';
import { type Log, silentLog } from '../../shared/lib/log.ts';
import { type Clock, dayOf, deadlineAfter } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import { SAMPLE_USER_AGENT } from '../../shared/model/capture.ts';
import { snapshotKey } from '../../shared/model/list.ts';
import { newestUsableCapture } from '../../shared/query/coverage.ts';
import { recordSnapshots, type SnapshotToRecord } from '../../shared/record/recorder.ts';
import { SAMPLE_WATCH, type SampleVisit, sampleVisits } from '../../shared/sample/history.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import type { Settings } from '../../shared/settings.ts';
import { markAsSample } from '../../shared/table/open.ts';
import { openWorkspace, reconcileWorkspace, type Workspace } from './workspace.ts';

/** The lists that the sample watches. */
export const SAMPLE_LISTS = configuredLists([SAMPLE_WATCH]);

/** A running sample: an invented feed on a loopback address, and an archive collected from it through the same stages as a real one. */
export type Sample = {
  readonly workspace: Workspace;
  /** Collects what has become due since. */
  advance(): Promise<void>;
  close(): Promise<void>;
};

/** A visit of the sample takes some 10 ms; the deadline allows for a machine that sleeps in between. */
const VISIT_MS = 120_000;

/**
 * Opens the sample in `<data>/sample`, some weeks of invented papers; builds it unless today's exists.
 * It always uses files and SQLite, whatever the settings say, so that real and sample data never mix.
 */
export async function openSample(settings: Settings, clock: Clock, log: Log): Promise<Sample> {
  const workspace = await openSampleWorkspace(settings, clock);
  const feed = await serveSample();
  const advance = async () => {
    const since = (await newestUsableCapture(workspace.table, 'trending', clock)) ?? '';
    // Some visits of that moment may be missing. The feed has a new port at every start, so that a visit made twice would be stored twice.
    const made = new Set<string>();
    for await (const { key } of workspace.archive.list('raw/')) made.add(withoutDigest(key));
    const isDue = ({ listDay, at }: SampleVisit): boolean =>
      at >= since && !made.has(withoutDigest(snapshotKey({ ...listDay, at, digest: '' })));
    await makeVisits(workspace, feed, sampleVisits(clock()).filter(isDue));
  };
  const close = async () => {
    await feed.stop();
    await workspace[Symbol.asyncDispose]();
  };
  try {
    await reconcileWorkspace(workspace, silentLog);
    await advance();
  } catch (error) {
    await close();
    throw error;
  }
  log.info('sample ready');
  return { workspace, advance, close };
}

const withoutDigest = (key: string): string => key.slice(0, key.lastIndexOf('-'));

async function openSampleWorkspace(settings: Settings, clock: Clock): Promise<Workspace> {
  const data = join(settings.data, 'sample');
  const archive = `file:${join(data, 'archive')}`;
  const table = `sqlite:${join(data, 'papers.sqlite')}`;
  const open = () =>
    openWorkspace({
      settings: { ...settings, data, archive, table },
      lists: SAMPLE_LISTS,
      log: silentLog,
    });
  const workspace = await open();
  await markAsSample(workspace.table);
  const newest = await newestUsableCapture(workspace.table, 'trending', clock);
  if (newest === null || dayOf(newest) === dayOf(clock())) return workspace;
  await workspace[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true });
  const fresh = await open();
  await markAsSample(fresh.table);
  return fresh;
}

/** Makes visits one by one, in time order, and records them some at a time. */
async function makeVisits(workspace: Workspace, feed: SampleServer, visits: readonly SampleVisit[]): Promise<void> {
  async function* made() {
    for (const visit of visits) yield* await makeVisit(workspace, feed, visit);
  }
  await recordSnapshots(workspace.reread, made());
}

/** Collects one list as it was at that time, and returns what was stored. */
async function makeVisit(
  workspace: Workspace,
  feed: SampleServer,
  { listDay, at }: SampleVisit,
): Promise<SnapshotToRecord[]> {
  feed.setNow(at);
  const clock = () => at;
  // the invented failures need no waiting
  const client = createFeedClient({
    origin: feed.origin,
    minGapMs: 0,
    userAgent: SAMPLE_USER_AGENT,
    clock,
    pause: async () => {},
    log: silentLog,
  });
  const stored: SnapshotToRecord[] = [];
  const deps: CollectDeps = {
    ...workspace.collecting(clock, client),
    onStored: async (snapshot, parsed) => void stored.push({ ...snapshot, parsed }),
    // no other process uses this feed
    takeLease: async () => ({ waited: false, renew: async () => {}, release: async () => {} }),
  };
  await collectLists(deps, [listDay], deadlineAfter(VISIT_MS));
  return stored;
}
