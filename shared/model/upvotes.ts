import { addSeconds, type Instant, secondsBetween } from '../lib/time.ts';

/** A paper's upvotes in each capture of its list, from pairs of `votes`; null where it was not there or they were not told. */
export function upvoteSteps(votes: readonly (number | null)[], captures: number): (number | null)[] {
  const each: (number | null)[] = Array.from({ length: captures }, () => null);
  for (let pair = 0; pair < votes.length; pair += 2) each.fill(votes[pair + 1] ?? null, votes[pair] as number);
  return each;
}

/** Upvotes as a capture told them, and when it was taken. */
export type UpvoteReading = { readonly upvotes: number; readonly readAt: Instant };

// A sixth of the age: visits once a day are 24 h apart, so one lies within 12 h of any moment, and from 3 days on that is near enough.
const NEAR = 1 / 6;
/** The schedule visits every hour: at young ages the visit before or after still counts. */
const NEAR_AT_LEAST_HOURS = 1;

/**
 * Upvotes at an age, counted in hours from `from`: those of the nearest capture that told them (of two equally near the earlier), if it is
 * within a sixth of the age, at least an hour; else null. `times` are the captures of the list, oldest first, `votes` the paper's pairs.
 */
export function upvotesNear(
  times: readonly Instant[],
  votes: readonly (number | null)[],
  from: Instant,
  ageHours: number,
): UpvoteReading | null {
  const wanted = addSeconds(from, ageHours * 3600);
  const tolerance = Math.max(NEAR_AT_LEAST_HOURS, ageHours * NEAR) * 3600;
  const [earliest, latest] = [addSeconds(wanted, -tolerance), addSeconds(wanted, tolerance)];
  const each = upvoteSteps(votes, times.length);
  const told = times.flatMap((readAt, capture): UpvoteReading[] => {
    const upvotes = each[capture] ?? null;
    return upvotes === null || readAt < earliest || readAt > latest ? [] : [{ upvotes, readAt }];
  });
  return nearestReading(wanted, told);
}

/** Upvotes in the first capture that told them; null where none did. `times` and `votes` as above. */
export function firstUpvotes(times: readonly Instant[], votes: readonly (number | null)[]): UpvoteReading | null {
  for (let pair = 0; pair < votes.length; pair += 2) {
    const upvotes = votes[pair + 1] ?? null;
    const readAt = times[votes[pair] as number];
    if (upvotes !== null && readAt !== undefined) return { upvotes, readAt };
  }
  return null;
}

/** Of upvotes read at several moments those read nearest to one, of two equally near the earlier; null of none. */
export function nearestReading(wanted: Instant, told: readonly UpvoteReading[]): UpvoteReading | null {
  const away = ({ readAt }: UpvoteReading) => Math.abs(secondsBetween(readAt, wanted));
  const nearer = (a: UpvoteReading, b: UpvoteReading) =>
    away(a) < away(b) || (away(a) === away(b) && a.readAt <= b.readAt);
  return told.reduce<UpvoteReading | null>((nearest, one) => (nearest && nearer(nearest, one) ? nearest : one), null);
}
