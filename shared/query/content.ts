import type { Instant } from '../kit/clock.ts';
import { byText } from '../kit/order.ts';
import { inTurns } from '../kit/turns.ts';
import type { Content } from '../model/listing.ts';
import type { SourceName, Target } from '../model/target.ts';
import { asSummary, type Summary } from '../record/fold.ts';
import { contentKey, type PaperKey, paperPk, readAppearance, summaryKey, titleHash, titlePk } from '../record/keys.ts';
import type { Item, Records } from '../record/records.ts';
import { foldUnder } from './store.ts';
import { asContent, hashOf, idsOf, isContent, isTitle } from './title.ts';

/** A paper on one list: the list's summary, the paper's place in its columns, and the names it has in that list's listings. */
export type On = {
  readonly target: Target;
  readonly summary: Summary;
  readonly place: number;
  readonly names: readonly PaperKey[];
};

/** All that the table has of one paper. */
export type Life = { readonly id: string; readonly contents: ReadonlyMap<string, Content>; readonly on: readonly On[] };

/** Loads a paper: its contents and every list it was on, copied text with its title included; null if it was never seen. */
export async function lifeOf(records: Records, id: string): Promise<Life | null> {
  const items = await records.range({ pk: paperPk(id) });
  const own = items.filter(isContent);
  if (own.length === 0) return null;
  const titles: PaperKey[] = [];
  for (const title of new Set(own.map((item) => titleHash(asContent(item).title)))) {
    const copied = await records.range({ pk: titlePk(title) });
    if (idsOf(copied).length !== 1) continue;
    titles.push(`~${title}`);
    items.push(...copied);
  }
  const contents = new Map(items.filter(isContent).map((item) => [hashOf(item), asContent(item)]));
  return { id, contents, on: await appearancesOf(records, id, titles, items) };
}

/** The lists that a paper was on, under its id or under titles, by when it was first seen there. */
async function appearancesOf(
  records: Records,
  id: string,
  titles: readonly PaperKey[],
  items: readonly Item[],
): Promise<On[]> {
  const targets = new Map(
    items.flatMap(({ sk }) => {
      const target = readAppearance(sk);
      return target ? [[summaryKey(target).pk, target] as const] : [];
    }),
  );
  const ids = new Map(titles.map((title) => [title, id]));
  const found = await inTurns(
    await records.getMany([...targets.values()].map(summaryKey)),
    async (item): Promise<On[]> => {
      const target = targets.get(item.pk) as Target;
      const stored = asSummary(item) as Summary;
      const names = [id, ...titles].filter((name) => stored.papers.includes(name));
      const summary = names.some((name) => name !== id) ? await foldUnder(records, target, null, ids) : stored;
      const place = summary?.papers.indexOf(id) ?? -1;
      return summary && place >= 0 ? [{ target, summary, place, names }] : [];
    },
  );
  return found
    .flat()
    .sort((a, b) => byText(firstSeen(a), firstSeen(b)) || order(b.target.source) - order(a.target.source));
}

/** When a paper was first seen on a list. */
export const firstSeen = ({ summary, place }: On): Instant =>
  summary.times[summary.firstSeen[place] as number] as Instant;
/** When a paper was last seen on a list. */
export const lastSeen = ({ summary, place }: On): Instant =>
  summary.times[summary.lastSeen[place] as number] as Instant;

/** A row whose content is asked for. */
type ContentRow = { readonly paper: PaperKey; readonly hash: string };

/** The contents of rows as their captures knew them; null where the table has none. */
export async function contentsOf(records: Records, rows: readonly ContentRow[]): Promise<(Content | null)[]> {
  const keys = rows.map(({ paper, hash }) => contentKey(paper, hash));
  const found = new Map((await records.getMany(keys)).map((item) => [`${item.pk} ${item.sk}`, asContent(item)]));
  return keys.map(({ pk, sk }) => found.get(`${pk} ${sk}`) ?? null);
}

/** A content as seen at some moment. */
export type Sight = { readonly at: Instant; readonly list: SourceName; readonly hash: string };

/** Of sights at one instant the later in this order counts: daily knows a paper best, then trending, then a search. */
const order = (list: SourceName): number => (list === 'daily' ? 2 : list === 'trending' ? 1 : 0);

const sightsOf = ({ on }: Life): Sight[] =>
  on.flatMap(({ target, summary, place }) =>
    (summary.runs[place] ?? []).flatMap(([hash, from, to]) =>
      [...new Set([from, to])].map((time) => ({ at: summary.times[time] as Instant, list: target.source, hash })),
    ),
  );

/** Sights in the order in which they count. */
export const inOrder = (sights: readonly Sight[]): Sight[] =>
  sights.toSorted((a, b) => byText(a.at, b.at) || order(a.list) - order(b.list) || byText(a.hash, b.hash));

/** What a paper was from `since` on. */
export type ContentVersion = { readonly since: Instant; readonly changed: string[]; readonly content: Content };

/**
 * The versions of a paper's content, oldest first, as known at `upTo` (null: now). A field that a capture could not know neither ends nor
 * changes what was known; a value that returns is a new version; what is learned for the first time is no change.
 */
export const versionsOf = (life: Life, upTo: Instant | null): ContentVersion[] =>
  versionsFrom(inOrder(sightsOf(life).filter(({ at }) => upTo === null || at <= upTo)), life.contents);

/** The versions that sights in their order tell, oldest first; contents by their hash. */
export function versionsFrom(sights: readonly Sight[], contents: ReadonlyMap<string, Content>): ContentVersion[] {
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
    const changed = (Object.keys(seen) as (keyof Content)[]).filter(
      (field) =>
        before.content[field] !== undefined && JSON.stringify(before.content[field]) !== JSON.stringify(seen[field]),
    );
    if (changed.length > 0) versions.push({ since: at, changed: changed.sort(), content });
    else versions[versions.length - 1] = { ...before, content };
  }
  return versions;
}

/** True when nothing essential is missing: cards know no abstract, copied text no authors. */
export const isWhole = (content: Content | null | undefined): content is Content =>
  content?.abstract !== undefined && content.authors !== undefined;

/** The contents of rows, whole: what a row's own capture could not know is taken from what the paper was known to be at `upTo` (null: now). */
export async function wholeContentsOf(
  records: Records,
  rows: readonly ContentRow[],
  upTo: Instant | null,
): Promise<Content[]> {
  const contents = await contentsOf(records, rows);
  const asked = rows.map((row, at) => ({ ...row, own: contents[at] }));
  return inTurns(asked, async ({ paper, hash, own }) => {
    if (isWhole(own)) return own;
    const life = isTitle(paper) ? null : await lifeOf(records, paper);
    const known = life && versionsOf(life, upTo).at(-1)?.content;
    return { title: '', ...known, ...(own ?? life?.contents.get(hash)) };
  });
}
