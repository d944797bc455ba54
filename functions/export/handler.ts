/** Everything AWS knows about exporting: a nightly schedule. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { publishCatalog } from '../../shared/catalog/publish.ts';
import { openCatalogStore } from '../../shared/catalog/s3.ts';
import { publishNightlyExport } from '../../shared/export/nightly.ts';
import { clearStagingFolders, openS3ExportStore } from '../../shared/export/s3.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { createJsonLog } from '../../shared/lib/log.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { parserEpochs } from '../../shared/parse/epochs.ts';
import { FunctionSettings, Settings } from '../../shared/settings.ts';
import { openTable } from '../../shared/table/open.ts';

const settings = parseEnv(Settings, process.env);
const { version, exports } = parseEnv(FunctionSettings, process.env);
const deps = {
  store: await openCatalogStore(settings.derived),
  table: await openTable(settings.table),
  clock: systemClock,
  log: createJsonLog((line) => process.stdout.write(line), systemClock),
  path: join(tmpdir(), 'nightly.sqlite'),
};
const about = { paperkeep: version, commit: null, archive: settings.archive, parsers: parserEpochs, sample: false };
// one that ran out of time left its files, and the function is started anew in the same place
clearStagingFolders();

/** Time kept back to end the batch that was begun (some 200 lists, seconds), and to pack the catalog and put it (ten years: 10 s). */
const RESERVE_MS = 120_000;

/** Entry of the nightly schedule: brings the catalog up to date, as far as there is time, then makes the files that are wanted. */
export const handler = async (_event: unknown, context: Context) => {
  const deadline = () => Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS);
  const changes = await publishCatalog(deps, deadline);
  const files = exports
    ? await publishNightlyExport(deps, changes, { store: await openS3ExportStore(exports), about })
    : null;
  return { ...changes, files };
};
