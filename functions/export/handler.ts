/** Everything AWS knows about exporting: a nightly schedule. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { openCatalogStore } from '../../shared/catalog/s3.ts';
import { nightlyCatalog, nightlyExport } from '../../shared/export/nightly.ts';
import { clearWorkshops, openS3Exports } from '../../shared/export/s3.ts';
import { systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { jsonLog } from '../../shared/kit/log.ts';
import { epochs } from '../../shared/parse/epochs.ts';
import { openRecords } from '../../shared/record/open.ts';
import { Deployed, Settings } from '../../shared/settings.ts';

const settings = readEnv(Settings, process.env);
const { version, exports } = readEnv(Deployed, process.env);
const deps = {
  store: await openCatalogStore(settings.derived),
  records: await openRecords(settings.table),
  clock: systemClock,
  log: jsonLog((line) => process.stdout.write(line), systemClock),
  path: join(tmpdir(), 'nightly.sqlite'),
};
const about = { paperkeep: version, commit: null, archive: settings.archive, parsers: epochs, sample: false };
// one that ran out of time left its files, and the function is started anew in the same place
clearWorkshops();

/** Time kept back to end the batch that was begun (some 200 lists, seconds), and to pack the catalog and put it (ten years: 10 s). */
const RESERVE_MS = 120_000;

/** Entry of the nightly schedule: brings the catalog up to date, as far as there is time, then makes the files that are wanted. */
export const handler = async (_event: unknown, context: Context) => {
  const deadline = () => Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS);
  const changes = await nightlyCatalog(deps, deadline);
  const files = exports ? await nightlyExport(deps, changes, { store: await openS3Exports(exports), about }) : null;
  return { ...changes, files };
};
