import { errorMessage } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, dayOf, secondsBetween, startOfDay } from '../lib/time.ts';

/** A sample of invented papers that stands in while there is nothing real to show. */
export type RunningSample = {
  /** Makes the site show it. */
  show(): void;
  /** Brings it up to the present time. */
  advance(): Promise<void>;
  close(): Promise<void>;
};

/** What the schedule of a server needs. */
export type SchedulerDeps = {
  /** Collects what is due and reports its own failures: it never throws. It calls `onUnanswered` at once for a request without a response. */
  collectDue(onUnanswered: () => void): Promise<void>;
  /** True when the archive has a usable capture. */
  hasUsableCapture(): Promise<boolean>;
  openSample(): Promise<RunningSample>;
  /** Makes the site show the archive. */
  showArchive(): void;
  /** Waits that many milliseconds, or until the schedule is stopped. */
  wait(ms: number): Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
  /** The origin of the feed, for messages. */
  readonly origin: string;
};

/** The schedule runs so long after each full hour, when the feed's caches (30 s) show the new hour. */
const PAST_THE_HOUR_MS = 2 * 60_000;
const HOUR_MS = 3_600_000;
/** While nothing was ever captured, the sample is shown when a request got no response, or after this time without a capture. */
const PATIENCE_MS = 2_500;
/** While the sample is shown, the real feed is tried again this often. */
const RETRY_MS = 10 * 60_000;

/**
 * Collects now and then every hour until it is stopped. While the archive has no usable capture it shows the sample and says so in the log;
 * once the feed answers it switches to the archive and says that too.
 */
export async function runScheduler(deps: SchedulerDeps, stopped: AbortSignal): Promise<void> {
  const { log, wait } = deps;
  let sample: RunningSample | null = null;

  async function updateSite(): Promise<void> {
    if (await deps.hasUsableCapture()) {
      if (!sample) return;
      deps.showArchive();
      log.info(`${deps.origin} answers now: the site shows real papers instead of the sample`);
      await sample.close();
      sample = null;
    } else if (sample) {
      await sample.advance();
    } else {
      log.warn(
        `no list could be captured from ${deps.origin} yet: the site shows a sample of invented papers until one is`,
      );
      sample = await deps.openSample();
      // Opening takes seconds, in which the feed may have answered after all.
      if (await deps.hasUsableCapture()) return updateSite();
      sample.show();
    }
  }
  // A failure is tried again after the next run; until then the site stays as it is.
  const tryToUpdateSite = async (): Promise<void> => {
    if (!stopped.aborted)
      await updateSite().catch((error) => log.warn('the sample could not be shown', { why: errorMessage(error) }));
  };

  for (let isFirst = true; !stopped.aborted; isFirst = false) {
    const unanswered = Promise.withResolvers<void>();
    const collecting = deps.collectDue(unanswered.resolve);
    if (isFirst) {
      await Promise.race([collecting, unanswered.promise, wait(PATIENCE_MS)]);
      await tryToUpdateSite();
    }
    await collecting;
    await tryToUpdateSite();
    if (!stopped.aborted) await wait(sample ? RETRY_MS : untilNextRun(deps.clock));
  }
  await (sample as RunningSample | null)?.close();
}

function untilNextRun(clock: Clock): number {
  const now = clock();
  const intoTheHour = (secondsBetween(startOfDay(dayOf(now)), now) * 1000) % HOUR_MS;
  return HOUR_MS - intoTheHour + PAST_THE_HOUR_MS;
}
