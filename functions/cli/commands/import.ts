import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../../../shared/archive/warc/snapshot.ts';
import { listImportFiles } from '../../../shared/import/manifest.ts';
import { listMissingCaptures } from '../../../shared/import/remote.ts';
import { type ImportFile, type ImportResult, importFiles } from '../../../shared/import/run.ts';
import { errorMessage } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { sleep, systemClock } from '../../../shared/lib/time.ts';
import { recordSnapshots } from '../../../shared/record/recorder.ts';
import type { ListingItem } from '../../../shared/table/items.ts';
import { type Context, usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { dayFlag, notAfterNow, timeFlag, watchedFlag } from '../flags.ts';
import type { Run } from '../program.ts';
import { makeProgress } from '../progress.ts';
import { openWorkspace, recordUnrecorded, refuseSample, type Workspace } from '../workspace.ts';

/** What a folder is searched for. */
const IMPORTABLE = /\.(?:warc|json|html?|txt)(?:\.gz)?$/;

/** `import`: captures that something else took. */
export const runImport: Run = async (context, [paths], options) => {
  const at = timeFlag('--at', options.at);
  const said = {
    list: watchedFlag(context, options.list),
    day: dayFlag('--day', options.day),
    at: at && notAfterNow('--at', at, systemClock),
  };
  const [addresses, places] = parted(paths as readonly string[]);
  if (addresses.length + places.length === 0 && options.manifest === undefined)
    throw usageError('nothing to import', 'name a file, a folder, another paperkeep or --manifest FILE');
  const files = [
    ...(options.manifest === undefined ? [] : await listImportFiles(String(options.manifest))),
    ...(await Promise.all(places.map(filesAt)))
      .flat()
      .map((path) => ({ name: path, ...said, read: () => readFile(path) })),
  ];
  const workspace = await openWorkspace(context);
  const progress = await makeProgress('files', context.watched);
  try {
    refuseSample(workspace);
    const caughtUp = await recordUnrecorded(workspace, context.log);
    for (const address of addresses) files.push(...(await elsewhere(address, workspace, context)));
    const imported = await importAndCount(workspace, context, files, (done) => progress.step(done, files.length));
    progress.stop();
    sayImported(context, files.length, imported);
    return worstExitCode([caughtUp.exit, resultExitCode(imported)]);
  } finally {
    progress.stop();
    await workspace.close();
  }
};

/** Addresses of other paperkeeps, and paths. */
const parted = (given: readonly string[]): [addresses: string[], places: string[]] => {
  const isAddress = (one: string) => /^https?:\/\//.test(one);
  return [given.filter(isAddress), given.filter((one) => !isAddress(one))];
};

async function elsewhere(address: string, { archive }: Workspace, { log, watched }: Context): Promise<ImportFile[]> {
  const progress = await makeProgress('captures listed', watched);
  try {
    return await listMissingCaptures(address, { archive, clock: systemClock, pause: sleep, tell: progress.step, log });
  } finally {
    progress.stop();
  }
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw usageError(`${path} cannot be opened: ${errorMessage(error)}`, 'name a file or a folder that is there');
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true })).filter((name) => IMPORTABLE.test(name));
  if (names.length === 0)
    throw usageError(`the folder ${path} holds nothing to import`, 'name one with .warc, .json, .html or .txt files');
  return names.sort().map((name) => join(path, name));
}

async function importAndCount(
  { archive, reread }: Workspace,
  { settings }: Context,
  files: readonly ImportFile[],
  tell: (done: number) => void,
): Promise<ImportResult[]> {
  const deps = {
    archive,
    watched: settings.watch,
    clock: systemClock,
    record: (stored: readonly Snapshot[], told: (listing: ListingItem) => void) =>
      recordSnapshots(reread, stored, told),
  };
  const imported: ImportResult[] = [];
  const done = new Set<string>();
  for await (const one of importFiles(deps, files)) {
    imported.push(one);
    tell(done.add(one.file).size);
  }
  return imported;
}

function sayImported({ say }: Context, files: number, imported: readonly ImportResult[]): void {
  const count = (test: (one: ImportResult) => boolean) => imported.filter(test).length;
  const summary = {
    files,
    stored: count(({ stored }) => stored === 'stored'),
    known: count(({ stored }) => stored === 'there already'),
    unreadable: count(({ result }) => result !== 'done'),
  };
  const words = `${formatCount(files, 'file')}: ${formatCount(summary.stored, 'capture')} stored, ${summary.known} there already, ${summary.unreadable} unreadable`;
  const unreadable = imported
    .filter(({ result }) => result !== 'done')
    .map(({ file, key, outcome, why }) => `${file}: ${why || outcome}${key ? ` (kept as ${key})` : ''}`);
  say({ ...summary, captures: imported }, [words, ...unreadable].join('\n'));
}
