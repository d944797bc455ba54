import { addDays, compactInstant, type Day, type Instant, parseDay, parseInstant, startOfDay } from '../lib/time.ts';

/** The name of a list: `daily`, `trending` or `watched:<slug>`. */
export type ListName = 'daily' | 'trending' | `watched:${string}`;
/** The kinds of list; each has a parser and its own requests. */
export type ListKind = 'daily' | 'trending' | 'watched';

/** One list on one day: the day in the address of a daily list, the day of the capture for the others. */
export type ListDay = { readonly list: ListName; readonly day: Day };

/** The slug of a watched search: 1 to 40 of a-z, 0-9 and inner hyphens. */
export const WATCHED_SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** The kind of a list. */
export const listKind = (list: ListName): ListKind => (list === 'daily' || list === 'trending' ? list : 'watched');

/** The slug of a watched search: `agents` of `watched:agents`. */
export const searchSlug = (list: ListName): string => list.slice('watched:'.length);

/** Parses the name of a list; null for anything else. */
export function parseListName(text: string): ListName | null {
  if (text === 'daily' || text === 'trending') return text;
  return text.startsWith('watched:') && WATCHED_SLUG.test(text.slice(8)) ? (text as ListName) : null;
}

/** The prefix of the snapshot keys of a list day: `raw/daily/2025-01-08/`. */
export const snapshotPrefix = ({ list, day }: ListDay): string => `raw/${list.replace(':', '=')}/${day}/`;

/** What a snapshot's key names. */
export type SnapshotKeyParts = ListDay & { readonly at: Instant; readonly digest: string };

const KEY = /^raw\/([^/]+)\/([^/]+)\/(\d{8}T\d{6}Z)-([0-9a-f]{12})\.warc\.gz$/;

/** The key of a snapshot: `raw/<list>/<day>/<YYYYMMDDTHHMMSSZ>-<12 hex>.warc.gz`, with `=` for the colon in the name of a list. */
export const snapshotKey = ({ list, day, at, digest }: SnapshotKeyParts): string =>
  `${snapshotPrefix({ list, day })}${compactInstant(at)}-${digest}.warc.gz`;

/** Parses the key of a snapshot; null for anything else. */
export function parseSnapshotKey(key: string): SnapshotKeyParts | null {
  const [, folder, dayText, time, digest] = KEY.exec(key) ?? [];
  const list = folder?.includes(':') ? null : parseListName(folder?.replace('=', ':') ?? '');
  const day = parseDay(dayText ?? '');
  const at = parseInstant(time ?? '');
  return list && day && at && digest ? { list, day, at, digest } : null;
}

/** Days after which a daily list no longer changes: papers can be submitted up to 14 days after their date on arXiv. */
const SETTLED_AFTER_DAYS = 14;
/** The first instant at which a usable capture settles the daily list of a day. */
export const settlesAt = (day: Day): Instant => startOfDay(addDays(day, SETTLED_AFTER_DAYS));

/**
 * Reads which lists and days a scheduled event names: `{ "listDays": [{ "list", "day" }, …] }`, or the older spelling
 * `{ "targets": [{ "source", "day" }, …] }`. Null when the event names none.
 *
 * @throws TypeError when an entry is not a list and a day.
 */
export function parseCollectEvent(event: unknown): ListDay[] | null {
  const { listDays, targets } = (event ?? {}) as { listDays?: unknown; targets?: unknown };
  const named = listDays ?? targets;
  if (!Array.isArray(named)) return null;
  return named.map((entry: unknown) => {
    const listDay = parseListDay(entry);
    if (!listDay) throw new TypeError(`not a list and a day: ${JSON.stringify(entry)}`);
    return listDay;
  });
}

/**
 * Reads `{ "list", "day" }`, or the older spelling `{ "source", "day" }` that messages still waiting in a queue may have.
 * Null when either is missing or not valid.
 */
export function parseListDay(value: unknown): ListDay | null {
  const { list, source, day } = (value ?? {}) as { list?: unknown; source?: unknown; day?: unknown };
  const parsed = { list: parseListName(String(list ?? source)), day: parseDay(String(day)) };
  return parsed.list && parsed.day ? { list: parsed.list, day: parsed.day } : null;
}
