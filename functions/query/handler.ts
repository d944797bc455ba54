/** Everything AWS knows about answering: an HTTP API in front of the site. */
import { tmpdir } from 'node:os';
import { handle } from 'hono/aws-lambda';
import { openArchive } from '../../shared/archive/open.ts';
import { createEmfMetrics } from '../../shared/aws/emf.ts';
import { readSecret } from '../../shared/aws/ssm.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import { createJsonLog } from '../../shared/lib/log.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { SITE_MEMORY_MIB } from '../../shared/names.ts';
import { parserEpochs } from '../../shared/parse/epochs.ts';
import { FunctionSettings, Settings } from '../../shared/settings.ts';
import { openTable, TABLE_SCHEMA_VERSION } from '../../shared/table/open.ts';
import { requireToken } from '../../shared/web/access.ts';
import { countReadUnits, createAllowance } from '../../shared/web/allowance.ts';
import { createApp } from '../../shared/web/app.ts';
import { lambdaResponseLimit } from './response-limit.ts';

const settings = parseEnv(Settings, process.env);
const { stage, version, sendsMail, accessParameter, exports, downloads } = parseEnv(FunctionSettings, process.env);
const readUnits = countReadUnits();
const table = await openTable(settings.table, readUnits.add);
const allowance = createAllowance({ table, clock: systemClock, memoryGb: SITE_MEMORY_MIB / 1024, readUnits });
const write = (line: string) => process.stdout.write(line);
const log = createJsonLog(write, systemClock);

/** Opened by the first answer that reads one of them. */
const catalogs = lazyAsync(async () => {
  const { openFetchedCatalogs } = await import('../../shared/catalog/fetch.ts');
  return openFetchedCatalogs(settings.derived, { table, clock: systemClock, log, folder: tmpdir() });
});
const exported = async (url: string) => (await import('../../shared/export/s3.ts')).openS3ExportStore(url);

const site = createApp({
  context: {
    table,
    catalog: async () => (await catalogs()).catalog(),
    recentCatalog: async (since) => (await catalogs()).recentCatalog(since),
    clock: systemClock,
    metrics: createEmfMetrics(stage, write, Date.now),
    sample: false,
    since: settings.since,
  },
  ...(exports && {
    exports: { store: lazyAsync(() => exported(exports)), downloads, onLink: (bytes) => allowance.charge(bytes, 0) },
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
