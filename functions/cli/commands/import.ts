import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Snapshot } from '../../../shared/archive/warc/snapshot.ts';
import { listImportFiles } from '../../../shared/import/manifest.ts';
import { listMissingCaptures } from '../../../shared/import/remote.ts';
import { type ImportFile, type ImportResult, importFiles } from '../../../shared/import/run.ts';
import { errorMessage } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { sleep, systemClock } from '../../../shared/lib/time.ts';
import * as params from '../../../shared/query/parameters.ts';
import { recordSnapshots } from '../../../shared/record/recorder.ts';
import type { ListingItem } from '../../../shared/table/items.ts';
import { defineCommand } from '../command.ts';
import { type Context, usageError } from '../context.ts';
import { resultExitCode, worstExitCode } from '../exit-codes.ts';
import { requirePastTime, requireWatched, valueFlag } from '../flags.ts';
import { openWorkspace, recordUnrecorded, refuseSample, type Workspace } from '../workspace.ts';

/** What a folder is searched for. */
const IMPORTABLE = /\.(?:warc|json|html?|txt)(?:\.gz)?$/;

/** `import`: captures that something else took. */
export const importCaptures = defineCommand({
  name: 'import',
  summary:
    'Adds captures taken by something else: .warc[.gz], saved API responses .json[.gz], saved pages .html, copied page text .txt, or those of another paperkeep.',
  examples: [
    'import --manifest old/index.csv',
    'import page.html --list trending --at 2026-10-07T12:00:00Z',
    'import https://papers.example.org/',
  ],
  args: z.object({ path: valueFlag(z.array(z.string()), 'path', 'files, folders, or addresses of other paperkeeps') }),
  flags: z.object({
    manifest: valueFlag(
      z.string().optional(),
      '<file>',
      'CSV with header file,list,day,captured_at; paths relative to it',
    ),
    list: valueFlag(params.list.optional(), '<list>', 'list of the files: daily, trending or watched:<slug>'),
    day: valueFlag(params.day.optional(), '<day>', 'list day of the files'),
    at: valueFlag(params.instant.optional(), '<time>', 'when the files were captured'),
  }),
  run: async (context, { path: paths, manifest, list, day, at }) => {
    const said = {
      list: list ? requireWatched(context, list) : null,
      day: day ?? null,
      at: at ? requirePastTime('--at', at, systemClock) : null,
    };
    const [addresses, places] = splitAddresses(paths);
    if (paths.length === 0 && manifest === undefined)
      throw usageError(
        'nothing to import',
        'name a file, a folder, the address of another paperkeep, or --manifest FILE',
      );
    const files = [
      ...(manifest === undefined ? [] : await listImportFiles(manifest)),
      ...(await Promise.all(places.map(filesAt)))
        .flat()
        .map((path) => ({ name: path, ...said, read: () => readFile(path) })),
    ];
    const workspace = await openWorkspace(context);
    const progress = await context.progress('files');
    try {
      refuseSample(workspace);
      const caughtUp = await recordUnrecorded(workspace, context.log);
      for (const address of addresses) files.push(...(await listRemote(address, workspace, context)));
      const imported = await importAndCount(workspace, context, files, (done) => progress.step(done, files.length));
      progress.stop();
      printImported(context, files.length, imported);
      return worstExitCode([caughtUp.exit, resultExitCode(imported)]);
    } finally {
      progress.stop();
      await workspace.close();
    }
  },
});

/** Addresses of other paperkeeps, and paths. */
const splitAddresses = (given: readonly string[]): [addresses: string[], places: string[]] => {
  const isAddress = (one: string) => /^https?:\/\//.test(one);
  return [given.filter(isAddress), given.filter((one) => !isAddress(one))];
};

async function listRemote(
  address: string,
  { archive }: Workspace,
  { log, progress: start }: Context,
): Promise<ImportFile[]> {
  const progress = await start('captures listed');
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

function printImported({ print }: Context, files: number, imported: readonly ImportResult[]): void {
  const count = (test: (one: ImportResult) => boolean) => imported.filter(test).length;
  const summary = {
    files,
    stored: count(({ stored }) => stored === 'stored'),
    known: count(({ stored }) => stored === 'there already'),
    unreadable: count(({ result }) => result !== 'done'),
  };
  const text = `${formatCount(files, 'file')}: ${formatCount(summary.stored, 'capture')} stored, ${summary.known} there already, ${summary.unreadable} unreadable`;
  const unreadable = imported
    .filter(({ result }) => result !== 'done')
    .map(({ file, key, outcome, why }) => `${file}: ${why || outcome}${key ? ` (kept as ${key})` : ''}`);
  print({ ...summary, captures: imported }, [text, ...unreadable].join('\n'));
}
