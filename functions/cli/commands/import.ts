import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { Snapshot } from '../../../shared/archive/warc/write-snapshot.ts';
import { createFeedClient } from '../../../shared/collect/client.ts';
import { sendRequest } from '../../../shared/collect/request.ts';
import { listManifestFiles } from '../../../shared/import/manifest.ts';
import type { ImportFile } from '../../../shared/import/read.ts';
import { listMissingCaptures } from '../../../shared/import/remote.ts';
import { type ImportResult, importFiles, NOT_STORED } from '../../../shared/import/run.ts';
import { errorMessage } from '../../../shared/lib/errors.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { silentLog } from '../../../shared/lib/log.ts';
import { sleep, systemClock } from '../../../shared/lib/time.ts';
import * as params from '../../../shared/query/parameters.ts';
import { recordSnapshots } from '../../../shared/record/recorder.ts';
import type { ListingItem } from '../../../shared/table/items.ts';
import { defineCommand } from '../command.ts';
import { type Context, usageError } from '../context.ts';
import { exitCodeForResults, worstExitCode } from '../exit-codes.ts';
import { requirePastTime, requireWatched, valueFlag } from '../flags.ts';
import { VERSION } from '../version.ts';
import { openWorkspace, reconcileWorkspace, refuseSample, type Workspace } from '../workspace.ts';

/** Files of a folder that are imported: those that can be read, and other formats of captures, which are kept and named. */
const IMPORTABLE = /\.(?:(?:warc|json|html?|txt)(?:\.gz)?|warc\.zst|wacz|har|mht|mhtml)$/i;
/** Files that operating systems leave in folders; `._x.json` is what macOS keeps beside `x.json`. */
const SYSTEM_FILE = /^(?:\._.*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i;
const USER_AGENT = `paperkeep/${VERSION}`;

/** `import`: captures that something else took. */
export const importCaptures = defineCommand({
  name: 'import',
  summary:
    'Imports captures made by other programs (.warc[.gz], API responses as .json[.gz], pages as .html, copied page text as .txt) or by another paperkeep.',
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
    const facts = {
      list: list ? requireWatched(context, list) : null,
      day: day ?? null,
      at: at ? requirePastTime('--at', at, systemClock) : null,
    };
    const isAddress = (path: string) => /^https?:\/\//.test(path);
    const wrong = paths.find((path) => isAddress(path) && !URL.canParse(path));
    if (wrong !== undefined) throw usageError(`${wrong} is not an address`, 'give it like https://papers.example.org/');
    if (paths.length === 0 && manifest === undefined)
      throw usageError(
        'nothing to import',
        'name a file, a folder, the address of another paperkeep, or --manifest FILE',
      );
    const found = await Promise.all(paths.filter((path) => !isAddress(path)).map(findFiles));
    const files = [
      ...(manifest === undefined ? [] : await listManifestFiles(manifest)),
      ...found.flatMap(({ files }) => files).map((path) => ({ name: path, ...facts, read: () => readFile(path) })),
    ];
    await using workspace = await openWorkspace(context);
    using progress = await context.progress('files');
    refuseSample(workspace);
    const reconciled = await reconcileWorkspace(workspace, context.log);
    for (const address of paths.filter(isAddress)) files.push(...(await listRemote(address, workspace, context)));
    const imported = await importAll(workspace, context, files, (done) => progress.step(done, files.length));
    progress.stop();
    const results = [...imported, ...found.flatMap(({ skipped }) => skipped)];
    printResults(context, files.length, results);
    return worstExitCode([reconciled.exit, exitCodeForResults(results)]);
  },
});

async function listRemote(
  address: string,
  { archive }: Workspace,
  { log, progress: start }: Context,
): Promise<ImportFile[]> {
  using progress = await start('captures listed');
  return await listMissingCaptures(address, {
    archive,
    openClient: (origin, minGapMs) =>
      createFeedClient({ origin, minGapMs, userAgent: USER_AGENT, clock: systemClock, pause: sleep, log: silentLog }),
    download: (url, timeoutMs) =>
      sendRequest({ url, userAgent: USER_AGENT, accept: '*/*', token: null, timeoutMs }, systemClock),
    pause: sleep,
    onListed: progress.step,
    log,
  });
}

/** The files to import at a path, and what is skipped in a folder: by its name it is nothing that can be imported. */
async function findFiles(path: string): Promise<{ files: string[]; skipped: ImportResult[] }> {
  const found = await stat(path).catch((error: unknown) => {
    throw usageError(`${path} cannot be opened: ${errorMessage(error)}`, 'name a file or a folder that is there');
  });
  if (!found.isDirectory()) return { files: [path], skipped: [] };
  const entries = (await listFolder(path)).sort((one, other) => (one.name < other.name ? -1 : 1));
  const isImportable = ({ name, isFolder }: Entry) =>
    IMPORTABLE.test(name) && !isFolder && !SYSTEM_FILE.test(basename(name));
  const files = entries.filter(isImportable).map(({ name }) => name);
  if (files.length === 0 && !entries.some(({ error }) => error))
    throw usageError(`the folder ${path} holds nothing to import`, 'name one with .warc, .json, .html or .txt files');
  const skipped = entries.flatMap((entry): ImportResult[] => {
    const { name, isFolder, error } = entry;
    if (error) return [{ file: name, ...NOT_STORED, why: error, code: 'SKIPPED', result: 'unreadable' }];
    if (isImportable(entry) || (isFolder && !IMPORTABLE.test(name))) return [];
    const isHarmless = isFolder || SYSTEM_FILE.test(basename(name));
    const why = isFolder
      ? 'a folder'
      : isHarmless
        ? 'a file of the operating system'
        : 'not imported: not a .warc, .json, .html or .txt file';
    return [{ file: name, ...NOT_STORED, why, code: 'SKIPPED', result: isHarmless ? 'done' : 'unreadable' }];
  });
  return { files, skipped };
}

/** What is in a folder; `error` says why a folder in it cannot be read. */
type Entry = { readonly name: string; readonly isFolder: boolean; readonly error?: string };

/** Everything below a folder; goes on past the folders that cannot be read. */
async function listFolder(folder: string): Promise<Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const below = entries.map(async (entry): Promise<Entry[]> => {
      const one = { name: join(folder, entry.name), isFolder: entry.isDirectory() };
      return one.isFolder ? [one, ...(await listFolder(one.name))] : [one];
    });
    return (await Promise.all(below)).flat();
  } catch (error) {
    return [{ name: folder, isFolder: true, error: errorMessage(error) }];
  }
}

async function importAll(
  { archive, reread }: Workspace,
  { settings }: Context,
  files: readonly ImportFile[],
  onDone: (done: number) => void,
): Promise<ImportResult[]> {
  const deps = {
    archive,
    watched: settings.watch,
    clock: systemClock,
    record: (snapshots: readonly Snapshot[], onRecorded: (listing: ListingItem) => void) =>
      recordSnapshots(reread, snapshots, onRecorded),
  };
  const results: ImportResult[] = [];
  const done = new Set<string>();
  for await (const result of importFiles(deps, files)) {
    results.push(result);
    onDone(done.add(result.file).size);
  }
  return results;
}

function printResults({ print }: Context, files: number, results: readonly ImportResult[]): void {
  const count = (test: (result: ImportResult) => boolean) => results.filter(test).length;
  const summary = {
    files,
    stored: count(({ stored }) => stored === 'stored'),
    known: count(({ stored }) => stored === 'there already'),
    unreadable: count(({ outcome, result }) => result !== 'done' && result !== 'damaged' && outcome !== 'list'),
    damaged: count(({ result }) => result === 'damaged'),
    rejected: results.reduce((sum, { rejected }) => sum + rejected, 0),
  };
  const rejected = summary.rejected > 0 ? `, ${formatCount(summary.rejected, 'entry', 'entries')} rejected` : '';
  const damaged = summary.damaged > 0 ? `, ${summary.damaged} damaged in the archive` : '';
  const total = `${formatCount(files, 'file')}: ${formatCount(summary.stored, 'capture')} stored, ${summary.known} there already, ${summary.unreadable} unreadable${rejected}${damaged}`;
  const named = results
    .filter(({ result, outcome, code, why }) => result !== 'done' || code === 'SKIPPED' || (outcome === 'list' && why))
    .map(({ file, key, outcome, why, rejects, code, result }) => {
      const example = code === 'UNSAID' ? `, or by --list, --day and --at: ${exampleFor(file)}` : '';
      const entries = rejects.map((reject) => `; ${reject}`).join('');
      const lost = key === null && result === 'unreadable' && code !== 'SKIPPED' ? 'not kept: ' : '';
      return `${file}: ${lost}${why || outcome}${entries}${key ? ` (kept as ${key})` : ''}${example}`;
    });
  print({ ...summary, captures: results }, [total, ...named].join('\n'));
}

/** A command that says of a file what it does not say itself. */
const exampleFor = (file: string): string =>
  `paperkeep import ${/[^\w./-]/.test(file) ? JSON.stringify(file) : file} --list daily --day 2025-01-08 --at 2025-01-08T18:00:00Z`;
