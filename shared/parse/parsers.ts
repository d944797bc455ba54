import type { Capture } from '../model/capture.ts';
import type { ListKind } from '../model/list.ts';
import type { ParseResult } from '../model/listing.ts';
import { parseDailyList } from './daily.ts';
import { parserEpochs } from './epochs.ts';
import { parseTrendingList } from './trending.ts';

/** Parses the captures of one kind of list. */
export type Parser = {
  /** Raised when the parser's older output was wrong; a replay then replaces that. */
  readonly epoch: number;
  /** Parses a capture. Pure and total: whatever the capture holds, it returns a result and never throws. */
  readonly parse: (capture: Capture) => ParseResult;
};

/** A parser for each kind of list. */
export type Parsers = Readonly<Record<ListKind, Parser>>;

/** The parsers; a kind of list without one does not compile. */
export const parsers: Parsers = {
  daily: { epoch: parserEpochs.daily, parse: parseDailyList },
  trending: { epoch: parserEpochs.trending, parse: parseTrendingList },
  watched: { epoch: parserEpochs.watched, parse: parseTrendingList },
};
