/** Everything AWS knows about answering: an HTTP API in front of the site. */
import { tmpdir } from 'node:os';
import { handle } from 'hono/aws-lambda';
import { openArchive } from '../../shared/archive/open.ts';
import { createFunctionOutput } from '../../shared/aws/output.ts';
import { readSecret } from '../../shared/aws/ssm.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { SITE_MEMORY_MIB } from '../../shared/names.ts';
import { parserEpochs } from '../../shared/parse/epochs.ts';
import { FunctionSettings, Settings } from '../../shared/settings.ts';
import { openTable, TABLE_SCHEMA_VERSION } from '../../shared/table/open.ts';
import { requireToken } from '../../shared/web/access.ts';
import { countReadUnits, createAllowance } from '../../shared/web/allowance.ts';
import { createApp } from '../../shared/web/app.ts';
import { lazyCatalogs, lazyExportStore } from './lazy-stores.ts';
import { lambdaResponseLimit } from './response-limit.ts';

const settings = parseEnv(Settings, process.env);
const { stage, version, sendsMail, accessParameter, exports, downloads } = parseEnv(FunctionSettings, process.env);
const readUnits = countReadUnits();
const table = await openTable(settings.table, readUnits.add);
const reading = { table, clock: systemClock };
const allowance = createAllowance({ ...reading, memoryGb: SITE_MEMORY_MIB / 1024, readUnits });
const { log, metrics } = createFunctionOutput(stage, process.stdout, systemClock, Date.now);

const catalogs = lazyCatalogs(settings.derived, { ...reading, log, folder: tmpdir() });

const site = createApp({
  context: { ...reading, ...catalogs, metrics, sample: false, since: settings.since },
  ...(exports && {
    exports: { store: lazyExportStore(exports), downloads, onLink: (bytes) => allowance.charge(bytes, 0) },
  }),
  ...(sendsMail && { subscriptions: lazyAsync(() => openTable(settings.subscriptions)) }),
  archive: lazyAsync(() => openArchive(settings.archive)),
  limit: lambdaResponseLimit,
  allowance,
  publicUrl: settings.publicUrl,
  indexing: settings.indexing,
  collects: true,
  log,
  versions: { paperkeep: version, node: process.versions.node, schema: TABLE_SCHEMA_VERSION, parsers: parserEpochs },
});
const token = await readSecret(accessParameter);

/** Entry of the HTTP API. */
export const handler = handle(token === undefined ? site : requireToken(site, token));
