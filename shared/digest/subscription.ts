import * as z from 'zod';
import { periodOf } from '../lib/period.ts';
import { addDays, type Day, type Instant, localTime } from '../lib/time.ts';
import { slugOf } from '../model/paper.ts';
import { parseAddress } from './address.ts';

/** The most letters of a phrase, as of a search. */
const MAX_PHRASE = 300;
/** The most things that one subscriber follows. */
const MAX_FOLLOWS = 50;

/** Follows that stand alone, without a name behind a colon. */
export const PLAIN_FOLLOWS = ['all', 'entered-trending', 'code-appeared'] as const;
/** Follows that name something behind a colon, by what they name. */
export const NAMED_FOLLOWS = ['keyword', 'phrase', 'author', 'organization'] as const;

/** What a subscriber follows: `all`, `entered-trending`, `code-appeared`, `keyword:<slug>`, `phrase:<text>`, `author:<slug>` or `organization:<slug>`. */
export type Follow = string & { readonly __follow: true };

/** A follow in its parts; `name` is empty for one that stands alone. */
export const splitFollow = (follow: Follow) => {
  const [kind, ...name] = follow.split(':');
  return { kind: kind as (typeof PLAIN_FOLLOWS | typeof NAMED_FOLLOWS)[number], name: name.join(':') };
};

const FOLLOW_ERROR =
  'must be all, entered-trending, code-appeared, keyword:<slug>, phrase:<text>, author:<slug> or organization:<slug>';

/** Reads a follow. Names are made slugs; a phrase needs a letter or a digit and has at most 300 characters. */
const follow = z.string().transform((text, context): Follow => {
  const [kind = '', ...rest] = text.split(':');
  const name = rest.join(':').trim();
  const isPlain = rest.length === 0 && PLAIN_FOLLOWS.some((plain) => plain === kind);
  const isNamed = slugOf(name) !== '' && NAMED_FOLLOWS.some((named) => named === kind);
  if (isPlain) return kind as Follow;
  if (isNamed && name.length <= MAX_PHRASE)
    return `${kind}:${kind === 'phrase' ? name.replaceAll(/\s+/g, ' ') : slugOf(name)}` as Follow;
  const message = isNamed ? `must not name more than ${MAX_PHRASE} characters` : FOLLOW_ERROR;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** True for the name of a time zone that this program knows. */
function isZone(name: string): boolean {
  try {
    return localTime('2025-01-08T00:00:00Z' as Instant, name).hour >= 0;
  } catch {
    return false;
  }
}

/** A whole number up to `most`, of a number or its digits. */
const wholeNumber = (most: number, error: string) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : value),
    z.int(error).min(0, error).max(most, error),
  );

/** The choices of a subscriber, one schema each; all have a default. */
export const choices = {
  cadence: z.enum(['daily', 'weekly'], 'must be daily or weekly').default('daily'),
  follow: z
    .array(follow)
    .max(MAX_FOLLOWS, `must not be more than ${MAX_FOLLOWS}`)
    .transform((follows) => (follows.length === 0 ? ['all' as Follow] : [...new Set(follows)]))
    .prefault([]),
  minUpvotes: wholeNumber(1_000_000, 'must be a whole number from 0 to 1,000,000').prefault(0),
  zone: z.string().refine(isZone, 'must be a time zone of the IANA database, such as Europe/Berlin').default('UTC'),
  hour: wholeNumber(23, 'must be an hour, 0 to 23').prefault(8),
};

/** Why no mail is sent to a subscriber: the address cannot be delivered to, or its owner called a message spam. */
const off = z.enum(['bounced', 'complained']).nullable().default(null);

/** A subscription: an address and what its owner chose. It is stored, and `subscribers import` reads it. */
export const Subscription = z.object({
  address: z.string().transform((text, context) => {
    const address = parseAddress(text);
    if (address !== null) return address;
    context.addIssue({ code: 'custom', message: 'must be one mail address, with ASCII letters before the @' });
    return z.NEVER;
  }),
  ...choices,
  off,
});
export type Subscription = z.output<typeof Subscription>;
/** What a subscriber may change. */
export type Choices = Omit<Subscription, 'address' | 'off'>;

/**
 * The newest period whose hour has come: the day `2025-01-08` or the week `2025-W02` in the subscriber's time zone. A week begins with
 * the hour of its Monday. A day without that hour, at a change of clocks, begins with the next one.
 */
export function newestPeriod(
  { cadence, zone, hour }: Pick<Choices, 'cadence' | 'zone' | 'hour'>,
  now: Instant,
): string {
  const local = localTime(now, zone);
  const day: Day = local.hour >= hour ? local.day : addDays(local.day, -1);
  return cadence === 'daily' ? day : periodOf('week', day);
}
