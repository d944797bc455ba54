import * as z from 'zod';
import { mapConcurrent } from '../lib/concurrency.ts';
import { secondsBetween } from '../lib/time.ts';
import { listKinds } from '../lists.ts';
import { listKind } from '../model/list.ts';
import { readListMonths } from '../table/calendar.ts';
import type { QueryContext } from './context.ts';
import { newestUsableCapture } from './coverage.ts';
import type { HealthAnswer } from './health.schema.ts';
import { defineQuestion } from './question.ts';

/** Whether the archive is kept up to date. */
export const healthQuestion = defineQuestion({
  path: '/-/health',
  summary: 'Whether the archive is up to date; 503 when its newest capture is older than three periods.',
  parameters: z.object({}),
  answer: async () => (await import('./health.schema.ts')).HealthAnswer,
  run: getHealth,
});

/** A list is stale when its newest capture is older than this many of its periods. */
const STALE_PERIODS = 3;
/** The period of the hourly lists, in seconds. */
const HOURLY = listKinds.daily.everyMinutes * 60;

/** Whether the archive is up to date: `stale` when its newest capture is older than three periods, `empty` before the first capture. */
export async function getHealth({ table, clock, sample }: QueryContext): Promise<HealthAnswer> {
  const now = clock();
  const found = await mapConcurrent([...(await readListMonths(table)).keys()], async (list) => {
    const last = await newestUsableCapture(table, list, clock);
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
      stale: age === null || age > STALE_PERIODS * listKinds[listKind(list)].everyMinutes * 60,
    })),
  };
}
