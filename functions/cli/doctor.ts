import { mkdir, statfs } from 'node:fs/promises';
import { deadlineIn, systemClock } from '../../shared/kit/clock.ts';
import { type ExitCode, messageOf, PaperkeepError, worst } from '../../shared/kit/errors.ts';
import { type Context, openHouse } from './context.ts';
import type { CliCommand } from './main.ts';

/** What was looked at and what came of it; `mend` is null when nothing is wrong. */
type Check = { readonly check: string; readonly found: string; readonly mend: string | null; readonly exit: ExitCode };

/** The oldest Node that the tools run on; scripts run on the one that npm brings. */
const OLDEST_NODE = 24;
/** A year of hourly captures takes about a third of this. */
const FREE_BYTES = 1_000_000_000;
/** How long the feed may take to answer. */
const PROBE_MS = 20_000;

/** `doctor`: what is wrong with the set-up, and its mend. */
export const doctorCommand: CliCommand = {
  usage: 'doctor',
  says: 'Looks for what is wrong with the set-up (Node, disk, archive, table, feed) and says its mend.',
  example: 'doctor',
  async run(context) {
    const checks = [node(), await disk(context), await stores(context), await feed(context)];
    const text = checks.map(
      ({ check, found, mend }) => `${mend ? 'WRONG' : 'fine '}  ${check}: ${found}${mend ? `\n       ${mend}` : ''}`,
    );
    context.say({ checks: checks.map(({ exit: _, ...check }) => check) }, text.join('\n'));
    return worst(checks.map(({ exit }) => exit));
  },
};

const fine = (check: string, found: string): Check => ({ check, found, mend: null, exit: 0 });

function node(): Check {
  const found = process.versions.node;
  if (Number(found.split('.')[0]) >= OLDEST_NODE) return fine('Node', found);
  return { check: 'Node', found, mend: 'run `npm ci`, which brings Node 24, and start with npm or npx', exit: 1 };
}

async function disk({ settings }: Context): Promise<Check> {
  try {
    await mkdir(settings.data, { recursive: true });
    const { bavail, bsize } = await statfs(settings.data);
    const found = `${Math.round((bavail * bsize) / 1e6)} MB free below ${settings.data}`;
    if (bavail * bsize >= FREE_BYTES) return fine('disk', found);
    return { check: 'disk', found, mend: 'free some: a year of hourly captures takes about 400 MB', exit: 1 };
  } catch (error) {
    return { check: 'disk', found: messageOf(error), mend: 'give --data with a folder that can be written', exit: 1 };
  }
}

async function stores(context: Context): Promise<Check> {
  try {
    const house = await openHouse(context);
    await house.snapshots.get('raw/daily/2000-01-01/20000101T000000Z-000000000000.warc.gz');
    await house.close();
    return fine('archive and table', `${context.settings.archive}, ${context.settings.table}`);
  } catch (error) {
    const known = error instanceof PaperkeepError ? error : null;
    return {
      check: 'archive and table',
      found: messageOf(error),
      mend: known?.mend ?? 'look at the path',
      exit: known?.exit ?? 1,
    };
  }
}

async function feed(context: Context): Promise<Check> {
  const house = await openHouse({
    ...context,
    settings: { ...context.settings, archive: 'file:.', table: 'sqlite::memory:' },
  });
  try {
    const { ask } = house.collecting(systemClock);
    const { exchanges, trouble } = await ask('/api/daily_papers?limit=1', deadlineIn(PROBE_MS));
    const status = exchanges.at(-1)?.status ?? null;
    if (status === 200) return fine('feed', `${context.settings.origin} answers`);
    const found = `${context.settings.origin}: ${status === null ? trouble : `status ${status}`}`;
    return {
      check: 'feed',
      found,
      mend: 'look at the network or PAPERKEEP_ORIGIN; captures that fail are tried again by themselves',
      exit: 3,
    };
  } finally {
    await house.close();
  }
}
