import type { Sample } from '../../functions/cli/sample-site.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, dayOf, secondsBetween, startOfDay } from '../lib/time.ts';

/** What a schedule needs. */
export type SchedulerDeps = {
  /** Collects what is due; says itself what failed, and never throws. Tells at once of a request that nothing answered. */
  collectDue(onUnanswered: () => void): Promise<void>;
  /** Whether the archive holds a usable capture. */
  hasReal(): Promise<boolean>;
  openSample(): Promise<Sample>;
  /** Shows the sample; null: the archive. */
  show(sample: Sample | null): void;
  /** Waits that many milliseconds, or until the schedule is stopped. */
  wait(ms: number): Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the feed is; for messages. */
  readonly origin: string;
};

/** The schedule runs this long after each full hour, when the feed's caches (30 s) show the new hour. */
const PAST_THE_HOUR_MS = 2 * 60_000;
const HOUR_MS = 3_600_000;
/** While nothing was ever captured, the sample is shown when the feed has brought nothing within this time, or a request got no answer. */
const PATIENCE_MS = 2_500;
/** While the sample is shown the real feed is tried again this often. */
const TRY_AGAIN_MS = 10 * 60_000;

/** Collects now and every hour until it is stopped; shows the sample while there is nothing real to show, and says so loudly. */
export async function runScheduler(deps: SchedulerDeps, stopped: AbortSignal): Promise<void> {
  const { log, wait } = deps;
  let sample: Sample | null = null;

  async function showWhatThereIs(): Promise<void> {
    if (await deps.hasReal()) {
      if (!sample) return;
      deps.show(null);
      log.info('THE FEED ANSWERS: showing real papers now, the sample is gone');
      await sample.close();
      sample = null;
    } else if (sample) {
      await sample.advance();
    } else {
      log.warn(
        `NOTHING COULD BE CAPTURED from ${deps.origin} so far: showing SAMPLE papers, made up, until it answers`,
      );
      sample = await deps.openSample();
      // it takes seconds, in which the feed may have answered after all
      if (await deps.hasReal()) return showWhatThereIs();
      deps.show(sample);
    }
  }
  // What cannot be shown is tried again with the next round; what is shown already stays.
  const tryToShow = async (): Promise<void> => {
    if (!stopped.aborted) await showWhatThereIs().catch((error) => log.warn('no sample', { why: errorMessage(error) }));
  };

  for (let first = true; !stopped.aborted; first = false) {
    const lost = Promise.withResolvers<void>();
    const collecting = deps.collectDue(lost.resolve);
    if (first) {
      await Promise.race([collecting, lost.promise, wait(PATIENCE_MS)]);
      await tryToShow();
    }
    await collecting;
    await tryToShow();
    if (!stopped.aborted) await wait(sample ? TRY_AGAIN_MS : untilNextRun(deps.clock));
  }
  await (sample as Sample | null)?.close();
}

function untilNextRun(clock: Clock): number {
  const now = clock();
  const intoTheHour = (secondsBetween(startOfDay(dayOf(now)), now) * 1000) % HOUR_MS;
  return HOUR_MS - intoTheHour + PAST_THE_HOUR_MS;
}
