/** Which keywords and phrases of titles more papers have than before, beyond chance. */
import type { DateRange } from '../lib/period.ts';
import { addDays, countDays, type Day } from '../lib/time.ts';
import { foldKeyword } from '../model/paper.ts';
import { newestCapturedDay } from './newest-day.ts';
import { tables } from './schema.ts';
import { insertSql } from './sql.ts';
import type { Catalog, CatalogFile } from './sqlite.ts';

/** A range is compared with so many ranges of the same length before it. */
const RANGES_BEFORE = 8;
/** Rising topics that the catalog keeps for the front page. */
const KEPT = 10;
/** A change is a trend if chance alone makes one as large or larger less often than this. */
const SIGNIFICANT = 0.001;
/** Terms of fewer papers in all are left out: they cannot be a trend. */
const MIN_PAPERS = 4;

/** Words that say nothing of what a paper is about, beside another word. */
const FUNCTION_WORDS = new Set(
  'a an and are as at be beyond by can do does for from how in into is it its not of on or that the their this to toward towards using via we what when why with without you your'.split(
    ' ',
  ),
);

/** Whether more papers have a term than before, fewer, or about as many. */
export type Trend = 'rising' | 'steady' | 'fading';

/** A term, and how many papers have it of all that could. */
export type TermTrend = {
  readonly kind: 'keyword' | 'phrase';
  /** The slug of the keyword, or the phrase. */
  readonly topic: string;
  /** The keyword as the feed spells it in the newest paper, or the phrase. */
  readonly name: string;
  /** Of a keyword, the slugs that it is spelled with, the most frequent first; of a phrase none. */
  readonly slugs: readonly string[];
  readonly papers: number;
  readonly total: number;
  readonly papersBefore: number;
  readonly totalBefore: number;
  /** Papers that have it in the range and in each of those before, newest first. */
  readonly inRanges: readonly number[];
  readonly trend: Trend;
  /** How often chance alone makes a change as large or larger. */
  readonly probability: number;
};

/** The words of a title. `folded` has, at the place of each word, the folded phrase of it and the next one; null where either says nothing, or is too rare. */
type Phrases = { readonly words: readonly string[]; readonly folded: readonly (string | null)[] };

/** A word by its folded form, and how often it occurs. */
type Word = { readonly folded: string; count: number };

/** Finds the phrases of titles. Titles share most of their words, so each is folded once. Phrases with a word that is too rare for a trend are left out. */
function readPhrases(titles: readonly string[]): Phrases[] {
  const bySpelling = new Map<string, Word | null>();
  const byFolded = new Map<string, Word>();
  const fold = (word: string): Word | null => {
    const isTelling = word.length > 1 && !/^\p{N}+$/u.test(word) && !FUNCTION_WORDS.has(word);
    if (!isTelling) return null;
    const folded = foldKeyword(word);
    const known = byFolded.get(folded) ?? { folded, count: 0 };
    byFolded.set(folded, known);
    return known;
  };
  const read = (spelling: string): Word | null => {
    let word = bySpelling.get(spelling);
    if (word === undefined) {
      word = fold(spelling);
      bySpelling.set(spelling, word);
    }
    if (word) word.count += 1;
    return word;
  };
  const all = titles.map((title) => {
    const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    return { words, read: words.map(read) };
  });
  const isFrequent = (word: Word | null | undefined): word is Word => !!word && word.count >= MIN_PAPERS;
  return all.map(({ words, read }) => ({
    words,
    folded: read.map((word, at) => {
      const next = read[at + 1];
      return isFrequent(word) && isFrequent(next) ? word.folded + next.folded : null;
    }),
  }));
}

type NowAndBefore = [now: number, before: number];
type Counted = {
  readonly kind: TermTrend['kind'];
  readonly folded: string;
  /** The phrase as titles have it, with how many do. */
  readonly written: Map<string, number>;
  readonly papers: NowAndBefore;
  readonly inRanges: number[];
};

/** The days that a range is compared with. */
export function rangeBefore({ from, to }: DateRange): DateRange {
  const length = countDays(from, to) + 1;
  return { from: addDays(from, -length * RANGES_BEFORE), to: addDays(from, -1) };
}

const inEachRange = (): number[] => Array.from({ length: RANGES_BEFORE + 1 }, () => 0);

/** A paper on a daily list, so many ranges ago. `isLast`: of the ranges before, it was in none after this one. */
type Listed = {
  readonly ago: number;
  readonly isLast: boolean;
  readonly hasKeywords: boolean;
  readonly keywords: readonly string[];
  readonly phrases: Phrases;
};

const LISTED = `SELECT d.paper, d.day, d.has_keywords, papers.title, f.keywords FROM (
    SELECT paper, day, has_keywords FROM daily_papers UNION ALL SELECT paper, day, has_keywords FROM moved_papers) AS d
  CROSS JOIN paper_facets AS f ON f.paper = d.paper CROSS JOIN papers ON papers.rowid = d.paper
  WHERE d.day BETWEEN ? AND ? ORDER BY d.day DESC`;

/** The papers on the daily lists of a range and of those before, each once in each range. Rows of copied text are left out, as where topics are counted. */
function readListed(catalog: Catalog, now: DateRange): Listed[] {
  const length = countDays(now.from, now.to) + 1;
  const rows = catalog.all<{
    paper: number;
    day: Day;
    has_keywords: number;
    title: string;
    keywords: string | null;
  }>(LISTED, [rangeBefore(now).from, now.to]);
  const phrases = readPhrases(rows.map(({ title }) => title));
  const last = new Map<number, number>();
  return rows.flatMap(({ paper, day, has_keywords, keywords }, at) => {
    const ago = Math.floor(countDays(day, now.to) / length);
    const after = last.get(paper);
    last.set(paper, ago);
    if (after === ago) return [];
    return {
      ago,
      isLast: ago > 0 && !after,
      hasKeywords: has_keywords === 1,
      keywords: keywords?.split(',') ?? [],
      phrases: phrases[at] as Phrases,
    };
  });
}

/** A value for keywords and one for phrases. */
type ByKind<T> = Readonly<Record<TermTrend['kind'], T>>;

/**
 * The terms of the papers on the daily lists of a range with their trends: rising ones first, then steady ones, then fading ones. `listed` is
 * how many papers could have a term, in the range and in each of those before.
 */
export function findTrends(
  catalog: Catalog,
  now: DateRange,
): { readonly terms: TermTrend[]; readonly listed: ByKind<readonly number[]> } {
  const { terms, totals, listed } = countTerms(readListed(catalog, now));
  const keywordOf = readKeywords(catalog, [...terms.keyword.keys()]);
  const logFactorials = logFactorialsUpTo(totals.phrase[0] + totals.phrase[1]);
  // of a keyword and a phrase of the same words the clearer one
  const clearest = new Map<string, TermTrend>();
  for (const term of [...terms.keyword.values(), ...terms.phrase.values()]) {
    if (term.papers[0] + term.papers[1] < MIN_PAPERS) continue;
    const trend = trendOf(term, totals, logFactorials, keywordOf);
    if (trend.probability < (clearest.get(term.folded)?.probability ?? 2)) clearest.set(term.folded, trend);
  }
  return { terms: [...clearest.values()].sort(compareTrends), listed };
}

/** Counts the papers with each term, and those that could have one. A paper on two days counts once in each range, and once before. */
function countTerms(papers: readonly Listed[]) {
  const totals: ByKind<NowAndBefore> = { keyword: [0, 0], phrase: [0, 0] };
  const listed = { keyword: inEachRange(), phrase: inEachRange() };
  const terms = createTerms(papers);
  for (const { ago, isLast, hasKeywords, keywords, phrases } of papers) {
    const count = (sum: NowAndBefore, inRanges: number[]) => {
      if (ago === 0) sum[0] += 1;
      if (isLast) sum[1] += 1;
      inRanges[ago] = (inRanges[ago] as number) + 1;
    };
    count(totals.phrase, listed.phrase);
    if (hasKeywords) count(totals.keyword, listed.keyword);
    for (const slug of keywords) {
      const term = terms.keyword.get(slug);
      if (term) count(term.papers, term.inRanges);
    }
    const seen = new Set<Counted>();
    const { words, folded } = phrases;
    folded.forEach((phrase, at) => {
      const term = phrase === null ? undefined : terms.phrase.get(phrase);
      if (!term) return;
      const written = `${words[at]} ${words[at + 1]}`;
      term.written.set(written, (term.written.get(written) ?? 0) + 1);
      if (!seen.has(term)) count(term.papers, term.inRanges);
      seen.add(term);
    });
  }
  return { terms, totals, listed };
}

/** Compares the share of a term in the range with that before. */
function trendOf(
  { kind, folded, written, papers: [papers, papersBefore], inRanges }: Counted,
  totals: ByKind<NowAndBefore>,
  logFactorials: readonly number[],
  keywordOf: (folded: string) => KeywordSpelling | null,
): TermTrend {
  const { name, slugs } = (kind === 'keyword' && keywordOf(folded)) || {
    name: mostFrequent(written) ?? folded,
    slugs: [],
  };
  const [total, totalBefore] = totals[kind];
  const { higher, lower } = compareShares([papers, total], [papersBefore, totalBefore], logFactorials);
  // keywords of fewer than half of the papers say little about all of them
  const isTelling = total * 2 >= totals.phrase[0] && totalBefore * 2 >= totals.phrase[1];
  const trend = isTelling && higher <= SIGNIFICANT ? 'rising' : isTelling && lower <= SIGNIFICANT ? 'fading' : 'steady';
  const probability = Math.min(higher, lower);
  return {
    kind,
    topic: slugs[0] ?? name,
    name,
    slugs,
    papers,
    total,
    papersBefore,
    totalBefore,
    inRanges,
    trend,
    probability,
  };
}

const TRENDS: readonly Trend[] = ['rising', 'steady', 'fading'];

/** Rising terms come first, then steady, then fading ones; steady ones by their papers, the others by how clear they are. */
const compareTrends = (a: TermTrend, b: TermTrend): number =>
  TRENDS.indexOf(a.trend) - TRENDS.indexOf(b.trend) ||
  (a.trend === 'steady' ? b.papers - a.papers : a.probability - b.probability) ||
  (a.topic < b.topic ? -1 : 1);

/** The keywords and phrases of so many papers that they may have a trend, by their folded forms, to be counted. */
function createTerms(papers: readonly Listed[]): ByKind<ReadonlyMap<string, Counted>> {
  const frequent = (kind: TermTrend['kind'], termsOf: (paper: Listed) => readonly (string | null)[]) => {
    const papersWith = new Map<string, number>();
    for (const paper of papers)
      for (const term of termsOf(paper)) if (term !== null) papersWith.set(term, (papersWith.get(term) ?? 0) + 1);
    return new Map(
      [...papersWith].flatMap(([folded, count]) =>
        count < MIN_PAPERS
          ? []
          : [[folded, { kind, folded, written: new Map(), papers: [0, 0], inRanges: inEachRange() } satisfies Counted]],
      ),
    );
  };
  return {
    keyword: frequent('keyword', ({ keywords }) => keywords),
    phrase: frequent('phrase', ({ phrases }) => phrases.folded),
  };
}

const mostFrequent = (written: ReadonlyMap<string, number>): string | undefined =>
  [...written].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];

/** How a keyword is spelled: as the feed does in the newest paper, and as slugs, the most frequent first. */
type KeywordSpelling = { readonly name: string; readonly slugs: readonly string[] };

/** Returns the spellings of keywords by their folded forms; null for a keyword that was never seen. */
export function readKeywords(catalog: Catalog, folded: readonly string[]): (folded: string) => KeywordSpelling | null {
  const rows = catalog.all<{ plain_slug: string; name: string; slugs: string }>(
    "SELECT plain_slug, name, slugs FROM names WHERE kind = 'keyword' AND plain_slug IN (SELECT value FROM json_each(?))",
    [JSON.stringify(folded)],
  );
  const spellings = new Map(
    rows.map(({ plain_slug, name, slugs }) => [plain_slug, { name, slugs: JSON.parse(slugs) as string[] }]),
  );
  return (one) => spellings.get(one) ?? null;
}

/** Replaces the rising topics, which are those of the week that ends with the newest daily list up to `today`. */
export function updateRising(catalog: CatalogFile, today: Day): void {
  const to = newestCapturedDay(catalog, 'daily', today);
  const rising = to
    ? findTrends(catalog, { from: addDays(to, -6), to }).terms.filter(({ trend }) => trend === 'rising')
    : [];
  catalog.write((run) => {
    run('DELETE FROM rising');
    rising.slice(0, KEPT).forEach(({ kind, topic, name, papers, total, papersBefore, totalBefore }, place) => {
      run(insertSql(tables.rising), [place, kind, topic, name, papers, total, papersBefore, totalBefore]);
    });
  });
}

/** The logarithms of 0!, 1!, … up to that of a number. */
function logFactorialsUpTo(last: number): number[] {
  const logs = [0];
  for (let n = 1; n <= last; n++) logs.push((logs[n - 1] as number) + Math.log(n));
  return logs;
}

type Share = readonly [part: number, total: number];

/**
 * Fisher's exact test (Fisher, Statistical Methods for Research Workers, 5th edition, 1934, section 21.02), one-sided each way: how often
 * chance alone gives the first share so many papers or more (`higher`), or so many or fewer (`lower`), if both shares are of one kind.
 *
 * @param logFactorials The logarithms of 0!, 1!, … up to the sum of both totals.
 */
export function compareShares(
  [part, total]: Share,
  [partBefore, totalBefore]: Share,
  logFactorials: readonly number[],
): { readonly higher: number; readonly lower: number } {
  const parts = part + partBefore;
  const log = (n: number): number => logFactorials[n] as number;
  const logChoose = (n: number, k: number): number => log(n) - log(k) - log(n - k);
  const chance = (k: number): number =>
    Math.exp(logChoose(total, k) + logChoose(totalBefore, parts - k) - logChoose(total + totalBefore, parts));
  let [higher, lower] = [0, 0];
  for (let k = Math.max(0, parts - totalBefore); k <= Math.min(parts, total); k++) {
    if (k >= part) higher += chance(k);
    if (k <= part) lower += chance(k);
  }
  return { higher, lower };
}
