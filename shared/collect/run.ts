import { archiveCapture } from '../archive/put.ts';
import type { SnapshotStore } from '../archive/store.ts';
import type { Snapshot } from '../archive/warc/snapshot.ts';
import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock, Deadline, Instant } from '../lib/time.ts';
import type { ListConfig } from '../lists.ts';
import type { Capture } from '../model/capture.ts';
import { type ListDay, listKind } from '../model/list.ts';
import { type CaptureResult, isUsable, type Outcome, type ParseResult } from '../model/listing.ts';
import type { Parsers } from '../record/recorder.ts';
import type { Lease } from '../table/lease.ts';
import type { FeedClient } from './client.ts';
import { dueListDays } from './due.ts';
import { visitList } from './visit.ts';
import { type CalendarReader, readScheduleInput } from './visits.ts';

/** What collecting needs. */
export type CollectDeps = {
  readonly ask: FeedClient;
  readonly archive: SnapshotStore;
  readonly calendar: CalendarReader;
  readonly parsers: Parsers;
  readonly lists: readonly ListConfig[];
  readonly clock: Clock;
  readonly log: Log;
  /** Takes the lease on the feed; throws when somebody else has it. */
  readonly takeLease: () => Promise<Lease>;
  /** Told of every snapshot once it is stored: records it in this process. Where an event does that, it does nothing. */
  readonly onStored: (snapshot: Snapshot) => Promise<void>;
};

/** What came of one visit; without outcome and key when there was no time to ask. */
export type VisitReport = {
  readonly list: ListDay['list'];
  readonly day: ListDay['day'];
  readonly at: Instant;
  readonly outcome: Outcome | null;
  readonly why: string;
  readonly key: string | null;
  readonly papers: number;
  /** Entries of the list that could not be read. */
  readonly rejects: number;
  readonly complete: boolean | null;
  readonly result: CaptureResult;
};

/** What a run did, and what it left because the feed wanted to be left alone or time was up. */
export type CollectReport = {
  readonly visits: readonly VisitReport[];
  readonly left: readonly ListDay[];
};

/** After these the feed is left alone until the next run. */
const STOPS: ReadonlySet<VisitReport['outcome']> = new Set<VisitReport['outcome']>([
  'refused',
  'challenge',
  'unreachable',
  null,
]);
/** True when the feed is to be left alone after that visit, until the next run. */
export const stopsRun = ({ outcome }: VisitReport): boolean => STOPS.has(outcome);
/** What one visit may take; with less left it is not begun. The slowest answer seen took 30 s. */
const VISIT_MS = 45_000;

/**
 * Visits every list day that is due (or exactly those given), most urgent first, and archives what came back; errors too: a 503 is an
 * observation, and so is that nothing answered. What was fetched is parsed only to judge it; the archive keeps the bytes, and recording reads those.
 */
export async function collectLists(
  deps: CollectDeps,
  listDays: readonly ListDay[] | null,
  deadline: Deadline,
): Promise<CollectReport> {
  const todo = listDays ?? dueListDays(await readScheduleInput(deps.archive, deps.calendar, deps.lists, deps.clock()));
  if (todo.length === 0) return { visits: [], left: [] };
  const lease = await deps.takeLease();
  const visits: VisitReport[] = [];
  try {
    for (const listDay of todo) {
      const last = visits.at(-1);
      if ((last && stopsRun(last)) || deadline() < VISIT_MS) break;
      await lease.renew();
      visits.push(await visitTarget(deps, listDay, deadline));
    }
  } finally {
    await lease.release();
  }
  const left = todo.slice(visits.length);
  if (left.length > 0) deps.log.warn('left for the next run', { listDays: left.length });
  return { visits, left };
}

/**
 * Collects as a schedule does: while somebody else talks to the feed (a backfill), nothing is visited and nothing has failed, for what is
 * due now is due at the next run too. Targets named by hand fail then.
 */
export async function collectUnlessBusy(
  deps: CollectDeps,
  listDays: readonly ListDay[] | null,
  deadline: Deadline,
): Promise<CollectReport> {
  return collectLists(deps, listDays, deadline).catch((error: unknown) => {
    if (listDays !== null || !(error instanceof PaperkeepError) || error.code !== 'LEASE_HELD') throw error;
    deps.log.warn('left to another run', { why: error.message });
    return { visits: [], left: [] };
  });
}

async function visitTarget(deps: CollectDeps, listDay: ListDay, deadline: Deadline): Promise<VisitReport> {
  const at = deps.clock();
  const query = deps.lists.find(({ name }) => name === listDay.list)?.query ?? null;
  const reader = deps.parsers[listKind(listDay.list)];
  const captureOf = (exchanges: Capture['exchanges']): Capture => ({ ...listDay, at, imported: false, exchanges });
  const { exchanges, trouble } = await visitList(
    deps.ask,
    listDay,
    query,
    (seen) => reader.read(captureOf(seen)).outcome,
    deadline,
  );
  const facts = { list: listDay.list, day: listDay.day, at };
  if (exchanges.length === 0) {
    const why = trouble ?? 'it was not asked';
    deps.log.warn('left for later', { ...facts, why });
    return { ...facts, outcome: null, why, key: null, papers: 0, rejects: 0, complete: null, result: 'retry' };
  }
  const capture = captureOf(exchanges);
  const stored = await archiveCapture(deps.archive, capture);
  const parsed = reader.read(capture);
  const { outcome, why, listing } = parsed;
  const report = {
    ...facts,
    outcome,
    why,
    key: stored.key,
    papers: listing?.rows.length ?? 0,
    rejects: listing?.rejects.length ?? 0,
    complete: listing?.complete ?? null,
  };
  const say = isUsable(outcome) && why === '' ? deps.log.info : deps.log.warn;
  say('captured', { ...report, why: why || null });
  await deps.onStored({ key: stored.key, bytes: stored.bytes, capture });
  return { ...report, result: resultOf(parsed, trouble) };
}

function resultOf({ outcome, listing }: ParseResult, trouble: string | null): CaptureResult {
  if (isUsable(outcome))
    return trouble !== null || (listing?.complete === false && listing.rejects.length === 0) ? 'retry' : 'done';
  return ['refused', 'server-error', 'challenge', 'cut', 'no-body', 'unreachable'].includes(outcome)
    ? 'retry'
    : 'unreadable';
}
