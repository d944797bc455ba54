import { archiveCapture } from '../archive/put.ts';
import type { SnapshotStore } from '../archive/store.ts';
import type { Snapshot } from '../archive/warc/write-snapshot.ts';
import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock, Day, Deadline, Instant } from '../lib/time.ts';
import type { ListConfig } from '../lists.ts';
import type { Capture } from '../model/capture.ts';
import { type ListDay, listKind } from '../model/list.ts';
import {
  type CaptureResult,
  isUsable,
  type Outcome,
  type ParseResult,
  resultOfOutcome,
  stopsRequests,
} from '../model/listing.ts';
import type { Parsers } from '../parse/parsers.ts';
import type { Lease } from '../table/lease.ts';
import type { FeedClient } from './client.ts';
import { dueListDays } from './due.ts';
import { visitList } from './visit.ts';
import { type CalendarReader, readScheduleInput } from './visits.ts';

/** What collecting needs. */
export type CollectDeps = {
  readonly feed: FeedClient;
  readonly archive: SnapshotStore;
  readonly readCalendar: CalendarReader;
  readonly parsers: Parsers;
  readonly lists: readonly ListConfig[];
  /** The schedule also fills the daily lists back to this day; null: only back to the archive's first day. */
  readonly since: Day | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes the lease on the feed, waiting for it as long as `patience` lasts; throws LEASE_HELD when another process has it then. */
  readonly takeLease: (patience?: Deadline) => Promise<Lease>;
  /** Called with every snapshot once it is stored, and what it was parsed to: records it, or does nothing where an event of the archive does that. */
  readonly onStored: (snapshot: Snapshot, parsed: ParseResult) => Promise<void>;
};

/** What came of one visit; `outcome` and `key` are null when there was no time for a request. */
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

/** What a run did, and the list days that it did not come to because the feed refused or time was up. */
export type CollectReport = {
  readonly visits: readonly VisitReport[];
  readonly left: readonly ListDay[];
};

/** True when a run makes no visit after that one: the feed refuses or cannot be reached, or time is up. */
export const endsRun = ({ outcome }: VisitReport): boolean => outcome === null || stopsRequests(outcome);

/** The least time a visit needs, in milliseconds; with less left, no visit begins. The slowest response seen took 30 s. */
const VISIT_MS = 45_000;

/**
 * Visits every list day that is due (or exactly those given), most urgent first, and archives what the feed responded, errors too: a 503 is an
 * observation, and so is no response.
 *
 * @param patience How long to wait while another process collects; not at all unless given.
 * @throws PaperkeepError `LEASE_HELD` when another process still collects then.
 */
export async function collectLists(
  deps: CollectDeps,
  listDays: readonly ListDay[] | null,
  deadline: Deadline,
  patience?: Deadline,
): Promise<CollectReport> {
  const { archive, readCalendar, lists, since, clock } = deps;
  const findTodo = async () =>
    listDays ?? dueListDays(await readScheduleInput(archive, readCalendar, lists, since, clock()));
  let todo = await findTodo();
  if (todo.length === 0) return { visits: [], left: [] };
  const lease = await deps.takeLease(patience);
  const visits: VisitReport[] = [];
  try {
    // the other process may have made these visits
    if (lease.waited) todo = await findTodo();
    for (const listDay of todo) {
      const last = visits.at(-1);
      if ((last && endsRun(last)) || deadline() < VISIT_MS) break;
      await lease.renew();
      visits.push(await collectListDay(deps, listDay, deadline));
    }
  } finally {
    await lease.release();
  }
  const left = todo.slice(visits.length);
  if (left.length > 0) deps.log.warn('left for the next run', { listDays: left.length });
  return { visits, left };
}

/** The number of visits without a usable list. */
export const countFailedVisits = (visits: readonly VisitReport[]): number =>
  visits.filter(({ result }) => result !== 'done').length;

/**
 * Collects as a schedule does: waits while another process collects (a backfill gives way between two visits). If that takes too long, the
 * visits are left for the next run, which is no failure; list days that are named fail then.
 *
 * @throws PaperkeepError `LEASE_HELD` when list days are given and another process collects.
 */
export async function collectOrDefer(
  deps: CollectDeps,
  listDays: readonly ListDay[] | null,
  deadline: Deadline,
): Promise<CollectReport> {
  const patience = () => (listDays === null ? Math.max(0, deadline() - 2 * VISIT_MS) : 0);
  return collectLists(deps, listDays, deadline, patience).catch((error: unknown) => {
    if (listDays !== null || !(error instanceof PaperkeepError) || error.code !== 'LEASE_HELD') throw error;
    deps.log.warn('left to another run', { why: error.message });
    return { visits: [], left: [] };
  });
}

async function collectListDay(deps: CollectDeps, listDay: ListDay, deadline: Deadline): Promise<VisitReport> {
  const { archive, lists, log, parsers } = deps;
  const at = deps.clock();
  const query = lists.find(({ name }) => name === listDay.list)?.query ?? null;
  const { parse } = parsers[listKind(listDay.list)];
  const toCapture = (exchanges: Capture['exchanges']): Capture => ({ ...listDay, at, imported: false, exchanges });
  const visit = await visitList(deps.feed, listDay, query, (seen) => parse(toCapture(seen)), deadline);
  const facts = { list: listDay.list, day: listDay.day, at };
  if (visit.exchanges.length === 0) {
    const why = visit.failure ?? 'it was not asked';
    log.warn('left for later', { ...facts, why });
    return { ...facts, outcome: null, why, key: null, papers: 0, rejects: 0, complete: null, result: 'retry' };
  }
  const capture = toCapture(visit.exchanges);
  const stored = await archiveCapture(archive, capture);
  const parsed = visit.parsed ?? parse(capture);
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
  const write = isUsable(outcome) && why === '' ? log.info : log.warn;
  write('captured', { ...report, why: why || null });
  await deps.onStored({ key: stored.key, bytes: stored.bytes, capture }, parsed);
  // A list that lacks its last pages is worth another visit; one whose entries were rejected would come the same.
  const isCut = visit.failure !== null || (listing?.complete === false && listing.rejects.length === 0);
  return { ...report, result: isUsable(outcome) && isCut ? 'retry' : resultOfOutcome(outcome) };
}
