import { parseEnv } from '../../shared/lib/env.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { createTextLog, type Log, silentLog } from '../../shared/lib/log.ts';
import { toPrintable } from '../../shared/lib/printable.ts';
import { configuredLists, type ListConfig } from '../../shared/lists.ts';
import { Settings } from '../../shared/settings.ts';

/** Flags that every command has. */
export type GlobalFlags = {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly origin?: string;
  readonly data?: string;
  readonly archive?: string;
  readonly table?: string;
  readonly watch?: string;
  readonly stage?: string;
  readonly minGapMs?: string;
};

/** What a command is started from. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to stdout, and to stderr. */
  out(text: string): void;
  err(text: string): void;
  /** True when somebody watches stderr. */
  readonly watched: boolean;
};

/** What a command works with: settings, and a voice. */
export type Context = {
  readonly settings: Settings;
  readonly log: Log;
  readonly lists: readonly ListConfig[];
  /** True when somebody watches stderr and wants to see how far a long job is. */
  readonly watched: boolean;
  /** Says the result on stdout: as JSON with `--json`, else as text that does nothing to a terminal (nothing when it is empty). */
  say(result: unknown, text: string): void;
};

/** Reads settings and flags (a flag wins). */
export function createContext(flags: GlobalFlags, { env, out, err, watched }: Terminal): Context {
  const settings = parseEnv(Settings, {
    ...env,
    ...(flags.origin !== undefined && { PAPERKEEP_ORIGIN: flags.origin }),
    ...(flags.data !== undefined && { PAPERKEEP_DATA: flags.data }),
    ...(flags.archive !== undefined && { PAPERKEEP_ARCHIVE: flags.archive }),
    ...(flags.table !== undefined && { PAPERKEEP_TABLE: flags.table }),
    ...(flags.watch !== undefined && { PAPERKEEP_WATCH: flags.watch }),
    ...(flags.minGapMs !== undefined && { PAPERKEEP_MIN_GAP_MS: flags.minGapMs }),
  });
  return {
    settings,
    log: flags.quiet ? silentLog : createTextLog(err),
    lists: configuredLists(settings.watch),
    watched: watched && !flags.quiet,
    say: (result, text) =>
      out(flags.json ? `${JSON.stringify(result)}\n` : text === '' ? '' : `${toPrintable(text)}\n`),
  };
}

/** A wrong use of a command. */
export const usageError = (what: string, hint: string): PaperkeepError =>
  new PaperkeepError({ code: 'USAGE', message: what, hint });
