import * as z from 'zod';
import { type Day, parseDay, parseInstant } from '../lib/time.ts';
import type { ListingRow, PaperContent, RejectedEntry } from '../model/listing.ts';
import { collapseWhitespace, parsePaperId } from '../model/paper.ts';

/** What the entries of a list were parsed to. */
export type ParsedEntries = {
  readonly rows: readonly ListingRow[];
  readonly rejects: readonly RejectedEntry[];
  readonly unknown: Readonly<Record<string, number>>;
  /** How many entries the list has, rejected and repeated ones included. */
  readonly listed: number;
  /** How many entries have no numeric upvotes. */
  readonly withoutUpvotes: number;
  /** True when a paper is on two pages: the list moved between the requests. */
  readonly repeatsAcrossPages: boolean;
  /** How many entries name another day than the list's. */
  readonly ofOtherDays: number;
};

/** The most entries of a list that are parsed; the longest list seen has 105. */
export const MAX_ENTRIES = 2_000;

/** The most unknown paths that are counted apart, so that a strange response cannot make a listing large. */
const MAX_UNKNOWN_PATHS = 100;

const text = z.string();
/** The most bytes of a paper's content, since an item of the table holds 400 kB; the largest seen has 14 kB, most of it the names of 664 authors. */
const MAX_CONTENT_BYTES = 350_000;
/** In a larger content the texts are cut to this many characters, ten times the longest abstract seen. */
const MAX_CUT_LENGTH = 20_000;

const optionalText = z.string().nullish();
const count = z.int().min(0).nullish();
const organization = z.object({ name: text, fullname: optionalText }).nullish();

/** The fields that are used. The feed leaves out what it does not know, so all but a few may be absent; `null` counts as absent. */
const Entry = z.object({
  numComments: count,
  submittedBy: z.object({ name: optionalText }).nullish(),
  organization,
  paper: z.object({
    id: text.refine((id) => parsePaperId(id) !== null, 'no id of a paper'),
    title: text.refine((title) => title.trim() !== '', 'no title'),
    summary: optionalText,
    authors: z.array(z.object({ name: text })).nullish(),
    publishedAt: optionalText,
    upvotes: count,
    githubRepo: optionalText,
    githubStars: count,
    projectPage: optionalText,
    ai_keywords: z.array(text).nullish(),
    ai_summary: optionalText,
    submittedOnDailyAt: optionalText,
    submittedOnDailyBy: z.object({ user: optionalText, name: optionalText }).nullish(),
    organization,
  }),
});
type Entry = z.output<typeof Entry>;

/** Every field that entries had from 2024-03 to 2026-10, used or not. */
const ENTRY_FIELDS = new Set([
  ...Object.keys(Entry.shape),
  ...['title', 'summary', 'publishedAt', 'thumbnail', 'mediaUrl', 'mediaUrls', 'isAuthorParticipating', 'upvoted'],
  'submitterOrganization',
]);
const PAPER_FIELDS = new Set([
  ...Object.keys(Entry.shape.paper.shape),
  ...['discussionId', 'githubRepoAddedBy', 'mediaUrls', 'ai_summary_model'],
]);

/** An entry without these is rejected. */
const REQUIRED = new Set(['', 'paper', 'paper.id', 'paper.title', 'paper.upvotes']);

const Votes = z.object({ paper: z.object({ upvotes: z.int().min(0) }) });

/**
 * Parses the entries of a list, page after page, as the API and the hydration data of a page have them. Never throws: a bad entry becomes a
 * reject and its rank stays unused. Of a repeated paper the first row is kept.
 *
 * @param day The day of the list; null where it has none.
 */
export function parseEntries(pages: readonly (readonly unknown[])[], day: Day | null): ParsedEntries {
  const rows: ListingRow[] = [];
  const rejects: RejectedEntry[] = [];
  const pageOf = new Map<string, number>();
  const unknown = new Map<string, number>();
  const note = (path: string) => {
    const as = unknown.has(path) || unknown.size < MAX_UNKNOWN_PATHS ? path : 'other';
    unknown.set(as, (unknown.get(as) ?? 0) + 1);
  };
  let rank = 0;
  let withoutUpvotes = 0;
  let repeatsAcrossPages = false;
  let ofOtherDays = 0;
  for (const [page, entries] of pages.entries()) {
    for (const given of entries.slice(0, MAX_ENTRIES - rank)) {
      rank++;
      const entry = decodeEntry(given, note);
      if ('why' in entry) {
        if (!Votes.safeParse(given).success) withoutUpvotes++;
        rejects.push({ path: `[${rank - 1}]${entry.path}`, why: entry.why });
        continue;
      }
      const row = toRow(entry, rank, day);
      const content = isStorable(row.content) ? row.content : cutContent(row.content, note);
      if (!content) {
        rejects.push({ path: `[${rank - 1}]`, why: `it has more than ${MAX_CONTENT_BYTES} bytes` });
        continue;
      }
      if (row.upvotes === null) withoutUpvotes++;
      if (day && content.listedOn !== day) ofOtherDays++;
      const before = pageOf.get(row.id);
      if (before === undefined) {
        pageOf.set(row.id, page);
        rows.push(content === row.content ? row : { ...row, content });
      } else if (before === page) note('paper.id:repeated');
      else repeatsAcrossPages = true;
    }
  }
  const listed = pages.reduce((sum, entries) => sum + entries.length, 0);
  return {
    rows,
    rejects,
    unknown: Object.fromEntries(unknown),
    listed,
    withoutUpvotes,
    repeatsAcrossPages,
    ofOtherDays,
  };
}

/** The used fields of an entry. A field of a wrong type is noted and left out, or the entry is rejected if the field is required. */
function decodeEntry(given: unknown, note: (path: string) => void): Entry | RejectedEntry {
  const read = Entry.safeParse(given);
  if (read.success) {
    noteUnknown(given as RawEntry, note);
    return read.data;
  }
  const { issues } = read.error;
  const fatal = issues.find(({ path }) => REQUIRED.has(path.join('.')));
  if (fatal) return { path: fatal.path.map((key) => `.${String(key)}`).join(''), why: fatal.message };
  const outer: Record<string, unknown> = { ...(given as RawEntry) };
  const inner: Record<string, unknown> = { ...(given as RawEntry).paper };
  const badItems = new Map<string, Set<number>>();
  for (const { path } of issues) {
    note(`${path.filter((key) => typeof key !== 'number').join('.')}:type`);
    const [where, field, item] = path;
    if (where !== 'paper') delete outer[String(where)];
    else if (typeof item !== 'number') delete inner[String(field)];
    else badItems.set(String(field), (badItems.get(String(field)) ?? new Set()).add(item));
  }
  // A bad item of a list leaves the others; when all are bad, the list is unknown.
  for (const [field, bad] of badItems) {
    const good = (inner[field] as readonly unknown[]).filter((_, at) => !bad.has(at));
    inner[field] = good.length > 0 ? good : undefined;
  }
  return decodeEntry({ ...outer, paper: inner }, note);
}

/** An entry that the schema found to be an object with an object as its paper. */
type RawEntry = { readonly [field: string]: unknown; readonly paper: { readonly [field: string]: unknown } };

function noteUnknown(given: RawEntry, note: (path: string) => void): void {
  for (const field in given) if (!ENTRY_FIELDS.has(field)) note(field);
  for (const field in given.paper) if (!PAPER_FIELDS.has(field)) note(`paper.${field}`);
}

function toRow(entry: Entry, rank: number, day: Day | null): ListingRow & { readonly id: string } {
  const { paper } = entry;
  const by = entry.submittedBy?.name ?? paper.submittedOnDailyBy?.user ?? paper.submittedOnDailyBy?.name;
  const group = paper.organization ?? entry.organization;
  const sent = paper.submittedOnDailyAt?.slice(0, 10) ?? '';
  const listedOn = sent === day ? day : (parseDay(sent) ?? day);
  const content: PaperContent = {
    title: tidy(paper.title),
    abstract: tidyOrNull(paper.summary),
    ...(paper.authors && { authors: paper.authors.map(({ name }) => tidy(name)).filter((name) => name !== '') }),
    publishedAt: parseInstant(paper.publishedAt ?? ''),
    ...(listedOn && { listedOn }),
    githubUrl: parseWebUrl(paper.githubRepo),
    projectUrl: parseWebUrl(paper.projectPage),
    keywords: paper.ai_keywords?.map(tidy) ?? null,
    aiSummary: tidyOrNull(paper.ai_summary),
    organization: group ? { name: tidy(group.name), fullname: tidy(group.fullname ?? group.name) } : null,
    submittedBy: tidyOrNull(by),
  };
  return {
    rank,
    id: parsePaperId(paper.id) as string, // the schema has checked it
    upvotes: paper.upvotes ?? null,
    comments: entry.numComments ?? null,
    githubStars: paper.githubStars ?? null,
    content,
  };
}

/** A content that is too large, with its texts cut; null if it is too large all the same. */
function cutContent(content: PaperContent, note: (path: string) => void): PaperContent | null {
  const cut = (text: string | null | undefined): string | null => text?.slice(0, MAX_CUT_LENGTH) ?? null;
  const smaller = { ...content, abstract: cut(content.abstract), aiSummary: cut(content.aiSummary) };
  if (!isStorable(smaller)) return null;
  note('paper.summary:long');
  return smaller;
}

function isStorable({ title, abstract, aiSummary, authors, keywords, githubUrl, projectUrl }: PaperContent): boolean {
  let characters = title.length + (abstract?.length ?? 0) + (aiSummary?.length ?? 0);
  characters += (githubUrl?.length ?? 0) + (projectUrl?.length ?? 0);
  for (const name of authors ?? []) characters += name.length;
  for (const keyword of keywords ?? []) characters += keyword.length;
  // A character has at most three bytes; to count those of every paper would double the time of parsing.
  if (characters * 3 <= MAX_CONTENT_BYTES) return true;
  const texts = [title, abstract, aiSummary, githubUrl, projectUrl, ...(authors ?? []), ...(keywords ?? [])];
  return Buffer.byteLength(texts.join('')) <= MAX_CONTENT_BYTES;
}

/** Collapses white space. It checks first, since most texts need no change and replacing takes three times as long. */
const tidy = (given: string): string => (/\s(?:\s|(?<! )|$)|^ /.test(given) ? collapseWhitespace(given) : given);
const tidyOrNull = (given: string | null | undefined): string | null => (given ? tidy(given) || null : null);

/** A URL as a user typed it, without the line breaks and spaces that the feed has inside; null unless it is a valid http(s) URL. */
export function parseWebUrl(typed: string | null | undefined): string | null {
  const url = typed?.replaceAll(/\s+/g, '') ?? '';
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}
