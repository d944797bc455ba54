import { plainLetters } from '../lib/letters.ts';
import type { Instant } from '../lib/time.ts';
import { type ContentSighting, type ContentVersion, contentVersions, sortSightings } from '../model/content.ts';
import type { ListName } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import { foldKeyword, plainSlugOf, slugOf } from '../model/paper.ts';
import { contentItemHash, decodeContent } from '../table/contents.ts';
import { contentKey, titleKey } from '../table/keys.ts';
import type { Key, TableStore } from '../table/store.ts';
import { isTitleKey } from '../table/titles.ts';
import { deleteFacets, deleteKeywordPapers, writeFacets } from './facets.ts';
import { INDEXES, SEARCH_COLUMNS, tables } from './schema.ts';
import { insertSql, upsertSql } from './sql.ts';
import type { CatalogFile, SqlValue } from './sqlite.ts';

/** A paper as the list days in the catalog show it. */
type Seen = {
  readonly id: string;
  readonly sightings: readonly ContentSighting[];
  /** The hashes of its contents in the order they were seen, without repeats: the same hashes give the same content. */
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
  readonly paper_id: string;
  readonly list: ListName;
  readonly first_seen: Instant;
  readonly last_seen: Instant;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly github_stars: number | null;
  readonly read_at: Instant | null;
  readonly runs: string;
};

const APPEARANCES = `SELECT paper_id, list, first_seen, last_seen, upvotes, comments, github_stars, read_at, runs FROM appearances
  WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY paper_id, list, day`;

/** A paper from its list days in the catalog. */
function seenOn(id: string, rows: readonly AppearanceRow[]): Seen {
  const sightings = sortSightings(rows.flatMap(sightingsOf));
  const hashes = sightings.map(({ hash }) => hash);
  const readings = rows
    .flatMap(({ upvotes, comments, github_stars, read_at }) =>
      upvotes === null || read_at === null ? [] : [{ upvotes, comments, github_stars, read_at }],
    )
    // of captures at one instant the first counts: daily lists come first
    .reduce<Seen['votes']>((newest, one) => (newest && newest.read_at >= one.read_at ? newest : one), null);
  return {
    id,
    sightings,
    contents: hashes.filter((hash, at) => hash !== hashes[at - 1]).join(' '),
    firstSeen: rows.map(({ first_seen }) => first_seen).sort()[0] as Instant,
    lastSeen: rows
      .map(({ last_seen }) => last_seen)
      .sort()
      .at(-1) as Instant,
    votes: readings,
  };
}

function sightingsOf({ list, runs }: AppearanceRow): ContentSighting[] {
  const triples = JSON.parse(runs) as string[];
  const sightings: ContentSighting[] = [];
  for (let run = 0; run < triples.length; run += 3) {
    const [hash, from, to] = triples.slice(run, run + 3) as [string, Instant, Instant];
    sightings.push({ at: from, list, hash });
    if (to !== from) sightings.push({ at: to, list, hash });
  }
  return sightings;
}

/** A paper, its content if that changed (null if it did not), and all titles that it had. */
type PaperChange = { readonly paper: Seen; readonly content: PaperContent | null; readonly titles: readonly string[] };
/** What to write: papers on list days, and the ids of those that are on none any more. */
export type PaperChanges = {
  readonly seen: readonly PaperChange[];
  readonly gone: readonly string[];
};

/** Collects what changed in papers; reads contents from the table only where they changed. */
export async function collectPaperChanges(
  catalog: CatalogFile,
  table: TableStore,
  ids: readonly string[],
): Promise<PaperChanges> {
  const asked = [JSON.stringify(ids)];
  const found = Map.groupBy(catalog.all<AppearanceRow>(APPEARANCES, asked), ({ paper_id }) => paper_id);
  const seen = [...found].map(([id, rows]) => seenOn(id, rows));
  const before = new Map(
    catalog
      .all<{ id: string; contents: string }>(
        'SELECT id, contents FROM papers WHERE id IN (SELECT value FROM json_each(?))',
        asked,
      )
      .map(({ id, contents }) => [id, contents]),
  );
  const changed = new Set(seen.filter(({ id, contents }) => before.get(id) !== contents));
  const contents = await readPaperContents(table, [...changed]);
  const newest = (paper: Seen): ContentVersion | undefined =>
    contentVersions(paper.sightings, contents.get(paper.id) ?? new Map()).at(-1);
  return {
    seen: seen
      .map((paper) => ({
        paper,
        content: changed.has(paper) ? newest(paper)?.content : null,
        titles: [...(contents.get(paper.id)?.values() ?? [])].map(({ title }) => title) as readonly string[],
      }))
      .filter((change): change is PaperChange => change.content !== undefined),
    gone: ids.filter((id) => !found.has(id)),
  };
}

/** Reads the contents of papers, by paper and hash; those of copied text are stored under the title. */
async function readPaperContents(
  table: TableStore,
  papers: readonly Seen[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, PaperContent>>> {
  const contents = new Map(papers.map(({ id }) => [id, new Map<string, PaperContent>()]));
  const wanted = papers.flatMap(({ id, sightings }) =>
    [...new Set(sightings.map(({ hash }) => hash))].map((hash) => ({ id, hash })),
  );
  const read = async (places: readonly { id: string; key: Key }[]) => {
    const ids = new Map(places.map(({ id, key }) => [key.pk, id]));
    for (const item of await table.getMany(places.map(({ key }) => key)))
      contents.get(ids.get(item.pk) ?? '')?.set(contentItemHash(item), decodeContent(item));
  };
  await read(wanted.map(({ id, hash }) => ({ id, key: contentKey(id, hash) })));
  const copied = wanted.filter(({ id, hash }) => !contents.get(id)?.has(hash));
  const titled = copied.flatMap(({ id, hash }) =>
    [...(contents.get(id)?.values() ?? [])].map(({ title }) => ({ id, key: contentKey(titleKey(title), hash) })),
  );
  if (titled.length > 0) await read(titled);
  return contents;
}

type Run = (sql: string, values?: readonly SqlValue[]) => void;

const columns = SEARCH_COLUMNS.join(', ');
const texts = SEARCH_COLUMNS.map((name) => `plain_letters(${name})`).join(', ');
const FORGET = `INSERT INTO papers_fts (papers_fts, rowid, ${columns}) SELECT 'delete', rowid, ${texts} FROM papers WHERE id = ?`;
const ALL_LEARN = `INSERT INTO papers_fts (rowid, ${columns}) SELECT rowid, ${texts} FROM papers`;
const LEARN = `${ALL_LEARN} WHERE id = ?`;
const KNOWN = 'SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?))';
const UPSERT = upsertSql(tables.papers);
const MOVE =
  'UPDATE papers SET first_seen = ?, last_seen = ?, upvotes = ?, comments = ?, github_stars = ?, read_at = ? WHERE id = ?';
const READ_AGAIN =
  'UPDATE partitions SET version = -1 WHERE (list, day) IN (SELECT list, day FROM copied_titles WHERE title_key = ? AND paper_id IS NOT ?)';
const AUTHOR = insertSql(tables.paper_authors);
const KEYWORD = insertSql(tables.paper_keywords);

/** Writes what changed in papers, within one transaction. In a catalog that was never whole `countPapers` does the rest. */
export function putPapers(catalog: CatalogFile, run: Run, { seen, gone }: PaperChanges): void {
  const isCounted = catalog.asOf() !== null;
  for (const id of gone) deletePaper(catalog, run, id);
  const names: Names = new Map();
  // asked only now, because another process may have written them meanwhile
  const known = new Set(
    catalog
      .all<{ id: string }>(KNOWN, [JSON.stringify(seen.flatMap(({ paper, content }) => (content ? paper.id : [])))])
      .map(({ id }) => id),
  );
  const hasCopied = catalog.all('SELECT 1 FROM copied_titles LIMIT 1').length > 0;
  for (const { paper, content, titles } of seen) {
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
    if (known.has(id)) removeWords(catalog, run, names, id);
    const day = content.listedOn ?? content.publishedAt?.slice(0, 10) ?? '0000-00-00';
    const organization = plainSlugOf(content.organization?.name ?? '') || null;
    run(UPSERT, [id, ...contentColumns(content), ...moving, day, organization, paper.contents]);
    // rows of copied text with a title of this paper may now be its rows, or those of no single paper
    if (hasCopied && !isTitleKey(id)) for (const title of new Set(titles)) run(READ_AGAIN, [titleKey(title), id]);
    content.authors?.forEach((name, at) => {
      const slug = slugOf(name);
      run(AUTHOR, [id, at + 1, name, slug, plainLetters(slug)]);
    });
    content.keywords?.forEach((keyword, at) => {
      run(KEYWORD, [id, at + 1, keyword, slugOf(keyword), foldKeyword(keyword)]);
    });
    if (!isCounted) continue;
    run(LEARN, [id]);
    addNamesOf(catalog, names, id);
  }
  countNames(run, names);
  if (isCounted)
    writeFacets(
      catalog,
      run,
      seen.map(({ paper }) => paper.id),
    );
}

/** Bytes of the full-text index that are written at once: ten years become two parts, not eleven, and in two thirds of the time. */
const INDEX_AT_ONCE = 64 * 2 ** 20;

/** Makes the indexes, counts all names and writes the facets of all papers: for a first build half the time of doing so paper by paper. */
export function countPapers(catalog: CatalogFile, run: Run): void {
  for (const sql of INDEXES) run(sql);
  run("INSERT INTO papers_fts (papers_fts) VALUES ('delete-all')");
  run(`INSERT INTO papers_fts (papers_fts, rank) VALUES ('hashsize', ${INDEX_AT_ONCE})`);
  run(ALL_LEARN);
  // else one of the next updates would join its large parts with all small ones
  run(JOIN);
  run('DELETE FROM names');
  run(countNamesSql("plain_slug <> ''"));
  writeFacets(catalog, run, null);
}

/** Joins the parts of the full-text index that updates left, so that a search reads one instead of many: for once a day, since all is written anew. */
export const joinSearchIndex = (catalog: CatalogFile): void => catalog.write((run) => run(JOIN));

const JOIN = "INSERT INTO papers_fts (papers_fts) VALUES ('optimize')";

/** Deletes a paper that is on no list any more, within a transaction. */
export function deletePaper(catalog: CatalogFile, run: Run, id: string): void {
  const names: Names = new Map();
  removeWords(catalog, run, names, id);
  deleteFacets(run, id);
  run('DELETE FROM papers WHERE id = ?', [id]);
  countNames(run, names);
}

/** Names whose papers change, each once. */
type Names = Map<string, readonly [kind: string, plainSlug: string]>;

function addNamesOf(catalog: CatalogFile, names: Names, id: string): void {
  const sql = "SELECT kind, plain_slug FROM paper_names WHERE paper_id = ? AND plain_slug <> ''";
  for (const { kind, plain_slug } of catalog.all<{ kind: string; plain_slug: string }>(sql, [id]))
    names.set(`${kind} ${plain_slug}`, [kind, plain_slug]);
}

/**
 * Counts the papers of names. New papers have greater ids than older ones, but for those of before April 2007, which begin with letters: the
 * greatest id of a name has its newest spelling.
 */
const countNamesSql = (where: string): string => `INSERT INTO names SELECT kind, plain_slug, name, papers,
  iif(kind = 'keyword', (SELECT json_group_array(slug) FROM
    (SELECT slug FROM paper_keywords AS k WHERE k.plain_slug = n.plain_slug GROUP BY slug ORDER BY count(*) DESC, slug)), NULL) FROM (
  SELECT kind, plain_slug, name, count(DISTINCT paper_id) AS papers, max(iif(paper_id < 'a', paper_id, '')) FROM paper_names
  WHERE ${where} GROUP BY kind, plain_slug) AS n`;
const COUNT_NAME = countNamesSql('kind = ? AND plain_slug = ?');

/** Counts the papers of names again. */
function countNames(run: Run, names: Names): void {
  for (const name of names.values()) {
    run('DELETE FROM names WHERE kind = ? AND plain_slug = ?', name);
    run(COUNT_NAME, name);
  }
}

/** Removes a paper from the full-text index, if `countPapers` has put it there, and its authors and keywords; adds them to `names`. */
function removeWords(catalog: CatalogFile, run: Run, names: Names, id: string): void {
  addNamesOf(catalog, names, id);
  if (catalog.asOf() !== null) run(FORGET, [id]);
  deleteKeywordPapers(run, id);
  run('DELETE FROM paper_authors WHERE paper_id = ?', [id]);
  run('DELETE FROM paper_keywords WHERE paper_id = ?', [id]);
}

/** The columns of `papers` from `title` to `listed_on`, in their order. */
const contentColumns = (content: PaperContent): SqlValue[] => [
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
