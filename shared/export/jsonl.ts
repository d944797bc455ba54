import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Catalog } from '../catalog/sqlite.ts';
import { paperLinks } from '../query/paper-fields.ts';
import { publicId } from '../table/titles.ts';
import type { Cell } from './row-types.ts';
import type { StagedFiles } from './staging.ts';

const PAPERS = 'papers.jsonl.gz';
/** Papers read at a time, a megabyte or two. */
const BATCH = 500;

type Row = Readonly<Record<string, Cell>>;

/** Writes `papers.jsonl.gz`: one paper per line, sorted by id, with its appearances in the range, oldest first. */
export async function writeJsonl(
  staged: StagedFiles,
  catalog: Catalog,
  ids: readonly string[],
  days: readonly [from: string, to: string],
  abstracts: boolean,
): Promise<void> {
  function* lines(): Generator<string> {
    for (let at = 0; at < ids.length; at += BATCH) {
      const batch = JSON.stringify(ids.slice(at, at + BATCH));
      const papers = catalog.all<Row>('SELECT * FROM papers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id', [
        batch,
      ]);
      const on = Map.groupBy(
        catalog.all<Row>(
          `SELECT * FROM appearances WHERE paper_id IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?
            ORDER BY paper_id, first_seen, list, day`,
          [batch, ...days],
        ),
        ({ paper_id }) => paper_id,
      );
      for (const paper of papers)
        yield formatLine({
          ...toJsonPaper(paper, abstracts),
          appearances: (on.get(paper.id ?? null) ?? []).map(toJsonAppearance),
        });
    }
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(join(staged.folder, PAPERS)));
  await staged.add(PAPERS, ids.length);
}

/** A line of JSON with U+FFFD in place of lone surrogates, which many readers refuse. */
const formatLine = (value: object): string =>
  `${JSON.stringify(value, (_, part) => (typeof part === 'string' ? part.toWellFormed() : part))}\n`;

const parseNames = (cell: Cell | undefined): unknown => (typeof cell === 'string' ? JSON.parse(cell) : null);

/** A paper with the names of our JSON. */
function toJsonPaper(paper: Row, abstracts: boolean) {
  return {
    id: publicId(String(paper.id)),
    title: paper.title,
    ...(abstracts && { abstract: paper.abstract }),
    authors: parseNames(paper.authors),
    upvotes: paper.upvotes,
    comments: paper.comments,
    githubStars: paper.github_stars,
    readAt: paper.read_at,
    githubUrl: paper.github_url,
    projectUrl: paper.project_url,
    keywords: parseNames(paper.keywords),
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

const toJsonAppearance = (on: Row) => ({
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
