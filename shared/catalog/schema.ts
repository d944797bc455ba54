/** The catalog's tables, described once: from this come its SQL, the files of an export, their schema and the data dictionary. */
import type { Day } from '../lib/time.ts';
import { type ColumnSchema, column, day, list, paperId, plainSlug, type TableSchema } from './columns.ts';
import { copiedTitles, expected, expectedDue, names, partitions, rising, similar, unfinished } from './own-tables.ts';

// First days as counted over the captures of 2024-03 to 2026-08.
const KEYWORDS = '2025-03-11' as Day;
const LINKS = '2025-03-04' as Day;
const SUMMARIES = '2025-05-22' as Day;
const ORGANIZATIONS = '2025-10-03' as Day;
const SUBMITTERS = '2024-06-13' as Day;

const observedAt = column('observed_at', 'instant', 'time of the capture');
const VOTES = { unit: 'upvotes', nullMeans: 'the feed did not say' };
const upvotesOf = (name: string, description: string): ColumnSchema => column(name, 'integer', description, VOTES);
const commentsOf = (description: string): ColumnSchema =>
  column('comments', 'integer', description, { unit: 'comments', nullMeans: 'the feed did not say' });
const STARS = { unit: 'stars', nullMeans: 'the feed did not say, or there is no code', since: '2025-06-25' as Day };
const starsOf = (description: string): ColumnSchema => column('github_stars', 'integer', description, STARS);

const papers: TableSchema = {
  name: 'papers',
  description: 'Every paper that was seen on any list, as last known.',
  key: ['id'],
  unique: true,
  month: null,
  where: 'both',
  columns: [
    column('id', 'text', 'arXiv id without version, `2501.04519` or `cs/0301012`'),
    column('title', 'text', 'title, white space collapsed'),
    column('abstract', 'text', 'abstract, white space collapsed', {
      nullMeans: 'only seen on lists without abstracts',
    }),
    column('authors', 'list', 'names of the authors, in order', { nullMeans: 'only seen on lists without authors' }),
    column('keywords', 'list', 'keywords, in the order of the feed', {
      nullMeans: 'the feed gave none',
      since: KEYWORDS,
    }),
    column('ai_summary', 'text', "the feed's one-sentence summary", {
      nullMeans: 'the feed gave none',
      since: SUMMARIES,
    }),
    column('organization', 'text', 'short name of the organization', {
      nullMeans: 'the feed gave none',
      since: ORGANIZATIONS,
    }),
    column('organization_fullname', 'text', 'full name of the organization', {
      nullMeans: 'the feed gave none',
      since: ORGANIZATIONS,
    }),
    column('github_url', 'text', 'address of the code', { nullMeans: 'the feed gave none', since: LINKS }),
    column('project_url', 'text', "address of the project's page", { nullMeans: 'the feed gave none', since: LINKS }),
    column('submitted_by', 'text', 'login of the person who submitted it to the daily list', {
      nullMeans: 'never submitted, or the feed did not say',
      since: SUBMITTERS,
    }),
    column('published_at', 'instant', 'when it appeared on arXiv, as the feed says; since 2026-04 mostly midnight', {
      nullMeans: 'only seen on lists without dates',
    }),
    column('listed_on', 'day', 'day of the daily list it was submitted to', { nullMeans: 'never seen as submitted' }),
    column('first_seen', 'instant', 'first capture of any list with the paper'),
    column('last_seen', 'instant', 'last capture of any list with the paper'),
    upvotesOf('upvotes', 'upvotes in the last capture with a number of upvotes'),
    commentsOf('comments in that capture'),
    starsOf('stars of its code in that capture'),
    column('read_at', 'instant', 'when that capture was taken', { nullMeans: 'no capture had upvotes' }),
    column('day', 'day', 'listed_on, else the day of published_at, else 0000-00-00', { internal: true }),
    column('organization_slug', 'text', 'slug of the organization to compare by', {
      nullMeans: 'the feed gave none',
      internal: true,
    }),
    column('contents', 'text', 'hashes of its contents in the order they were seen', { internal: true }),
  ],
};

const appearances: TableSchema = {
  name: 'appearances',
  description: 'A paper on one list of one day.',
  key: ['list', 'day', 'paper_id'],
  unique: true,
  month: 'day',
  where: 'both',
  columns: [
    list,
    day,
    paperId,
    column('first_seen', 'instant', 'first usable capture of the list with the paper'),
    column('last_seen', 'instant', 'last usable capture of the list with the paper'),
    column('captures', 'integer', 'usable captures of the list with the paper', { unit: 'captures' }),
    column('first_rank', 'integer', 'rank when first seen', { unit: 'place, from 1' }),
    column('best_rank', 'integer', 'best rank seen', { unit: 'place, from 1' }),
    column('last_rank', 'integer', 'rank when last seen', { unit: 'place, from 1' }),
    upvotesOf('first_upvotes', 'upvotes when first seen'),
    upvotesOf('peak_upvotes', 'most upvotes seen'),
    upvotesOf('last_upvotes', 'upvotes when last seen'),
    upvotesOf('upvotes', 'upvotes in the last capture of the list with a number of upvotes'),
    commentsOf('comments in that capture'),
    starsOf('stars of its code in that capture'),
    column('first_github_stars', 'integer', 'stars of its code in the first capture of the list that knew them', STARS),
    column('read_at', 'instant', 'when that capture was taken', { nullMeans: 'no capture of the list had upvotes' }),
    column(
      'votes',
      'text',
      'upvotes over the captures of the list: [place in its times, upvotes, …] where they change',
      {
        internal: true,
      },
    ),
    column('runs', 'text', 'which content was seen from when to when: [hash, first, last, …]', { internal: true }),
  ],
};

const listings: TableSchema = {
  name: 'listings',
  description: 'Every visit to a list, failed ones included.',
  key: ['list', 'day', 'observed_at', 'key'],
  unique: true,
  month: 'day',
  where: 'both',
  columns: [
    list,
    day,
    observedAt,
    column('key', 'text', 'key of the snapshot in the archive'),
    column('outcome', 'text', '`list` and `empty` are usable; the others say why it was not'),
    column('via', 'text', 'how it was read: api, page, cards or text', { nullMeans: 'no list was found' }),
    column('complete', 'boolean', 'whether the whole list was captured', { nullMeans: 'cannot be known' }),
    column('listed', 'integer', 'entries of the feed, rejected ones included', {
      unit: 'papers',
      nullMeans: 'no list was found',
    }),
    column('pages', 'integer', 'responses the list was made from', {
      unit: 'responses',
      nullMeans: 'no list was found',
    }),
    column('rejected', 'integer', 'entries that could not be read', { unit: 'papers' }),
    column('imported', 'boolean', 'whether something else took the capture'),
    column('bytes', 'integer', "size of the snapshot's file", { unit: 'bytes' }),
    column('sha256', 'text', "SHA-256 of the snapshot's file, hex"),
  ],
};

const coverage: TableSchema = {
  name: 'coverage',
  description: 'Every day of a list from its first to its last visit: what was captured, and what is missing.',
  key: ['list', 'day'],
  unique: true,
  month: 'day',
  where: 'both',
  columns: [
    list,
    column('day', 'day', 'the list day of `daily`, the day of the capture for the other lists'),
    column('status', 'text', '`captured`, `partial` (only cut captures), `empty` (no papers), `failed` or `missing`'),
    column('captures', 'integer', 'usable visits', { unit: 'captures' }),
    column('failures', 'integer', 'visits without a usable list', { unit: 'captures' }),
    column('longest_gap_minutes', 'integer', 'longest time between two usable captures', {
      unit: 'minutes',
      nullMeans: 'fewer than two usable captures',
    }),
    column('papers', 'integer', 'distinct papers seen', { unit: 'papers', nullMeans: 'no usable capture' }),
    column('complete', 'boolean', 'whether the shown list is complete', { nullMeans: 'cannot be known' }),
    column('settled', 'boolean', 'for `daily`: whether a usable capture was made 14 days later'),
    column('first', 'instant', 'first usable capture', { nullMeans: 'no usable capture' }),
    column('last', 'instant', 'last usable capture', { nullMeans: 'no usable capture' }),
    column('times', 'list', 'times of the usable captures', { internal: true }),
  ],
};

const authors: TableSchema = {
  name: 'paper_authors',
  description: 'The authors of papers. An author here is a name, not an identity.',
  key: ['paper_id', 'position'],
  unique: true,
  month: null,
  where: 'both',
  columns: [
    paperId,
    column('position', 'integer', 'place among the authors', { unit: 'place, from 1' }),
    column('name', 'text', 'as the feed spells it'),
    column('slug', 'text', 'as used in addresses of the site'),
    plainSlug,
  ],
};

const keywords: TableSchema = {
  name: 'paper_keywords',
  description: 'The keywords of papers.',
  key: ['paper_id', 'position'],
  unique: true,
  month: null,
  where: 'both',
  columns: [
    paperId,
    column('position', 'integer', 'place among the keywords', { unit: 'place, from 1' }),
    column('keyword', 'text', 'as the feed spells it', { since: KEYWORDS }),
    column('slug', 'text', 'as used in addresses of the site', { since: KEYWORDS }),
    { ...plainSlug, description: 'the keyword to compare by: case, hyphens, accents and plurals make no difference' },
  ],
};

const observations: TableSchema = {
  name: 'observations',
  description: "One paper's row of one usable capture.",
  key: ['list', 'day', 'observed_at', 'rank'],
  // two captures of one second
  unique: false,
  month: 'day',
  where: 'export',
  columns: [
    list,
    day,
    observedAt,
    column('rank', 'integer', 'place in the list', { unit: 'place, from 1' }),
    paperId,
    upvotesOf('upvotes', 'upvotes as seen'),
    commentsOf('comments as seen'),
    starsOf('stars of its code as seen'),
  ],
};

/** The ages in hours at which votes_at_age tells upvotes: a quarter of a day, one day, two, a week, two weeks. */
export const UPVOTE_AGES_HOURS = [6, 24, 48, 168, 336] as const;

const votesAtAge: TableSchema = {
  name: 'votes_at_age',
  description:
    'Upvotes of a paper at fixed ages, counted from the start of its list day, from the capture nearest to that age (within a sixth of it, at least an hour).',
  key: ['list', 'listed_on', 'paper_id', 'age_hours'],
  unique: true,
  month: 'listed_on',
  where: 'export',
  columns: [
    paperId,
    { ...list, description: 'the list on which it was seen at that age' },
    column('listed_on', 'day', 'the day of its daily list; ages count from its start'),
    column('age_hours', 'integer', `one of ${UPVOTE_AGES_HOURS.join(', ')}`, { unit: 'hours' }),
    column('upvotes', 'integer', 'upvotes at that age', { unit: 'upvotes', nullMeans: 'no capture is near that age' }),
    column('read_at', 'instant', 'when that capture was taken', { nullMeans: 'no capture is near that age' }),
  ],
};

/** The catalog's file, packed, in the bucket of what is derived from the archive. */
export const CATALOG_KEY = 'catalog.sqlite.zst';
/** The small part of it that list pages read, in the same bucket. */
export const RECENT_KEY = 'recent.sqlite.zst';

/** All tables; papers_fts, the full-text index over papers, has no rows of its own. */
export const tables = {
  papers,
  paper_authors: authors,
  paper_keywords: keywords,
  appearances,
  observations,
  listings,
  coverage,
  votes_at_age: votesAtAge,
  names,
  partitions,
  copied_titles: copiedTitles,
  unfinished,
  expected,
  similar,
  rising,
  expected_due: expectedDue,
} as const satisfies Readonly<Record<string, TableSchema>>;

/** Columns of papers that full-text search looks through, most telling first. */
export const SEARCH_COLUMNS = ['title', 'abstract', 'authors', 'keywords'] as const;

/** What finds rows other than by their keys; made after the first build, since keeping it up to date row by row takes twice as long. */
export const INDEXES = [
  'papers_first_seen ON papers (first_seen DESC, id)',
  'papers_listed_on ON papers (id, listed_on)',
  'papers_of_daily ON papers (listed_on, id) WHERE listed_on IS NOT NULL',
  'papers_by_day ON papers (day DESC, id DESC)',
  'papers_of_organization ON papers (organization_slug, day DESC, id DESC) WHERE organization_slug IS NOT NULL',
  'papers_of_author ON paper_authors (plain_slug)',
  'papers_of_keyword ON paper_keywords (plain_slug, slug)',
  'spellings_of_keyword ON paper_keywords (slug, plain_slug)',
  'names_by_papers ON names (kind, papers DESC, plain_slug)',
  'facets_first_seen ON paper_facets (first_seen DESC, id)',
  'facets_upvotes ON paper_facets (coalesce(upvotes, -1) DESC, first_seen DESC, id)',
  'facets_days ON paper_facets (last_day, first_day)',
  'lists_days ON paper_lists (list, first_day, last_day, paper, upvotes, has_keywords)',
  "lists_moved ON paper_lists (paper) WHERE list = 'daily' AND first_day < last_day",
].map((index) => `CREATE INDEX IF NOT EXISTS ${index}`);
