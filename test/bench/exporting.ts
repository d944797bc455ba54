/**
 * A process of its own, for its memory: `node test/bench/exporting.ts <data folder> <folder> <formats>` exports what the data folder's
 * table and catalog hold, and prints the milliseconds, the peak before and at the end, and what the manifest says, as JSON.
 */
import { join } from 'node:path';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import { EXPORT_FORMATS, writeExport } from '../../shared/export/export.ts';
import { createFileExportStore } from '../../shared/export/files.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';

const [data = '', folder = '', formats = ''] = process.argv.slice(2);
// the kernel's own peak, in kB: nothing between two samples is missed
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);
const table = await openTable(`sqlite:${join(data, 'papers.sqlite')}`);
const catalog = openCatalog(join(data, 'catalog.sqlite'), table.url);
await updateCatalog({ table, catalog, clock: systemClock }, null);
const before = peakMb();
const begun = performance.now();
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
const told = { ms: performance.now() - begun, before, peakMb: peakMb(), rows: manifest.rows, files: manifest.files };
catalog.close();
await table.close();
process.stdout.write(JSON.stringify(told));
