import { mapConcurrent } from '../lib/concurrency.ts';
import { compareText } from '../lib/order.ts';
import type { Instant } from '../lib/time.ts';
import {
  type ContentVersion,
  contentVersions,
  isWholeContent,
  LIST_PRECEDENCE,
  sortSightings,
} from '../model/content.ts';
import { type ListDay, listKind } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { type ContentRef, contentItemHash, decodeContent, isContentItem, readContents } from '../table/contents.ts';
import { decodeSummary, type ListDaySummary } from '../table/items.ts';
import { type PaperKey, paperPk, parseAppearanceKey, summaryKey, titleHash, titlePk } from '../table/keys.ts';
import type { Item, TableStore } from '../table/store.ts';
import { idsUnderTitle, isTitleKey } from '../table/titles.ts';
import { foldWithResolvedTitles } from './context.ts';

/** A paper on one list: the list's summary, the paper's place in its columns, and the names it has in that list's listings. */
export type PaperListDay = {
  readonly listDay: ListDay;
  readonly summary: ListDaySummary;
  readonly place: number;
  readonly names: readonly PaperKey[];
};

/** All that the table has of one paper. */
export type PaperSummaries = {
  readonly id: string;
  readonly contents: ReadonlyMap<string, PaperContent>;
  readonly on: readonly PaperListDay[];
};

/** Loads a paper: its contents and every list it was on, copied text with its title included; null if it was never seen. */
export async function readPaperSummaries(table: TableStore, id: string): Promise<PaperSummaries | null> {
  const items = await table.range({ pk: paperPk(id) });
  const own = items.filter(isContentItem);
  if (own.length === 0) return null;
  const titles: PaperKey[] = [];
  for (const title of new Set(own.map((item) => titleHash(decodeContent(item).title)))) {
    const copied = await table.range({ pk: titlePk(title) });
    if (idsUnderTitle(copied).length !== 1) continue;
    titles.push(`~${title}`);
    items.push(...copied);
  }
  const contents = new Map(items.filter(isContentItem).map((item) => [contentItemHash(item), decodeContent(item)]));
  return { id, contents, on: await appearancesOf(table, id, titles, items) };
}

/** The lists that a paper was on, under its id or under titles, by when it was first seen there. */
async function appearancesOf(
  table: TableStore,
  id: string,
  titles: readonly PaperKey[],
  items: readonly Item[],
): Promise<PaperListDay[]> {
  const listDays = new Map(
    items.flatMap(({ sk }) => {
      const listDay = parseAppearanceKey(sk);
      return listDay ? [[summaryKey(listDay).pk, listDay] as const] : [];
    }),
  );
  const ids = new Map(titles.map((title) => [title, id]));
  const found = await mapConcurrent(
    await table.getMany([...listDays.values()].map(summaryKey)),
    async (item): Promise<PaperListDay[]> => {
      const listDay = listDays.get(item.pk) as ListDay;
      const stored = decodeSummary(item) as ListDaySummary;
      const names = [id, ...titles].filter((name) => stored.papers.includes(name));
      const summary = names.some((name) => name !== id)
        ? await foldWithResolvedTitles(table, listDay, null, ids)
        : stored;
      const place = summary?.papers.indexOf(id) ?? -1;
      return summary && place >= 0 ? [{ listDay, summary, place, names }] : [];
    },
  );
  return found.flat().sort((a, b) => compareText(firstSeen(a), firstSeen(b)) || precedence(b) - precedence(a));
}

/** When a paper was first seen on a list. */
export const firstSeen = ({ summary, place }: PaperListDay): Instant =>
  summary.times[summary.firstSeen[place] as number] as Instant;
/** When a paper was last seen on a list. */
export const lastSeen = ({ summary, place }: PaperListDay): Instant =>
  summary.times[summary.lastSeen[place] as number] as Instant;

const precedence = ({ listDay: { list } }: PaperListDay): number => LIST_PRECEDENCE[listKind(list)];

const sightingsOf = ({ on }: PaperSummaries) =>
  on.flatMap(({ listDay, summary, place }) =>
    (summary.runs[place] ?? []).flatMap(([hash, from, to]) =>
      [...new Set([from, to])].map((time) => ({ at: summary.times[time] as Instant, list: listDay.list, hash })),
    ),
  );

/** The versions of a paper's content, oldest first, as known at `upTo` (null: now). */
export const paperVersions = (paper: PaperSummaries, upTo: Instant | null): ContentVersion[] =>
  contentVersions(sortSightings(sightingsOf(paper).filter(({ at }) => upTo === null || at <= upTo)), paper.contents);

/** The contents of rows, whole: what a row's own capture could not know is taken from what the paper was known to be at `upTo` (null: now). */
export async function readWholeContents(
  table: TableStore,
  rows: readonly ContentRef[],
  upTo: Instant | null,
): Promise<PaperContent[]> {
  const contents = await readContents(table, rows);
  if (contents.every(isWholeContent)) return contents;
  const asked = rows.map((row, at) => ({ ...row, own: contents[at] }));
  return mapConcurrent(asked, async ({ paper, hash, own }) => {
    if (isWholeContent(own)) return own;
    const life = isTitleKey(paper) ? null : await readPaperSummaries(table, paper);
    const known = life && paperVersions(life, upTo).at(-1)?.content;
    return { title: '', ...known, ...(own ?? life?.contents.get(hash)) };
  });
}
