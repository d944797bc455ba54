import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MONTH_DOLLARS, REPLAY_DOLLARS_PER_SNAPSHOT } from '../../functions/cli/aws/prices.ts';
import { PRICES } from '../../shared/aws/prices.ts';
import type { Day } from '../../shared/lib/time.ts';
import { openDeployment, type Units } from './deployment.ts';
import measured from './measured.json' with { type: 'json' };
import { worstDay } from './stranger.ts';

/**
 * Units of one day of the schedule, the third of an archive, as counted when this was written. They make the bill, so a change that
 * asks more of AWS should fail here. Each may grow by 15 %, since lists change with the sample.
 */
const MEASURED = {
  visits: 69,
  puts: 70,
  lists: 94,
  gets: 70,
  messages: 69,
  collectRuns: 24,
  recordRuns: 70,
  nightRuns: 1,
  writeUnits: 1161,
  readUnits: 2112,
  tableOperations: 996,
  tableBytes: 202_778,
  archiveBytes: 1_603_651,
  logBytes: 51_685,
} as const satisfies Units;

/** Write units of one recorded capture: its listing, summary and calendar line, and what is new in its papers. */
const WRITE_UNITS_A_CAPTURE = 18;

const UNITS = Object.entries(MEASURED) as [keyof Units, number][];

describe('A day of the schedule in AWS', () => {
  const deployment = openDeployment();
  let day: Units;
  beforeAll(async () => {
    await deployment.run('2026-01-05' as Day, 2);
    await deployment.takeUnits();
    await deployment.run('2026-01-07' as Day, 1);
    day = await deployment.takeUnits();
  });
  afterAll(() => deployment.close());

  it.each(UNITS)('needs no more %s than %d and 15 percent', (unit, measured) => {
    expect(day[unit]).toBeLessThanOrEqual(Math.ceil(measured * 1.15));
    // a count that fell by half no longer counts the same thing
    expect(day[unit]).toBeGreaterThan(measured * 0.5);
  });

  it(`writes at most ${WRITE_UNITS_A_CAPTURE} units of the table per recorded capture`, () => {
    expect(day.writeUnits / day.visits).toBeLessThanOrEqual(WRITE_UNITS_A_CAPTURE);
  });

  it('costs no more than the deployment and its documentation state', () => {
    const { writeUnits, readUnits, puts, lists, gets } = day;
    const requests = writeUnits * PRICES.writeUnit + readUnits * PRICES.readUnit + (puts + lists) * PRICES.put;
    expect((requests + gets * PRICES.get) * 31).toBeLessThan(MONTH_DOLLARS);
    const [, stated] =
      /a month of the first year \| \$[\d.]+ \| \$([\d.]+) \|/.exec(readFileSync('docs/aws/cost.md', 'utf8')) ?? [];
    expect(Number(stated)).toBeGreaterThan(0);
    expect(Number(stated)).toBeLessThanOrEqual(MONTH_DOLLARS);
    expect(MONTH_DOLLARS).toBeLessThanOrEqual(0.5);
  });

  it('costs at most five dollars where strangers ask for everything, over all routes', () => {
    const { requests, responses } = worstDay(measured.mostReadUnits);
    expect(requests + responses).toBeLessThanOrEqual(5);
    expect(readFileSync('docs/aws/cost.md', 'utf8')).toContain(`| sum | $${(requests + responses).toFixed(2)} |`);
    // most regions are up to a fifth more expensive
    expect(1.2 * (requests + responses)).toBeLessThanOrEqual(5);
  });

  it('can be replayed for the cost that an update announces', async () => {
    await deployment.replay('2026-01-06' as Day);
    const { writeUnits, readUnits, gets } = await deployment.takeUnits();
    expect(gets).toBeGreaterThan(40);
    const dollars = writeUnits * PRICES.writeUnit + readUnits * PRICES.readUnit + gets * PRICES.get;
    expect(dollars).toBeLessThan(REPLAY_DOLLARS_PER_SNAPSHOT * gets);
  });
});
