import { RESERVED_CONCURRENCY } from '../../infra/config.ts';
import { PRICES } from '../../shared/aws/prices.ts';
import { HOUR_DOLLARS, priceOf } from '../../shared/web/allowance.ts';
import { ASSUMED } from './assumed.ts';
import measured from './measured.json' with { type: 'json' };

/** What a page and a visit take, as `npm run bench -- cost` measured them; seconds and the size of a snapshot are assumed there. */
const REQUEST = { ...measured.page, seconds: ASSUMED.requestSeconds };
const VISIT = { ...measured.visit, seconds: ASSUMED.visitSeconds, kb: ASSUMED.snapshotKb };
/** Visits a day to `daily` with its older days and to `trending`; each watched list has one more. */
const VISITS_A_DAY = measured.visitsADay;
/** The part of the requests that a CDN answers itself. */
const HIT_RATE = 0.9;
const [DAYS, SECONDS] = [365 / 12, (365 / 12) * 86_400];

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

/** The price of a month of requests that reach the site, without the traffic to the internet. */
const functionsPrice = (rate: number): number =>
  rate *
  SECONDS *
  (PRICES.apiRequest + PRICES.invocation + REQUEST.seconds * PRICES.gbSecond + REQUEST.readUnits * PRICES.readUnit);

/** The table of docs/aws/scale.md by requests a second. */
export function describeRequests(): string {
  const rows = [1, 10, 100].map((rate) => {
    const busy = rate * REQUEST.seconds;
    const out = (rate * SECONDS * REQUEST.kb * PRICES.outGb) / 1e6;
    const hour =
      3600 * rate * priceOf({ bytes: REQUEST.kb * 1000, readUnits: REQUEST.readUnits, gbSeconds: REQUEST.seconds });
    return `| ${rate} | ${busy.toFixed(1)} of ${RESERVED_CONCURRENCY.query} | $${hour.toFixed(3)} of $${HOUR_DOLLARS.toFixed(3)} | ${dollars(functionsPrice(rate))} | ${dollars(out)} | ${dollars(functionsPrice(rate * (1 - HIT_RATE)))} |`;
  });
  return [
    '| requests a second | executions at once | of the allowance of an hour | functions and reads, a month | data to the internet | functions and reads behind a CDN |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The table of docs/aws/scale.md by lists. */
export function describeLists(): string {
  const rows = [2, 20, 50].map((lists) => {
    const watched = lists - 2;
    const month = (VISITS_A_DAY + watched) * DAYS;
    return `| ${lists} | ${VISITS_A_DAY + watched} | ${watched * VISIT.seconds} s | ${dollars(month * (VISIT.writeUnits * PRICES.writeUnit + PRICES.put))} | ${((month * 12 * VISIT.kb) / 1e6).toFixed(1)} GB |`;
  });
  return [
    '| lists | visits a day | visits to all watched lists take | writes, a month | archive, a year |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
