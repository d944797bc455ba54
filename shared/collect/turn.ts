import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';

/** Codes of the errors that end with the other process that causes them. */
const PASSING = new Set(['LEASE_HELD', 'TABLE_BUSY']);
/** How often a run that waits for its turn tries again. */
const RETRY_MS = 5000;

/** What waiting for a turn needs. */
export type TurnDeps = {
  /** Waits that many milliseconds, or until the schedule is stopped. */
  wait(ms: number): Promise<unknown>;
  readonly log: Log;
  readonly stopped: AbortSignal;
};

/**
 * Runs `run`; while another process holds the feed or has locked the table it waits and runs it again, so that a scheduled hour is late
 * and not lost. Returns null when it is stopped meanwhile.
 */
export async function retryWhileLocked<T>(run: () => Promise<T>, { wait, log, stopped }: TurnDeps): Promise<T | null> {
  for (let isFirst = true; !stopped.aborted; isFirst = false) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof PaperkeepError && PASSING.has(error.code))) throw error;
      if (isFirst) log.info('waiting for another process to finish', { why: error.message });
      await wait(RETRY_MS);
    }
  }
  return null;
}
