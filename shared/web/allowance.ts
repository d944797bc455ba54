import { PRICES } from '../aws/prices.ts';
import { formatTimeOn } from '../lib/format.ts';
import { addSeconds, type Clock, type Instant } from '../lib/time.ts';
import { SPENDING_KEY } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { HttpProblem } from './problem.ts';

/** What responses of an hour may cost, in dollars: some 5,000 pages. docs/aws/cost.md adds up a day. */
export const HOUR_DOLLARS = 0.045;
/** What slow addresses may spend of it together; the rest is left to pages. */
export const SLOW_DOLLARS = HOUR_DOLLARS / 2;
/** Spending that a process collects before it adds it to the table, which costs a write. */
export const UNRECORDED_DOLLARS = 0.000_05;
/** Attempts at adding spending while other processes do so. */
const ATTEMPTS = 5;
/** An HTTP API bills each started part of this size as a request. */
const API_BYTES = 512 * 1024;

/** What a response took: bytes sent to the client, units of the table, and the time of the function times its memory. */
export type Usage = { readonly bytes: number; readonly readUnits: number; readonly gbSeconds: number };

/** The price of a response in dollars, without that of one request to the API and to the function. */
export const priceOf = ({ bytes, readUnits, gbSeconds }: Usage): number =>
  (bytes / 1e9) * PRICES.outGb +
  Math.floor(bytes / API_BYTES) * PRICES.apiRequest +
  readUnits * PRICES.readUnit +
  gbSeconds * PRICES.gbSecond;

/** What was spent in an hour (`2026-11-30T09`). */
export type Spending = { readonly hour: string; readonly dollars: number };

/** Adds to spending; a new hour begins at nothing. */
export const addSpending = (before: Spending, { hour, dollars }: Spending): Spending => ({
  hour,
  dollars: before.hour === hour ? before.dollars + dollars : dollars,
});

const hourOf = (now: Instant): string => now.slice(0, 'YYYY-MM-DDTHH'.length);
const secondsToNextHour = (now: Instant): number => 3600 - Number(now.slice(14, 16)) * 60 - Number(now.slice(17, 19));

/** Limits what the responses of a site cost in an hour. */
export type Allowance = {
  /** @throws {HttpProblem} 429 when the allowance of this hour is spent, or the part of it that slow addresses have. */
  check(isSlow: boolean): Promise<void>;
  /** Charges a response: the bytes sent, by the site or by a link that it gave, the time it took, and what was read since the last charge. */
  charge(bytes: number, seconds: number): Promise<void>;
};

/** What an allowance needs. */
export type AllowanceDeps = {
  readonly table: TableStore;
  readonly clock: Clock;
  readonly memoryGb: number;
  readonly readUnits: ReadUnits;
};

/** A count of the units of the table that reads use. */
export type ReadUnits = {
  add(units: number): void;
  /** The units added since the last call. */
  take(): number;
};

/** Starts a count of read units, which a table adds to and an allowance takes from. */
export function countReadUnits(): ReadUnits {
  let units = 0;
  return {
    add(more) {
      units += more;
    },
    take() {
      const taken = units;
      units = 0;
      return taken;
    },
  };
}

/**
 * Creates an allowance that all processes of a site share, by an item of the table. A process learns what others spent when it starts and
 * whenever it has spent {@link UNRECORDED_DOLLARS} itself, so each may exceed the allowance of an hour by that and by one response.
 */
export function createAllowance({ table, clock, memoryGb, readUnits }: AllowanceDeps): Allowance {
  let known: Spending | null = null;
  let unrecorded = 0;

  const read = async () => {
    const item = await table.get(SPENDING_KEY, { consistent: true });
    return { hour: String(item?.hour ?? ''), dollars: Number(item?.dollars ?? 0) };
  };

  async function record(): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const [dollars, before] = [unrecorded, await read()];
      known = addSpending(before, { hour: hourOf(clock()), dollars });
      const condition =
        before.hour === ''
          ? ({ if: 'absent' } as const)
          : ({ if: 'equal', field: 'dollars', value: before.dollars } as const);
      if (!(await table.put({ ...SPENDING_KEY, ...known }, condition))) continue;
      unrecorded -= dollars;
      return;
    }
  }

  return {
    async check(isSlow) {
      const now = clock();
      known ??= await read();
      if (known.hour !== hourOf(now) || known.dollars < (isSlow ? SLOW_DOLLARS : HOUR_DOLLARS)) return;
      const wait = secondsToNextHour(now);
      const detail = `this site has answered as ${isSlow ? 'many feeds, whole lists and long ranges' : 'much'} as its owner pays for in an hour: ask again at ${formatTimeOn(now.slice(0, 10), addSeconds(now, wait))}${isSlow ? '; other pages are answered' : ''}`;
      throw new HttpProblem(429, 'Too many requests', detail, { 'retry-after': String(wait) });
    },
    async charge(bytes, seconds) {
      unrecorded += priceOf({ bytes, readUnits: readUnits.take(), gbSeconds: seconds * memoryGb });
      if (unrecorded < UNRECORDED_DOLLARS) return;
      unrecorded += PRICES.writeUnit;
      await record();
    },
  };
}
