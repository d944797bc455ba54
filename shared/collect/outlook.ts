import { type Day, dayOf } from '../lib/time.ts';
import type { ListKind } from '../model/list.ts';
import type { ListDayStatus } from '../table/items.ts';
import { type ScheduleWindow, willVisit } from './due.ts';
import { toVisitOutcomes } from './visits.ts';

/**
 * What the schedule will still do for a list day that lacks something. `healing`: no whole list yet, and it will be visited again.
 * `settling`: captured, and visited again until it settles. `backfill`: only a backfill captures it. `lost`: it never can be captured, since
 * the feed shows this list only as it is now.
 */
export type Outlook = 'healing' | 'settling' | 'lost' | 'backfill';

/** Finds the outlook of a list day by its status (null: never visited); null when nothing is missing, and for a day to come. */
export function findOutlook(
  kind: ListKind,
  day: Day,
  status: ListDayStatus | null,
  window: ScheduleWindow,
): Outlook | null {
  const { now } = window;
  if (day > dayOf(now)) return null;
  const visits = status && { last: status.lastVisit, gapVisits: 0, outcomes: toVisitOutcomes(status, now) };
  const again = willVisit(kind, day, visits, window);
  if (status?.status === 'captured' || status?.status === 'empty') return kind === 'daily' && again ? 'settling' : null;
  if (again) return 'healing';
  if (kind === 'daily') return 'backfill';
  // Of a cut trending list or search, what was seen is there.
  return status?.status === 'partial' ? null : 'lost';
}
