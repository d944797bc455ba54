/** Expected upvotes: what the papers of the 90 days before had at the same age. */
import * as z from 'zod';
import { expectedFrom, readUpvotesAtAges, summarizeReadings } from '../catalog/expected.ts';
import { newestCapturedDay } from '../catalog/newest-day.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { type Day, type Instant, secondsBetween, startOfDay } from '../lib/time.ts';
import { EXPECTED_AGES_HOURS, EXPECTED_MIN_PAPERS, expectedAtAge, neighbouringAges } from '../model/expected.ts';
import { currentDay, type QueryContext } from './context.ts';
import type { ExpectedAnswer } from './expected.schema.ts';
import { day, orNull } from './parameters.ts';
import { defineQuestion } from './question.ts';
import { rangeCoverage } from './range.ts';

/** The curve of the papers that are listed on a day. */
export const expectedQuestion = defineQuestion({
  path: '/expected',
  summary:
    'The upvotes to expect of a paper of a list day, by its age: quartiles of the 90 days before. Without a day: of the newest daily list that was captured.',
  parameters: z.object({ day: orNull(day) }),
  answer: async () => (await import('./expected.schema.ts')).ExpectedAnswer,
  run: (context, { day }) => getExpected(context, day),
});

type PointRow = { age_hours: number; papers: number; q1: number; median: number; q3: number };

/** The curve of a day (null: of the newest daily list that was captured), at every age; quartiles of fewer than 100 papers are null. */
export async function getExpected(context: QueryContext, asked: Day | null): Promise<ExpectedAnswer> {
  const catalog = await context.catalog();
  const today = currentDay(context);
  const day = asked ?? newestCapturedDay(catalog, 'daily', today) ?? today;
  const rows = catalog.all<PointRow>('SELECT age_hours, papers, q1, median, q3 FROM expected WHERE day = ?', [day]);
  const [from, to] = expectedFrom(day);
  return {
    day,
    from,
    to,
    points: EXPECTED_AGES_HOURS.map((ageHours) => {
      const { papers = 0, q1, median, q3 } = rows.find(({ age_hours }) => age_hours === ageHours) ?? {};
      const isKnown = papers >= EXPECTED_MIN_PAPERS;
      return { ageHours, papers, ...(isKnown ? { q1, median, q3 } : { q1: null, median: null, q3: null }) };
    }) as ExpectedAnswer['points'],
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage: rangeCoverage(catalog, 'daily', { from, to }, today),
  };
}

/** The upvotes to expect of a paper by its list day (null: it has none) and age in hours; null where that is not known. */
export type ExpectedUpvotes = (listedOn: Day | null, ageHours: number) => number | null;

/** Reads the curves of list days, or only some ages of them. */
export function readExpectedUpvotes(
  catalog: Catalog,
  days: readonly (Day | null)[],
  ages: readonly number[] = EXPECTED_AGES_HOURS,
): ExpectedUpvotes {
  const rows = catalog.all<{ day: Day; age_hours: number; median: number }>(
    `SELECT day, age_hours, median FROM expected WHERE papers >= ? AND day IN (SELECT value FROM json_each(?))
      AND age_hours IN (SELECT value FROM json_each(?))`,
    [EXPECTED_MIN_PAPERS, JSON.stringify([...new Set(days)]), JSON.stringify(ages)],
  );
  return fromMedians(new Map(rows.map(({ day, age_hours, median }) => [`${day} ${age_hours}`, median])));
}

const fromMedians =
  (medians: ReadonlyMap<string, number>): ExpectedUpvotes =>
  (listedOn, ageHours) =>
    listedOn && expectedAtAge((age) => medians.get(`${listedOn} ${age}`) ?? null, ageHours);

/** A list day with the age of its papers, and the ages of its curve that theirs is between. */
type Wanted = { readonly day: Day; readonly ageHours: number; readonly ages: readonly number[] };

/** Makes the parts of curves that are wanted from the captures up to an instant. */
function expectedUpTo(catalog: Catalog, days: readonly Day[], ages: readonly number[], upTo: Instant): ExpectedUpvotes {
  const within = [expectedFrom(days[0] as Day)[0], expectedFrom(days.at(-1) as Day)[1]] as const;
  const readings = readUpvotesAtAges(catalog, within, ages, upTo);
  const summarize = summarizeReadings(readings, ages.length);
  const medians = days.flatMap((day) =>
    summarize(day).flatMap((point, at) =>
      point && point.papers >= EXPECTED_MIN_PAPERS ? [[`${day} ${ages[at]}`, point.median] as const] : [],
    ),
  );
  return fromMedians(new Map(medians));
}

/** Hours from the start of a list day to an instant, with all decimals. */
export const exactAgeHours = (listedOn: Day, at: Instant): number => secondsBetween(startOfDay(listedOn), at) / 3600;

/**
 * Returns the upvotes to expect, at an instant, of papers by their list days. It does not wait for the catalog: what the catalog does not
 * have yet is unknown.
 *
 * @param upTo Only captures up to it count; null: all.
 */
export async function expectedAt(
  { catalog: wholeCatalog, recentCatalog = wholeCatalog }: QueryContext,
  days: readonly (Day | null)[],
  at: Instant,
  upTo: Instant | null,
): Promise<(listedOn: Day | null) => number | null> {
  const wanted = [...new Set(days)].sort().flatMap((day): Wanted[] => {
    const ageHours = day && exactAgeHours(day, at);
    const ages = ageHours && neighbouringAges(ageHours);
    return ages ? [{ day, ageHours, ages }] : [];
  });
  const [oldest] = wanted;
  if (!oldest) return () => null;
  try {
    const catalog = await recentCatalog(upTo && expectedFrom(oldest.day)[0]);
    const parts = [wanted.map(({ day }) => day), [...new Set(wanted.flatMap(({ ages }) => ages))]] as const;
    const expected = upTo === null ? readExpectedUpvotes(catalog, ...parts) : expectedUpTo(catalog, ...parts, upTo);
    const known = new Map(wanted.map(({ day, ageHours }) => [day, expected(day, ageHours)]));
    return (listedOn) => (listedOn && known.get(listedOn)) ?? null;
  } catch (error) {
    if (error instanceof PaperkeepError) return () => null;
    throw error;
  }
}
