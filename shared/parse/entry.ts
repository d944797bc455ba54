import * as z from 'zod';
import { type Day, parseDay, parseInstant } from '../lib/time.ts';
import type { ListingRow, PaperContent, RejectedEntry } from '../model/listing.ts';
import { collapseWhitespace, parsePaperId } from '../model/paper.ts';

/** What entries were read into. */
export type ParsedEntries = {
  readonly rows: readonly ListingRow[];
  readonly rejects: readonly RejectedEntry[];
  readonly unknown: Readonly<Record<string, number>>;
  /** How many entries were given. */
  readonly listed: number;
  /** How many have no upvotes that are numbers. */
  readonly withoutUpvotes: number;
  /** True when a paper came on two pages: the list repeatsAcrossPages while it was being asked for. */
  readonly repeatsAcrossPages: boolean;
};

/** At most so many entries of a list are read; the longest list seen has 105. */
export const MAX_ENTRIES = 2_000;

/** At most so many unknown paths are told apart, so that a strange answer cannot make a listing large. */
const MOST_PATHS = 100;

const text = z.string();
const said = z.string().nullish();
const count = z.int().min(0).nullish();
const organization = z.object({ name: text, fullname: said }).nullish();

/** The fields that are used. The feed leaves out what it does not know, so all but a few may be absent; `null` is taken for that too. */
const Entry = z.object({
  numComments: count,
  submittedBy: z.object({ name: said }).nullish(),
  organization,
  paper: z.object({
    id: text.refine((id) => parsePaperId(id) !== null, 'no id of a paper'),
    title: text.refine((title) => title.trim() !== '', 'no title'),
    summary: said,
    authors: z.array(z.object({ name: text })).nullish(),
    publishedAt: said,
    upvotes: count,
    githubRepo: said,
    githubStars: count,
    projectPage: said,
    ai_keywords: z.array(text).nullish(),
    ai_summary: said,
    submittedOnDailyAt: said,
    submittedOnDailyBy: z.object({ user: said, name: said }).nullish(),
    organization,
  }),
});
type Entry = z.output<typeof Entry>;

/** Every field that entries had from 2024-03 to 2026-10; the used ones and those that nobody asks for. */
const ENTRY_FIELDS = new Set([
  ...Object.keys(Entry.shape),
  ...['title', 'summary', 'publishedAt', 'thumbnail', 'mediaUrl', 'mediaUrls', 'isAuthorParticipating', 'upvoted'],
  'submitterOrganization',
]);
const PAPER_FIELDS = new Set([
  ...Object.keys(Entry.shape.paper.shape),
  ...['discussionId', 'githubRepoAddedBy', 'mediaUrls', 'ai_summary_model'],
]);

/** Without these an entry is no row. */
const NEEDED = new Set(['', 'paper', 'paper.id', 'paper.title', 'paper.upvotes']);

const Votes = z.object({ paper: z.object({ upvotes: z.int().min(0) }) });

/**
 * Reads the entries of a list, page after page, as the API and the hydration data of a page give them.
 * `day` is the day of the list, null where it has none. Never throws; a bad entry is a reject and its rank stays free.
 * Of a paper that comes twice the first row is kept.
 */
export function parseEntries(pages: readonly (readonly unknown[])[], day: Day | null): ParsedEntries {
  const rows: ListingRow[] = [];
  const rejects: RejectedEntry[] = [];
  const pageOf = new Map<string, number>();
  const unknown = new Map<string, number>();
  const note = (path: string) => {
    const as = unknown.has(path) || unknown.size < MOST_PATHS ? path : 'other';
    unknown.set(as, (unknown.get(as) ?? 0) + 1);
  };
  let rank = 0;
  let withoutUpvotes = 0;
  let repeatsAcrossPages = false;
  for (const [page, entries] of pages.entries()) {
    for (const given of entries.slice(0, MAX_ENTRIES - rank)) {
      rank++;
      const entry = decoded(given, note);
      if ('why' in entry) {
        if (!Votes.safeParse(given).success) withoutUpvotes++;
        rejects.push({ path: `[${rank - 1}]${entry.path}`, why: entry.why });
        continue;
      }
      const row = rowOf(entry, rank, day);
      if (row.upvotes === null) withoutUpvotes++;
      const before = pageOf.get(row.id);
      if (before === undefined) {
        pageOf.set(row.id, page);
        rows.push(row);
      } else if (before === page) note('paper.id:repeated');
      else repeatsAcrossPages = true;
    }
  }
  const listed = pages.reduce((sum, entries) => sum + entries.length, 0);
  return { rows, rejects, unknown: Object.fromEntries(unknown), listed, withoutUpvotes, repeatsAcrossPages };
}

/** The used fields of an entry; a field of a wrong type is noted and taken for absent, unless the entry is no row without it. */
function decoded(given: unknown, note: (path: string) => void): Entry | RejectedEntry {
  const read = Entry.safeParse(given);
  if (read.success) {
    noteUnknown(given as Given, note);
    return read.data;
  }
  const { issues } = read.error;
  const fatal = issues.find(({ path }) => NEEDED.has(path.join('.')));
  if (fatal) return { path: fatal.path.map((key) => `.${String(key)}`).join(''), why: fatal.message };
  const outer: Record<string, unknown> = { ...(given as Given) };
  const inner: Record<string, unknown> = { ...(given as Given).paper };
  for (const { path } of issues) {
    note(`${path.filter((key) => typeof key !== 'number').join('.')}:type`);
    if (path[0] === 'paper') delete inner[String(path[1])];
    else delete outer[String(path[0])];
  }
  return decoded({ ...outer, paper: inner }, note);
}

/** An entry that the schema has seen: it is an object and so is its paper. */
type Given = { readonly [field: string]: unknown; readonly paper: { readonly [field: string]: unknown } };

function noteUnknown(given: Given, note: (path: string) => void): void {
  for (const field in given) if (!ENTRY_FIELDS.has(field)) note(field);
  for (const field in given.paper) if (!PAPER_FIELDS.has(field)) note(`paper.${field}`);
}

function rowOf(entry: Entry, rank: number, day: Day | null): ListingRow & { readonly id: string } {
  const { paper } = entry;
  const by = entry.submittedBy?.name ?? paper.submittedOnDailyBy?.user ?? paper.submittedOnDailyBy?.name;
  const group = paper.organization ?? entry.organization;
  const sent = paper.submittedOnDailyAt?.slice(0, 10) ?? '';
  const listedOn = sent === day ? day : (parseDay(sent) ?? day);
  const content: PaperContent = {
    title: tidy(paper.title),
    abstract: tidyOrNull(paper.summary),
    ...(paper.authors && { authors: paper.authors.map(({ name }) => tidy(name)) }),
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
    id: parsePaperId(paper.id) as string, // the schema saw that it is one
    upvotes: paper.upvotes ?? null,
    comments: entry.numComments ?? null,
    githubStars: paper.githubStars ?? null,
    content,
  };
}

/** Collapses, but looks first whether there can be anything to do: most texts are tidy as they come, and replacing takes thrice as long. */
const tidy = (given: string): string =>
  /\s(?:\s|(?<! ))/.test(given) || given[0] === ' ' || given.endsWith(' ') ? collapseWhitespace(given) : given;
const tidyOrNull = (given: string | null | undefined): string | null => (given ? tidy(given) || null : null);

/** An address as typed by a user: the feed has line breaks and blanks inside. Null unless it is a web address. */
export function parseWebUrl(typed: string | null | undefined): string | null {
  const url = typed?.replaceAll(/\s+/g, '') ?? '';
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}
