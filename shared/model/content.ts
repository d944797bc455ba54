import { compareText } from '../lib/order.ts';
import type { Instant } from '../lib/time.ts';
import { type ListName, listKind } from './list.ts';
import type { PaperContent } from './listing.ts';

/** A capture of a list that showed a paper with the content of that hash. */
export type ContentSighting = { readonly at: Instant; readonly list: ListName; readonly hash: string };

/** Which list counts where two show a paper at one instant: a daily list knows a paper best, then trending, then a search. */
export const LIST_PRECEDENCE = { daily: 2, trending: 1, watched: 0 } as const;

const precedence = ({ list }: ContentSighting): number => LIST_PRECEDENCE[listKind(list)];

/** Sorts sightings by time; of those at one instant the list that knows the paper best comes last, and so counts. */
export const sortSightings = (sightings: readonly ContentSighting[]): ContentSighting[] =>
  sightings.toSorted((a, b) => compareText(a.at, b.at) || precedence(a) - precedence(b) || compareText(a.hash, b.hash));

/** What a paper was from `since` on, and the fields that changed then. */
export type ContentVersion = {
  readonly since: Instant;
  readonly changed: string[];
  readonly content: PaperContent;
};

/**
 * Derives the versions of a paper's content, oldest first, from its sightings (in the order of `sortSightings`) and its contents by hash.
 * A field that a capture could not know neither ends nor changes what was known. A value that returns starts a new version. A field that
 * becomes known for the first time is no change.
 */
export function contentVersions(
  sightings: readonly ContentSighting[],
  contents: ReadonlyMap<string, PaperContent>,
): ContentVersion[] {
  const versions: ContentVersion[] = [];
  let last: string | null = null;
  for (const { at, hash } of sightings) {
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

/** True when a content has an abstract and authors: cards show no abstract, copied text no authors. */
export const isWholeContent = (content: PaperContent | null | undefined): content is PaperContent =>
  content?.abstract !== undefined && content.authors !== undefined;
