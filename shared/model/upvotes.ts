import { addSeconds, type Instant, secondsBetween } from '../lib/time.ts';

/**
 * Expands a paper's upvotes to one value for each capture of its list; null where it was not listed or the feed did not say.
 *
 * @param votes Pairs of the number of a capture and the upvotes from that capture on.
 * @param captures How many captures the list has.
 * @example
 * upvoteSteps([0, 5, 2, 9], 4); // [5, 5, 9, 9]
 */
export function upvotesPerCapture(votes: readonly (number | null)[], captures: number): (number | null)[] {
  const each: (number | null)[] = Array.from({ length: captures }, () => null);
  for (let pair = 0; pair < votes.length; pair += 2) each.fill(votes[pair + 1] ?? null, votes[pair] as number);
  return each;
}

/** Upvotes in a capture, and when it was taken. */
export type UpvoteReading = { readonly upvotes: number; readonly readAt: Instant };

/**
 * How many seconds a capture may be away from an age to give the upvotes at that age: a sixth of the age, at least an hour.
 * Of daily visits one is always within 12 hours, a sixth of 3 days; of hourly visits one is always within the hour.
 */
export const ageToleranceSeconds = (ageHours: number): number => Math.max(1, ageHours / 6) * 3600;

/** Upvotes gained from the first to the last reading; null unless both are known and the paper was seen in two captures. */
export const upvoteGain = (first: number | null, last: number | null, captures: number): number | null =>
  captures > 1 && first !== null && last !== null ? last - first : null;

/**
 * The upvotes of a paper at an age, from the nearest capture with a number (of two equally near the earlier); null where none is within
 * `ageToleranceSeconds`.
 *
 * @param times The captures of the list, oldest first.
 * @param votes The paper's pairs, as for `upvoteSteps`.
 * @param from When the age is 0.
 */
export function upvotesAtAge(
  times: readonly Instant[],
  votes: readonly (number | null)[],
  from: Instant,
  ageHours: number,
): UpvoteReading | null {
  const wanted = addSeconds(from, ageHours * 3600);
  const tolerance = ageToleranceSeconds(ageHours);
  const [earliest, latest] = [addSeconds(wanted, -tolerance), addSeconds(wanted, tolerance)];
  const each = upvotesPerCapture(votes, times.length);
  const readings = times.flatMap((readAt, capture): UpvoteReading[] => {
    const upvotes = each[capture] ?? null;
    return upvotes === null || readAt < earliest || readAt > latest ? [] : [{ upvotes, readAt }];
  });
  return nearestReading(wanted, readings);
}

/** The upvotes in the first capture with a number; null where none has one. Takes what `upvotesNear` takes. */
export function firstUpvotes(times: readonly Instant[], votes: readonly (number | null)[]): UpvoteReading | null {
  for (let pair = 0; pair < votes.length; pair += 2) {
    const upvotes = votes[pair + 1] ?? null;
    const readAt = times[votes[pair] as number];
    if (upvotes !== null && readAt !== undefined) return { upvotes, readAt };
  }
  return null;
}

/** The reading nearest to a moment, of two equally near the earlier, or null if there is no such thing. */
export function nearestReading(wanted: Instant, readings: readonly UpvoteReading[]): UpvoteReading | null {
  const away = ({ readAt }: UpvoteReading) => Math.abs(secondsBetween(readAt, wanted));
  const nearer = (a: UpvoteReading, b: UpvoteReading) =>
    away(a) < away(b) || (away(a) === away(b) && a.readAt <= b.readAt);
  return readings.reduce<UpvoteReading | null>(
    (nearest, one) => (nearest && nearer(nearest, one) ? nearest : one),
    null,
  );
}
