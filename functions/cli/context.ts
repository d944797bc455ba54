import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from '../../shared/lib/env.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { createTextLog, type Log, silentLog } from '../../shared/lib/log.ts';
import { toPrintable } from '../../shared/lib/printable.ts';
import { configuredLists, type ListConfig } from '../../shared/lists.ts';
import { DEFAULT_DATA, Settings } from '../../shared/settings.ts';
import { createProgress, type Progress } from './progress.ts';

/** A flag that every command has; one with a `setting` overrides that environment variable. */
export type GlobalFlag = { readonly flag: string; readonly help: string; readonly setting?: string };

/** The flags that every command has. */
export const globalFlags: readonly GlobalFlag[] = [
  { flag: '--json', help: 'print one JSON document on stdout and nothing else' },
  { flag: '--quiet', help: 'print no progress and no log' },
  { flag: '--debug', help: 'print where an error came from' },
  { flag: '--data <folder>', setting: 'PAPERKEEP_DATA', help: 'folder of all data (default: ./data)' },
  {
    flag: '--archive <url>',
    setting: 'PAPERKEEP_ARCHIVE',
    help: 'archive of snapshots (default: file:<data>/archive)',
  },
  {
    flag: '--table <url>',
    setting: 'PAPERKEEP_TABLE',
    help: 'table of records (default: sqlite:<data>/papers.sqlite)',
  },
  {
    flag: '--origin <url>',
    setting: 'PAPERKEEP_ORIGIN',
    help: 'address of the feed (default: https://huggingface.co)',
  },
  { flag: '--watch <searches>', setting: 'PAPERKEEP_WATCH', help: 'watched searches, slug=query;slug=query' },
  {
    flag: '--min-gap-ms <ms>',
    setting: 'PAPERKEEP_MIN_GAP_MS',
    help: 'shortest time between two requests to the feed (default: 2000)',
  },
  {
    flag: '--indexing <on|off>',
    setting: 'PAPERKEEP_INDEXING',
    help: 'whether search engines may list the site (default: off)',
  },
  {
    flag: '--public-url <url>',
    setting: 'PAPERKEEP_PUBLIC_URL',
    help: 'address of the site, for absolute links (default: the one that a client uses)',
  },
  { flag: '--stage <name>', help: 'use this deployment in AWS instead of the local archive and table' },
];

/** Values of the global flags, by their names in camel case. */
export type GlobalOptions = Readonly<Record<string, string | boolean | undefined>>;

/** The process that a command runs in. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to stdout. */
  out(text: string): void;
  /** Writes to stderr. */
  err(text: string): void;
  /** True when stderr is a terminal. */
  readonly isInteractive: boolean;
};

/** What a command works with. */
export type Context = {
  readonly settings: Settings;
  readonly log: Log;
  readonly lists: readonly ListConfig[];
  /** The deployment named by `--stage`, or null if there is no such thing. */
  readonly stage: string | null;
  /** Prints the result on stdout: with `--json` as JSON, else as text with control characters replaced (nothing for an empty text). */
  print(result: unknown, text: string): void;
  /** Shows how far a long task is, counted in `unit`; nothing with `--quiet` or where stderr is no terminal. */
  progress(unit: string): Promise<Progress>;
};

/** Reads the settings from the environment and the flags; a flag wins. */
export function createContext(flags: GlobalOptions, { env, out, err, isInteractive }: Terminal): Context {
  const overrides = globalFlags.flatMap(({ flag, setting }) => {
    const value = flags[optionName(flag)];
    return setting && value !== undefined ? [[setting, String(value)]] : [];
  });
  const settings = parseEnv(Settings, { ...env, ...Object.fromEntries(overrides) });
  return {
    settings,
    log: flags.quiet ? silentLog : createTextLog(err),
    lists: configuredLists(settings.watch),
    stage: typeof flags.stage === 'string' ? flags.stage : null,
    print: (result, text) =>
      out(flags.json ? `${JSON.stringify(result)}\n` : text === '' ? '' : `${toPrintable(text)}\n`),
    progress: (unit) => createProgress(unit, isInteractive && !flags.quiet),
  };
}

/** `minGapMs` of `--min-gap-ms <ms>`. */
const optionName = (flag: string): string =>
  (flag.split(' ')[0] as string).slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** True where a table is in a data folder that does not exist. */
export const isMissing = (place: string, { data }: Settings): boolean =>
  place.replace(/^\w+:/, '').startsWith(join(data, '/')) && !existsSync(data);

/**
 * Refuses to read a table in a data folder that was named and does not exist: most likely its name is mistyped, and opening the table would
 * create it.
 */
export function requireDataFolder(settings: Settings): void {
  if (settings.data === DEFAULT_DATA || !isMissing(settings.table, settings)) return;
  throw new PaperkeepError({
    code: 'NO_DATA',
    message: `there is no data folder ${settings.data}`,
    hint: 'check --data or PAPERKEEP_DATA',
  });
}

/** An error in how a command was called. */
export const usageError = (message: string, hint: string): PaperkeepError =>
  new PaperkeepError({ code: 'USAGE', message, hint });
