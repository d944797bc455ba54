import type { ListKind } from '../model/list.ts';

/** The epoch of each parser, in a file of its own so that reading it does not load the parsers. */
export const parserEpochs = { daily: 1, trending: 1, watched: 1 } satisfies Record<ListKind, number>;
