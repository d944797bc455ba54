import { PaperkeepError } from '../lib/errors.ts';
import { hasEnded } from '../lib/processes.ts';
import { addSeconds, type Clock, type Deadline } from '../lib/time.ts';
import { LEASE_KEY, LEASE_REQUEST_KEY } from './keys.ts';
import type { TableStore } from './store.ts';

/** How long a lease lasts unless it is renewed, which it is before each visit: longer than a visit that waits for a rate limit (5 minutes). */
const LASTS_SECONDS = 600;
/** How often a waiting process tries to take the lease. */
const POLL_MS = 1_000;
/** How long a request to give way lasts unless it is repeated; longer than a scheduled run takes to try again. */
const REQUEST_SECONDS = 10;

/** The holder of a lease: a run of a process. `process` tells the process from a later one with its pid, where that is known. */
export type LeaseHolder = {
  readonly host: string;
  readonly pid: number;
  readonly run: string;
  readonly process?: string;
};

/** What taking a lease needs. */
export type LeaseDeps = {
  readonly table: TableStore;
  /** The true time, never a simulated one. */
  readonly clock: Clock;
  readonly holder: LeaseHolder;
  /** Identifies a running process of this host by its pid, as `identifyProcess` does. */
  readonly identify: (pid: number) => string | null;
  /** Waits that many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
};

/** A lease that is held. */
export type Lease = {
  /** True when another process held it at first: what was found out before taking it may be outdated. */
  readonly waited: boolean;
  /**
   * Extends the lease. If another process waits for it, lets that one have it first and waits until it is free again.
   *
   * @throws PaperkeepError `LEASE_LOST` when it expired and another process took it.
   */
  renew(): Promise<void>;
  /** Gives the lease up; does nothing where it is lost. */
  release(): Promise<void>;
};

/**
 * Takes the lease on the feed, so that only one process makes requests to it. While another process holds the lease, it waits for its turn
 * until the deadline `patience` is over, and asks the holder to give way. A holder of this host that no longer runs does not count.
 *
 * @throws PaperkeepError `LEASE_HELD` when another process still holds it then.
 */
export async function takeLease(deps: LeaseDeps, patience?: Deadline): Promise<Lease> {
  const { table, clock, sleep } = deps;
  const holder = formatHolder(deps.holder);
  const isOurs = { if: 'equal', field: 'holder', value: holder } as const;
  let waited = false;
  for (let refusal = await tryToTake(deps, holder); refusal; refusal = await tryToTake(deps, holder)) {
    if (!patience || patience() === 0) throw refusal;
    waited = true;
    await table.put({ ...LEASE_REQUEST_KEY, holder, expires: addSeconds(clock(), REQUEST_SECONDS) });
    await sleep(POLL_MS);
  }
  // also that of an earlier attempt; another waiting process repeats its own
  if (patience) await table.delete(LEASE_REQUEST_KEY);

  async function isRequested(): Promise<boolean> {
    const request = await table.get(LEASE_REQUEST_KEY, { consistent: true });
    return request !== null && String(request.expires) > clock();
  }

  async function giveWay(): Promise<void> {
    await table.delete(LEASE_KEY, isOurs);
    do await sleep(POLL_MS);
    while ((await isRequested()) || (await tryToTake(deps, holder)));
  }
  return {
    waited,
    async renew() {
      if (await isRequested()) return giveWay();
      if (await table.put(leaseItem(deps, holder), isOurs)) return;
      throw new PaperkeepError({
        code: 'LEASE_LOST',
        message: 'the lease on the feed expired, and another process took it',
        hint: 'try again later',
      });
    },
    async release() {
      await table.delete(LEASE_KEY, isOurs);
    },
  };
}

const leaseItem = ({ clock }: LeaseDeps, holder: string) => ({
  ...LEASE_KEY,
  holder,
  expires: addSeconds(clock(), LASTS_SECONDS),
});

/** Takes the lease if it is free; returns the error to throw otherwise. */
async function tryToTake(deps: LeaseDeps, holder: string): Promise<PaperkeepError | null> {
  const { table, clock } = deps;
  if (await table.put(leaseItem(deps, holder), { if: 'below', field: 'expires', value: clock() })) return null;
  const current = await table.get(LEASE_KEY, { consistent: true });
  const other = String(current?.holder ?? '');
  const unchanged = current ? ({ if: 'equal', field: 'holder', value: other } as const) : ({ if: 'absent' } as const);
  // the client may have repeated a put whose response was lost: then the lease is already ours
  const isFree = !current || other === holder || isGone(deps, other);
  if (isFree && (await table.put(leaseItem(deps, holder), unchanged))) return null;
  return new PaperkeepError({
    code: 'LEASE_HELD',
    message: `another paperkeep${current ? ` (${other}, until ${String(current.expires)} at most)` : ''} is making requests to the feed`,
    hint: 'wait until it has finished: only one process visits the feed at a time',
  });
}

const formatHolder = ({ host, pid, run, process }: LeaseHolder): string =>
  [host, pid, run, ...(process ? [process] : [])].join('/');

/** True when the holder was a process of this host that no longer runs. Older versions did not store which process had the pid. */
function isGone({ holder, identify }: LeaseDeps, other: string): boolean {
  const [host, pid, , stored = ''] = other.split('/');
  return host === holder.host && hasEnded(Number(pid), stored, identify);
}
