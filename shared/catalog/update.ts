import { mapConcurrent } from '../lib/concurrency.ts';
import {
  type Clock,
  type Day,
  type Deadline,
  dayOf,
  FIRST_DAY,
  type Instant,
  LAST_DAY,
  secondsBetween,
} from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import { readCalendar, readListMonths } from '../table/calendar.ts';
import type { TableStore } from '../table/store.ts';
import { markExpectedDue, updateExpected } from './expected.ts';
import { collectPaperChanges, countPapers, deletePaper, putPapers } from './papers.ts';
import {
  collectPartitionPapers,
  encodeContentRuns,
  type ListDayPartition,
  parseListDayRow,
  readPartition,
} from './partition.ts';
import { updateRising } from './rising.ts';
import { tables } from './schema.ts';
import { insertSql, upsertSql } from './sql.ts';
import type { Catalog, CatalogFile, SqlValue } from './sqlite.ts';

/** What updating a catalog needs. */
export type CatalogDeps = {
  readonly table: TableStore;
  readonly catalog: CatalogFile;
  readonly clock: Clock;
  /** Called between the batches of a long update with the lists done and all lists that changed. */
  onProgress?(done: number, of: number): void;
};

/** The number of list days that were read again (or removed), of papers on them, and of list days that are left. */
export type CatalogChanges = { readonly partitions: number; readonly papers: number; readonly left: number };

/** List days that are updated together: a week or two of all lists, so that each paper on them is written once. */
const BATCH = 200;

/**
 * Brings the catalog up to date with the table: every list whose summary has another version than the catalog was made from is read
 * again, of days from `since` on (null: all), and the papers on it. Out of time it stops between two batches; ended midway, it goes on
 * where it was. Idempotent; several may work at once. `asOf` becomes the time of this update only if it compared all lists.
 */
export async function updateCatalog(
  { table, catalog, clock, onProgress }: CatalogDeps,
  since: Day | null,
  deadline: Deadline = () => Number.POSITIVE_INFINITY,
): Promise<CatalogChanges> {
  const asOf = clock();
  const { changed, gone, isAll } = await findChanges(table, catalog, since);
  const unfinished = findUnfinished(catalog);
  if (unfinished.length > 0) await finishPapers(catalog, table, unfinished);
  let papers = await dropPartitions(catalog, table, gone);
  const queue = [...changed];
  let done = 0;
  while (done < queue.length && deadline() > 0) {
    const batch = queue.slice(done, done + BATCH);
    const read = await mapConcurrent(batch, (listDay) => readPartition(table, listDay));
    papers += await putPartitions(
      catalog,
      table,
      read.filter((partition) => partition !== null),
    );
    done += batch.length;
    if (done === queue.length) queue.push(...findOutdated(catalog));
    if (done < queue.length) onProgress?.(done, queue.length);
  }
  updateExpected(catalog);
  const left = queue.length - done;
  const isWhole = left === 0 && isAll;
  // also where an earlier update wrote list days and did not come to its end
  const isEndDue = catalog.all("SELECT 1 FROM meta WHERE name = 'end_due'").length > 0;
  if (catalog.asOf() === null)
    catalog.write((run) => {
      countPapers(catalog, run);
      // in a catalog that is not complete, a day may only seem never to have been visited
      if (isWhole) addMissingDays(run);
      // with it: from then on another process that builds this catalog counts paper by paper
      if (isWhole) catalog.setAsOf(asOf);
    });
  else {
    if (isEndDue) catalog.write(addMissingDays);
    if (isWhole) catalog.setAsOf(asOf);
  }
  if (isEndDue) {
    updateRising(catalog, dayOf(asOf));
    catalog.write((run) => run("DELETE FROM meta WHERE name = 'end_due'"));
  }
  return { partitions: done + gone.length, papers, left };
}

type PartitionRow = {
  readonly list: string;
  readonly day: string;
  readonly version: number;
};

/** The list days that changed since the catalog read them, oldest first; those that are no longer in the table; and whether these are of all days. */
async function findChanges(
  table: TableStore,
  catalog: CatalogFile,
  since: Day | null,
): Promise<{ changed: ListDay[]; gone: ListDay[]; isAll: boolean }> {
  const from = since ?? FIRST_DAY;
  const rows = catalog.all<PartitionRow>('SELECT * FROM partitions WHERE day >= ?', [from]);
  const known = new Map(rows.map((row) => [formatListDay(parseListDayRow(row)), row.version]));
  const lists = await readListMonths(table);
  const days = await mapConcurrent([...lists.keys()], (list) => readCalendar(table, list, from, LAST_DAY));
  const visited = days.flat();
  const there = new Set(visited.map(({ listDay }) => formatListDay(listDay)));
  return {
    changed: visited
      .filter(({ listDay, version }) => known.get(formatListDay(listDay)) !== version)
      .map(({ listDay }) => listDay)
      .sort((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1)),
    gone: rows.map(parseListDayRow).filter((listDay) => !there.has(formatListDay(listDay))),
    isAll: since === null || [...lists.values()].every(([first = '']) => first > since.slice(0, first.length)),
  };
}

/** The list days with rows of copied text for which another paper has come since they were read. */
const findOutdated = (catalog: CatalogFile): ListDay[] =>
  catalog.all<PartitionRow>('SELECT * FROM partitions WHERE version < 0').map(parseListDayRow);

const formatListDay = ({ list, day }: ListDay): string => `${list} ${day}`;

/** Removes list days from the catalog; returns the number of papers that were on them. */
async function dropPartitions(catalog: CatalogFile, table: TableStore, listDays: readonly ListDay[]): Promise<number> {
  if (listDays.length === 0) return 0;
  const touched = catalog.write((run) => {
    const papers = papersIn(catalog, listDays);
    for (const { list, day } of listDays) {
      for (const table of ['appearances', 'listings', 'partitions', 'copied_titles'])
        run(`DELETE FROM ${table} WHERE list = ? AND day = ?`, [list, day]);
      run('DELETE FROM coverage WHERE list = ? AND (day = ? OR captures + failures = 0)', [list, day]);
    }
    markExpectedDue(run, listDays);
    return markUnfinished(catalog, run, papers);
  });
  await finishPapers(catalog, table, touched);
  return touched.length;
}

/** Writes list days and the papers on them; returns the number of papers. The versions are written last: until then the list days count as changed. */
async function putPartitions(
  catalog: CatalogFile,
  table: TableStore,
  partitions: readonly ListDayPartition[],
): Promise<number> {
  const touched = catalog.write((run) => {
    const listDays = partitions.map(({ listDay }) => listDay);
    const papers = papersIn(catalog, listDays);
    markExpectedDue(run, listDays);
    for (const partition of partitions) for (const id of putPartition(run, partition)) papers.add(id);
    return markUnfinished(catalog, run, papers);
  });
  await finishPapers(catalog, table, touched, (run) => {
    for (const { listDay, summary } of partitions) run(PARTITION, [listDay.list, listDay.day, summary.version]);
  });
  return touched.length;
}

/** The ids of the papers that the catalog has on list days. */
function papersIn(catalog: CatalogFile, listDays: readonly ListDay[]): Set<string> {
  const rows = listDays.flatMap(({ list, day }) =>
    catalog.all<{ paper_id: string }>('SELECT paper_id FROM appearances WHERE list = ? AND day = ?', [list, day]),
  );
  return new Set(rows.map(({ paper_id }) => paper_id));
}

/**
 * Marks papers as unfinished, and the end of the update as due, in the transaction that writes their list days: their contents are read from the
 * table afterwards, and the process may die before. Deletes papers that are on no list any more. Returns the ids of all.
 */
function markUnfinished(catalog: CatalogFile, run: Run, papers: ReadonlySet<string>): string[] {
  const ids = [...papers];
  const asked = [JSON.stringify(ids)];
  for (const { id } of catalog.all<{ id: string }>(UNLISTED, asked)) deletePaper(catalog, run, id);
  run(UNFINISHED, asked);
  run("INSERT OR IGNORE INTO meta VALUES ('end_due', '1')");
  return ids;
}

/** The ids of the papers that an update left unfinished. */
const findUnfinished = (catalog: CatalogFile): string[] =>
  catalog.all<{ paper_id: string }>('SELECT paper_id FROM unfinished').map(({ paper_id }) => paper_id);

/** Writes papers as their list days in the catalog show them; `first` writes more, before them in the same transaction. */
async function finishPapers(
  catalog: CatalogFile,
  table: TableStore,
  papers: readonly string[],
  first: (run: Run) => void = () => {},
): Promise<void> {
  const changes = await collectPaperChanges(catalog, table, papers);
  catalog.write((run) => {
    first(run);
    putPapers(catalog, run, changes);
    run('DELETE FROM unfinished WHERE paper_id IN (SELECT value FROM json_each(?))', [JSON.stringify(papers)]);
  });
}

type Run = (sql: string, values?: readonly SqlValue[]) => void;

const APPEARANCE = insertSql(tables.appearances);
const LISTING = insertSql(tables.listings);
const COVERAGE = upsertSql(tables.coverage);
const PARTITION = upsertSql(tables.partitions);
const COPIED_TITLE = insertSql(tables.copied_titles);
const UNLISTED = 'SELECT value AS id FROM json_each(?) WHERE value NOT IN (SELECT paper_id FROM appearances)';
const UNFINISHED =
  'INSERT OR IGNORE INTO unfinished SELECT value FROM json_each(?) WHERE value IN (SELECT paper_id FROM appearances)';

/** Replaces the rows of one list day; returns the ids of its papers. */
function putPartition(run: Run, partition: ListDayPartition): string[] {
  const { listDay, summary, listings, copied } = partition;
  const of = [listDay.list, listDay.day];
  for (const table of ['appearances', 'listings', 'copied_titles'])
    run(`DELETE FROM ${table} WHERE list = ? AND day = ?`, of);
  for (const [title, id] of copied) run(COPIED_TITLE, [...of, title, id]);
  for (const one of listings)
    run(LISTING, [
      ...of,
      one.at,
      one.key,
      one.outcome,
      one.via,
      flag(one.complete),
      one.listed,
      one.pages,
      one.rejected,
      Number(one.imported),
      one.bytes,
      one.sha256,
    ]);
  run(COVERAGE, [...of, ...coverageOf(summary)]);
  const papers = collectPartitionPapers(partition);
  for (const { id, place, lastVotes, firstStars, votes } of papers)
    run(APPEARANCE, [
      ...of,
      id,
      summary.times[summary.firstSeen[place] as number] as Instant,
      summary.times[summary.lastSeen[place] as number] as Instant,
      summary.captures[place] as number,
      summary.firstRank[place] as number,
      summary.bestRank[place] as number,
      summary.lastRank[place] as number,
      summary.firstUpvotes[place] ?? null,
      summary.peakUpvotes[place] ?? null,
      summary.lastUpvotes[place] ?? null,
      lastVotes?.upvotes ?? null,
      lastVotes?.comments ?? null,
      lastVotes?.githubStars ?? null,
      firstStars,
      lastVotes?.readAt ?? null,
      JSON.stringify(votes),
      JSON.stringify(encodeContentRuns(summary, place)),
    ]);
  return papers.map(({ id }) => id);
}

const flag = (value: boolean | null): number | null => (value === null ? null : Number(value));

/** The columns of coverage, from `status` on. */
const coverageOf = ({ standing, times }: ListDayPartition['summary']): SqlValue[] => [
  standing.status,
  standing.captures,
  standing.failures,
  standing.longestGapMinutes,
  standing.captures > 0 ? standing.papers : null,
  flag(standing.complete),
  Number(standing.settledAt !== null),
  standing.first,
  standing.last,
  JSON.stringify(times),
];

/** Adds a row for each day between a list's first and last visited one that was never visited. */
function addMissingDays(run: Run): void {
  run(`WITH RECURSIVE
    ends AS (SELECT list, min(day) AS first, max(day) AS last FROM coverage GROUP BY list),
    days (list, day, last) AS (
      SELECT list, first, last FROM ends UNION ALL SELECT list, date(day, '+1 day'), last FROM days WHERE day < last)
    INSERT OR IGNORE INTO coverage
      SELECT list, day, 'missing', 0, 0, NULL, NULL, NULL, 0, NULL, NULL, '[]' FROM days WHERE true`);
}

/**
 * Returns a function that updates the catalog and returns it; callers share an update.
 *
 * @param seconds The catalog is updated at most this often, and only after a change where the table has a stamp: at ten years finding out that
 * nothing changed takes 80 ms.
 * @param since The day from which on list days are compared; null: all.
 */
export function createUpdatingCatalog(
  deps: CatalogDeps,
  seconds: number,
  since: () => Day | null,
): () => Promise<Catalog> {
  let updating: Promise<unknown> | null = null;
  let updatedAt: Instant | null = null;
  let known: string | null = null;

  async function update(): Promise<void> {
    const { table, catalog, clock } = deps;
    const stamp = table.stamp?.() ?? null;
    if (stamp !== null && stamp === known) {
      if (catalog.asOf() !== null) catalog.setAsOf(clock());
      return;
    }
    await updateCatalog(deps, since());
    known = stamp;
  }

  return async () => {
    const now = deps.clock();
    if (!updating && (updatedAt === null || secondsBetween(updatedAt, now) >= seconds)) {
      const isBuilt = deps.catalog.asOf() !== null;
      updatedAt = now;
      updating = update()
        .catch((error: unknown) => {
          // old rows still answer questions; an empty catalog would say that nothing is there
          if (!isBuilt) updatedAt = null;
          throw error;
        })
        .finally(() => {
          updating = null;
        });
    }
    await updating;
    return deps.catalog;
  };
}
