import { addDays, asDay, asInstant, compact, type Day, type Instant, startOf } from '../kit/clock.ts';

/** What is watched: `daily`, `trending` or `watched:<slug>`. The name of a source is also the name of its list. */
export type SourceName = 'daily' | 'trending' | `watched:${string}`;
/** The kinds of source; each has a parser and a way to be fetched. */
export type SourceKind = 'daily' | 'trending' | 'watched';

/** Which list of a source: `day` is the list day for `daily`, the day of the capture for the others. */
export type Target = { readonly source: SourceName; readonly day: Day };

/** A slug as watched searches may have: 1 to 40 of a-z, 0-9, inner hyphens. */
export const WATCHED_SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** The kind of a source. */
export const kindOf = (source: SourceName): SourceKind =>
  source === 'daily' || source === 'trending' ? source : 'watched';

/** Reads the name of a source; null if it is none. */
export function asSource(text: string): SourceName | null {
  if (text === 'daily' || text === 'trending') return text;
  return text.startsWith('watched:') && WATCHED_SLUG.test(text.slice(8)) ? (text as SourceName) : null;
}

/** The folder of a target in the archive, `raw/daily/2025-01-08/`. */
export const folderOf = ({ source, day }: Target): string => `raw/${source.replace(':', '=')}/${day}/`;

/** A snapshot's key taken apart. */
export type KeyFacts = Target & { readonly at: Instant; readonly digest: string };

const KEY = /^raw\/([^/]+)\/([^/]+)\/(\d{8}T\d{6}Z)-([0-9a-f]{12})\.warc\.gz$/;

/** Key of a snapshot, `raw/<source>/<day>/<YYYYMMDDTHHMMSSZ>-<12 hex>.warc.gz`; a colon in the source becomes `=`. */
export const snapshotKey = ({ source, day, at, digest }: KeyFacts): string =>
  `${folderOf({ source, day })}${compact(at)}-${digest}.warc.gz`;

/** Reads a snapshot's key; null if it is none. */
export function readKey(key: string): KeyFacts | null {
  const [, folder, dayText, time, digest] = KEY.exec(key) ?? [];
  const source = folder?.includes(':') ? null : asSource(folder?.replace('=', ':') ?? '');
  const day = asDay(dayText ?? '');
  const at = asInstant(time ?? '');
  return source && day && at && digest ? { source, day, at, digest } : null;
}

/** Days after which a daily list no longer changes: papers may be submitted up to 14 days after their date on arXiv. */
const SETTLED_AFTER_DAYS = 14;
/** The first instant at which a usable capture settles the daily list of a day. */
export const settlesAt = (day: Day): Instant => startOf(addDays(day, SETTLED_AFTER_DAYS));

/** Reads `{ "targets": [{ "source", "day" }, …] }`; null when no targets are named. Throws on a target that is none. */
export function readTargets(event: unknown): Target[] | null {
  const { targets } = (event ?? {}) as { targets?: unknown };
  if (!Array.isArray(targets)) return null;
  return targets.map(({ source, day }: { source?: unknown; day?: unknown }) => {
    const read = { source: asSource(String(source)), day: asDay(String(day)) };
    if (!read.source || !read.day) throw new TypeError(`not a target: ${JSON.stringify({ source, day })}`);
    return { source: read.source, day: read.day };
  });
}
