import { canonicalJson } from '../lib/canonical-json.ts';
import type { Capture } from '../model/capture.ts';
import type { SnapshotKeyParts } from '../model/list.ts';
import type { ListingRow, PaperContent, ParseResult } from '../model/listing.ts';
import { isUsable } from '../model/listing.ts';
import type { ListingItem } from '../table/items.ts';
import {
  contentHash,
  contentKey,
  type IndexKind,
  indexKey,
  listingKey,
  type PaperKey,
  titleHash,
  titleKey,
  titlePk,
} from '../table/keys.ts';
import type { Item } from '../table/store.ts';

/** What the snapshot's file was, as stored. */
export type SnapshotFile = { readonly key: string; readonly bytes: number; readonly sha256: string };

/** A paper's content as an item, and the pointers to the paper that follow from it (to be written before it). */
export type ContentItems = { readonly content: Item; readonly pointers: readonly Item[] };

/** A capture made into items; they follow from this capture alone, never from others. */
export type CaptureItems = { readonly listing: ListingItem; readonly contents: readonly ContentItems[] };

/** Rejected entries and unknown fields named in a listing; the rest is only counted. A listing item must stay small. */
const NAMED_AT_MOST = 20;
/** Longest `why` and reject kept; they are for people. */
const SAID_AT_MOST = 300;

/** Makes the items of one capture. Pure: the same capture and parser, the same items. Of a paper that a list shows twice the first row is kept. */
export function createCaptureItems(
  facts: SnapshotFile & SnapshotKeyParts,
  capture: Capture,
  parsed: ParseResult,
  epoch: number,
): CaptureItems {
  const { outcome, why, listing } = parsed;
  const rows = isUsable(outcome) && listing ? onePerPaper(listing.rows) : [];
  const papers = rows.map(paperKeyOf);
  const hashes = rows.map(({ content }) => contentHash(canonicalJson(content)));
  const contents = new Map<string, ContentItems>();
  rows.forEach((row, at) => {
    const key = contentKey(papers[at] as string, hashes[at] as string);
    contents.set(`${key.pk} ${key.sk}`, {
      content: { ...row.content, ...key } as Item,
      pointers: createPointerItems(papers[at] as string, row.content),
    });
  });
  return {
    contents: [...contents.values()],
    listing: {
      ...listingKey(facts, facts.at, facts.digest),
      key: facts.key,
      at: facts.at,
      bytes: facts.bytes,
      sha256: facts.sha256,
      imported: capture.imported,
      epoch,
      outcome,
      why: why.slice(0, SAID_AT_MOST),
      via: listing?.via ?? null,
      query: listing?.query ?? null,
      pages: listing?.pages ?? null,
      complete: listing?.complete ?? null,
      listed: listing?.listed ?? null,
      rejected: listing?.rejects.length ?? 0,
      rejects: (listing?.rejects ?? [])
        .slice(0, NAMED_AT_MOST)
        .map(({ path, why }) => `${path}: ${why}`.slice(0, SAID_AT_MOST)),
      unknown: Object.fromEntries(
        Object.entries(listing?.unknown ?? {})
          .sort()
          .slice(0, NAMED_AT_MOST),
      ),
      papers,
      ranks: rows.map(({ rank }) => rank),
      upvotes: rows.map(({ upvotes }) => upvotes),
      comments: rows.map(({ comments }) => comments),
      stars: rows.map(({ githubStars }) => githubStars),
      contents: hashes,
    },
  };
}

/** What a row is called in the table: its id, or its title's hash where it has none. */
const paperKeyOf = ({ id, content }: ListingRow): PaperKey => id ?? titleKey(content.title);

/** The first row of each paper: copied text may name one title twice (the parsers already drop repeated ids). */
function onePerPaper(rows: readonly ListingRow[]): ListingRow[] {
  const seen = new Set<PaperKey>();
  return rows.filter((row) => !seen.has(paperKeyOf(row)) && seen.add(paperKeyOf(row)));
}

/**
 * Where a paper is found besides its lists; nothing in them changes with votes, and nothing is in them but their key.
 * A row without id is found under its title only, where its content is.
 */
export function createPointerItems(id: PaperKey, content: PaperContent): Item[] {
  if (id.startsWith('~')) return [];
  const day = content.listedOn ?? content.publishedAt?.slice(0, 10) ?? '0000-00-00';
  const under = (kind: IndexKind, names: readonly string[]) =>
    names.map((name) => indexKey(kind, name, day, id)).filter(({ pk }) => !pk.endsWith('#'));
  return [
    { pk: titlePk(titleHash(content.title)), sk: id },
    ...under('author', content.authors ?? []),
    ...under('keyword', content.keywords ?? []),
    ...under('organization', content.organization ? [content.organization.name] : []),
  ];
}
