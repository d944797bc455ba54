import { describe, expect, it } from 'vitest';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { addDays, addSeconds, startOfDay } from '../../shared/lib/time.ts';
import { getExpected } from '../../shared/query/expected.ts';
import { getList } from '../../shared/query/list.ts';
import { getPaper } from '../../shared/query/paper.ts';
import { getTop } from '../../shared/query/top.ts';
import { day, instant } from '../support/build.ts';
import { anArchive, NEWEST, papers, seen } from './archive.ts';

const SHOWN = day('2025-01-10');

/** A list of a day with so many papers from an id on, each with one more upvote than the paper before. */
const listOf = (listed: string, at: string, count: number, from: number, upvotes: number) =>
  seen(
    `daily ${listed}`,
    at,
    papers(...Array.from({ length: count }, (_, n) => [from + n, upvotes + n, { listedOn: day(listed) }] as const)),
  );

const RANGE = { from: SHOWN, to: SHOWN };
const RANKING = { list: 'daily', age: null, limit: 500, cursor: null } as const;

/** Two lists of 50 papers at 6 and at 12 hours, and the list that is shown, seen at 11 hours. */
const captures = (['2025-01-06', '2025-01-07'] as const).flatMap((listed, n) =>
  [6, 12].map((hours) =>
    listOf(
      listed,
      addSeconds(startOfDay(day(listed)), hours * 3600),
      50,
      100 * n + 100,
      (hours === 6 ? 0 : 100) + 50 * n,
    ),
  ),
);
const shown = listOf(SHOWN, `${SHOWN}T11:00:00Z`, 2, 1, 99);
const archive = () => anArchive([...captures, shown]);
const expectedOn = async (context: Awaited<ReturnType<typeof archive>>, at: string | null) =>
  (
    await getList(context, { list: 'daily', day: SHOWN }, { ...NEWEST, at: at === null ? null : instant(at) })
  ).papers.map(({ expectedUpvotes }) => expectedUpvotes);

describe('expected upvotes', () => {
  it('come from a curve of the papers before, with quartiles at each age that they were captured near', async () => {
    const { points, from, to } = await getExpected(await archive(), SHOWN);
    expect([from, to]).toEqual([addDays(SHOWN, -90), '2025-01-09']);
    expect(points.filter(({ papers }) => papers > 0)).toEqual([
      { ageHours: 6, papers: 100, q1: 24.75, median: 49.5, q3: 74.25 },
      { ageHours: 12, papers: 100, q1: 124.75, median: 149.5, q3: 174.25 },
    ]);
  });

  it('have a curve of the newest captured list without a day, in an archive that no longer collects too', async () => {
    const context = await archive();
    for (const now of [`${SHOWN}T12:00:00Z`, '2026-01-10T12:00:00Z']) {
      const { day, points } = await getExpected({ ...context, clock: () => instant(now) }, null);
      expect([day, points.find(({ ageHours }) => ageHours === 6)?.median]).toEqual([SHOWN, 49.5]);
    }
  });

  it('are made from the lists of 90 days, for seven days after the newest list', async () => {
    const { table, catalog: fresh } = await anArchive([
      listOf('2025-01-06', '2025-01-06T06:00:00Z', 1, 1, 5),
      listOf('2025-04-06', '2025-04-06T06:00:00Z', 1, 2, 7),
    ]);
    const rows = async () =>
      (await fresh()).all<{ day: string; papers: number; median: number }>(
        "SELECT day, papers, median FROM expected WHERE age_hours = 6 AND day > '2025-04-05' ORDER BY day",
      );
    expect((await rows()).map(({ papers, median }) => [papers, median])).toEqual([
      [1, 5],
      ...Array.from({ length: 7 }, () => [1, 7]),
    ]);
    expect((await rows()).map((row) => row.day).at(-1)).toBe('2025-04-13');
    await table.close();
  });

  it('of a list, a paper and a leaderboard are those at the age of the paper', async () => {
    const context = await archive();
    const paper = await getPaper(context, '2501.00001');
    const top = await getTop(context, RANGE, { ...RANKING, by: 'upvotes' });
    expect([await expectedOn(context, null), paper.paper.expectedUpvotes]).toEqual([[149.5, 149.5], 149.5]);
    expect(top.papers.map(({ expectedUpvotes }) => expectedUpvotes)).toEqual([149.5, 149.5]);
  });

  it('are unknown with fewer than 100 papers, and without a curve', async () => {
    const few = await anArchive([...captures.slice(1), shown]);
    expect(await expectedOn(few, null)).toEqual([149.5, 149.5]);
    expect(await expectedOn(await anArchive([...captures.slice(2), shown]), null)).toEqual([null, null]);
    const building = () => Promise.reject(new PaperkeepError({ code: 'CATALOG_UNREACHABLE', message: 'gone' }));
    expect(await expectedOn({ ...few, recentCatalog: building }, null)).toEqual([null, null]);
  });

  it('as of a time come from the captures up to it', async () => {
    // the nearest capture of those before to an age of 7 days is taken 3 hours after the list was
    const before = listOf('2025-01-09', '2025-01-17T03:00:00Z', 100, 100, 0);
    const context = await anArchive([before, listOf(SHOWN, '2025-01-17T00:00:00Z', 2, 1, 99)]);
    expect(await expectedOn(context, null)).toEqual([49.5, 49.5]);
    expect(await expectedOn(context, '2025-01-17T02:00:00Z')).toEqual([null, null]);
    expect(await expectedOn(context, '2025-01-17T04:00:00Z')).toEqual([49.5, 49.5]);
  });

  it('rank a leaderboard by how many times the expected upvotes a paper has at 48 hours', async () => {
    const at = (listed: string, count: number, from: number, upvotes: number) =>
      listOf(listed, addSeconds(startOfDay(day(listed)), 48 * 3600), count, from, upvotes);
    const context = await anArchive([
      at('2025-01-06', 101, 100, 0),
      at('2025-01-10', 2, 1, 99),
      listOf('2025-01-10', '2025-01-10T06:00:00Z', 1, 3, 9),
    ]);
    const { papers: ranked, ageHours } = await getTop(context, RANGE, { ...RANKING, by: 'expected' });
    expect([ageHours, ranked.map(({ id, value }) => [id?.slice(-1), value])]).toEqual([
      48,
      [
        ['2', 2],
        ['1', 1.98],
        ['3', null],
      ],
    ]);
  });
});
