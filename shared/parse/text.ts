import type { Exchange } from '../model/capture.ts';
import type { ListingRow, ParseResult } from '../model/listing.ts';
import { collapseWhitespace } from '../model/paper.ts';
import { MAX_ENTRIES } from './entry.ts';
import { buildListing } from './listing.ts';
import { findFailure, strictBodyText } from './response.ts';

/** A paragraph longer than this is an abstract: between the longest title (172 characters) and the shortest abstract (279) of 6,697 entries. */
const MAX_TITLE_LENGTH = 220;

/** Ten times the longest abstract seen. */
const MAX_ABSTRACT_LENGTH = 20_000;

/** What a papers page shows above its papers, one of it at least: its banner, its heading, its date. */
const HEADERS = [
  /^get trending papers in your email inbox/i,
  /^your daily dose of ai research/i,
  /^by ?ak and the research community$/i,
  /^(?:daily|trending) papers$/i,
  /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d{1,2}(?:, \d{4})?$/i,
];

/** An item of the menu above the header: short, and without the punctuation of data and markup. */
const MENU_ITEM = /^[^,:;{}=|#<>@"]{0,40}$/;

/** What a page shows around its papers that is neither title nor abstract. */
const AROUND = [
  ...HEADERS,
  /^[-–—·]$/,
  /^[\d.,]+[km]?$/i, // upvotes, comments, stars
  // Mar 12; Published on Oct 4, 2026
  /^(?:published on )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:, \d{4})?$/i,
  /^submitted by\b/i,
  /^·?\s*\d+ authors?$/i,
  /^(?:new|subscribe|upvote|github|arxiv page)(?: [\d.]+k?)?$/i,
  /^©/,
];

/** A line below the papers of a page: its footer begins there. */
const FOOTER =
  /^(?:company|tos|terms(?: of (?:service|use))?|privacy(?: (?:policy|notice))?|about(?: us)?|careers|jobs|website|system theme|cookies?(?: (?:policy|notice|settings))?|contact(?: us)?|imprint|newsletter|load more.*|back to top|previous|next|©.*|copyright (?:©|\(c\)|\d{4}).*|all rights reserved.*)$/i;

/** Lines that no papers page has: headings, list items, quotations, tables, entries, tags and fields of other formats, and numbered sections. */
const MARKUP = [
  /^(?:#+ |==|[-+*>•] |\||@\w+\{|<|[{}]|\d+(?:\.\d+)*[.)] )/,
  /^([=~^_*-])\1{2,}$/,
  /^\\(?:(?:sub)*section|begin|end|title|item|documentclass|usepackage)\b/,
  /^\[[^\]]*\]$|[[{(]$/,
  /^[\w-]+ ?= ?\S|^(?:title|name|abstract|summary|from|to|subject|date|received|mime-version|content-type): /i,
];

/**
 * Parses the text of a papers page as a person copied it: titles, each followed by its abstract. Ids, upvotes and the rest are not in it. A
 * title is the last short line before an abstract, so that what cards show between papers does no harm. After the last abstract, a line of
 * three words or more is a title whose abstract was not copied. The papers end where the page's footer begins.
 *
 * Any other text, whatever titles and paragraphs it has, is not a list: a papers page begins with its header, after nothing but its menu, and
 * has one paragraph per title, no title twice, and no markup of other formats.
 */
export function parseCopiedText(exchange: Exchange, query: string | null): ParseResult {
  const failure = findFailure(exchange);
  if (failure) return { ...failure, listing: null };
  const text = strictBodyText(exchange);
  if (text === null) return { outcome: 'other-shape', why: 'the bytes are not text', listing: null };
  const papers = findPapers(text);
  if (!papers) return { outcome: 'other-shape', why: 'the text is not that of a papers page', listing: null };
  if (papers.length === 0) return { outcome: 'other-shape', why: 'the text shows no papers', listing: null };
  const rows = papers.slice(0, MAX_ENTRIES).map(
    (content, at): ListingRow => ({
      rank: at + 1,
      id: null,
      upvotes: null,
      comments: null,
      githubStars: null,
      content,
    }),
  );
  const entries = {
    rows,
    rejects: [],
    unknown: {},
    listed: papers.length,
    withoutUpvotes: papers.length,
    repeatsAcrossPages: false,
    ofOtherDays: 0,
  };
  return buildListing(entries, { via: 'text', pages: 1, complete: null, query });
}

type CopiedPaper = { title: string; abstract?: string };

const matches = (line: string, patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(line));

/** The papers of a copied page; null when the text is not that of one. */
function findPapers(text: string): CopiedPaper[] | null {
  const lines = text.split(/\r\n|[\n\r\u2028]/);
  const header = lines.findIndex((line) => matches(collapseWhitespace(line), HEADERS));
  if (header < 0 || !lines.slice(0, header).every((line) => MENU_ITEM.test(line.trim()))) return null;
  const paragraphs = cutFooter(splitParagraphs(lines.slice(header)));
  const isMarkup = (paragraph: string) => !isAbstract(paragraph) && matches(paragraph, MARKUP);
  // Between columns there are tabs.
  if (!paragraphs || paragraphs.some(isMarkup) || /\S\t+\S/.test(text)) return null;
  // A last line without a line break may be a title that was cut.
  const papers = readPapers(paragraphs, lines.at(-1)?.trim() === '');
  return papers && arePapers(papers) ? papers : null;
}

/** False where an abstract is too long, a title stands twice, or half of the titles begin with the same name and a colon, as in a conversation. */
function arePapers(papers: readonly CopiedPaper[]): boolean {
  const titles = papers.map(({ title }) => title);
  const speakers = titles.flatMap((title) => /^[^:]{1,30}:/.exec(title) ?? []);
  const turns = Object.values(Object.groupBy(speakers, (name) => name)).map((said = []) => said.length);
  const isConversation = turns.some((count) => count > 1 && count * 2 >= titles.length);
  return (
    !isConversation &&
    new Set(titles).size === titles.length &&
    papers.every(({ abstract = '' }) => abstract.length <= MAX_ABSTRACT_LENGTH)
  );
}

/** The paragraphs above a line that only a footer has; null where such a line is above the first title. */
function cutFooter(paragraphs: readonly string[]): readonly string[] | null {
  const first = paragraphs.findIndex(isAbstract);
  if (first < 0) return paragraphs;
  if (paragraphs.slice(0, Math.max(0, first - 1)).some((paragraph) => FOOTER.test(paragraph))) return null;
  const footer = paragraphs.findIndex((paragraph, at) => at > first && FOOTER.test(paragraph));
  return footer < 0 ? paragraphs : paragraphs.slice(0, footer);
}

/** Pairs titles with abstracts; null when more than one abstract in five has a second paragraph, as no papers page has. */
function readPapers(paragraphs: readonly string[], endsWithBreak: boolean): CopiedPaper[] | null {
  const papers: CopiedPaper[] = [];
  let title: string | null = null;
  let afterAbstract: string[] = [];
  let extraParagraphs = 0;
  for (const paragraph of paragraphs) {
    const last = papers.at(-1);
    if (!isAbstract(paragraph)) {
      title = paragraph;
      afterAbstract.push(paragraph);
    } else if (title !== null) {
      papers.push({ title, abstract: paragraph });
      title = null;
      afterAbstract = [];
    } else {
      extraParagraphs++;
      if (last) last.abstract = `${last.abstract} ${paragraph}`;
    }
  }
  if (extraParagraphs * 5 > papers.length) return null;
  const count = papers.length;
  while (isBelowPapers(papers)) papers.pop();
  const [last = '', ...others] = afterAbstract;
  const isTitle = endsWithBreak && last.split(' ').length >= 3 && others.length <= 1;
  if (count > 0 && papers.length === count && isTitle) papers.push({ title: last });
  return papers;
}

/**
 * True when the last of several papers is text of the site in the same shape: shorter than any abstract where the others are not, or addressing
 * the reader more than once, and once in 30 words. Of 6,465 abstracts 4 do so more than once, at most once in 55 words.
 */
function isBelowPapers(papers: readonly CopiedPaper[]): boolean {
  const abstracts = papers.map(({ abstract = '' }) => abstract);
  const last = abstracts.pop() ?? '';
  const areLong = abstracts.filter(({ length }) => length > MAX_TITLE_LENGTH).length * 2 > abstracts.length;
  const addresses = last.match(/\byour?\b/gi)?.length ?? 0;
  const addressesReader = addresses > 1 && addresses * 30 >= last.split(' ').length;
  return abstracts.length > 0 && ((areLong && last.length <= MAX_TITLE_LENGTH) || addressesReader);
}

const isAbstract = (paragraph: string): boolean =>
  paragraph.length > MAX_TITLE_LENGTH || (paragraph.endsWith('.') && paragraph.split(' ').length >= 3);

/** The paragraphs of a page without what is around the papers. A browser copies each as one line; where lines were wrapped by hand, blank lines separate them. */
function splitParagraphs(rawLines: readonly string[]): string[] {
  const lines = rawLines.map(collapseWhitespace);
  const isWrapped = lines.includes('') && !lines.some((line) => line.length > MAX_TITLE_LENGTH);
  const kept = lines.filter((line) => !matches(line, AROUND));
  if (!isWrapped) return kept.filter((line) => line !== '');
  return kept
    .join('\n')
    .split(/\n{2,}/)
    .map(collapseWhitespace)
    .filter((paragraph) => paragraph !== '');
}
