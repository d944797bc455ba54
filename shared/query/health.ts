import { secondsBetween } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import { kindOf } from '../model/target.ts';
import { listsOf } from '../record/calendar.ts';
import { kinds } from '../sources.ts';
import type { HealthAnswer } from './answers.ts';
import { newestCapture } from './coverage.ts';
import type { Archive } from './store.ts';

/** A list is stale when its newest capture is older than this many of its periods. */
const STALE_PERIODS = 3;
/** The period of the lists that move, in minutes. */
const HOURLY = kinds.daily.everyMinutes;

/** Whether the archive is alive: `stale` when its newest capture is older than three periods, `empty` when there is none. */
export async function healthAnswer({ records, clock, sample }: Archive): Promise<HealthAnswer> {
  const now = clock();
  const lists = await inTurns([...(await listsOf(records)).keys()], async (list) => {
    const last = await newestCapture(records, list, clock);
    const ageMinutes = last && Math.max(0, Math.round(secondsBetween(last, now) / 60));
    const period = kinds[kindOf(list)].everyMinutes;
    return { list, last, ageMinutes, stale: ageMinutes === null || ageMinutes > STALE_PERIODS * period };
  });
  const ages = lists.map(({ ageMinutes }) => ageMinutes).filter((age) => age !== null);
  const status = ages.length === 0 ? 'empty' : Math.min(...ages) > STALE_PERIODS * HOURLY ? 'stale' : 'ok';
  return { status, now, sample, lists };
}
