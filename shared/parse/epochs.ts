import type { ListKind } from '../model/list.ts';

/** The epoch of each parser: raised when what it made before was wrong; a replay then replaces. Apart, so that nobody loads parsers to tell it. */
export const parserEpochs = { daily: 1, trending: 1, watched: 1 } satisfies Record<ListKind, number>;
