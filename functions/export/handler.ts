import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { lambdaDeadline } from '../../shared/aws/deadline.ts';
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
// a run that was out of time has left its files, and the next one starts in the same container
clearStagingFolders();

/** Time reserved to finish the current batch (some 200 lists, seconds), and to pack and upload the catalog (10 s after ten years). */
const RESERVE_MS = 120_000;

/** Handles the nightly schedule: updates the catalog as far as there is time, then creates the export if one is configured. */
export const handler = async (_event: unknown, context: Context) => {
  const deadline = lambdaDeadline(context, RESERVE_MS);
  const changes = await publishCatalog(deps, deadline);
  const files = exports
    ? await publishNightlyExport(deps, changes, { store: await openS3ExportStore(exports), about })
    : null;
  return { ...changes, files };
};
