import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { findDiskLimits } from '../../../shared/archive/files.ts';
import { openArchive } from '../../../shared/archive/open.ts';
import { silentLog } from '../../../shared/lib/log.ts';
import { findSqliteDamage } from '../../../shared/lib/sqlite.ts';
import { dayOf, deadlineAfter, systemClock } from '../../../shared/lib/time.ts';
import { openTable } from '../../../shared/table/open.ts';
import { type Check, failed, guard, passed } from '../check.ts';
import { defineCommand } from '../command.ts';
import { type Context, isMissing } from '../context.ts';
import { worstExitCode } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import { catalogPath } from '../local-catalog.ts';
import { describeOldNode } from '../node-version.ts';
import { openConfiguredFeed } from '../workspace.ts';

/** Space for a year of hourly captures: 24 trending pages a day, packed to at most 250 kB, are 2.2 GB of it. */
const FREE_BYTES = 3_000_000_000;
/** How long the feed may take to answer. */
const PROBE_MS = 20_000;

/** `doctor`: what is wrong with the set-up, and how to fix it. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Checks the set-up (Node, disk, archive, table, feed) and says how to fix what is wrong.',
  examples: ['doctor', 'doctor --aws'],
  flags: z.object({
    aws: switchFlag('also check AWS: credentials, region, bootstrap, limits and the deployment'),
  }),
  run: async (context, { aws }) => {
    const checks = [
      checkNode(),
      ...(await guard('disk', 'set --data to a folder that can be written', () => checkDisk(context))),
      ...(await guard('archive and table', 'check the path', () => checkStores(context))),
      ...(await guard('search index', 'check that it can be read', async () => checkCatalog(context))),
      await checkFeed(context),
      ...(aws || context.stage !== null
        ? await guard('AWS', 'run it again with --debug', () => checkAws(context.stage))
        : []),
    ];
    const lines = checks.map(
      ({ check, found, hint }) => `${hint ? 'FAILED' : 'ok    '}  ${check}: ${found}${hint ? `\n        ${hint}` : ''}`,
    );
    context.print({ checks: checks.map(({ exit: _, ...check }) => check) }, lines.join('\n'));
    return worstExitCode(checks.map(({ exit }) => exit));
  },
});

function checkNode(): Check {
  const found = process.versions.node;
  const hint = describeOldNode(found);
  return hint === null ? passed('Node', found) : failed('Node', found, hint);
}

/** The AWS side: of the deployment that is named, or that of paperkeep.config.ts. */
async function checkAws(stage: string | null): Promise<Check[]> {
  const [{ openCloud, readConfigFile }, { checkCloud }] = await Promise.all([
    import('../aws/stage.ts'),
    import('../aws/doctor.ts'),
  ]);
  const config = await readConfigFile();
  const name = String(stage ?? config?.stage ?? 'main');
  return checkCloud(await openCloud(), name, String(config?.qualifier ?? 'hnb659fds'), dayOf(systemClock()));
}

async function checkDisk({ settings }: Context): Promise<Check> {
  const folder = await nearestFolder(resolve(settings.data));
  await access(folder, constants.W_OK);
  const { bavail, bsize } = await statfs(folder);
  const limits = (await findDiskLimits(folder)).map((limit) => `; it ${limit}`);
  const found = `${Math.round((bavail * bsize) / 1e6)} MB free for ${settings.data}${limits.join('')}`;
  if (bavail * bsize >= FREE_BYTES) return passed('disk', found);
  return failed('disk', found, 'free some space: a year of hourly captures takes up to 2.4 GB');
}

/** The folder itself, or the nearest one above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

function checkCatalog({ settings }: Context): Check {
  const path = catalogPath(settings);
  if (!existsSync(path)) return passed('search index', 'not built yet');
  const damage = findSqliteDamage(path);
  if (damage === null) return passed('search index', path);
  const hint = 'delete it: it is built again from the table when it is needed next';
  return failed('search index', `${path} is damaged: ${damage}`, hint, 5);
}

async function checkStores({ settings }: Context): Promise<Check> {
  if (isMissing(settings.table, settings)) return passed('archive and table', `nothing in ${settings.data} yet`);
  const table = await openTable(settings.table);
  await (table.check?.() ?? Promise.resolve()).finally(table.close);
  // Reading one entry shows whether it is a folder that can be read.
  for await (const _ of (await openArchive(settings.archive)).list('raw/')) break;
  return passed('archive and table', `${settings.archive}, ${settings.table}`);
}

async function checkFeed({ settings }: Context): Promise<Check> {
  const feed = openConfiguredFeed(settings, systemClock, silentLog);
  const { exchanges, failure } = await feed.get('/api/daily_papers?limit=1', deadlineAfter(PROBE_MS));
  const status = exchanges.at(-1)?.status ?? null;
  if (status === 200) return passed('feed', `${settings.origin} answers`);
  const found = `${settings.origin}: ${status === null ? failure : `status ${status}`}`;
  const hint = 'check the network and PAPERKEEP_ORIGIN; failed captures are retried automatically';
  return failed('feed', found, hint, 3);
}
