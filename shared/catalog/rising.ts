/** Which keywords and phrases of titles more papers have than before, beyond chance. */
import type { DateRange } from '../lib/period.ts';
import { addDays, countDays, type Day } from '../lib/time.ts';
import { foldKeyword, slugOf } from '../model/paper.ts';
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

/** Pairs of words of a title that each say something. */
function listPhrases(title: string): string[] {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const isTelling = (word: string) => word.length > 1 && !/^\p{N}+$/u.test(word) && !FUNCTION_WORDS.has(word);
  return words.slice(1).flatMap((word, at) => {
    const before = words[at] as string;
    return isTelling(before) && isTelling(word) ? [`${before} ${word}`] : [];
  });
}

type NowAndBefore = [now: number, before: number];
type Counted = {
  readonly kind: TermTrend['kind'];
  readonly spellings: Map<string, number>;
  readonly papers: NowAndBefore;
  readonly inRanges: number[];
};

/** The days that a range is compared with. */
export function rangeBefore({ from, to }: DateRange): DateRange {
  const length = countDays(from, to) + 1;
  return { from: addDays(from, -length * RANGES_BEFORE), to: addDays(from, -1) };
}

const inEachRange = (): number[] => Array.from({ length: RANGES_BEFORE + 1 }, () => 0);

/**
 * The terms of the papers on the daily lists of a range with their trends: rising ones first, then steady ones, then fading ones. `listed` is
 * how many papers could have a term, in the range and in each of those before. Rows of copied text are left out, as where topics are counted.
 */
export function findTrends(
  catalog: Catalog,
  now: DateRange,
): { readonly terms: TermTrend[]; readonly listed: Readonly<Record<TermTrend['kind'], readonly number[]>> } {
  const terms = new Map<string, Counted>();
  const totals: Readonly<Record<TermTrend['kind'], NowAndBefore>> = { keyword: [0, 0], phrase: [0, 0] };
  const listed = { keyword: inEachRange(), phrase: inEachRange() };
  const addTo = (counts: number[], at: number) => {
    counts[at] = (counts[at] as number) + 1;
  };
  // a paper on two days counts once in the range, once in each of those before, and once before it
  for (const { title, keywords, ago, isLast } of catalog.all<{
    title: string;
    keywords: string | null;
    ago: number;
    isLast: number;
  }>(
    `SELECT title, keywords, ago, isLast FROM
      (SELECT paper_id, ago, ago = min(nullif(ago, 0)) OVER (PARTITION BY paper_id) AS isLast FROM
        (SELECT DISTINCT paper_id, CAST((julianday(?) - julianday(day)) / ? AS INTEGER) AS ago
          FROM appearances WHERE list = 'daily' AND day BETWEEN ? AND ? AND paper_id < '~'))
      JOIN papers ON id = paper_id`,
    [now.to, countDays(now.from, now.to) + 1, rangeBefore(now).from, now.to],
  )) {
    const place = ago === 0 ? 0 : 1;
    const count = (sum: NowAndBefore, inRanges: number[]) => {
      if (ago === 0 || isLast) sum[place] += 1;
      addTo(inRanges, ago);
    };
    count(totals.phrase, listed.phrase);
    if (keywords !== null) count(totals.keyword, listed.keyword);
    const named = [...new Set(keywords === null ? [] : (JSON.parse(keywords) as string[]).map(slugOf)).values()].map(
      (slug) => ['keyword', slug] as const,
    );
    const phrases = [...new Set(listPhrases(title))].map((phrase) => ['phrase', phrase] as const);
    const seen = new Set<Counted>();
    for (const [kind, spelling] of [...named, ...phrases]) {
      if (spelling === '') continue;
      const key = `${kind} ${foldKeyword(spelling)}`;
      const term = terms.get(key) ?? { kind, spellings: new Map(), papers: [0, 0], inRanges: inEachRange() };
      terms.set(key, term);
      term.spellings.set(spelling, (term.spellings.get(spelling) ?? 0) + 1);
      if (!seen.has(term)) count(term.papers, term.inRanges);
      seen.add(term);
    }
  }
  const logFactorials = [0];
  for (let n = 1; n <= totals.phrase[0] + totals.phrase[1]; n++)
    logFactorials.push((logFactorials[n - 1] as number) + Math.log(n));
  const trends = [...terms].flatMap(
    ([
      key,
      {
        kind,
        spellings,
        papers: [papers, papersBefore],
        inRanges,
      },
    ]): (TermTrend & { key: string })[] => {
      if (papers + papersBefore < MIN_PAPERS) return [];
      const slugs = [...spellings].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([spelling]) => spelling);
      const [total, totalBefore] = totals[kind];
      const { higher, lower } = compareShares([papers, total], [papersBefore, totalBefore], logFactorials);
      // keywords of fewer than half of the papers say little about all of them
      const isTelling = total * 2 >= totals.phrase[0] && totalBefore * 2 >= totals.phrase[1];
      const trend =
        isTelling && higher <= SIGNIFICANT ? 'rising' : isTelling && lower <= SIGNIFICANT ? 'fading' : 'steady';
      const topic = slugs[0] as string;
      const probability = Math.min(higher, lower);
      return [
        {
          key: key.slice(key.indexOf(' ')),
          kind,
          topic,
          slugs: kind === 'keyword' ? slugs : [],
          papers,
          total,
          papersBefore,
          totalBefore,
          inRanges,
          trend,
          probability,
        },
      ];
    },
  );
  // of a keyword and a phrase of the same words the clearer one
  const best = new Map<string, TermTrend>();
  for (const { key, ...one } of trends) if (one.probability < (best.get(key)?.probability ?? 2)) best.set(key, one);
  const order: readonly Trend[] = ['rising', 'steady', 'fading'];
  const sorted = [...best.values()].sort(
    (a, b) =>
      order.indexOf(a.trend) - order.indexOf(b.trend) ||
      (a.trend === 'steady' ? b.papers - a.papers : a.probability - b.probability) ||
      (a.topic < b.topic ? -1 : 1),
  );
  return { terms: sorted, listed };
}

/** A keyword as the feed spells it in the newest paper, whichever spelling the slug is of; null for a keyword that was never seen. */
export function spellKeyword(catalog: Catalog, slug: string): string | null {
  const sql = "SELECT name FROM names WHERE kind = 'keyword' AND plain_slug = ?";
  return catalog.all<{ name: string }>(sql, [foldKeyword(slug)])[0]?.name ?? null;
}

/** Replaces the rising topics, which are those of the week that ends with the newest daily list up to `today`. */
export function updateRising(catalog: CatalogFile, today: Day): void {
  const to = newestCapturedDay(catalog, 'daily', today);
  const rising = to
    ? findTrends(catalog, { from: addDays(to, -6), to }).terms.filter(({ trend }) => trend === 'rising')
    : [];
  catalog.write((run) => {
    run('DELETE FROM rising');
    rising.slice(0, KEPT).forEach(({ kind, topic, papers, total, papersBefore, totalBefore }, place) => {
      const name = (kind === 'keyword' && spellKeyword(catalog, topic)) || topic;
      run(insertSql(tables.rising), [place, kind, topic, name, papers, total, papersBefore, totalBefore]);
    });
  });
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
