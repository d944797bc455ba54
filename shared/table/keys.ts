/**
 * The keys of the table; no other module builds one. They are stored: changing one means replaying everything.
 * Days, instants and months sort as text, so a range of them is a range of `sk`.
 */
import { hash } from 'node:crypto';
import type { Day, Instant } from '../lib/time.ts';
import { parseDay } from '../lib/time.ts';
import { type ListDay, type ListName, parseListName } from '../model/list.ts';
import { slugOf } from '../model/paper.ts';
import type { Key } from './store.ts';

/** A paper of a list: its id, or `~` and the hash of its title where copied text has no id. */
export type PaperKey = string;

/** A key as one text, to compare keys by and to name an item in a message. */
export const formatKey = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** The partition of one list on one day: its listings and their summary. */
export const listPk = ({ list, day }: ListDay): string => `LIST#${list}#${day}`;
/** The key of a list day's summary. It sorts before every listing. */
export const summaryKey = (listDay: ListDay): Key => ({ pk: listPk(listDay), sk: SUMMARY_SK });
/** The sort key of a summary. */
export const SUMMARY_SK = '#SUMMARY';
/** The key of one capture's listing; `digest` is that of the snapshot's key. */
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

/** The partition of a paper: its contents and its appearances. */
export const paperPk = (id: string): string => `PAPER#${id}`;
/** The key of a paper's content; for a row without id it is under the title. */
export const contentKey = (paper: PaperKey, contentHash: string): Key => ({
  pk: paper.startsWith('~') ? titlePk(paper.slice(1)) : paperPk(paper),
  sk: `CONTENT#${contentHash}`,
});
/** The key of the pointer from a paper (or a title without id) to a list it was on. */
export const appearanceKey = (paper: PaperKey, { list, day }: ListDay): Key => ({
  pk: paper.startsWith('~') ? titlePk(paper.slice(1)) : paperPk(paper),
  sk: `ON#${list}#${day}`,
});
/** Parses the sort key of an appearance; null for any other item's. */
export function parseAppearanceKey(sk: string): ListDay | null {
  const [, list, day] = /^ON#(.+)#([\d-]{10})$/.exec(sk) ?? [];
  const name = parseListName(list ?? '');
  const on = parseDay(day ?? '');
  return name && on ? { list: name, day: on } : null;
}

/** The names by which papers can be found, besides lists. */
export type IndexKind = 'author' | 'organization' | 'keyword';
/** The partition of an author, an organization or a keyword. */
export const indexPk = (kind: IndexKind, slug: string): string => `${kind.toUpperCase()}#${slug}`;
/** The key of a paper under a name; the day is that of its daily list, else of its publication. */
export const indexKey = (kind: IndexKind, name: string, day: string, id: string): Key => ({
  pk: indexPk(kind, slugOf(name)),
  sk: `${day}#${id}`,
});

/** The partition of a title: the ids of papers with that title, contents and appearances of rows without id. */
export const titlePk = (titleHash: string): string => `TITLE#${titleHash}`;
/** The hash of a title, by which titles are compared: letters and digits only, lower case. Of its 64 bits, ten million titles collide with odds of 1 in 300,000. */
export const titleHash = (title: string): string =>
  hash(
    'sha256',
    title
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ''),
  ).slice(0, 16);
/** The key of a row of copied text with a title. */
export const titleKey = (title: string): PaperKey => `~${titleHash(title)}`;
/** The hash of a content within its paper: 48 bits, over its canonical JSON. */
export const contentHash = (canonical: string): string => hash('sha256', canonical).slice(0, 12);

/** The key of a list day's entry in the calendar. */
export const calendarKey = ({ list, day }: ListDay): Key => ({
  pk: calendarPk(list, day.slice(0, 7)),
  sk: day.slice(8),
});
/** The partition of one month of a list's calendar. */
export const calendarPk = (list: ListName, month: string): string => `CALENDAR#${list}#${month}`;
/** The partition that indexes all lists and their months. */
export const MONTHS_PK = 'CALENDAR';
/** The key of a month in that index. */
export const monthKey = ({ list, day }: ListDay): Key => ({ pk: MONTHS_PK, sk: `${list}#${day.slice(0, 7)}` });
/** Parses the sort key of a month in that index; null for any other. */
export function parseMonthKey(sk: string): { list: ListName; month: string } | null {
  const [, list, month] = /^(.+)#(\d{4}-\d\d)$/.exec(sk) ?? [];
  const name = parseListName(list ?? '');
  return name && month ? { list: name, month } : null;
}

/** The key of the lease on the feed. */
export const LEASE_KEY: Key = { pk: 'LEASE#feed', sk: '#' };
/** The key of a waiting process's request that the holder of the lease gives way. */
export const LEASE_REQUEST_KEY: Key = { pk: LEASE_KEY.pk, sk: 'REQUEST' };

/** The key of what the site in AWS has spent in this hour. */
export const SPENDING_KEY: Key = { pk: 'SPENDING#site', sk: '#' };

/** Parses the partition key of a list day; null for any other. */
export function parseListPk(pk: string): ListDay | null {
  const [, list, day] = /^LIST#(.+)#([\d-]{10})$/.exec(pk) ?? [];
  const name = parseListName(list ?? '');
  const on = parseDay(day ?? '') as Day | null;
  return name && on ? { list: name, day: on } : null;
}
