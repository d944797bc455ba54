import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Brought, type Imported, importAll } from '../../shared/import.ts';
import { pause, systemClock } from '../../shared/kit/clock.ts';
import { messageOf, worst } from '../../shared/kit/errors.ts';
import type { ListingItem } from '../../shared/record/listing.ts';
import { record } from '../../shared/record/record.ts';
import { counted } from '../../shared/render/words.ts';
import type { Snapshot } from '../../shared/snapshot/warc.ts';
import { dayFlag, notAfterNow, timeFlag, watchedFlag } from './arguments.ts';
import type { Run } from './commands.ts';
import { type Context, usage } from './context.ts';
import { catchUp, type House, openHouse, refuseSample } from './house.ts';
import { filesOf } from './manifest.ts';
import { makeProgress } from './progress.ts';
import { capturesElsewhere } from './remote.ts';

/** What a folder is searched for. */
const IMPORTABLE = /\.(?:warc|json|html?|txt)(?:\.gz)?$/;

/** `import`: captures that something else took. */
export const runImport: Run = async (context, [paths], options) => {
  const at = timeFlag('--at', options.at);
  const said = {
    source: watchedFlag(context, options.source),
    target: dayFlag('--target', options.target),
    at: at && notAfterNow('--at', at, systemClock),
  };
  const [addresses, places] = parted(paths as readonly string[]);
  if (addresses.length + places.length === 0 && options.manifest === undefined)
    throw usage('nothing to import', 'name a file, a folder, another paperkeep or --manifest FILE');
  const files = [
    ...(options.manifest === undefined ? [] : await filesOf(String(options.manifest))),
    ...(await Promise.all(places.map(filesAt)))
      .flat()
      .map((path) => ({ name: path, ...said, read: () => readFile(path) })),
  ];
  const house = await openHouse(context);
  const progress = await makeProgress('files', context.watched);
  try {
    refuseSample(house);
    const caughtUp = await catchUp(house, context.log);
    for (const address of addresses) files.push(...(await elsewhere(address, house, context)));
    const imported = await importFiles(house, context, files, (done) => progress.step(done, files.length));
    progress.stop();
    sayImported(context, files.length, imported);
    return worst([caughtUp.exit, ...imported.map(({ exit }) => exit)]);
  } finally {
    progress.stop();
    await house.close();
  }
};

/** Addresses of other paperkeeps, and paths. */
const parted = (given: readonly string[]): [addresses: string[], places: string[]] => {
  const isAddress = (one: string) => /^https?:\/\//.test(one);
  return [given.filter(isAddress), given.filter((one) => !isAddress(one))];
};

async function elsewhere(address: string, { snapshots }: House, { log, watched }: Context): Promise<Brought[]> {
  const progress = await makeProgress('captures listed', watched);
  try {
    return await capturesElsewhere(address, { snapshots, clock: systemClock, pause, tell: progress.step, log });
  } finally {
    progress.stop();
  }
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw usage(`${path} cannot be opened: ${messageOf(error)}`, 'name a file or a folder that is there');
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true })).filter((name) => IMPORTABLE.test(name));
  if (names.length === 0)
    throw usage(`the folder ${path} holds nothing to import`, 'name one with .warc, .json, .html or .txt files');
  return names.sort().map((name) => join(path, name));
}

async function importFiles(
  { snapshots, reread }: House,
  { settings }: Context,
  files: readonly Brought[],
  tell: (done: number) => void,
): Promise<Imported[]> {
  const deps = {
    snapshots,
    watched: settings.watch,
    clock: systemClock,
    record: (stored: readonly Snapshot[], told: (listing: ListingItem) => void) => record(reread, stored, told),
  };
  const imported: Imported[] = [];
  const done = new Set<string>();
  for await (const one of importAll(deps, files)) {
    imported.push(one);
    tell(done.add(one.file).size);
  }
  return imported;
}

function sayImported({ say }: Context, files: number, imported: readonly Imported[]): void {
  const count = (test: (one: Imported) => boolean) => imported.filter(test).length;
  const summary = {
    files,
    stored: count(({ stored }) => stored === 'stored'),
    known: count(({ stored }) => stored === 'there already'),
    unreadable: count(({ exit }) => exit !== 0),
  };
  const words = `${counted(files, 'file')}: ${counted(summary.stored, 'capture')} stored, ${summary.known} there already, ${summary.unreadable} unreadable`;
  const unreadable = imported
    .filter(({ exit }) => exit !== 0)
    .map(({ file, key, outcome, why }) => `${file}: ${why || outcome}${key ? ` (kept as ${key})` : ''}`);
  say({ ...summary, captures: imported }, [words, ...unreadable].join('\n'));
}
