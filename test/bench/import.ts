import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openArchive } from '../../shared/archive/open.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { ImportFile } from '../../shared/import/read.ts';
import { type ImportDeps, importFiles } from '../../shared/import/run.ts';
import {
  addDays,
  addSeconds,
  compactInstant,
  type Day,
  type Instant,
  startOfDay,
  systemClock,
} from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { type ReplayDeps, recordSnapshotsByKey } from '../../shared/record/reconcile.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { isWeekend } from '../../shared/sample/calendar.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { openTable } from '../../shared/table/open.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { Item } from '../../shared/table/store.ts';
import { columnOf, type Figure, inFolder, medianOf, takingTurns, times } from './measure.ts';

/** Rounds of import, replay and floors; one more goes before, not counted. */
const ROUNDS = 3;

/** Answers whose items are written at a time, as recording does. */
const BATCH = 32;

/** The real corpus has 419 answers of 402 days, 95 kB each; the sample's lists have 87 kB. */
const CAPTURES = 419;
const DAYS = 402;

/** An archive and a table in a folder, as the command line makes them. */
export type TestWorkspace = ReplayDeps & { readonly close: () => Promise<void> };

/** Opens (or makes) the snapshots in one folder and the table in another. */
export async function openTestWorkspace(archiveFolder: string, tableFolder: string): Promise<TestWorkspace> {
  const archive = await openArchive(`file:${archiveFolder}`);
  const table = await openTable(`sqlite:${join(tableFolder, 'papers.sqlite')}`);
  return {
    archive,
    table,
    parsers,
    read: (key) => readSnapshot(archive, key),
    close: () => table.close(),
  };
}

/** Names of the saved answers in a folder, `<day>__<time>.json.gz`. */
export const answersIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.json.gz'));

/** Imports saved answers as `paperkeep import` does; tells after each how many are done. */
export async function importFolder(
  folder: string,
  workspace: TestWorkspace,
  onDone: (done: number) => void,
): Promise<void> {
  const files = answersIn(folder).map(
    (name): ImportFile => ({ name, list: null, day: null, at: null, read: () => readFile(join(folder, name)) }),
  );
  const deps: ImportDeps = {
    archive: workspace.archive,
    watched: [],
    clock: systemClock,
    record: (snapshots, onRecorded) => recordSnapshots(workspace, snapshots, onRecorded),
  };
  let done = 0;
  for await (const { file, result, why } of importFiles(deps, files)) {
    if (result !== 'done') throw new Error(`${file}: ${why}`);
    onDone(++done);
  }
}

/** Reads every snapshot of the archive into the table, as `paperkeep replay` does; tells how many are done. */
export async function replayAll(workspace: TestWorkspace, onDone: (done: number) => void): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of workspace.archive.list('raw/')) keys.push(key);
  const damaged = await recordSnapshotsByKey(workspace, keys, onDone);
  if (damaged[0]) throw damaged[0].error;
}

/** Writes invented answers in the number and size of the real ones. */
function writeAnswers(folder: string): void {
  mkdirSync(folder);
  const days: Day[] = [];
  for (let day = '2024-03-12' as Day; days.length < DAYS; day = addDays(day, 1)) if (!isWeekend(day)) days.push(day);
  const visits = [
    ...days.map((day) => ({ day, at: addSeconds(startOfDay(addDays(day, 1)), 8 * 3600) })),
    ...days.slice(0, CAPTURES - DAYS).map((day) => ({ day, at: addSeconds(startOfDay(addDays(day, 1)), 17 * 3600) })),
  ];
  const answerOf = (day: Day, at: Instant) =>
    createSampleFeed(at).answer(new URL(`http://sample.invalid/api/daily_papers?date=${day}&limit=100`)).body;
  for (const { day, at } of visits.sort((one, other) => (one.day < other.day ? -1 : 1)))
    writeFileSync(join(folder, `${day}__${compactInstant(at)}.json.gz`), gzipSync(answerOf(day, at)));
}

/**
 * The least that any way of doing it must do: unpack and parse the answers, and write the very same items, those of so many answers at a
 * time. Writing all of them at once costs less and is no floor, because they must all be in memory.
 */
async function floor(folder: string, items: readonly Item[], path: string, atOnce: number): Promise<void> {
  const table = openSqliteTable(path);
  const names = answersIn(folder);
  for (let at = 0; at < names.length; at += atOnce) {
    const some = names.slice(at, at + atOnce);
    for (const name of some) JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());
    const until = (answers: number) => Math.round((items.length * answers) / names.length);
    await table.putMany(items.slice(until(at), until(at + some.length)));
  }
  await table.close();
}

/** The same workspace, collecting the items that are written into its table. */
function collectItems(workspace: TestWorkspace, items: Item[]): TestWorkspace {
  const { table } = workspace;
  return {
    ...workspace,
    table: {
      ...table,
      putMany(some) {
        items.push(...some);
        return table.putMany(some);
      },
      putInOrder(puts) {
        items.push(...puts.map(({ item }) => item));
        return table.putInOrder(puts);
      },
    },
  };
}

/** The least that keeping answers takes, each safely on the disk before it is reported: pack it, write it, flush it. */
async function keeping(answers: readonly Uint8Array[], kept: string): Promise<void> {
  await mkdir(kept);
  for (const [at, answer] of answers.entries())
    await writeFile(join(kept, `${at}.gz`), gzipSync(answer), { flush: true });
}

/** Import and replay against the floor, and their peak of memory at 100, 200 and all captures. */
export async function benchImport(): Promise<Figure[]> {
  const corpus = process.env.PAPERKEEP_CORPUS;
  return inFolder(async (work) => {
    const folder = corpus ? join(corpus, 'api-daily') : join(work, 'answers');
    if (!corpus) writeAnswers(folder);
    const answers = answersIn(folder).map((name) => gunzipSync(readFileSync(join(folder, name))));
    const files = answers.length;
    const items: Item[] = [];
    let round = 0;
    const archive = (of: number) => join(work, `import-${of}`, 'archive');
    const importing = async () => {
      const workspace = await openTestWorkspace(archive(round), join(work, `import-${round}`));
      await importFolder(folder, round === 0 ? collectItems(workspace, items) : workspace, () => {});
      await workspace.close();
    };
    const replaying = async () => {
      const workspace = await openTestWorkspace(archive(0), join(work, `replay-${round}`));
      await replayAll(workspace, () => {});
      await workspace.close();
      round += 1;
    };
    const flooring = () => floor(folder, items, join(work, `floor-${round}.sqlite`), BATCH);
    const allAtOnce = () => floor(folder, items, join(work, `one-go-${round}.sqlite`), files);
    const keep = () => keeping(answers, join(work, `kept-${round}`));
    const rows = (await takingTurns(ROUNDS + 1, [importing, flooring, allAtOnce, keep, replaying])).slice(1);
    const made = corpus ? 'real' : 'invented';
    const figureOf = (name: string, column: number, floors: readonly number[], limit: string, what: string): Figure => {
      const least = (row: readonly number[]) => floors.reduce((sum, at) => sum + (row[at] ?? Number.NaN), 0);
      return {
        name,
        value: times(medianOf(rows.map((row) => (row[column] ?? Number.NaN) / least(row)))),
        limit,
        against: `${columnOf(rows, column).toFixed(0)} ms; ${what}: ${medianOf(rows.map(least)).toFixed(0)} ms`,
      };
    };
    const batches = `gunzip, JSON.parse, putMany of the same ${items.length} items, ${BATCH} answers' at a time`;
    const oneGo = 'the same, but all with one putMany';
    const figures = [
      figureOf(`import ${files} ${made} captures`, 0, [1, 3], '≤ 2 ×', `${batches}, each answer packed and flushed`),
      figureOf('import, nothing packed or flushed in the floor', 0, [1], '', batches),
      figureOf('import, nor any batches', 0, [2], '', oneGo),
      figureOf(`replay ${files} ${made} captures`, 4, [1], '≤ 2 ×', batches),
      figureOf('replay, without batches in the floor', 4, [2], '', oneGo),
    ];
    const memory = (['import', 'replay'] as const).flatMap((what) => memoryOf(what, folder, join(work, 'memory')));
    return [...figures, ...memory];
  });
}

/** What a process holds at a point, or had taken at its peak until then. */
type MemoryAt = { readonly captures: number; readonly mb: number };

/** What a process of its own holds after 100, 200 and all captures; and of another, that frees memory when it likes, its peak until then. */
function memoryOf(what: 'import' | 'replay', folder: string, archive: string): Figure[] {
  const script = fileURLToPath(import.meta.resolve('./memory.ts'));
  const measure = (flags: readonly string[]): MemoryAt[] => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawnSync(process.execPath, [...flags, script, what, folder, archive], {
      encoding: 'utf8',
      stdio: [...stdio],
    });
    return JSON.parse(child.stdout) as MemoryAt[];
  };
  const figure = (name: string, limit: string, points: readonly MemoryAt[]): Figure => ({
    name: `${name} ${what}, all captures against the first 100`,
    value: times((points.at(-1)?.mb ?? Number.NaN) / (points[1]?.mb ?? Number.NaN)),
    limit,
    against: points.map(({ captures, mb }) => `${mb} MB at ${captures}`).join(', '),
  });
  return [figure('memory held by', 'flat', measure(['--expose-gc'])), figure('peak of', '', measure([]))];
}
