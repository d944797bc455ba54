import type { Instant } from '../lib/time.ts';
import { type ContentSighting, type ContentVersion, contentVersions, sortSightings } from '../model/content.ts';
import type { ListName } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { slugOf } from '../model/paper.ts';
import { contentItemHash, decodeContent } from '../table/contents.ts';
import { contentKey, titleHash } from '../table/keys.ts';
import type { Key, TableStore } from '../table/store.ts';
import { SEARCH_COLUMNS, tables } from './schema.ts';
import { insertSql, upsertSql } from './sql.ts';
import type { CatalogFile, SqlValue } from './sqlite.ts';

/** What is known of a paper from the lists it was on. */
type Seen = {
  readonly id: string;
  readonly sights: readonly ContentSighting[];
  /** Hashes of its contents in the order they were seen, each once in a row: the same ones make the same paper. */
  readonly contents: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly votes: {
    readonly upvotes: number;
    readonly comments: number | null;
    readonly github_stars: number | null;
    readonly read_at: Instant;
  } | null;
};

type AppearanceRow = {
  readonly list: ListName;
  readonly first_seen: Instant;
  readonly last_seen: Instant;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly github_stars: number | null;
  readonly read_at: Instant | null;
  readonly runs: string;
};

/** What the catalog's lists say of a paper; null when it is on none any more. */
function seenOf(catalog: CatalogFile, id: string): Seen | null {
  const rows = catalog.all<AppearanceRow>(
    'SELECT list, first_seen, last_seen, upvotes, comments, github_stars, read_at, runs FROM appearances WHERE paper_id = ? ORDER BY list, day',
    [id],
  );
  if (rows.length === 0) return null;
  const sights = sortSightings(rows.flatMap(sightsOf));
  const hashes = sights.map(({ hash }) => hash);
  const told = rows
    .flatMap(({ upvotes, comments, github_stars, read_at }) =>
      upvotes === null || read_at === null ? [] : [{ upvotes, comments, github_stars, read_at }],
    )
    // of captures at one moment the first counts: rows come with daily lists first
    .reduce<Seen['votes']>((newest, one) => (newest && newest.read_at >= one.read_at ? newest : one), null);
  return {
    id,
    sights,
    contents: hashes.filter((hash, at) => hash !== hashes[at - 1]).join(' '),
    firstSeen: rows.map(({ first_seen }) => first_seen).sort()[0] as Instant,
    lastSeen: rows
      .map(({ last_seen }) => last_seen)
      .sort()
      .at(-1) as Instant,
    votes: told,
  };
}

function sightsOf({ list, runs }: AppearanceRow): ContentSighting[] {
  const triples = JSON.parse(runs) as string[];
  const sights: ContentSighting[] = [];
  for (let run = 0; run < triples.length; run += 3) {
    const [hash, from, to] = triples.slice(run, run + 3) as [string, Instant, Instant];
    sights.push({ at: from, list, hash });
    if (to !== from) sights.push({ at: to, list, hash });
  }
  return sights;
}

/** A paper that was seen, with its content where that changed (null: it did not). */
type PaperChange = { readonly paper: Seen; readonly content: PaperContent | null };
/** What is to be written of papers: those seen, and those that are gone. */
export type PaperChanges = {
  readonly seen: readonly PaperChange[];
  readonly gone: readonly string[];
};

/** Puts together what the lists in the catalog say of papers; reads only contents that are not in it yet. */
export async function collectPaperChanges(
  catalog: CatalogFile,
  table: TableStore,
  ids: readonly string[],
): Promise<PaperChanges> {
  const found = ids.map((id) => seenOf(catalog, id));
  const seen = found.filter((paper) => paper !== null);
  const before = new Map(
    seen.flatMap(({ id }) =>
      catalog
        .all<{ contents: string }>('SELECT contents FROM papers WHERE id = ?', [id])
        .map((row) => [id, row.contents]),
    ),
  );
  const changed = new Set(seen.filter(({ id, contents }) => before.get(id) !== contents));
  const contents = await contentsOf(table, [...changed]);
  const newest = (paper: Seen): ContentVersion | undefined =>
    contentVersions(paper.sights, contents.get(paper.id) ?? new Map()).at(-1);
  return {
    seen: seen
      .map((paper) => ({
        paper,
        content: changed.has(paper) ? newest(paper)?.content : null,
      }))
      .filter((change): change is PaperChange => change.content !== undefined),
    gone: ids.filter((_, at) => found[at] === null),
  };
}

/** The contents of papers, by paper and hash; what copied text showed of one is kept under its title. */
async function contentsOf(
  table: TableStore,
  papers: readonly Seen[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, PaperContent>>> {
  const contents = new Map(papers.map(({ id }) => [id, new Map<string, PaperContent>()]));
  const wanted = papers.flatMap(({ id, sights }) =>
    [...new Set(sights.map(({ hash }) => hash))].map((hash) => ({ id, hash })),
  );
  const read = async (places: readonly { id: string; key: Key }[]) => {
    const ids = new Map(places.map(({ id, key }) => [key.pk, id]));
    for (const item of await table.getMany(places.map(({ key }) => key)))
      contents.get(ids.get(item.pk) ?? '')?.set(contentItemHash(item), decodeContent(item));
  };
  await read(wanted.map(({ id, hash }) => ({ id, key: contentKey(id, hash) })));
  const copied = wanted.filter(({ id, hash }) => !contents.get(id)?.has(hash));
  const titled = copied.flatMap(({ id, hash }) =>
    [...(contents.get(id)?.values() ?? [])].map(({ title }) => ({ id, key: contentKey(`~${titleHash(title)}`, hash) })),
  );
  if (titled.length > 0) await read(titled);
  return contents;
}

type Run = (sql: string, values?: readonly SqlValue[]) => void;

const texts = SEARCH_COLUMNS.join(', ');
const FORGET = `INSERT INTO papers_fts (papers_fts, rowid, ${texts}) SELECT 'delete', rowid, ${texts} FROM papers WHERE id = ?`;
const LEARN = `INSERT INTO papers_fts (rowid, ${texts}) SELECT rowid, ${texts} FROM papers WHERE id = ?`;
const UPSERT = upsertSql(tables.papers);
const MOVE =
  'UPDATE papers SET first_seen = ?, last_seen = ?, upvotes = ?, comments = ?, github_stars = ?, read_at = ? WHERE id = ?';
const AUTHOR = insertSql(tables.paper_authors);
const KEYWORD = insertSql(tables.paper_keywords);

/** Writes what changed of papers; within one transaction. */
export function putPapers(catalog: CatalogFile, run: Run, { seen, gone }: PaperChanges): void {
  for (const id of gone) deletePaper(run, id);
  for (const { paper, content } of seen) {
    const { id, firstSeen, lastSeen, votes } = paper;
    const moving = [
      firstSeen,
      lastSeen,
      votes?.upvotes ?? null,
      votes?.comments ?? null,
      votes?.github_stars ?? null,
      votes?.read_at ?? null,
    ];
    if (!content) {
      run(MOVE, [...moving, id]);
      continue;
    }
    // Asked now, not before: another process may have written it meanwhile. Taking out of the full-text index what is not in it would be a
    // third of the time of making a catalog.
    if (catalog.all('SELECT 1 FROM papers WHERE id = ?', [id]).length > 0) forgetWords(run, id);
    run(UPSERT, [id, ...textsOf(content), ...moving, paper.contents]);
    run(LEARN, [id]);
    content.authors?.forEach((name, at) => {
      run(AUTHOR, [id, at + 1, name, slugOf(name)]);
    });
    content.keywords?.forEach((keyword, at) => {
      run(KEYWORD, [id, at + 1, keyword, slugOf(keyword)]);
    });
  }
}

/** Takes a paper out of the catalog that is on no list any more; within a transaction. */
export function deletePaper(run: Run, id: string): void {
  forgetWords(run, id);
  run('DELETE FROM papers WHERE id = ?', [id]);
}

/** Takes a paper out of the full-text index and of its names. */
function forgetWords(run: Run, id: string): void {
  run(FORGET, [id]);
  run('DELETE FROM paper_authors WHERE paper_id = ?', [id]);
  run('DELETE FROM paper_keywords WHERE paper_id = ?', [id]);
}

/** The columns of papers that come from its content, in their order, from `title` to `listed_on`. */
const textsOf = (content: PaperContent): SqlValue[] => [
  content.title,
  content.abstract ?? null,
  content.authors ? JSON.stringify(content.authors) : null,
  content.keywords ? JSON.stringify(content.keywords) : null,
  content.aiSummary ?? null,
  content.organization?.name ?? null,
  content.organization?.fullname ?? null,
  content.githubUrl ?? null,
  content.projectUrl ?? null,
  content.submittedBy ?? null,
  content.publishedAt ?? null,
  content.listedOn ?? null,
];
