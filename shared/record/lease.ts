import { addSeconds, type Clock } from '../kit/clock.ts';
import { PaperkeepError } from '../kit/errors.ts';
import { LEASE } from './keys.ts';
import type { Records } from './records.ts';

/** How long a lease lasts unless it is renewed, which it is before each visit: longer than a visit that waits out a rate limit (5 minutes). */
const LASTS_SECONDS = 600;

/** Who holds a lease: a machine and a process, so that a process that died is known by its own machine at once. */
export type Holder = { readonly host: string; readonly pid: number; readonly run: string };

/** What a lease needs: a true clock (never a simulated one), who asks, and whether a process of this machine still lives. */
export type LeaseDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly isAlive: (pid: number) => boolean;
};

/** A lease that is held. */
export type Lease = { renew(): Promise<void>; release(): Promise<void> };

const nameOf = ({ host, pid, run }: Holder): string => `${host}/${pid}/${run}`;

/** Takes the lease on the feed, so that schedule, backfill and retries never talk to it at once. Throws LEASE_HELD when somebody has it. */
export async function takeLease({ records, clock, holder, isAlive }: LeaseDeps): Promise<Lease> {
  const mine = nameOf(holder);
  const item = () => ({ ...LEASE, holder: mine, expires: addSeconds(clock(), LASTS_SECONDS) });
  const expired = { if: 'below', field: 'expires', value: clock() } as const;
  if (!(await records.put(item(), expired))) {
    const other = await records.get(LEASE, { consistent: true });
    const theirs = String(other?.holder ?? '');
    const [host, pid] = theirs.split('/');
    // a put whose answer was lost is tried again by the SDK and then refused by itself: hence the look for our own name
    const free = theirs === mine || (host === holder.host && !isAlive(Number(pid)));
    const still = other ? ({ if: 'equal', field: 'holder', value: theirs } as const) : ({ if: 'absent' } as const);
    if ((other && !free) || !(await records.put(item(), still))) {
      throw new PaperkeepError(
        'LEASE_HELD',
        `another paperkeep${other ? ` (${theirs}, until ${String(other.expires)} at most)` : ''} is talking to the feed`,
        'wait for it to end, then run again: two at once would be impolite to the feed',
        3,
      );
    }
  }
  const ours = { if: 'equal', field: 'holder', value: mine } as const;
  return {
    async renew() {
      if (await records.put(item(), ours)) return;
      throw new PaperkeepError('LEASE_LOST', 'the lease on the feed expired and another took it', 'run again later');
    },
    async release() {
      await records.delete(LEASE, ours);
    },
  };
}
