import type { Capture } from '../model/capture.ts';
import type { Parsed } from '../model/listing.ts';
import type { SourceKind } from '../model/target.ts';
import { readDaily } from './daily.ts';
import { epochs } from './epochs.ts';
import { readTrending } from './trending.ts';

/** Reads the captures of one kind of source. */
export type Parser = {
  /** Raised when what it made before was wrong; a replay then replaces. */
  readonly epoch: number;
  /** What a capture says. Pure, and total: whatever a capture holds, it answers and never throws. */
  read(capture: Capture): Parsed;
};

/** Reads a capture once, however often it is asked for: collecting judges it, and recording in the same process takes what was read. */
function readingOnce(read: Parser['read']): Parser['read'] {
  const known = new WeakMap<Capture, Parsed>();
  return (capture) => {
    const parsed = known.get(capture) ?? read(capture);
    known.set(capture, parsed);
    return parsed;
  };
}

/** One parser for each kind of source; a kind without one does not compile. */
export const parsers = {
  daily: { epoch: epochs.daily, read: readingOnce(readDaily) },
  trending: { epoch: epochs.trending, read: readingOnce(readTrending) },
  watched: { epoch: epochs.watched, read: readingOnce(readTrending) },
} satisfies Record<SourceKind, Parser>;
