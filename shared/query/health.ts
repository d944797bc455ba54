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
/** The period of the lists that move, in seconds. */
const HOURLY = kinds.daily.everyMinutes * 60;

/** Whether the archive is alive: `stale` when its newest capture is older than three periods, `empty` when there is none. */
export async function healthAnswer({ records, clock, sample }: Archive): Promise<HealthAnswer> {
  const now = clock();
  const found = await inTurns([...(await listsOf(records)).keys()], async (list) => {
    const last = await newestCapture(records, list, clock);
    return { list, last, age: last && Math.max(0, secondsBetween(last, now)) };
  });
  const ages = found.map(({ age }) => age).filter((age) => age !== null);
  return {
    status: ages.length === 0 ? 'empty' : Math.min(...ages) > STALE_PERIODS * HOURLY ? 'stale' : 'ok',
    now,
    sample,
    lists: found.map(({ list, last, age }) => ({
      list,
      last,
      ageMinutes: age && Math.floor(age / 60),
      stale: age === null || age > STALE_PERIODS * kinds[kindOf(list)].everyMinutes * 60,
    })),
  };
}
