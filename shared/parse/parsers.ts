import type { Capture } from '../model/capture.ts';
import type { ListKind } from '../model/list.ts';
import type { ParseResult } from '../model/listing.ts';
import { parseDailyList } from './daily.ts';
import { parserEpochs } from './epochs.ts';
import { parseTrendingList } from './trending.ts';

/** Reads the captures of one kind of source. */
export type Parser = {
  /** Raised when what it made before was wrong; a replay then replaces. */
  readonly epoch: number;
  /** What a capture says. Pure, and total: whatever a capture holds, it answers and never throws. */
  read(capture: Capture): ParseResult;
};

/** Reads a capture once, however often it is asked for: collecting judges it, and recording in the same process takes what was read. */
function readingOnce(read: Parser['read']): Parser['read'] {
  const known = new WeakMap<Capture, ParseResult>();
  return (capture) => {
    const parsed = known.get(capture) ?? read(capture);
    known.set(capture, parsed);
    return parsed;
  };
}

/** One parser for each kind of source; a kind without one does not compile. */
export const parsers = {
  daily: { epoch: parserEpochs.daily, read: readingOnce(parseDailyList) },
  trending: { epoch: parserEpochs.trending, read: readingOnce(parseTrendingList) },
  watched: { epoch: parserEpochs.watched, read: readingOnce(parseTrendingList) },
} satisfies Record<ListKind, Parser>;
