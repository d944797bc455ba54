/** What an answer reports of the visits that it was read from. */
import type { Instant } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { isSettled, type ListDayStatus } from '../table/items.ts';
import type { Coverage, ReadFrom } from './common.schema.ts';

/** Coverage of a list day from its status, at `now`; `missing` when it was never visited. */
export const toCoverage = (status: ListDayStatus | null, now: Instant): Coverage => ({
  status: status?.status ?? 'missing',
  captures: status?.captures ?? 0,
  failures: status?.failures ?? 0,
  first: status?.first ?? null,
  last: status?.last ?? null,
  listed: status?.listed ?? null,
  pages: status?.pages ?? null,
  complete: status?.complete ?? null,
  settled: isSettled(status, now),
});

/** Coverage of an answer about papers: of each list the visits of the days that it was read from. */
export const toReadFrom = (
  read: readonly { readonly listDay: ListDay; readonly summary: { readonly standing: ListDayStatus } }[],
): ReadFrom => ({
  lists: [...Map.groupBy(read, ({ listDay }) => listDay.list)].map(([list, days]) => {
    const statuses = days.map(({ summary }) => summary.standing);
    const sum = (field: 'captures' | 'failures') => statuses.reduce((total, status) => total + status[field], 0);
    return {
      list,
      days: days.length,
      captures: sum('captures'),
      failures: sum('failures'),
      first: statuses.flatMap(({ first }) => first ?? []).sort()[0] ?? null,
      last:
        statuses
          .flatMap(({ last }) => last ?? [])
          .sort()
          .at(-1) ?? null,
    };
  }),
});
