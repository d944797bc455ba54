import type { Day } from '../lib/time.ts';

/**
 * What came of a capture.
 * Usable: `list` (papers), `empty` (the feed reported no papers).
 * Unreadable, and not worth retrying at once: `drift` (a list, but over half its entries have no numeric upvotes), `not-found` (404),
 * `another-day` (the list of another day), `other-shape` (a response, but not a list).
 * Worth retrying: `refused` (429, 401, 403), `server-error` (5xx), `challenge`, `cut` (half a body), `no-body`, `unreachable` (no response).
 */
export type Outcome =
  | 'list'
  | 'empty'
  | 'drift'
  | 'not-found'
  | 'another-day'
  | 'other-shape'
  | 'refused'
  | 'server-error'
  | 'challenge'
  | 'cut'
  | 'no-body'
  | 'unreachable';

/** The outcomes with a list, an empty one included. */
export const USABLE_OUTCOMES: readonly Outcome[] = ['list', 'empty'];
/** True for an outcome with a list, an empty one included. */
export const isUsable = (outcome: Outcome): boolean => USABLE_OUTCOMES.includes(outcome);

/**
 * True when the feed responded in a form that its lists do not have. It may have changed: an alarm counts these outcomes, and after one from
 * the API the page of the day is read instead.
 */
export const isUnexpectedFormat = (outcome: Outcome): boolean =>
  outcome === 'not-found' || outcome === 'other-shape' || outcome === 'drift';

/** True when the feed cannot be reached or refuses to serve: no more requests until the next run. */
export const stopsRequests = (outcome: Outcome): boolean =>
  outcome === 'refused' || outcome === 'challenge' || outcome === 'unreachable';

/**
 * What visiting the feed or importing a file came to. `done`: the list is there, whole as far as is known. `retry`: nothing usable came, and
 * a later attempt may do better. `unreadable`: something came, and it is not the list.
 */
export type CaptureResult = 'done' | 'retry' | 'unreadable';

/** The result that an outcome stands for. */
export function resultOfOutcome(outcome: Outcome): CaptureResult {
  if (isUsable(outcome)) return 'done';
  return isUnexpectedFormat(outcome) || outcome === 'another-day' ? 'unreadable' : 'retry';
}

/** What a listing was read from: the JSON API, the hydration data of a page, the cards of a page, or the text of a page as a person copied it. */
export type Via = 'api' | 'page' | 'cards' | 'text';

/**
 * A paper without its counts. `null`: the feed gave none. Absent: this kind of capture cannot know it (cards have no abstract; only a list
 * that names its day knows `listedOn`). White space is collapsed; the snapshot keeps the bytes.
 */
export type PaperContent = {
  readonly title: string;
  readonly abstract?: string | null;
  readonly authors?: readonly string[];
  readonly publishedAt?: string | null;
  /** The day of the daily list that the paper was submitted to. */
  readonly listedOn?: Day;
  readonly githubUrl?: string | null;
  readonly projectUrl?: string | null;
  readonly keywords?: readonly string[] | null;
  readonly aiSummary?: string | null;
  readonly organization?: { readonly name: string; readonly fullname: string } | null;
  /** The submitter's login. */
  readonly submittedBy?: string | null;
};

/** The row of one paper in a listing. */
export type ListingRow = {
  /** The place in the list, from 1; the ranks of rejected entries are not used again. */
  readonly rank: number;
  /** arXiv id without version, `2501.04519` or `cs/0301012`; null only for a row of copied text. */
  readonly id: string | null;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly githubStars: number | null;
  readonly content: PaperContent;
};

/** An entry that could not be read: its path, and why. */
export type RejectedEntry = { readonly path: string; readonly why: string };

/** A list as parsed from a capture. */
export type Listing = {
  readonly via: Via;
  /** The number of responses (pages of the API) that the list came from. */
  readonly pages: number;
  /** True: the whole list; false: known to be cut or an entry was rejected; null: cannot be known. */
  readonly complete: boolean | null;
  /** The number of entries that the feed listed, rejected ones included. */
  readonly listed: number;
  readonly rows: readonly ListingRow[];
  readonly rejects: readonly RejectedEntry[];
  /** Fields that the parser does not know, by path, with their counts: drift shows here first. */
  readonly unknown: Readonly<Record<string, number>>;
  /** The query of a watched search; null for other lists. */
  readonly query: string | null;
};

/** The result of parsing a capture; `listing` is null unless there is a list. `why` is a sentence for people, empty where nothing is wrong. */
export type ParseResult = { readonly outcome: Outcome; readonly why: string; readonly listing: Listing | null };

/** Why a response has no list: its outcome, and a sentence for people. */
export type ParseFailure = Pick<ParseResult, 'outcome' | 'why'>;
