import { countDays, type Day } from '../../../shared/lib/time.ts';

/** What a month costs in the first year, with what is always free; test/bench/budget.test.ts compares it with the bill. */
export const MONTH_DOLLARS = 0.2;
/** What it costs to record one snapshot again; test/bench/budget.test.ts compares it with the bill. */
export const REPLAY_DOLLARS_PER_SNAPSHOT = 0.000_01;

/** What it costs to fill in one old day of the daily list: some 330 write units, counted over 42 real days, and its requests. */
const HISTORY_DOLLARS_PER_DAY = 0.000_25;

/** The price of filling the daily lists back to `since`, as a sentence to follow another; empty without such a day. */
export function describeHistoryCost(since: string | undefined, today: Day): string {
  const days = since === undefined ? 0 : countDays(since as Day, today);
  return days > 0
    ? ` Filling the daily lists back to ${since} costs about ${formatDollars(days * HISTORY_DOLLARS_PER_DAY)} once.`
    : '';
}

/** Formats an amount: `$1.50`, or `less than a cent`. */
export const formatDollars = (amount: number): string => (amount < 0.01 ? 'less than a cent' : `$${amount.toFixed(2)}`);
