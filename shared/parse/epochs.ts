import type { SourceKind } from '../model/target.ts';

/** The epoch of each parser: raised when what it made before was wrong; a replay then replaces. Apart, so that nobody loads parsers to tell it. */
export const epochs = { daily: 1, trending: 1, watched: 1 } satisfies Record<SourceKind, number>;
