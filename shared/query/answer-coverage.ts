/** What an answer reports of the visits that it was read from. */
import type { ListDay } from '../model/list.ts';
import type { ListDayStatus } from '../table/items.ts';
import type { Coverage, ReadFrom } from './common.schema.ts';

/** Coverage of a list day from its status; `missing` when it was never visited. */
export const toCoverage = (standing: ListDayStatus | null): Coverage => ({
  status: standing?.status ?? 'missing',
  captures: standing?.captures ?? 0,
  failures: standing?.failures ?? 0,
  first: standing?.first ?? null,
  last: standing?.last ?? null,
  listed: standing?.listed ?? null,
  pages: standing?.pages ?? null,
  complete: standing?.complete ?? null,
  settled: (standing?.settledAt ?? null) !== null,
});

/** Coverage of an answer about papers: of each list the visits of the days that it was read from. */
export const toReadFrom = (
  read: readonly { readonly listDay: ListDay; readonly summary: { readonly standing: ListDayStatus } }[],
): ReadFrom => ({
  lists: [...Map.groupBy(read, ({ listDay }) => listDay.list)].map(([list, days]) => {
    const standings = days.map(({ summary }) => summary.standing);
    const sum = (field: 'captures' | 'failures') => standings.reduce((total, standing) => total + standing[field], 0);
    return {
      list,
      days: days.length,
      captures: sum('captures'),
      failures: sum('failures'),
      first: standings.flatMap(({ first }) => first ?? []).sort()[0] ?? null,
      last:
        standings
          .flatMap(({ last }) => last ?? [])
          .sort()
          .at(-1) ?? null,
    };
  }),
});
