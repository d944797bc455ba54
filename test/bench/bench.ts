/**
 * How dear things are: `npm run bench` prints one table, `npm run bench -- parse` a part of it. Ratios are to a floor measured in the same
 * run, on made-up data (real captures too when PAPERKEEP_CORPUS names a folder of them). It asserts nothing.
 */
import { cpus, loadavg } from 'node:os';
import { benchCatalog } from './catalog.ts';
import { benchCost } from './cost.ts';
import { benchDatasette } from './datasette.ts';
import { benchExport } from './export.ts';
import { benchGrowth } from './growth.ts';
import { benchHistory } from './history.ts';
import { benchImport } from './import.ts';
import { type Figure, tableOf, timed, times } from './measure.ts';
import { benchParse } from './parse.ts';
import { benchServe } from './serve.ts';
import { benchSpans } from './spans.ts';
import { benchStart } from './start.ts';
import { benchUnits } from './units.ts';

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
  growth: benchGrowth,
  units: benchUnits,
  cost: benchCost,
  serve: benchServe,
  spans: benchSpans,
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
