import { errorMessage, PaperkeepError } from '../../shared/lib/errors.ts';
import { type ExitCode, errorExitCode } from './exit-codes.ts';
import { hintFor } from './hints.ts';

/** What was checked and what was found; `hint` says how to fix a problem and is null when nothing is wrong. */
export type Check = {
  readonly check: string;
  readonly found: string;
  readonly hint: string | null;
  readonly exit: ExitCode;
};

/** A check that found nothing wrong. */
export const passed = (check: string, found: string): Check => ({ check, found, hint: null, exit: 0 });
/** A check that found a problem. */
export const failed = (check: string, found: string, hint: string, exit: ExitCode = 1): Check => ({
  ...{ check, found, hint, exit },
});

/**
 * Runs checks. An error becomes a failed check of that name; `hint` is for errors that have none of their own.
 *
 * @param hintOf The hint of an error of ours; by default with the command that helps.
 */
export async function guard(
  check: string,
  hint: string,
  run: () => Promise<Check | Check[]>,
  hintOf: (error: PaperkeepError) => string = hintFor,
): Promise<Check[]> {
  try {
    return [await run()].flat();
  } catch (error) {
    const fix = error instanceof PaperkeepError ? hintOf(error) : hint;
    return [failed(check, errorMessage(error), fix, errorExitCode(error))];
  }
}
