import { PaperkeepError } from '../../shared/lib/errors.ts';

/** What to do about an error where a command does it; errors of other codes bring their own hint. */
const HINTS: Readonly<Record<string, string>> = {};

/** What to do about anything that a command threw, as a sentence in the imperative. */
export const hintFor = (error: unknown): string =>
  error instanceof PaperkeepError
    ? (HINTS[error.code] ?? error.hint)
    : 'run it again with --debug to see where it failed; what was reported as done is kept';
