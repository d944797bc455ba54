import type { VisitReport } from '../../shared/collect/run.ts';
import type { ImportResult } from '../../shared/import/run.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { isSampleError } from '../../shared/model/capture.ts';

/** What each exit code means, and what to do then; `--help` and the reference are made from it. */
export const EXIT_MEANINGS = {
  0: ['done', ''],
  1: ['failed', 'read the error and its hint'],
  2: ['wrong usage or a bad setting', 'see `--help`'],
  3: ['the feed is unreachable or refuses, or another paperkeep is using it', 'try again later'],
  4: ['something was received or given that could not be read (it is kept)', 'look at what the message names'],
  5: ['the archive or the table is damaged', 'run `npx paperkeep verify`'],
} as const satisfies Readonly<Record<number, readonly [meaning: string, fix: string]>>;

/** What a command exits with. */
export type ExitCode = keyof typeof EXIT_MEANINGS;

const WORST_FIRST: readonly ExitCode[] = [5, 1, 2, 4, 3, 0];

/** The exit code to return where several apply: the first of 5, 1, 2, 4, 3, 0. */
export const worstExitCode = (codes: Iterable<ExitCode>): ExitCode => {
  const seen = new Set(codes);
  return WORST_FIRST.find((code) => seen.has(code)) ?? 0;
};

/** Exit codes by error code; an error code that is not listed exits with 1. */
export const EXIT_CODES: Readonly<Record<string, ExitCode>> = {
  USAGE: 2,
  BAD_CONFIG: 2,
  BAD_MANIFEST: 2,
  BAD_SETTING: 2,
  BAD_TOKEN: 2,
  FLAGS_MISSING: 2,
  NO_CONFIG: 2,
  NO_DATA: 2,
  NO_QUERY: 2,
  NOT_A_KEY: 2,
  MAIL_OFF: 2,
  LEASE_HELD: 3,
  NOT_FETCHED: 3,
  CONTRADICTION: 4,
  FUTURE: 4,
  GONE: 4,
  MANIFEST_LINE: 4,
  NO_PAPERKEEP: 4,
  NOTHING_OF_THE_FEED: 4,
  SAMPLE: 4,
  TOO_LARGE: 4,
  UNSAID: 4,
  WARC_UNREADABLE: 4,
  ARCHIVE_EMPTY: 5,
  CATALOG_DAMAGED: 5,
  COPY_DAMAGED: 5,
  REMOVAL_REFUSED: 5,
  SNAPSHOT_DAMAGED: 5,
  SNAPSHOT_MISSING: 5,
  SNAPSHOT_UNREADABLE: 5,
  TABLE_DAMAGED: 5,
};

/** The exit code for anything that a command threw. */
export const errorExitCode = (error: unknown): ExitCode =>
  error instanceof PaperkeepError ? (EXIT_CODES[error.code] ?? 1) : 1;

const BY_RESULT: Readonly<Record<VisitReport['result'] | ImportResult['result'], ExitCode>> = {
  done: 0,
  retry: 3,
  unreadable: 4,
  damaged: 5,
};

/** The exit code for the results of visits or imported captures; `left` counts visits that were due and not made. */
export const exitCodeForResults = (
  results: Iterable<Pick<VisitReport | ImportResult, 'result'>>,
  left: readonly unknown[] = [],
): ExitCode => worstExitCode([...[...results].map(({ result }) => BY_RESULT[result]), left.length > 0 ? 3 : 0]);

/** The exit code where snapshots could not be recorded: those of the sample are not damaged. */
export const damageExitCode = (unrecorded: readonly { readonly error: unknown }[]): ExitCode =>
  worstExitCode(unrecorded.map(({ error }) => (isSampleError(error) ? 4 : 5)));
