/**
 * Runs in a process of its own, to measure its memory: `node test/bench/exporting.ts <data folder> <folder> <formats>` makes an export, and prints
 * its time in milliseconds, the peak of memory before and after, and the manifest, as JSON.
 */
import { join } from 'node:path';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import { EXPORT_FORMATS, writeExport } from '../../shared/export/export.ts';
import { createFileExportStore } from '../../shared/export/files.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';

const [data = '', folder = '', formats = ''] = process.argv.slice(2);
// the peak that the kernel counts, in kB, which misses nothing between two samples
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);
const table = await openTable(`sqlite:${join(data, 'papers.sqlite')}`);
const catalog = openCatalog(join(data, 'catalog.sqlite'), table.url);
await updateCatalog({ table, catalog, clock: systemClock }, null);
const before = peakMb();
const started = performance.now();
const manifest = await writeExport(
  {
    table,
    catalog,
    store: createFileExportStore(folder, { pid: process.pid, isAlive: () => false }),
    clock: systemClock,
    about: { paperkeep: '0', commit: null, archive: null, parsers: {}, sample: true },
    onProgress() {},
  },
  {
    formats: EXPORT_FORMATS.filter((name) => formats.split(',').includes(name)),
    range: { from: null, to: null },
    abstracts: true,
    release: null,
  },
);
const result = {
  ms: performance.now() - started,
  before,
  peakMb: peakMb(),
  rows: manifest.rows,
  files: manifest.files,
};
catalog.close();
await table.close();
process.stdout.write(JSON.stringify(result));
