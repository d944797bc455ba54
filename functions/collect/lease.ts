import { randomUUID } from 'node:crypto';
import type { CollectDeps } from '../../shared/collect/run.ts';
import { sleep, systemClock } from '../../shared/lib/time.ts';
import { takeLease } from '../../shared/table/lease.ts';
import type { TableStore } from '../../shared/table/store.ts';

/** How the collecting function takes the lease on the feed. No other process runs on its host, so a holder is known by its run alone. */
export const lambdaLease = (table: TableStore): CollectDeps['takeLease'] => {
  const holder = { host: 'lambda', pid: 0, run: randomUUID() };
  return (patience) => takeLease({ table, clock: systemClock, holder, identify: () => '', sleep }, patience);
};
