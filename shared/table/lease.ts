import { PaperkeepError } from '../lib/errors.ts';
import { addSeconds, type Clock } from '../lib/time.ts';
import { LEASE_KEY } from './keys.ts';
import type { TableStore } from './store.ts';

/** How long a lease lasts unless it is renewed, which it is before each visit: longer than a visit that waits out a rate limit (5 minutes). */
const LASTS_SECONDS = 600;

/** Who holds a lease: a machine and a process, so that a process that died is known by its own machine at once. */
export type LeaseHolder = { readonly host: string; readonly pid: number; readonly run: string };

/** What a lease needs: a true clock (never a simulated one), who asks, and whether a process of this machine still lives. */
export type LeaseDeps = {
  readonly table: TableStore;
  readonly clock: Clock;
  readonly holder: LeaseHolder;
  readonly isAlive: (pid: number) => boolean;
};

/** A lease that is held. */
export type Lease = { renew(): Promise<void>; release(): Promise<void> };

const nameOf = ({ host, pid, run }: LeaseHolder): string => `${host}/${pid}/${run}`;

/** Takes the lease on the feed, so that schedule, backfill and retries never talk to it at once. Throws LEASE_HELD when somebody has it. */
export async function takeLease({ table, clock, holder, isAlive }: LeaseDeps): Promise<Lease> {
  const mine = nameOf(holder);
  const item = () => ({ ...LEASE_KEY, holder: mine, expires: addSeconds(clock(), LASTS_SECONDS) });
  const expired = { if: 'below', field: 'expires', value: clock() } as const;
  if (!(await table.put(item(), expired))) {
    const other = await table.get(LEASE_KEY, { consistent: true });
    const theirs = String(other?.holder ?? '');
    const [host, pid] = theirs.split('/');
    // a put whose answer was lost is tried again by the SDK and then refused by itself: hence the look for our own name
    const free = theirs === mine || (host === holder.host && !isAlive(Number(pid)));
    const still = other ? ({ if: 'equal', field: 'holder', value: theirs } as const) : ({ if: 'absent' } as const);
    if ((other && !free) || !(await table.put(item(), still))) {
      throw new PaperkeepError({
        code: 'LEASE_HELD',
        message: `another paperkeep${other ? ` (${theirs}, until ${String(other.expires)} at most)` : ''} is talking to the feed`,
        hint: 'wait for it to end, then run again: two at once would be impolite to the feed',
      });
    }
  }
  const ours = { if: 'equal', field: 'holder', value: mine } as const;
  return {
    async renew() {
      if (await table.put(item(), ours)) return;
      throw new PaperkeepError({
        code: 'LEASE_LOST',
        message: 'the lease on the feed expired and another took it',
        hint: 'run again later',
      });
    },
    async release() {
      await table.delete(LEASE_KEY, ours);
    },
  };
}
