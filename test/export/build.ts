import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORT_FORMATS, type ExportOptions, writeExport } from '../../shared/export/export.ts';
import { createFileExportStore } from '../../shared/export/files.ts';
import { type ExportStore, readExportManifest } from '../../shared/export/store.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import type { ExportManifest } from '../../shared/query/exports.schema.ts';
import { aFolder } from '../cli/run.ts';
import { anArchive, copied, cut, papers, refused, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';

/** Text that breaks careless writers: quotes, formulas, separators, other scripts, emoji, a NUL. */
export const HOSTILE = {
  title: '=cmd|\' /C calc\'!A0, "quoted"; 拼音與漢字 🧪',
  abstract: '@SUM(1+1)*cmd "one" \'two\'; three, four \u0000 five \\N NULL \u2028 six',
  authors: ['O\'Brien, "Bob"', 'Łukasz; Żółć', '=1+1'],
} as const;

/** Papers as a trending page shows them, one of them never submitted to a daily list. */
const neverListed = (id: string, rows: readonly ListingRow[]): ListingRow[] =>
  rows.map((row) => {
    const { listedOn: _, ...content } = row.content;
    return row.id === id ? { ...row, content } : row;
  });

/** Lists of three months: cut, refused and empty visits, trending over days, a search, copied text, hostile text, old ids. */
export const CAPTURES: readonly Capture[] = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
  refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
  cut('daily 2025-01-08', '2025-01-08T08:00:00Z', papers([3, 1])),
  seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([2, 9], [1, 4])),
  seen('daily 2025-01-08', '2025-01-10T00:30:00Z', papers([2, 11], [3, 5], [1, 6])),
  seen('daily 2025-01-11', '2025-01-11T06:00:00Z', []),
  seen('trending 2025-01-08', '2025-01-08T23:10:00Z', neverListed('2501.00007', papers([7, 40], [2, 8]))),
  seen('trending 2025-01-09', '2025-01-09T07:00:00Z', papers([2, 10])),
  seen('trending 2025-01-10', '2025-01-10T08:00:00Z', neverListed('2501.00007', papers([7, 44], [2, 12]))),
  seen('watched:tea 2025-01-09', '2025-01-09T00:00:00Z', papers([2, 9])),
  copied('trending 2025-02-12', '2025-02-12T09:00:00Z', [
    ['What the paper 2501.00007 is called', 'We fly kites on long strings, and they stay up in the air.'],
    ['No paper has this title', 'We brew tea, and drink it with everybody who comes by.'],
  ]),
  seen('daily 2025-02-03', '2025-02-03T06:00:00Z', [
    aPaper({ id: '2502.00001', listedOn: day('2025-02-03'), ...HOSTILE, keywords: null, organization: null }),
    aPaper({ id: 'cs/0301012', rank: 2, upvotes: null, listedOn: day('2025-02-03'), keywords: [] }),
    aPaper({ id: '2502.00003', rank: 3, upvotes: 5, githubStars: 0, listedOn: day('2025-02-03') }),
  ]),
  seen('daily 2025-03-05', '2025-03-05T06:00:00Z', [aPaper({ id: '2503.00001', listedOn: day('2025-03-05') })]),
];

/** Everything, in all formats. */
export const EVERYTHING: ExportOptions = {
  formats: [...EXPORT_FORMATS],
  range: { from: null, to: null },
  abstracts: true,
  release: null,
};

/** The facts about the program that go into the manifest. */
export const ABOUT = { paperkeep: '0.0.0', commit: null, archive: null, parsers: { daily: 1 }, sample: false };

/** The store of a folder, for this process. */
export const folderStore = (folder: string): ExportStore =>
  createFileExportStore(folder, { pid: process.pid, isAlive: () => false });

/** Makes an export of captures, or of an archive, in a new folder by default. */
export async function buildExport(
  of: readonly Capture[] | QueryContext = CAPTURES,
  options: Partial<ExportOptions> = {},
  folder = aFolder(),
  store = folderStore(folder),
): Promise<{ readonly folder: string; readonly manifest: ExportManifest }> {
  const context = 'table' in of ? of : await anArchive(of, '2025-03-20T12:00:00Z');
  const { table, clock } = context;
  const catalog = await context.catalog();
  const deps = { table, catalog, store, clock, about: ABOUT, onProgress() {} };
  return { folder, manifest: await writeExport(deps, { ...EVERYTHING, ...options }) };
}

/** All files of a folder with their SHA-256, by path. */
export function digestsIn(folder: string): Record<string, string> {
  const paths = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const sha256 = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
  return Object.fromEntries(paths.sort().map((path) => [path, sha256(path)]));
}

/** True when a folder has exactly the files of its manifest; null when it has no manifest. */
export async function isCompleteExport(folder: string): Promise<boolean | null> {
  const manifest = await readExportManifest(folderStore(folder));
  if (!manifest) return null;
  const { 'manifest.json': _, ...files } = digestsIn(folder);
  const listed = Object.fromEntries(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  return JSON.stringify(Object.entries(files).sort()) === JSON.stringify(Object.entries(listed).sort());
}
