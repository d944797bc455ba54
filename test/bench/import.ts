import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Brought, type ImportDeps, importAll } from '../../shared/import.ts';
import { addDays, addSeconds, compact, type Day, type Instant, startOf } from '../../shared/kit/clock.ts';
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
import { columnOf, type Figure, inFolder, medianOf, ratioOf, takingTurns, times } from './measure.ts';

/** Rounds of import, replay and floor; one more goes before, not counted. */
const ROUNDS = 3;

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

/** The least that any way of doing it must do: unpack and parse the answers, and write the very same items at once. */
async function floor(folder: string, items: readonly Item[], path: string): Promise<void> {
  for (const name of answersIn(folder)) JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());
  const records = sqliteRecords(path);
  await records.putMany(items);
  await records.close();
}

/** The least that keeping the answers takes, each safely on the disk before it is reported: pack it, write it, flush it. */
async function keeping(folder: string, kept: string): Promise<void> {
  await mkdir(kept);
  for (const name of answersIn(folder)) {
    const body = gunzipSync(await readFile(join(folder, name)));
    await writeFile(join(kept, name), gzipSync(body), { flush: true });
  }
}

/** Import and replay against the floor, and their peak of memory at 100, 200 and all captures. */
export async function benchImport(): Promise<Figure[]> {
  const corpus = process.env.PAPERKEEP_CORPUS;
  return inFolder(async (work) => {
    const folder = corpus ? join(corpus, 'api-daily') : join(work, 'answers');
    if (!corpus) layDown(folder);
    const items: Item[] = [];
    let round = 0;
    const archive = (of: number) => join(work, `import-${of}`, 'archive');
    const importing = async () => {
      const house = await openHouse(archive(round), join(work, `import-${round}`));
      await importFolder(folder, house, () => {});
      if (round === 0) for await (const item of house.records.scan()) items.push(item);
      await house.close();
    };
    const replaying = async () => {
      const house = await openHouse(archive(0), join(work, `replay-${round}`));
      await replayAll(house, () => {});
      await house.close();
      round += 1;
    };
    const flooring = () => floor(folder, items, join(work, `floor-${round}.sqlite`));
    const keep = () => keeping(folder, join(work, `kept-${round}`));
    const rows = (await takingTurns(ROUNDS + 1, [importing, flooring, keep, replaying])).slice(1);
    const made = corpus ? 'real' : 'made-up';
    const files = answersIn(folder).length;
    const against = `gunzip, JSON.parse, one putMany of the same ${items.length} items: ${columnOf(rows, 1).toFixed(0)} ms`;
    const timeOf = (name: string, column: number): Figure => ({
      name: `${name} ${files} ${made} captures`,
      value: times(ratioOf(rows, column, 1)),
      limit: '≤ 2 ×',
      against: `${columnOf(rows, column).toFixed(0)} ms; ${against}`,
    });
    const durable: Figure = {
      name: 'import, the cost of keeping in the floor',
      value: times(medianOf(rows.map(([ours = 0, least = 0, keep = 0]) => ours / (least + keep)))),
      limit: '≤ 2 ×',
      against: `the same, and each answer packed, written and flushed: ${columnOf(rows, 2).toFixed(0)} ms more`,
    };
    const memory = (['import', 'replay'] as const).flatMap((what) => memoryOf(what, folder, join(work, 'memory')));
    return [timeOf('import', 0), durable, timeOf('replay', 3), ...memory];
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
