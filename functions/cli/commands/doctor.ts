import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openArchive } from '../../../shared/archive/open.ts';
import { errorMessage, PaperkeepError } from '../../../shared/lib/errors.ts';
import { silentLog } from '../../../shared/lib/log.ts';
import { deadlineAfter, systemClock } from '../../../shared/lib/time.ts';
import { openTable } from '../../../shared/table/open.ts';
import type { Context } from '../context.ts';
import { type ExitCode, errorExitCode, worstExitCode } from '../exit-codes.ts';
import type { Run } from '../program.ts';
import { openConfiguredFeed } from '../workspace.ts';

/** What was looked at and what came of it; `mend` is null when nothing is wrong. */
type Check = { readonly check: string; readonly found: string; readonly hint: string | null; readonly exit: ExitCode };

/** The oldest Node that the tools run on; scripts run on the one that npm brings. */
const OLDEST_NODE = 24;
/** Room for a year of hourly captures: 24 trending pages a day, packed to at most 250 kB, are 2.2 GB of it. */
const FREE_BYTES = 3_000_000_000;
/** How long the feed may take to answer. */
const PROBE_MS = 20_000;

/** `doctor`: what is wrong with the set-up, and its mend. */
export const runDoctor: Run = async (context, _args, options) => {
  const checks: Check[] = [
    checkNode(),
    await checkDisk(context),
    await checkStores(context),
    await checkFeed(context),
    ...(options.aws || options.stage !== undefined ? await checkAws(options.stage) : []),
  ];
  const lines = checks.map(
    ({ check, found, hint }) => `${hint ? 'WRONG' : 'fine '}  ${check}: ${found}${hint ? `\n       ${hint}` : ''}`,
  );
  context.say({ checks: checks.map(({ exit: _, ...check }) => check) }, lines.join('\n'));
  return worstExitCode(checks.map(({ exit }) => exit));
};

const fine = (check: string, found: string): Check => ({ check, found, hint: null, exit: 0 });

function checkNode(): Check {
  const found = process.versions.node;
  if (Number(found.split('.')[0]) >= OLDEST_NODE) return fine('Node', found);
  return { check: 'Node', found, hint: 'run `npm ci`, which brings Node 24, and start with npm or npx', exit: 1 };
}

/** The AWS side, of the deployment that is named or that of the owner's choices. */
async function checkAws(stage: unknown): Promise<Check[]> {
  const [{ openCloud, readConfigFile }, { checkCloud }] = await Promise.all([
    import('../aws/stage.ts'),
    import('../aws/doctor.ts'),
  ]);
  try {
    return await checkCloud(await openCloud(), String(stage ?? (await readConfigFile())?.stage ?? 'main'));
  } catch (error) {
    if (!(error instanceof PaperkeepError)) throw error;
    return [{ check: 'AWS', found: error.message, hint: error.hint, exit: errorExitCode(error) }];
  }
}

async function checkDisk({ settings }: Context): Promise<Check> {
  try {
    const folder = await nearestFolder(resolve(settings.data));
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const found = `${Math.round((bavail * bsize) / 1e6)} MB free for ${settings.data}`;
    if (bavail * bsize >= FREE_BYTES) return fine('disk', found);
    return {
      check: 'disk',
      found,
      hint: 'free some: a year of hourly captures may take 2.4 GB, most of it trending pages of 1.5 MB, packed',
      exit: 1,
    };
  } catch (error) {
    return {
      check: 'disk',
      found: errorMessage(error),
      hint: 'give --data with a folder that can be written',
      exit: 1,
    };
  }
}

/** The folder itself, or the nearest above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

async function checkStores({ settings }: Context): Promise<Check> {
  try {
    const table = await openTable(settings.table);
    await table.close();
    // Reading is enough to see a folder that is none, or may not be entered.
    for await (const _ of (await openArchive(settings.archive)).list('raw/')) break;
    return fine('archive and table', `${settings.archive}, ${settings.table}`);
  } catch (error) {
    const known = error instanceof PaperkeepError ? error : null;
    const hint = known?.hint ?? 'look at the path';
    return { check: 'archive and table', found: errorMessage(error), hint, exit: errorExitCode(error) };
  }
}

async function checkFeed({ settings }: Context): Promise<Check> {
  const feed = openConfiguredFeed(settings, systemClock, silentLog);
  const { exchanges, failure } = await feed.get('/api/daily_papers?limit=1', deadlineAfter(PROBE_MS));
  const status = exchanges.at(-1)?.status ?? null;
  if (status === 200) return fine('feed', `${settings.origin} answers`);
  const found = `${settings.origin}: ${status === null ? failure : `status ${status}`}`;
  const hint = 'look at the network and at PAPERKEEP_ORIGIN; captures that fail are tried again by themselves';
  return { check: 'feed', found, hint, exit: 3 };
}
