import { createHash } from 'node:crypto';
import { asInstant, type Instant } from '../../shared/kit/clock.ts';
import { isUsable, type Listing, type Outcome, type Row } from '../../shared/model/listing.ts';
import { snapshotKey, type Target } from '../../shared/model/target.ts';
import { itemsOf, type Recorded } from '../../shared/record/listing.ts';
import { aCapture, aListing, DAILY } from '../support/build.ts';

/** What a test says of a visit: when, and what was read. */
export type Told = {
  /** Time of the day of the target, or a whole instant. */
  readonly at: string;
  readonly target?: Target;
  readonly outcome?: Outcome;
  readonly rows?: readonly Row[];
  readonly listing?: Partial<Listing>;
  readonly epoch?: number;
};

/** A visit made into items, as recording makes them. */
function recorded({ at: time, target = DAILY, outcome = 'list', rows = [], listing = {}, epoch = 1 }: Told): Recorded {
  const at = asInstant(time) ?? (`${target.day}T${time}:00Z` as Instant);
  const found = isUsable(outcome) || outcome === 'drift' ? aListing({ rows, ...listing }) : null;
  const said = JSON.stringify([at, outcome, found]);
  const digest = createHash('sha256').update(said).digest('hex');
  const facts = { ...target, at, digest: digest.slice(0, 12) };
  return itemsOf(
    { ...facts, key: snapshotKey(facts), bytes: said.length, sha256: digest },
    aCapture({ ...target, at }),
    { outcome, why: isUsable(outcome) ? '' : 'as told', listing: found },
    epoch,
  );
}

/** The listing of a visit. */
export const aVisit = (told: Told) => recorded(told).listing;
