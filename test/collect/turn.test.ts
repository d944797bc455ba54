import { describe, expect, it } from 'vitest';
import { retryWhileLocked } from '../../shared/collect/turn.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';

const held = (code: string) => new PaperkeepError({ code, message: `${code} by another` });

/** Runs in turn where the first tries throw these errors; what came of it, and how it waited. */
async function runAgainst(errors: readonly Error[], stopAfter = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  const waits: number[] = [];
  const logged: string[] = [];
  let tries = 0;
  const result = await retryWhileLocked(
    async () => {
      const error = errors[tries];
      tries += 1;
      if (error) throw error;
      return 'collected';
    },
    {
      stopped: stop.signal,
      wait: async (ms) => {
        waits.push(ms);
        if (waits.length >= stopAfter) stop.abort();
      },
      log: { info: (event) => logged.push(event), warn: (event) => logged.push(event) },
    },
  ).catch((error: PaperkeepError) => error.code);
  return { result, tries, waits, logged };
}

describe('a scheduled run', () => {
  it('waits while another process holds the feed or the table, and says so once', async () => {
    expect(await runAgainst([held('LEASE_HELD'), held('LEASE_HELD'), held('TABLE_BUSY')])).toEqual({
      result: 'collected',
      tries: 4,
      waits: [5000, 5000, 5000],
      logged: ['waiting for another process to finish'],
    });
  });

  it('does not wait for an error that stays', async () => {
    expect(await runAgainst([held('DISK_FULL')])).toMatchObject({ result: 'DISK_FULL', tries: 1, waits: [] });
  });

  it('gives up its turn when it is stopped', async () => {
    expect(await runAgainst([held('LEASE_HELD'), held('LEASE_HELD')], 1)).toMatchObject({ result: null, tries: 1 });
  });
});
