import { type Day, dayOf, type Instant } from '../lib/time.ts';
import type { ListKind } from '../model/list.ts';
import type { ListDayStatus } from '../table/items.ts';
import { willVisit } from './due.ts';
import { visitOutcomes } from './visits.ts';

/**
 * What becomes of a list that is not all well. `healing`: nothing whole of it yet, and the plan visits it again. `settling`: captured,
 * and visited again until it settles. `backfill`: only a backfill brings it. `lost`: nothing ever will, for the feed shows this list only
 * as it is now.
 */
export type Outlook = 'healing' | 'settling' | 'lost' | 'backfill';

/** The outlook of a list by what is known of its visits (null: none); null when nothing is amiss, and for days to come. */
export function findOutlook(
  kind: ListKind,
  day: Day,
  standing: ListDayStatus | null,
  { firstDay, now }: { readonly firstDay: Day | null; readonly now: Instant },
): Outlook | null {
  if (day > dayOf(now)) return null;
  const again = willVisit(kind, day, standing && visitsOf(standing), { firstDay, now });
  const status = standing?.status ?? 'failed';
  if (status === 'captured' || status === 'empty') return kind === 'daily' && again ? 'settling' : null;
  if (again) return 'healing';
  if (kind === 'daily') return 'backfill';
  // what was seen of it is there
  return status === 'partial' ? null : 'lost';
}

const visitsOf = (standing: ListDayStatus) => ({ last: standing.lastVisit, asHole: 0, known: visitOutcomes(standing) });
