import type { Ask } from './fetch/request.ts';
import { visit } from './fetch/visit.ts';
import type { Clock, Deadline, Instant } from './kit/clock.ts';
import { type ExitCode, PaperkeepError, worst } from './kit/errors.ts';
import type { Log } from './kit/log.ts';
import type { Capture } from './model/capture.ts';
import { isUsable, type Outcome, type Parsed } from './model/listing.ts';
import { kindOf, type Target } from './model/target.ts';
import { due } from './plan/due.ts';
import { type Calendar, planInput } from './plan/visits.ts';
import type { Lease } from './record/lease.ts';
import type { Readers } from './record/record.ts';
import type { SnapshotStore } from './snapshot/store.ts';
import type { Snapshot } from './snapshot/warc.ts';
import { archive } from './snapshot/write.ts';
import type { Source } from './sources.ts';

/** What collecting needs. */
export type CollectDeps = {
  readonly ask: Ask;
  readonly snapshots: SnapshotStore;
  readonly calendar: Calendar;
  readonly readers: Readers;
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly log: Log;
  /** Takes the lease on the feed; throws when somebody else has it. */
  readonly takeLease: () => Promise<Lease>;
  /** Told of every snapshot once it is stored: records it in this process. Where an event does that, it does nothing. */
  readonly onStored: (snapshot: Snapshot) => Promise<void>;
};

/** What came of one visit; without outcome and key when there was no time to ask. */
export type VisitReport = {
  readonly source: Target['source'];
  readonly target: Target['day'];
  readonly at: Instant;
  readonly outcome: Outcome | null;
  readonly why: string;
  readonly key: string | null;
  readonly papers: number;
  /** Entries of the list that could not be read. */
  readonly rejects: number;
  readonly complete: boolean | null;
  readonly exit: ExitCode;
};

/** What a run did, and what it left because the feed wanted to be left alone or time was up. */
export type CollectReport = {
  readonly visits: readonly VisitReport[];
  readonly left: readonly Target[];
  readonly exit: ExitCode;
};

/** After these the feed is left alone until the next run. */
const STOPS: ReadonlySet<VisitReport['outcome']> = new Set<VisitReport['outcome']>([
  'refused',
  'challenge',
  'unreachable',
  null,
]);
/** True when the feed is to be left alone after that visit, until the next run. */
export const endsRun = ({ outcome }: VisitReport): boolean => STOPS.has(outcome);
/** What one visit may take; with less left it is not begun. The slowest answer seen took 30 s. */
const VISIT_MS = 45_000;

/**
 * Visits every target that is due (or exactly those given), most urgent first, and archives what came back; errors too: a 503 is an
 * observation, and so is that nothing answered. What was fetched is parsed only to judge it; the archive keeps the bytes, and recording reads those.
 */
export async function collect(
  deps: CollectDeps,
  targets: readonly Target[] | null,
  deadline: Deadline,
): Promise<CollectReport> {
  const todo = targets ?? due(await planInput(deps.snapshots, deps.calendar, deps.sources, deps.clock()));
  if (todo.length === 0) return { visits: [], left: [], exit: 0 };
  const lease = await deps.takeLease();
  const visits: VisitReport[] = [];
  try {
    for (const target of todo) {
      const last = visits.at(-1);
      if ((last && endsRun(last)) || deadline() < VISIT_MS) break;
      await lease.renew();
      visits.push(await visitTarget(deps, target, deadline));
    }
  } finally {
    await lease.release();
  }
  const left = todo.slice(visits.length);
  if (left.length > 0) deps.log.warn('left for the next run', { targets: left.length });
  return { visits, left, exit: worst([...visits.map(({ exit }) => exit), left.length > 0 ? 3 : 0]) };
}

/**
 * Collects as a schedule does: while somebody else talks to the feed (a backfill), nothing is visited and nothing has failed, for what is
 * due now is due at the next run too. Targets named by hand fail then.
 */
export async function collectOrLeave(
  deps: CollectDeps,
  targets: readonly Target[] | null,
  deadline: Deadline,
): Promise<CollectReport> {
  return collect(deps, targets, deadline).catch((error: unknown) => {
    if (targets !== null || !(error instanceof PaperkeepError) || error.code !== 'LEASE_HELD') throw error;
    deps.log.warn('left to another run', { why: error.message });
    return { visits: [], left: [], exit: 0 as const };
  });
}

async function visitTarget(deps: CollectDeps, target: Target, deadline: Deadline): Promise<VisitReport> {
  const at = deps.clock();
  const query = deps.sources.find(({ name }) => name === target.source)?.query ?? null;
  const reader = deps.readers[kindOf(target.source)];
  const captureOf = (exchanges: Capture['exchanges']): Capture => ({ ...target, at, imported: false, exchanges });
  const { exchanges, trouble } = await visit(
    deps.ask,
    target,
    query,
    (seen) => reader.read(captureOf(seen)).outcome,
    deadline,
  );
  const facts = { source: target.source, target: target.day, at };
  if (exchanges.length === 0) {
    const why = trouble ?? 'it was not asked';
    deps.log.warn('left for later', { ...facts, why });
    return { ...facts, outcome: null, why, key: null, papers: 0, rejects: 0, complete: null, exit: 3 };
  }
  const capture = captureOf(exchanges);
  const stored = await archive(deps.snapshots, capture);
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
  return { ...report, exit: exitOf(parsed, trouble) };
}

/** 0: the list was got (whole as far as known). 3: worth trying again. 4: it answered and the answer could not be read. */
function exitOf({ outcome, listing }: Parsed, trouble: string | null): ExitCode {
  if (isUsable(outcome))
    return trouble !== null || (listing?.complete === false && listing.rejects.length === 0) ? 3 : 0;
  return ['refused', 'server-error', 'challenge', 'cut', 'no-body', 'unreachable'].includes(outcome) ? 3 : 4;
}
