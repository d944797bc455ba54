import type { Day } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import type { Catalog } from './sqlite.ts';

/** The newest day of a list, up to today, that was captured; null if none was. */
export function newestCapturedDay(catalog: Catalog, list: ListName, today: Day): Day | null {
  const sql = 'SELECT max(day) AS day FROM coverage WHERE list = ? AND captures > 0 AND day <= ?';
  return catalog.all<{ day: Day | null }>(sql, [list, today])[0]?.day ?? null;
}
