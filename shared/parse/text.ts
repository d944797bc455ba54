import type { Exchange } from '../model/capture.ts';
import type { ListingRow, ParseResult } from '../model/listing.ts';
import { collapseWhitespace } from '../model/paper.ts';
import { MAX_ENTRIES } from './entry.ts';
import { concludeListing, createListing } from './listing.ts';
import { bodyText, findFailure } from './response.ts';

/** Between the longest title (168 characters) and the shortest abstract (279) of 6,697 entries. */
const PROSE = 220;

/** What stands around the papers of a page and is neither title nor abstract. */
const AROUND = [
  /^[-–—·]$/,
  /^[\d.,]+[km]?$/i, // votes, comments, stars
  // Mar 12; Published on Oct 4, 2026
  /^(?:published on )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:, \d{4})?$/i,
  /^submitted by\b/i,
  /^by ?ak and the research community$/i,
  /^·?\s*\d+ authors?$/i,
  /^(?:new|subscribe|upvote|github|arxiv page|daily papers|trending papers)(?: [\d.]+k?)?$/i,
  /^get trending papers in your email inbox/i,
  /^your daily dose of ai research/i,
  /^©/,
];

/**
 * Reads the text of a page as a person copied it: titles, each with its abstract behind it; the list from the top.
 * Ids, votes and the rest are not in it. A title is the last short line before an abstract, so a banner and what cards say between
 * papers do no harm; behind the last abstract a line of three words or more is a title whose abstract was not copied.
 */
export function parseCopiedText(exchange: Exchange, query: string | null): ParseResult {
  const failure = findFailure(exchange);
  if (failure) return { ...failure, listing: null };
  const papers = papersIn(bodyText(exchange)).slice(0, MAX_ENTRIES);
  if (papers.length === 0) return { outcome: 'other-shape', why: 'the text shows no papers', listing: null };
  const rows = papers.map(
    (content, at): ListingRow => ({
      rank: at + 1,
      id: null,
      upvotes: null,
      comments: null,
      githubStars: null,
      content,
    }),
  );
  const read = {
    rows,
    rejects: [],
    unknown: {},
    listed: rows.length,
    withoutUpvotes: rows.length,
    repeatsAcrossPages: false,
  };
  return concludeListing(createListing(read, { via: 'text', pages: 1, complete: null, query }), read.withoutUpvotes);
}

type Copied = { title: string; abstract?: string };

function papersIn(text: string): Copied[] {
  const papers: Copied[] = [];
  let title: string | null = null;
  let behind: string | null = null;
  for (const paragraph of paragraphsOf(text)) {
    const last = papers.at(-1);
    if (!isProse(paragraph)) {
      title = paragraph;
      behind ??= paragraph;
    } else if (title !== null) {
      papers.push({ title, abstract: paragraph });
      title = null;
      behind = null;
    } else if (last) last.abstract = `${last.abstract} ${paragraph}`;
  }
  if (papers.length > 0 && behind && behind.split(' ').length >= 3) papers.push({ title: behind });
  return papers;
}

const isProse = (paragraph: string): boolean =>
  paragraph.length > PROSE || (paragraph.endsWith('.') && paragraph.split(' ').length >= 3);

/** Paragraphs without what stands around. A browser copies each as one line; where lines were wrapped by hand, blank lines part them. */
function paragraphsOf(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028]/).map(collapseWhitespace);
  const wrapped = lines.includes('') && !lines.some((line) => line.length > PROSE);
  const kept = lines.filter((line) => !AROUND.some((pattern) => pattern.test(line)));
  if (!wrapped) return kept.filter((line) => line !== '');
  return kept
    .join('\n')
    .split(/\n{2,}/)
    .map(collapseWhitespace)
    .filter((paragraph) => paragraph !== '');
}
