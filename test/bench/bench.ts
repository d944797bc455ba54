/**
 * Prints measured times, sizes and costs: `npm run bench` all of them, `npm run bench -- parse` one part. Ratios compare with a floor measured
 * in the same run, on invented data (also on real captures when PAPERKEEP_CORPUS names a folder of them). Nothing is asserted.
 */
import { cpus, loadavg } from 'node:os';
import { benchCatalog } from './catalog.ts';
import { benchCost } from './cost.ts';
import { benchDatasette } from './datasette.ts';
import { benchDigest } from './digest.ts';
import { benchExport } from './export.ts';
import { benchGrowth } from './growth.ts';
import { benchHistory } from './history.ts';
import { benchImport } from './import.ts';
import { type Figure, tableOf, timed, times } from './measure.ts';
import { benchPackage } from './package.ts';
import { benchPages } from './pages.ts';
import { benchParse } from './parse.ts';
import { benchServe } from './serve.ts';
import { benchSimilar } from './similar.ts';
import { benchSpans } from './spans.ts';
import { benchStart } from './start.ts';

const benches: Readonly<Record<string, () => Promise<Figure[]>>> = {
  parse: async () =>
    (await benchParse()).map(({ name, value, floor, limit }) => ({
      name,
      value: times(value),
      limit: `≤ ${limit} ×`,
      against: floor,
    })),
  import: benchImport,
  catalog: benchCatalog,
  history: benchHistory,
  datasette: benchDatasette,
  start: benchStart,
  export: benchExport,
  digest: benchDigest,
  growth: benchGrowth,
  cost: benchCost,
  serve: benchServe,
  pages: benchPages,
  spans: benchSpans,
  similar: benchSimilar,
  package: benchPackage,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches);
const figures: Figure[] = [];
for (const name of names) {
  const bench = benches[name];
  if (!bench) throw new Error(`no bench is called ${name}: there are ${Object.keys(benches).join(', ')}`);
  const took = await timed(async () => figures.push(...(await bench())));
  process.stderr.write(`${name}: ${(took / 1000).toFixed(1)} s\n`);
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`;
process.stdout.write(`${tableOf(figures)}\n${machine}\n`);
