/** What a `PaperkeepError` is made of. */
type ErrorParts = {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
};

/**
 * An error that a person can act on. Programs switch on its `code`; the message says what happened to what.
 * Errors of any other class are bugs.
 *
 * @example
 * throw new PaperkeepError({
 *   code: 'TABLE_NEWER',
 *   message: 'the table sqlite:papers.sqlite was written by a newer paperkeep',
 *   hint: 'update paperkeep',
 * });
 */
export class PaperkeepError extends Error {
  /** Stable, in upper case: `TABLE_NEWER`. */
  readonly code: string;
  /** What to do about it, a sentence in the imperative; empty where there is nothing to do. */
  readonly hint: string;

  constructor({ code, message, hint = '', cause }: ErrorParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PaperkeepError';
    this.code = code;
    this.hint = hint;
  }
}

/** The extended result code of SQLite where no room is left for the shared memory file beside a database. */
const SQLITE_SHM_FULL = 4874;
/** The result code of SQLite for a full disk. */
const SQLITE_FULL = 13;

/** True when the disk or the quota is full, by an error of the file system or of SQLite. */
export function isDiskFull(error: unknown): boolean {
  const { errcode } = Object(error) as { errcode?: unknown };
  return /^(?:ENOSPC|EDQUOT)$/.test(errorCode(error)) || errcode === SQLITE_FULL || errcode === SQLITE_SHM_FULL;
}

/** The code of an error of Node or the system, `ENOENT`; an empty text for anything else that was thrown. */
export const errorCode = (error: unknown): string => String(Object(error).code ?? '');

/** The message of anything that was thrown. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
