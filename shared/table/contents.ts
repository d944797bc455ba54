import { mapConcurrent } from '../lib/concurrency.ts';
import { compareText } from '../lib/order.ts';
import type { Instant } from '../lib/time.ts';
import type { ListDay, ListName } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { foldUnderIds } from '../query/context.ts';
import { decodeSummary, type ListDaySummary } from '../table/items.ts';
import { contentKey, type PaperKey, paperPk, parseAppearanceKey, summaryKey, titleHash, titlePk } from './keys.ts';
import type { Item, TableStore } from './store.ts';
import { decodeContent, idsUnderTitle, isContent, isTitleKey, titleKeyHash } from './titles.ts';

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
  const own = items.filter(isContent);
  if (own.length === 0) return null;
  const titles: PaperKey[] = [];
  for (const title of new Set(own.map((item) => titleHash(decodeContent(item).title)))) {
    const copied = await table.range({ pk: titlePk(title) });
    if (idsUnderTitle(copied).length !== 1) continue;
    titles.push(`~${title}`);
    items.push(...copied);
  }
  const contents = new Map(items.filter(isContent).map((item) => [titleKeyHash(item), decodeContent(item)]));
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
      const summary = names.some((name) => name !== id) ? await foldUnderIds(table, listDay, null, ids) : stored;
      const place = summary?.papers.indexOf(id) ?? -1;
      return summary && place >= 0 ? [{ listDay, summary, place, names }] : [];
    },
  );
  return found
    .flat()
    .sort((a, b) => compareText(firstSeen(a), firstSeen(b)) || order(b.listDay.list) - order(a.listDay.list));
}

/** When a paper was first seen on a list. */
export const firstSeen = ({ summary, place }: PaperListDay): Instant =>
  summary.times[summary.firstSeen[place] as number] as Instant;
/** When a paper was last seen on a list. */
export const lastSeen = ({ summary, place }: PaperListDay): Instant =>
  summary.times[summary.lastSeen[place] as number] as Instant;

/** A row whose content is asked for. */
type ContentRow = { readonly paper: PaperKey; readonly hash: string };

/** The contents of rows as their captures knew them; null where the table has none. */
export async function readContents(table: TableStore, rows: readonly ContentRow[]): Promise<(PaperContent | null)[]> {
  const keys = rows.map(({ paper, hash }) => contentKey(paper, hash));
  const found = new Map((await table.getMany(keys)).map((item) => [`${item.pk} ${item.sk}`, decodeContent(item)]));
  return keys.map(({ pk, sk }) => found.get(`${pk} ${sk}`) ?? null);
}

/** A content as seen at some moment. */
export type ContentSighting = { readonly at: Instant; readonly list: ListName; readonly hash: string };

/** Of sights at one instant the later in this order counts: daily knows a paper best, then trending, then a search. */
const order = (list: ListName): number => (list === 'daily' ? 2 : list === 'trending' ? 1 : 0);

const sightsOf = ({ on }: PaperSummaries): ContentSighting[] =>
  on.flatMap(({ listDay, summary, place }) =>
    (summary.runs[place] ?? []).flatMap(([hash, from, to]) =>
      [...new Set([from, to])].map((time) => ({ at: summary.times[time] as Instant, list: listDay.list, hash })),
    ),
  );

/** Sights in the order in which they count. */
export const inTimeOrder = (sights: readonly ContentSighting[]): ContentSighting[] =>
  sights.toSorted((a, b) => compareText(a.at, b.at) || order(a.list) - order(b.list) || compareText(a.hash, b.hash));

/** What a paper was from `since` on. */
export type ContentVersion = { readonly since: Instant; readonly changed: string[]; readonly content: PaperContent };

/**
 * The versions of a paper's content, oldest first, as known at `upTo` (null: now). A field that a capture could not know neither ends nor
 * changes what was known; a value that returns is a new version; what is learned for the first time is no change.
 */
export const contentVersions = (life: PaperSummaries, upTo: Instant | null): ContentVersion[] =>
  contentVersionsFrom(inTimeOrder(sightsOf(life).filter(({ at }) => upTo === null || at <= upTo)), life.contents);

/** The versions that sights in their order tell, oldest first; contents by their hash. */
export function contentVersionsFrom(
  sights: readonly ContentSighting[],
  contents: ReadonlyMap<string, PaperContent>,
): ContentVersion[] {
  const versions: ContentVersion[] = [];
  let last: string | null = null;
  for (const { at, hash } of sights) {
    const seen = hash === last ? undefined : contents.get(hash);
    if (!seen) continue;
    last = hash;
    const before = versions.at(-1);
    if (!before) {
      versions.push({ since: at, changed: [], content: seen });
      continue;
    }
    const content = { ...before.content, ...seen };
    const changed = (Object.keys(seen) as (keyof PaperContent)[]).filter(
      (field) =>
        before.content[field] !== undefined && JSON.stringify(before.content[field]) !== JSON.stringify(seen[field]),
    );
    if (changed.length > 0) versions.push({ since: at, changed: changed.sort(), content });
    else versions[versions.length - 1] = { ...before, content };
  }
  return versions;
}

/** True when nothing essential is missing: cards know no abstract, copied text no authors. */
export const isWholeContent = (content: PaperContent | null | undefined): content is PaperContent =>
  content?.abstract !== undefined && content.authors !== undefined;

/** The contents of rows, whole: what a row's own capture could not know is taken from what the paper was known to be at `upTo` (null: now). */
export async function readWholeContents(
  table: TableStore,
  rows: readonly ContentRow[],
  upTo: Instant | null,
): Promise<PaperContent[]> {
  const contents = await readContents(table, rows);
  const asked = rows.map((row, at) => ({ ...row, own: contents[at] }));
  return mapConcurrent(asked, async ({ paper, hash, own }) => {
    if (isWholeContent(own)) return own;
    const life = isTitleKey(paper) ? null : await readPaperSummaries(table, paper);
    const known = life && contentVersions(life, upTo).at(-1)?.content;
    return { title: '', ...known, ...(own ?? life?.contents.get(hash)) };
  });
}
