import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { EXPORT_FORMATS, type ExportFormat, writeExport } from '../../../shared/export/export.ts';
import { openExportStore } from '../../../shared/export/open.ts';
import { systemClock } from '../../../shared/lib/time.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import type { ExportManifest } from '../../../shared/query/exports.schema.ts';
import { defineCommand } from '../command.ts';
import { requireDataFolder, usageError } from '../context.ts';
import { rangeFlags, toRange, valueFlag } from '../flags.ts';
import { openQueryContext } from '../query-context.ts';
import { CHECKOUT, VERSION } from '../version.ts';
import { exportsPath, processInfo } from '../workspace.ts';

const formats = z.string().transform((text, context): ExportFormat[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => EXPORT_FORMATS.some((format) => format === name)))
    return EXPORT_FORMATS.filter((format) => names.includes(format));
  context.addIssue({ code: 'custom', message: `must be some of ${EXPORT_FORMATS.join(',')}` });
  return z.NEVER;
});

const releaseName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, hyphens and underscores');

/** `export`: the archive as files of common formats, all written again. */
export const exportFiles = defineCommand({
  name: 'export',
  summary:
    'Writes the archive as files for other programs: Parquet, CSV, SQLite (opens in Datasette) and JSON lines, with schema and digests.',
  examples: [
    'export',
    'export --format parquet,csv --from 2025-01-01 --to 2025-12-31 --out papers',
    'export --release 2025 --to 2025-12-31 --no-abstracts',
  ],
  flags: z.object({
    format: valueFlag(
      formats.default([...EXPORT_FORMATS]),
      '<formats>',
      'some of parquet,csv,sqlite,jsonl (default: all)',
    ),
    ...rangeFlags,
    out: valueFlag(z.string().optional(), '<place>', 'a folder or s3://<bucket>[/<prefix>] (default: <data>/exports)'),
    abstracts: z.boolean().default(true).meta({ description: "leave out abstracts and the feed's summaries" }),
    release: valueFlag(
      releaseName.optional(),
      '<name>',
      'keep this export under releases/<name>, with its coverage and a citation',
    ),
  }),
  run: async (command, { format, out, abstracts, release, ...days }) => {
    const { settings, log, print } = command;
    const options = { formats: format, range: toRange(days), abstracts, release: release ?? null };
    const folder = out ?? exportsPath(settings);
    const place = release === undefined ? folder : `${folder.replace(/\/+$/, '')}/releases/${release}`;
    const store = await openExportStore(place, processInfo);
    if (release !== undefined && (await store.read('manifest.json')) !== null)
      throw usageError(`the release ${release} exists already, and a release never changes`, 'give it another name');
    requireDataFolder(settings);
    await using opened = await openQueryContext(command);
    const { context } = opened;
    using progress = await command.progress('months of tables');
    if (context.sample) log.warn('this exports the SAMPLE: its papers are invented');
    const manifest = await writeExport(
      {
        table: context.table,
        catalog: await context.catalog(),
        store,
        clock: systemClock,
        about: {
          paperkeep: VERSION,
          commit: CHECKOUT && (await readCommit(fileURLToPath(CHECKOUT))),
          archive: settings.archive.startsWith('s3:') ? settings.archive : null,
          parsers: parserEpochs,
          sample: context.sample,
        },
        onProgress: progress.step,
      },
      options,
    );
    progress.stop();
    print({ out: place, ...manifest }, formatManifest(place, manifest));
    return 0;
  },
});

/** The commit of this program, with `-dirty` if files differ from it; null where it is not a git checkout. */
async function readCommit(folder: string): Promise<string | null> {
  if (!existsSync(join(folder, '.git'))) return null;
  const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  const described = await promisify(execFile)('git', ['-C', folder, ...args]).catch(() => null);
  return described?.stdout.trim() ?? null;
}

function formatManifest(place: string, { files, rows, builtFrom, from, to }: ExportManifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
  const range = from || to ? `, list days ${from ?? 'the first'} to ${to ?? 'the last'}` : '';
  return `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, from ${builtFrom.snapshots} snapshots${range}, in ${place}\n${counts.join(' · ')}`;
}
