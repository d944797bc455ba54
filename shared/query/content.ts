import type { Instant } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { Content } from '../model/listing.ts';
import { asPaperId } from '../model/paper.ts';
import type { SourceName, Target } from '../model/target.ts';
import { asSummary, type Summary } from '../record/fold.ts';
import { contentKey, paperPk, readAppearance, summaryKey, titleHash, titlePk } from '../record/keys.ts';
import type { Item, Records } from '../record/records.ts';

/** A paper on one list: the list's summary and the paper's place in its columns. */
export type On = { readonly target: Target; readonly summary: Summary; readonly place: number };

/** All that the table has of one paper. */
export type Life = { readonly id: string; readonly contents: ReadonlyMap<string, Content>; readonly on: readonly On[] };

/** Loads a paper: its contents and every list it was on, copied text with its title included; null if it was never seen. */
export async function lifeOf(records: Records, id: string): Promise<Life | null> {
  const own = await records.range({ pk: paperPk(id) });
  const contents = new Map(own.filter(isContent).map((item) => [hashOf(item), asContent(item)]));
  if (contents.size === 0) return null;
  const on = await appearancesOf(records, id, own);
  const titles = new Set([...contents.values()].map(({ title }) => titleHash(title)));
  for (const title of titles) {
    const items = await records.range({ pk: titlePk(title) });
    if (idsOf(items).length !== 1) continue;
    for (const item of items.filter(isContent)) contents.set(hashOf(item), asContent(item));
    on.push(...(await appearancesOf(records, `~${title}`, items)));
  }
  on.sort((a, b) => (firstSeen(a) < firstSeen(b) ? -1 : 1));
  return { id, contents, on };
}

async function appearancesOf(records: Records, paper: string, items: readonly Item[]): Promise<On[]> {
  const targets = items.map(({ sk }) => readAppearance(sk)).filter((target) => target !== null);
  const summaries = new Map((await records.getMany(targets.map(summaryKey))).map((item) => [item.pk, asSummary(item)]));
  return targets.flatMap((target) => {
    const summary = summaries.get(summaryKey(target).pk);
    const place = summary?.papers.indexOf(paper) ?? -1;
    return summary && place >= 0 ? [{ target, summary, place }] : [];
  });
}

/** When a paper was first seen on a list. */
export const firstSeen = ({ summary, place }: On): Instant =>
  summary.times[summary.firstSeen[place] as number] as Instant;
/** When a paper was last seen on a list. */
export const lastSeen = ({ summary, place }: On): Instant =>
  summary.times[summary.lastSeen[place] as number] as Instant;

/** The one paper that bears a title; null when there is none or several do. */
export async function idOfTitle(records: Records, hash: string): Promise<string | null> {
  const ids = idsOf(await records.range({ pk: titlePk(hash) }));
  return ids.length === 1 ? (ids[0] as string) : null;
}

const idsOf = (items: readonly Item[]): string[] => items.map(({ sk }) => sk).filter((sk) => asPaperId(sk) === sk);
const isContent = ({ sk }: Item): boolean => sk.startsWith('CONTENT#');
const hashOf = ({ sk }: Item): string => sk.slice('CONTENT#'.length);
const asContent = ({ pk: _pk, sk: _sk, ...content }: Item): Content => content as unknown as Content;

/** The contents of rows, by paper and hash. */
export async function contentsOf(
  records: Records,
  rows: readonly { readonly paper: string; readonly hash: string }[],
): Promise<(Content | null)[]> {
  const keys = rows.map(({ paper, hash }) => contentKey(paper, hash));
  const found = new Map((await records.getMany(keys)).map((item) => [`${item.pk} ${item.sk}`, asContent(item)]));
  return keys.map(({ pk, sk }) => found.get(`${pk} ${sk}`) ?? null);
}

/** A content as seen at some moment. */
type Sight = { readonly at: Instant; readonly list: SourceName; readonly hash: string };

/** Of sights at one instant the later in this order counts: daily knows a paper best, then trending, then a search. */
const order = (list: SourceName): number => (list === 'daily' ? 2 : list === 'trending' ? 1 : 0);

function sightsOf({ on }: Life, upTo: Instant | null): Sight[] {
  return on
    .flatMap(({ target, summary, place }) =>
      (summary.runs[place] ?? []).flatMap(([hash, from, to]) =>
        [...new Set([from, to])].map((time) => ({ at: summary.times[time] as Instant, list: target.source, hash })),
      ),
    )
    .filter(({ at }) => upTo === null || at <= upTo)
    .sort((a, b) => compare(a.at, b.at) || order(a.list) - order(b.list) || compare(a.hash, b.hash));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a paper was from `since` on. */
export type ContentVersion = { readonly since: Instant; readonly changed: string[]; readonly content: Content };

/**
 * The versions of a paper's content, oldest first, as known at `upTo` (null: now). A field that a capture could not know neither ends nor
 * changes what was known; a value that returns is a new version; what is learned for the first time is no change.
 */
export function versionsOf(life: Life, upTo: Instant | null): ContentVersion[] {
  const versions: ContentVersion[] = [];
  for (const { at, hash } of sightsOf(life, upTo)) {
    const seen = life.contents.get(hash);
    if (!seen) continue;
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

/** A row's content made whole: what its own capture could not know is taken from what the paper was known to be then. */
export async function wholeContents(
  records: Records,
  rows: readonly { readonly id: string | null; readonly content: Content }[],
  upTo: Instant | null,
): Promise<Content[]> {
  return inTurns(rows, async ({ id, content }) => {
    if (content.abstract !== undefined && content.authors !== undefined) return content;
    const life = id === null ? null : await lifeOf(records, id);
    return { ...(life && versionsOf(life, upTo).at(-1)?.content), ...content };
  });
}
