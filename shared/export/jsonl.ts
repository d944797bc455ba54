import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Catalog } from '../catalog/sqlite.ts';
import { paperLinks } from '../query/list.ts';
import type { Cell } from './rows.ts';
import type { FileSet } from './set.ts';

/** The file with a paper a line. */
const PAPERS = 'papers.jsonl.gz';
/** Papers that are read at a time: a megabyte or two. */
const AT_ONCE = 500;

type Named = Readonly<Record<string, Cell>>;

/** Writes `papers.jsonl.gz`: papers with their appearances in the range, oldest first, sorted by id. Gzip without a time or a name. */
export async function writeJsonl(
  set: FileSet,
  catalog: Catalog,
  ids: readonly string[],
  days: readonly [from: string, to: string],
  abstracts: boolean,
): Promise<void> {
  function* lines(): Generator<string> {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = JSON.stringify(ids.slice(at, at + AT_ONCE));
      const papers = catalog.all<Named>(
        'SELECT * FROM papers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id',
        [some],
      );
      const on = Map.groupBy(
        catalog.all<Named>(
          `SELECT * FROM appearances WHERE paper_id IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?
            ORDER BY paper_id, first_seen, list, day`,
          [some, ...days],
        ),
        ({ paper_id }) => paper_id,
      );
      for (const paper of papers)
        yield `${JSON.stringify({ ...paperOf(paper, abstracts), appearances: (on.get(paper.id ?? null) ?? []).map(appearanceOf) })}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(join(set.folder, PAPERS)));
  await set.add(PAPERS, ids.length);
}

const listed = (cell: Cell | undefined): unknown => (typeof cell === 'string' ? JSON.parse(cell) : null);

/** A paper under the names of our JSON. */
function paperOf(paper: Named, abstracts: boolean) {
  return {
    id: paper.id,
    title: paper.title,
    ...(abstracts && { abstract: paper.abstract }),
    authors: listed(paper.authors),
    upvotes: paper.upvotes,
    comments: paper.comments,
    githubStars: paper.github_stars,
    readAt: paper.read_at,
    githubUrl: paper.github_url,
    projectUrl: paper.project_url,
    keywords: listed(paper.keywords),
    ...(abstracts && { aiSummary: paper.ai_summary }),
    organization:
      paper.organization === null ? null : { name: paper.organization, fullname: paper.organization_fullname },
    submittedBy: paper.submitted_by,
    publishedAt: paper.published_at,
    listedOn: paper.listed_on,
    firstSeen: paper.first_seen,
    lastSeen: paper.last_seen,
    ...paperLinks(String(paper.id)),
  };
}

const appearanceOf = (on: Named) => ({
  list: on.list,
  day: on.day,
  firstSeen: on.first_seen,
  lastSeen: on.last_seen,
  captures: on.captures,
  firstRank: on.first_rank,
  bestRank: on.best_rank,
  lastRank: on.last_rank,
  firstUpvotes: on.first_upvotes,
  peakUpvotes: on.peak_upvotes,
  lastUpvotes: on.last_upvotes,
});
