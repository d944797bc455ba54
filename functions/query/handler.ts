/** Everything AWS knows about answering: an HTTP API in front of the site. */
import { tmpdir } from 'node:os';
import { handle } from 'hono/aws-lambda';
import { systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { jsonLog } from '../../shared/kit/log.ts';
import { once } from '../../shared/kit/once.ts';
import { secret } from '../../shared/kit/ssm.ts';
import { epochs } from '../../shared/parse/epochs.ts';
import { openRecords, SCHEMA_VERSION } from '../../shared/record/open.ts';
import { guard } from '../../shared/serve/access.ts';
import { makeSite } from '../../shared/serve/app.ts';
import { Deployed, Settings } from '../../shared/settings.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import { lambdaSending } from './carried.ts';

const settings = readEnv(Settings, process.env);
const { version, accessParameter, exports, downloads } = readEnv(Deployed, process.env);
const records = await openRecords(settings.table);
const log = jsonLog((line) => process.stdout.write(line), systemClock);

/** Opened when an answer is first looked up in it. */
const catalog = once(async () => {
  const { openCatalogStore } = await import('../../shared/catalog/s3.ts');
  const { fetchedCatalog } = await import('../../shared/export/fetched.ts');
  const store = await openCatalogStore(settings.derived);
  return fetchedCatalog({ store, records, clock: systemClock, log, folder: tmpdir() });
});
const exported = async (url: string) => (await import('../../shared/export/s3.ts')).openS3Exports(url);

const site = makeSite({
  archive: {
    records,
    catalog: async () => (await catalog())(),
    clock: systemClock,
    sample: false,
  },
  ...(exports && { exports: { store: once(() => exported(exports)), downloads } }),
  snapshots: once(() => openSnapshots(settings.archive)),
  sending: lambdaSending,
  log,
  versions: { paperkeep: version, node: process.versions.node, schema: SCHEMA_VERSION, parsers: epochs },
});
const token = await secret(accessParameter);

/** Entry of the HTTP API. */
export const handler = handle(token === undefined ? site : guard(site, token));
