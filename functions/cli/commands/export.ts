import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EXPORT_FORMATS, type ExportFormatName, writeExport } from '../../../shared/export/export.ts';
import { openExportStore } from '../../../shared/export/open.ts';
import { systemClock } from '../../../shared/lib/time.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import type { ExportManifest } from '../../../shared/query/exports.schema.ts';
import { usageError } from '../context.ts';
import { rangeFlags } from '../flags.ts';
import { exportsPath, openQueryContext } from '../open-archive.ts';
import type { Run } from '../program.ts';
import { makeProgress } from '../progress.ts';
import { VERSION } from '../version.ts';
import { processInfo } from '../workspace.ts';

/** `export`: the archive as files of common formats, all of them made anew. */
export const runExport: Run = async (context, _args, options) => {
  const { settings, log, watched } = context;
  const wish = {
    formats: formatsFlag(options.format),
    range: rangeFlags(options),
    abstracts: options.abstracts !== false,
    release: releaseFlag(options.release),
  };
  const out = String(options.out ?? exportsPath(settings));
  const place = wish.release === null ? out : `${out.replace(/\/+$/, '')}/releases/${wish.release}`;
  const store = await openExportStore(place, processInfo);
  if (wish.release !== null && (await store.read('manifest.json')) !== null)
    throw usageError(`the release ${wish.release} is there already, and stays as it is`, 'give it another name');
  const { context: query, close } = await openQueryContext(settings);
  const progress = await makeProgress('months of tables', watched);
  try {
    if (query.sample) log.warn('exporting the SAMPLE: its papers are made up');
    const manifest = await writeExport(
      {
        table: query.table,
        catalog: await query.catalog(),
        store,
        clock: systemClock,
        about: {
          paperkeep: VERSION,
          commit: await commitOf(fileURLToPath(new URL('../../..', import.meta.url))),
          archive: settings.archive.startsWith('s3:') ? settings.archive : null,
          parsers: parserEpochs,
          sample: query.sample,
        },
        step: (done, of) => progress.step(done, of),
      },
      wish,
    );
    progress.stop();
    context.say({ out: place, ...manifest }, textOf(place, manifest));
    return 0;
  } finally {
    progress.stop();
    await close();
  }
};

function formatsFlag(given: unknown): ExportFormatName[] {
  if (given === undefined) return [...EXPORT_FORMATS];
  const names = String(given)
    .split(',')
    .map((name) => name.trim());
  const wrong = names.filter((name) => !EXPORT_FORMATS.some((format) => format === name));
  if (wrong.length > 0)
    throw usageError(`--format ${wrong.join(', ')} is not known`, `give some of ${EXPORT_FORMATS.join(',')}`);
  return EXPORT_FORMATS.filter((format) => names.includes(format));
}

function releaseFlag(given: unknown): string | null {
  if (given === undefined) return null;
  const name = String(given);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw usageError(`--release ${name} is no name`, 'give 1 to 64 letters, digits, dots, hyphens and underscores');
}

/** The commit of this program, `-dirty` when it was changed since; null where it is no checkout of git. */
async function commitOf(folder: string): Promise<string | null> {
  if (!existsSync(join(folder, '.git'))) return null;
  const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  const told = await promisify(execFile)('git', ['-C', folder, ...args]).catch(() => null);
  return told?.stdout.trim() ?? null;
}

function textOf(place: string, { files, rows, builtFrom, from, to }: ExportManifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const told = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
  const range = from || to ? `, list days ${from ?? 'from the first'} to ${to ?? 'the last'}` : '';
  return `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, of ${builtFrom.snapshots} snapshots${range} in ${place}\n${told.join(' · ')}`;
}
