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

/** One parser for each kind of source; a kind without one does not compile. */
export const parsers = {
  daily: { epoch: epochs.daily, read: readDaily },
  trending: { epoch: epochs.trending, read: readTrending },
  watched: { epoch: epochs.watched, read: readTrending },
} satisfies Record<SourceKind, Parser>;
