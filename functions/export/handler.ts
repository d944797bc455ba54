/** Everything AWS knows about exporting: a nightly schedule. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { openCatalogStore } from '../../shared/catalog/s3.ts';
import { nightlyCatalog } from '../../shared/export/nightly.ts';
import { systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { jsonLog } from '../../shared/kit/log.ts';
import { openRecords } from '../../shared/record/open.ts';
import { Settings } from '../../shared/settings.ts';

const settings = readEnv(Settings, process.env);
const deps = {
  store: await openCatalogStore(settings.derived),
  records: await openRecords(settings.table),
  clock: systemClock,
  log: jsonLog((line) => process.stdout.write(line), systemClock),
  path: join(tmpdir(), 'nightly.sqlite'),
};
/** Time kept back to end the batch that was begun (some 200 lists, seconds), and to pack the catalog and put it (ten years: 10 s). */
const RESERVE_MS = 120_000;

/** Entry of the nightly schedule: brings the catalog up to date, as far as there is time. */
export const handler = (_event: unknown, context: Context) =>
  nightlyCatalog(deps, () => Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));
