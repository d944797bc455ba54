import { PaperkeepError } from '../../shared/lib/errors.ts';

const SHOW_COVERAGE = '`npx paperkeep show coverage` shows which days are captured';
const RESTORE = '`npx paperkeep verify --restore-from <archive>` restores it from another archive';
const REPLAY = '`npx paperkeep replay` fills a table from the archive';

/** The commands that help with an error, by its code. Messages and hints of shared/ name no command. */
export const COMMAND_HINTS: Readonly<Record<string, string>> = {
  NEVER_SEEN: SHOW_COVERAGE,
  NOT_CAPTURED: SHOW_COVERAGE,
  UNKNOWN_KEYWORD:
    '`npx paperkeep show topics` lists keywords; `show topic` takes a phrase in double quotes inside single quotes',
  NO_DATA: '`npx paperkeep collect` creates it and captures what is due',
  NOTHING_TO_EXPORT: SHOW_COVERAGE,
  SNAPSHOT_DAMAGED: RESTORE,
  SNAPSHOT_MISSING: RESTORE,
  SNAPSHOT_UNREADABLE: RESTORE,
  REMOVAL_REFUSED: '`npx paperkeep verify --fix --remove-many` removes them',
  TABLE_DAMAGED: REPLAY,
  TABLE_NEWER: REPLAY,
  NOT_SUBSCRIBED: '`npx paperkeep subscribers` lists the addresses',
  NO_CREDENTIALS: '`npx paperkeep doctor --aws` checks the credentials',
  MFA_REQUIRED:
    'run `eval "$(aws configure export-credentials --profile <profile> --format env)"`, which asks for it, and unset AWS_PROFILE',
  TABLE_MISSING: '`npx paperkeep deploy` creates it',
  BUCKET_MISSING: '`npx paperkeep deploy` creates it',
};

/** What to do about anything that a command threw. */
export const hintFor = (error: unknown): string =>
  error instanceof PaperkeepError
    ? [error.hint, COMMAND_HINTS[error.code]].filter(Boolean).join('; ')
    : 'run it again with --debug to see where it failed; everything reported as done is kept';
