import { createHash } from 'node:crypto';
import { type Instant, parseInstant } from '../../shared/lib/time.ts';
import { type ListDay, snapshotKey } from '../../shared/model/list.ts';
import { isUsable, type Listing, type ListingRow, type Outcome } from '../../shared/model/listing.ts';
import { type CaptureItems, createCaptureItems } from '../../shared/record/items.ts';
import { aCapture, aListing, DAILY } from '../support/build.ts';

/** What a test says of a visit: when, and what was read. */
export type VisitSpec = {
  /** Time of the day of the list day, or a whole instant. */
  readonly at: string;
  readonly listDay?: ListDay;
  readonly outcome?: Outcome;
  readonly rows?: readonly ListingRow[];
  readonly listing?: Partial<Listing>;
  readonly epoch?: number;
};

/** A visit made into items, as recording makes them. */
function recorded({
  at: time,
  listDay = DAILY,
  outcome = 'list',
  rows = [],
  listing = {},
  epoch = 1,
}: VisitSpec): CaptureItems {
  const at = parseInstant(time) ?? (`${listDay.day}T${time}:00Z` as Instant);
  const found = isUsable(outcome) || outcome === 'drift' ? aListing({ rows, ...listing }) : null;
  const said = JSON.stringify([at, outcome, found]);
  const digest = createHash('sha256').update(said).digest('hex');
  const facts = { ...listDay, at, digest: digest.slice(0, 12) };
  return createCaptureItems(
    { ...facts, key: snapshotKey(facts), bytes: said.length, sha256: digest },
    aCapture({ ...listDay, at }),
    { outcome, why: isUsable(outcome) ? '' : 'as reported', listing: found },
    epoch,
  );
}

/** The listing of a visit. */
export const aVisit = (reported: VisitSpec) => recorded(reported).listing;
