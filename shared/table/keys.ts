/**
 * The keys of the table, and nothing else makes one. They are part of what is kept: changing one means replaying everything.
 * Days, instants and months sort as text, so a range of them is a range of `sk`.
 */
import { hash as digest } from 'node:crypto';
import type { Day, Instant } from '../lib/time.ts';
import { parseDay } from '../lib/time.ts';
import { type ListDay, type ListName, parseListName } from '../model/list.ts';
import { slugOf } from '../model/paper.ts';
import type { Key } from './store.ts';

/** A paper of a list: its id, or `~` and the hash of its title where copied text names no id. */
export type PaperKey = string;

/** First hex digits of a SHA-256. */
const hash = (text: string, digits: number): string => digest('sha256', text).slice(0, digits);

/** Partition of everything about one list: its listings and their summary. */
export const listPk = ({ list, day }: ListDay): string => `LIST#${list}#${day}`;
/** Where the fold of a partition's listings is. Sorts before every listing. */
export const summaryKey = (listDay: ListDay): Key => ({ pk: listPk(listDay), sk: SUMMARY_SK });
/** Sort key of a summary. */
export const SUMMARY_SK = '#SUMMARY';
/** One capture's listing; `digest` is that of the snapshot's key. */
export const listingKey = (listDay: ListDay, at: Instant, digest: string): Key => ({
  pk: listPk(listDay),
  sk: `AT#${at}#${digest}`,
});
/** Sort keys of the listings up to an instant, that instant included (`AT#T#hex` sorts after `AT#T`). */
export const listingsUpTo = (at: Instant): { from: string; to: string } => ({ from: 'AT#', to: `AT#${at}~` });
/** Sort keys of the listings from one instant to another, both included. */
export const listingsBetween = (from: Instant, to: Instant): { from: string; to: string } => ({
  from: `AT#${from}#`,
  to: `AT#${to}~`,
});
/** Sort keys of all listings. */
export const ALL_LISTINGS = { from: 'AT#', to: 'AT#~' };

/** Partition of a paper: its contents and where it appeared. */
export const paperPk = (id: string): string => `PAPER#${id}`;
/** A content of a paper; of a row without id, under its title. */
export const contentKey = (paper: PaperKey, contentHash: string): Key => ({
  pk: paper.startsWith('~') ? titlePk(paper.slice(1)) : paperPk(paper),
  sk: `CONTENT#${contentHash}`,
});
/** The pointer from a paper (or a title without id) to a list it was on. */
export const appearanceKey = (paper: PaperKey, { list, day }: ListDay): Key => ({
  pk: paper.startsWith('~') ? titlePk(paper.slice(1)) : paperPk(paper),
  sk: `ON#${list}#${day}`,
});
/** Reads the sort key of an appearance; null if it is another item's. */
export function parseAppearanceKey(sk: string): ListDay | null {
  const [, source, day] = /^ON#(.+)#([\d-]{10})$/.exec(sk) ?? [];
  const name = parseListName(source ?? '');
  const on = parseDay(day ?? '');
  return name && on ? { list: name, day: on } : null;
}

/** What papers can be listed under besides lists. */
export type IndexKind = 'author' | 'organization' | 'keyword';
/** Partition of an author, an organization or a keyword. */
export const indexPk = (kind: IndexKind, slug: string): string => `${kind.toUpperCase()}#${slug}`;
/** A paper under a name; the day is that of its daily list, else of its publication. */
export const indexKey = (kind: IndexKind, name: string, day: string, id: string): Key => ({
  pk: indexPk(kind, slugOf(name)),
  sk: `${day}#${id}`,
});

/** Partition of a title: ids that bear it, contents and appearances of rows without id. */
export const titlePk = (titleHash: string): string => `TITLE#${titleHash}`;
/** Hash of a title as it is compared: letters and digits only, lower case. 64 bits: ten million titles collide with odds of 1 in 300,000. */
export const titleHash = (title: string): string =>
  hash(
    title
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ''),
    16,
  );
/** Hash of a content within its paper, 48 bits, over its canonical JSON. */
export const contentHash = (canonical: string): string => hash(canonical, 12);

/** What the calendar shows of one day of a list. */
export const calendarKey = ({ list, day }: ListDay): Key => ({
  pk: calendarPk(list, day.slice(0, 7)),
  sk: day.slice(8),
});
/** Partition of one month of a list's calendar. */
export const calendarPk = (list: ListName, month: string): string => `CALENDAR#${list}#${month}`;
/** Partition of the index of all lists and their months. */
export const MONTHS_PK = 'CALENDAR';
/** A month's pointer in that index. */
export const monthKey = ({ list, day }: ListDay): Key => ({ pk: MONTHS_PK, sk: `${list}#${day.slice(0, 7)}` });
/** Reads the sort key of a month's pointer. */
export function parseMonthKey(sk: string): { list: ListName; month: string } | null {
  const [, source, month] = /^(.+)#(\d{4}-\d\d)$/.exec(sk) ?? [];
  const name = parseListName(source ?? '');
  return name && month ? { list: name, month } : null;
}

/** The lease of whoever talks to the feed. */
export const LEASE_KEY: Key = { pk: 'LEASE#feed', sk: '#' };

/** The list day that a list partition is about; null if the key is another's. */
export function parseListPk(pk: string): ListDay | null {
  const [, source, day] = /^LIST#(.+)#([\d-]{10})$/.exec(pk) ?? [];
  const name = parseListName(source ?? '');
  const on = parseDay(day ?? '') as Day | null;
  return name && on ? { list: name, day: on } : null;
}
