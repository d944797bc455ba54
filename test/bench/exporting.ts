/**
 * A process of its own, for its memory: `node test/bench/exporting.ts <data folder> <folder> <formats>` exports what the data folder's
 * table and catalog hold, and prints the milliseconds, the peak before and at the end, and what the manifest says, as JSON.
 */
import { join } from 'node:path';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/export/catalog.ts';
import { exportAll, FORMATS } from '../../shared/export/export.ts';
import { fileExports } from '../../shared/export/files.ts';
import { systemClock } from '../../shared/kit/clock.ts';
import { openRecords } from '../../shared/record/open.ts';

const [data = '', folder = '', formats = ''] = process.argv.slice(2);
// the kernel's own peak, in kB: nothing between two samples is missed
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);
const records = await openRecords(`sqlite:${join(data, 'papers.sqlite')}`);
const catalog = openCatalog(join(data, 'catalog.sqlite'), records.url);
await updateCatalog({ records, catalog, clock: systemClock }, null);
const before = peakMb();
const begun = performance.now();
const manifest = await exportAll(
  {
    records,
    catalog,
    store: fileExports(folder, { pid: process.pid, isAlive: () => false }),
    clock: systemClock,
    about: { paperkeep: '0', commit: null, archive: null, parsers: {}, sample: true },
    step() {},
  },
  {
    formats: FORMATS.filter((name) => formats.split(',').includes(name)),
    range: { from: null, to: null },
    abstracts: true,
    release: null,
  },
);
const told = { ms: performance.now() - begun, before, peakMb: peakMb(), rows: manifest.rows, files: manifest.files };
catalog.close();
await records.close();
process.stdout.write(JSON.stringify(told));
