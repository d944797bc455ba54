import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Brought, type ImportDeps, importAll } from '../../shared/import.ts';
import { addDays, addSeconds, compact, type Day, type Instant, startOf, systemClock } from '../../shared/kit/clock.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { openRecords } from '../../shared/record/open.ts';
import { type RereadDeps, recordKeys } from '../../shared/record/reconcile.ts';
import { record } from '../../shared/record/record.ts';
import type { Item } from '../../shared/record/records.ts';
import { sqliteRecords } from '../../shared/record/sqlite.ts';
import { isWeekend } from '../../shared/sample/calendar.ts';
import { sampleFeed } from '../../shared/sample/feed.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import { readSnapshot } from '../../shared/snapshot/warc.ts';
import { columnOf, type Figure, inFolder, medianOf, takingTurns, times } from './measure.ts';

/** Rounds of import, replay and floors; one more goes before, not counted. */
const ROUNDS = 3;

/** Answers whose items are written at a time, as recording does. */
const BATCH = 32;

/** The real corpus has 419 answers of 402 days, 95 kB each; the sample's lists have 87 kB. */
const CAPTURES = 419;
const DAYS = 402;

/** An archive and a table in a folder, as the command line makes them. */
export type House = RereadDeps & { readonly close: () => Promise<void> };

/** Opens (or makes) the snapshots in one folder and the table in another. */
export async function openHouse(archive: string, table: string): Promise<House> {
  const snapshots = await openSnapshots(`file:${archive}`);
  const records = await openRecords(`sqlite:${join(table, 'papers.sqlite')}`);
  return {
    snapshots,
    records,
    readers: parsers,
    read: (key) => readSnapshot(snapshots, key),
    close: () => records.close(),
  };
}

/** Names of the saved answers in a folder, `<day>__<time>.json.gz`. */
export const answersIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.json.gz'));

/** Imports saved answers as `paperkeep import` does; tells after each how many are done. */
export async function importFolder(folder: string, house: House, tell: (done: number) => void): Promise<void> {
  const files = answersIn(folder).map(
    (name): Brought => ({ name, source: null, target: null, at: null, read: () => readFile(join(folder, name)) }),
  );
  const deps: ImportDeps = {
    snapshots: house.snapshots,
    watched: [],
    clock: systemClock,
    record: (snapshots, told) => record(house, snapshots, told),
  };
  let done = 0;
  for await (const { file, exit, why } of importAll(deps, files)) {
    if (exit !== 0) throw new Error(`${file}: ${why}`);
    tell(++done);
  }
}

/** Reads every snapshot of the archive into the table, as `paperkeep replay` does; tells how many are done. */
export async function replayAll(house: House, tell: (done: number) => void): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of house.snapshots.list('raw/')) keys.push(key);
  const damaged = await recordKeys(house, keys, tell);
  if (damaged[0]) throw damaged[0].error;
}

/** Lays down made-up answers in the number and size of the real ones. */
function layDown(folder: string): void {
  mkdirSync(folder);
  const days: Day[] = [];
  for (let day = '2024-03-12' as Day; days.length < DAYS; day = addDays(day, 1)) if (!isWeekend(day)) days.push(day);
  const visits = [
    ...days.map((day) => ({ day, at: addSeconds(startOf(addDays(day, 1)), 8 * 3600) })),
    ...days.slice(0, CAPTURES - DAYS).map((day) => ({ day, at: addSeconds(startOf(addDays(day, 1)), 17 * 3600) })),
  ];
  const answerOf = (day: Day, at: Instant) =>
    sampleFeed(at).answer(new URL(`http://sample.invalid/api/daily_papers?date=${day}&limit=100`)).body;
  for (const { day, at } of visits.sort((one, other) => (one.day < other.day ? -1 : 1)))
    writeFileSync(join(folder, `${day}__${compact(at)}.json.gz`), gzipSync(answerOf(day, at)));
}

/**
 * The least that any way of doing it must do: unpack and parse the answers, and write the very same items, those of so many answers at a
 * time. All of them at one go cost less and are no floor, since they have to be in memory at once.
 */
async function floor(folder: string, items: readonly Item[], path: string, atOnce: number): Promise<void> {
  const records = sqliteRecords(path);
  const names = answersIn(folder);
  for (let at = 0; at < names.length; at += atOnce) {
    const some = names.slice(at, at + atOnce);
    for (const name of some) JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());
    const until = (answers: number) => Math.round((items.length * answers) / names.length);
    await records.putMany(items.slice(until(at), until(at + some.length)));
  }
  await records.close();
}

/** The same house, of which is noted what is written into its table, in that order. */
function noting(house: House, items: Item[]): House {
  const { records } = house;
  return {
    ...house,
    records: {
      ...records,
      putMany(some) {
        items.push(...some);
        return records.putMany(some);
      },
      putInOrder(puts) {
        items.push(...puts.map(({ item }) => item));
        return records.putInOrder(puts);
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
    if (!corpus) layDown(folder);
    const answers = answersIn(folder).map((name) => gunzipSync(readFileSync(join(folder, name))));
    const files = answers.length;
    const items: Item[] = [];
    let round = 0;
    const archive = (of: number) => join(work, `import-${of}`, 'archive');
    const importing = async () => {
      const house = await openHouse(archive(round), join(work, `import-${round}`));
      await importFolder(folder, round === 0 ? noting(house, items) : house, () => {});
      await house.close();
    };
    const replaying = async () => {
      const house = await openHouse(archive(0), join(work, `replay-${round}`));
      await replayAll(house, () => {});
      await house.close();
      round += 1;
    };
    const flooring = () => floor(folder, items, join(work, `floor-${round}.sqlite`), BATCH);
    const atOneGo = () => floor(folder, items, join(work, `one-go-${round}.sqlite`), files);
    const keep = () => keeping(answers, join(work, `kept-${round}`));
    const rows = (await takingTurns(ROUNDS + 1, [importing, flooring, atOneGo, keep, replaying])).slice(1);
    const made = corpus ? 'real' : 'made-up';
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
type Told = { readonly captures: number; readonly mb: number };

/** What a process of its own holds after 100, 200 and all captures; and of another, that frees memory when it likes, its peak until then. */
function memoryOf(what: 'import' | 'replay', folder: string, archive: string): Figure[] {
  const script = fileURLToPath(import.meta.resolve('./memory.ts'));
  const tell = (flags: readonly string[]): Told[] => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawnSync(process.execPath, [...flags, script, what, folder, archive], {
      encoding: 'utf8',
      stdio: [...stdio],
    });
    return JSON.parse(child.stdout) as Told[];
  };
  const figure = (name: string, limit: string, told: readonly Told[]): Figure => ({
    name: `${name} ${what}, all captures against the first 100`,
    value: times((told.at(-1)?.mb ?? Number.NaN) / (told[1]?.mb ?? Number.NaN)),
    limit,
    against: told.map(({ captures, mb }) => `${mb} MB at ${captures}`).join(', '),
  });
  return [figure('memory held by', 'flat', tell(['--expose-gc'])), figure('peak of', '', tell([]))];
}
