/** What a process ends with. 0 done · 1 failed · 2 usage · 3 feed unreachable or refused · 4 answer not readable · 5 archive or table damaged. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5;

const WORST_FIRST: readonly ExitCode[] = [5, 1, 2, 4, 3, 0];

/** Of several exit codes the one to end with: 5, 1, 4, 3, 0. */
export const worst = (codes: Iterable<ExitCode>): ExitCode => {
  const seen = new Set(codes);
  return WORST_FIRST.find((code) => seen.has(code)) ?? 0;
};

/** An error meant for a person: a stable code, what happened to what, and what to do about it. */
export class PaperkeepError extends Error {
  /** Stable, upper case, `TABLE_NEWER`; what a program may switch on. */
  readonly code: string;
  /** What to do about it, a sentence in the imperative. */
  readonly mend: string;
  readonly exit: ExitCode;

  constructor(code: string, what: string, mend: string, exit: ExitCode = 1, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'PaperkeepError';
    this.code = code;
    this.mend = mend;
    this.exit = exit;
  }
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
