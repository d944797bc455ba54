/** Everything AWS knows about answering: an HTTP API in front of the site. */
import { handle } from 'hono/aws-lambda';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { freshCatalog } from '../../shared/export/catalog.ts';
import { systemClock } from '../../shared/kit/clock.ts';
import { readEnv } from '../../shared/kit/env.ts';
import { jsonLog } from '../../shared/kit/log.ts';
import { secret } from '../../shared/kit/ssm.ts';
import { epochs } from '../../shared/parse/epochs.ts';
import { openRecords, SCHEMA_VERSION } from '../../shared/record/open.ts';
import { guard } from '../../shared/serve/access.ts';
import { makeSite } from '../../shared/serve/app.ts';
import { Deployed, Settings } from '../../shared/settings.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';

const settings = readEnv(Settings, process.env);
const { version, accessParameter } = readEnv(Deployed, process.env);
const records = await openRecords(settings.table);
const catalog = freshCatalog(
  { records, catalog: openCatalog('/tmp/catalog.sqlite', records.url), clock: systemClock },
  60,
  () => null,
);
/** The archive, opened at the first download. */
let opened: ReturnType<typeof openSnapshots> | undefined;
const site = makeSite({
  archive: { records, catalog, clock: systemClock, sample: false },
  snapshots: () => (opened ??= openSnapshots(settings.archive)),
  log: jsonLog((line) => process.stdout.write(line), systemClock),
  versions: { paperkeep: version, node: process.versions.node, schema: SCHEMA_VERSION, parsers: epochs },
});
const token = await secret(accessParameter);

/** Entry of the HTTP API. */
export const handler = handle(token === undefined ? site : guard(site, token));
