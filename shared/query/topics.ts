import * as z from 'zod';
import { findTrends, rangeBefore, spellKeyword, type Trend } from '../catalog/rising.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { type DateRange, eachPeriod, type Period, type PeriodKind, startOfLastPeriods } from '../lib/period.ts';
import { addDays, countDays, type Day } from '../lib/time.ts';
import { collapseWhitespace, foldKeyword, slugOf } from '../model/paper.ts';
import { cached } from './cached-rows.ts';
import { currentDay, type QueryContext } from './context.ts';
import { NotFoundError } from './errors.ts';
import { atMostDays, dateRange, endsAfterStart, orNull, paging, parsed, slug } from './parameters.ts';
import { defineQuestion } from './question.ts';
import {
  closeRange,
  countPastDays,
  MAX_RANGE_DAYS,
  type OpenDateRange,
  precedingRange,
  rangeCoverage,
} from './range.ts';
import { pageRanked, RANKED_CURSOR_PATTERN } from './ranked.ts';
import {
  countListed,
  countTopicPapers,
  hasEnoughKeywords,
  keywordSeriesBreaks,
  type ListedCounts,
  type Topic,
  type TopicCounts,
  topicShare,
  topicTotal,
} from './topic-counts.ts';
import type { CompareAnswer, TopicAnswer, TopicLine, TopicPoint, TopicsAnswer } from './topics.schema.ts';

/** The most topics to compare: more lines can hardly be distinguished. */
const MAX_TOPICS = 8;
/** The longest range that topics rise in, so that the titles of it and of the eight before it are read in time. */
const MAX_RISING_DAYS = 31;
/** A keyword of fewer than one in so many papers is rare. */
const RARE = 50;
/** A comma followed by nothing but text without double quotes and closed pairs of them. */
const COMMA_OUTSIDE_QUOTES = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/** Several topics with commas between them: slugs of keywords, or phrases. A comma within double quotes is part of a phrase. */
const topicList = parsed<readonly Topic[]>(
  parseTopics,
  'must be 1 to 8 topics with commas between them: slugs of keywords, or phrases, in double quotes that are closed where they hold a comma',
  { minLength: 1, examples: ['agents,diffusion-models,"world model"'] },
  // slugs have up to 100 characters
  MAX_TOPICS * 103,
  ',',
);
const phrase = parsed<Topic>(parsePhrase, 'must hold a letter or a digit', { examples: ['test-time scaling'] });
/** The slug of a keyword, or a phrase in double quotes. */
export const topic = parsed<Topic>(parseTopic, 'must be the slug of a keyword, or a phrase in double quotes', {
  examples: ['diffusion-models', '"world model"'],
});
/** Over which days, and by what they are grouped, as parameters. */
export const topicRange = { ...dateRange, by: z.enum(['week', 'month'], 'must be week or month').default('week') };
/** The rules over them. */
export const topicRules = [endsAfterStart, atMostDays(MAX_RANGE_DAYS)];

/** Over which days, and by what they are grouped. */
export type TopicRange = OpenDateRange & { readonly by: PeriodKind };

const topicsParameters = z.object({
  q: orNull(phrase),
  ...topicRange,
  sort: z.enum(['papers', 'rising'], 'must be papers or rising').default('papers'),
  ...paging(RANKED_CURSOR_PATTERN, '3#agents'),
});

/** The keywords of a range, or a phrase over time. */
export const topicsQuestion = defineQuestion({
  path: '/topics',
  summary:
    'The keywords with most papers, against the same length of time before; with `sort=rising` keywords and phrases of titles, a week against the eight before; with `q` a phrase over time.',
  parameters: topicsParameters,
  rules: [
    ...topicRules,
    {
      parameters: ['from', 'to', 'sort'],
      check: ({ from, to, sort }, context) =>
        sort === 'rising' && from && countDays(from, to ?? currentDay(context)) >= MAX_RISING_DAYS
          ? `must be within ${MAX_RISING_DAYS} days of to with sort=rising`
          : null,
    },
  ],
  answer: async () => {
    const { TopicAnswer, TopicsAnswer } = await import('./topics.schema.ts');
    return TopicAnswer.or(TopicsAnswer);
  },
  run: (context, asked) => {
    if (asked.q) return getTopic(context, asked.q, asked);
    return asked.sort === 'rising' ? getRisingTopics(context, asked) : getTopics(context, asked);
  },
});
/** A keyword over time. */
export const topicQuestion = defineQuestion({
  path: '/topics/:slug',
  summary:
    'A keyword over time: its share of papers and of upvotes. Spellings that differ by case, hyphens, accents or a plural count as one.',
  notFound: 'The keyword was never seen.',
  parameters: z.object({ slug, ...topicRange }),
  rules: topicRules,
  answer: async () => (await import('./topics.schema.ts')).TopicAnswer,
  run: (context, asked) => getTopic(context, { kind: 'keyword', topic: asked.slug }, asked),
});
/** Several topics over time. */
export const compareQuestion = defineQuestion({
  path: '/compare',
  summary: 'Up to eight topics over the same time.',
  notFound: 'One of the keywords was never seen.',
  parameters: z.object({ topics: topicList, ...topicRange }),
  rules: topicRules,
  answer: async () => (await import('./topics.schema.ts')).CompareAnswer,
  run: (context, asked) => compareTopics(context, asked.topics, asked),
});

/** Weeks or months of a topic without a beginning: half a year of weeks, two years of months. */
const DEFAULT_PERIODS: Readonly<Record<PeriodKind, number>> = { week: 26, month: 24 };

const FIRST_LIST = "SELECT min(day) AS first FROM coverage WHERE list = 'daily' AND captures > 0";

/** The days of a range; a beginning that was not given is not before the first list, so that the chart of a young archive is not empty. */
function shownDays(catalog: Catalog, { by, ...asked }: TopicRange, today: Day): DateRange {
  const days = closeRange(catalog, 'daily', asked, today, (last) => startOfLastPeriods(by, DEFAULT_PERIODS[by], last));
  const first = catalog.all<{ first: Day | null }>(FIRST_LIST)[0]?.first;
  return !asked.from && first && first > days.from && first <= days.to ? { ...days, from: first } : days;
}

/** Parses a topic: a slug is a keyword, other text and text in double quotes a phrase; null for text without a letter or digit. */
export function parseTopic(text: string): Topic | null {
  const [, quoted] = /^\s*"(.*)"\s*$/s.exec(text) ?? [];
  const topic = collapseWhitespace((quoted ?? text).replaceAll(/\p{Cc}/gu, ' '));
  if (slugOf(topic) === '') return null;
  return { kind: quoted === undefined && slugOf(topic) === topic ? 'keyword' : 'phrase', topic };
}

/** A phrase, even where it could be a slug; null for text without a letter or digit. */
function parsePhrase(text: string): Topic | null {
  const topic = parseTopic(text)?.topic;
  return topic === undefined ? null : { kind: 'phrase', topic };
}

function parseTopics(text: string): readonly Topic[] | null {
  const isClosed = text.split('"').length % 2 === 1;
  const read = isClosed ? text.split(COMMA_OUTSIDE_QUOTES).map(parseTopic) : [null];
  const topics = new Map(read.flatMap((topic) => (topic ? [[`${topic.kind} ${topic.topic}`, topic] as const] : [])));
  return !read.includes(null) && topics.size <= MAX_TOPICS ? [...topics.values()] : null;
}

/** A topic over time. @throws {NotFoundError} for a keyword that was never seen */
export async function getTopic(context: QueryContext, topic: Topic, range: TopicRange): Promise<TopicAnswer> {
  const { topics, ...rest } = await compareTopics(context, [topic], range);
  return { ...(topics[0] as CompareAnswer['topics'][number]), ...rest };
}

/** Several topics over the same time. @throws {NotFoundError} that names the keywords that were never seen */
export async function compareTopics(
  context: QueryContext,
  asked: readonly Topic[],
  range: TopicRange,
): Promise<CompareAnswer> {
  const catalog = await context.catalog();
  const named = asked.map((topic) => ({ ...topic, name: nameOf(catalog, topic) }));
  const unseen = named.filter(({ name }) => name === null).map(({ topic }) => topic);
  if (unseen.length > 0)
    throw new NotFoundError('UNKNOWN_KEYWORD', `no paper with the keyword ${unseen.join(', ')} was seen`);
  const today = currentDay(context);
  const days = shownDays(catalog, range, today);
  const periods = eachPeriod(range.by, days);
  const listed = countListed(catalog, periods);
  const slugsOf = spellingsOf(
    catalog,
    named.map(({ topic }) => foldKeyword(topic)),
  );
  const topics = named.map(({ kind, topic, name }) => {
    const papers = countTopicPapers(catalog, { kind, topic }, periods);
    const points = periods.map((period): TopicPoint => {
      const lists = listed(period);
      const own = papers(period);
      const total = topicTotal(kind, lists);
      const isTelling = hasEnoughKeywords(total, lists);
      return {
        period: period.name,
        papers: own.papers,
        total: total.papers,
        totalListed: lists.all.papers,
        share: topicShare(own.papers, total.papers, isTelling),
        upvotes: own.upvotes,
        totalUpvotes: total.upvotes,
        upvotesShare: topicShare(own.upvotes, total.upvotes, isTelling),
        daysCaptured: lists.daysCaptured,
        daysExpected: countPastDays(period, today),
      };
    });
    return {
      topic,
      kind,
      name: name ?? topic,
      slugs: kind === 'keyword' ? slugsOf(foldKeyword(topic)) : [],
      points,
      asPhrase: countAsPhrase(catalog, { kind, topic: name ?? topic }, periods, points),
    };
  });
  const breaks = asked.some(({ kind }) => kind === 'keyword') ? keywordSeriesBreaks() : [];
  return {
    by: range.by,
    ...days,
    topics,
    breaks: breaks.filter(({ day }) => day >= days.from && day <= days.to),
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage: rangeCoverage(catalog, 'daily', days, today),
  };
}

/**
 * Of a rare keyword, how many papers have its words in the title or the abstract: the feed names few keywords of a paper, and a topic may be
 * missing there that many papers are about. Null where the keyword is not rare, or the phrase is not more frequent.
 */
function countAsPhrase(
  catalog: Catalog,
  { kind, topic }: Topic,
  periods: readonly Period[],
  points: readonly TopicPoint[],
): number | null {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const papers = sum(points.map(({ papers }) => papers));
  if (kind === 'phrase' || papers * RARE >= sum(points.map(({ total }) => total))) return null;
  const counts = countTopicPapers(catalog, { kind: 'phrase', topic }, periods);
  const asPhrase = sum(periods.map((period) => counts(period).papers));
  return asPhrase > papers ? asPhrase : null;
}

/** A keyword as the feed spells it, a phrase as it is; null for a keyword that was never seen. */
const nameOf = (catalog: Catalog, { kind, topic }: Topic): string | null =>
  kind === 'phrase' ? topic : spellKeyword(catalog, topic);

/** Returns the slugs of keywords by their folded forms, the most frequent first. */
function spellingsOf(catalog: Catalog, folded: readonly string[]): (folded: string) => string[] {
  const rows = catalog.all<{ plain_slug: string; slug: string }>(
    `SELECT plain_slug, slug FROM paper_keywords WHERE plain_slug IN (SELECT value FROM json_each(?))
      GROUP BY plain_slug, slug ORDER BY count(*) DESC, slug`,
    [JSON.stringify(folded)],
  );
  const slugs = Map.groupBy(rows, ({ plain_slug }) => plain_slug);
  return (one) => slugs.get(one)?.map(({ slug }) => slug) ?? [];
}

const KEYWORDS = `SELECT k.plain_slug AS id, count(DISTINCT a.paper_id) AS value FROM appearances AS a CROSS JOIN paper_keywords AS k
  ON k.paper_id = a.paper_id WHERE a.list = 'daily' AND a.day BETWEEN ? AND ?`;

type KeywordRow = { readonly id: string; readonly value: number };

/** The keywords of a range, those with most papers first, against as many days before. */
export async function getTopics(
  context: QueryContext,
  { from, to, by, ...paging }: Omit<z.output<typeof topicsParameters>, 'q' | 'sort'>,
): Promise<TopicsAnswer> {
  const catalog = await context.catalog();
  const today = currentDay(context);
  const now: Period = { name: 'now', ...shownDays(catalog, { from, to, by }, today) };
  const before: Period = { name: 'before', ...precedingRange(now) };
  const ranking = catalog.all<KeywordRow>(`${KEYWORDS} AND k.plain_slug <> '' GROUP BY id ORDER BY value DESC, id`, [
    now.from,
    now.to,
  ]);
  const page = pageRanked(ranking, paging);
  // the plus keeps SQLite from asking its index for each of the slugs of every paper
  const papersBefore = new Map(
    catalog
      .all<KeywordRow>(`${KEYWORDS} AND +k.plain_slug IN (SELECT value FROM json_each(?)) GROUP BY id`, [
        before.from,
        before.to,
        JSON.stringify(page.items.map(({ id }) => id)),
      ])
      .map(({ id, value }) => [id, value]),
  );
  const listed = countListed(catalog, [now, before]);
  const slugsOf = spellingsOf(
    catalog,
    page.items.map(({ id }) => id),
  );
  const topics = page.items.map(({ id, value }): TopicLine => {
    const slugs = slugsOf(id);
    const topic = slugs[0] as string;
    return {
      kind: 'keyword',
      topic,
      name: nameOf(catalog, { kind: 'keyword', topic }) ?? topic,
      slugs,
      ...sharesOf('keyword', [value, papersBefore.get(id) ?? 0], [listed(now), listed(before)]),
      trend: null,
      probability: null,
    };
  });
  return { ...describeTopics(context, catalog, [now, before], listed), topics, total: ranking.length, next: page.next };
}

/** Keywords and phrases of titles in a range (a week) against the eight as long before it: rising ones, then steady ones, then fading ones. */
export async function getRisingTopics(
  context: QueryContext,
  { from, to, limit, cursor }: Pick<z.output<typeof topicsParameters>, 'from' | 'to' | 'limit' | 'cursor'>,
): Promise<TopicsAnswer> {
  const catalog = await context.catalog();
  const days = closeRange(catalog, 'daily', { from, to }, currentDay(context), (last) => addDays(last, -6));
  const now: Period = { name: 'now', ...days };
  const before: Period = { name: 'before', ...rangeBefore(days) };
  const listed = countListed(catalog, [now, before]);
  const lists = [listed(now), listed(before)] as const;
  const ranking = findTrends(catalog, days).terms.map((trend, at) => ({ ...trend, value: -at, id: trend.topic }));
  const page = pageRanked(ranking, { limit, cursor });
  const topics = page.items.map(({ kind, topic, slugs, papers, papersBefore, trend, probability }): TopicLine => {
    const shares = sharesOf(kind, [papers, papersBefore], lists);
    const isKnown = shares.change !== null;
    const name = nameOf(catalog, { kind, topic }) ?? topic;
    return {
      kind,
      topic,
      name,
      slugs: [...slugs],
      ...shares,
      trend: isKnown ? trend : null,
      probability: isKnown ? probability : null,
    };
  });
  return { ...describeTopics(context, catalog, [now, before], listed), topics, total: ranking.length, next: page.next };
}

/** Topics of a group at most. */
const GROUPED = { rising: 8, steady: 12, fading: 8 } as const;

/** Topics by their trends, with the share of papers in each of the weeks compared, oldest first; null where too little is known. */
export type TopicTrends = {
  readonly to: Day;
  readonly topics: readonly (Topic & {
    readonly name: string;
    /** Null where nothing was captured before. */
    readonly trend: Trend | null;
    readonly papers: number;
    readonly total: number;
    readonly papersBefore: number;
    readonly totalBefore: number;
    readonly shares: readonly (number | null)[];
  })[];
};

/** The topics of the week that ends with the newest daily list that rise or fade, and those with most papers that do neither. */
export async function readTopicTrends(context: QueryContext): Promise<TopicTrends> {
  const catalog = await context.catalog();
  const days = closeRange(catalog, 'daily', { from: null, to: null }, currentDay(context), (last) => addDays(last, -6));
  return cached(catalog, ['topic trends', days], () => {
    const { terms, listed } = findTrends(catalog, days);
    const chosen = (Object.keys(GROUPED) as Trend[]).flatMap((trend) =>
      terms.filter((term) => term.trend === trend).slice(0, GROUPED[trend]),
    );
    return {
      to: days.to,
      topics: chosen.map(({ kind, topic, trend, papers, total, papersBefore, totalBefore, inRanges }) => ({
        kind,
        topic,
        name: nameOf(catalog, { kind, topic }) ?? topic,
        trend: totalBefore === 0 ? null : trend,
        papers,
        total,
        papersBefore,
        totalBefore,
        shares: inRanges
          .map((count, ago) =>
            topicShare(count, listed[kind][ago] ?? 0, (listed[kind][ago] ?? 0) * 2 >= (listed.phrase[ago] ?? 0)),
          )
          .reverse(),
      })),
    };
  });
}

type NowAndBefore<T> = readonly [now: T, before: T];

/** The papers and shares of a topic; what was not captured before is unknown. */
function sharesOf(kind: Topic['kind'], papers: NowAndBefore<number>, lists: NowAndBefore<ListedCounts>) {
  const [total, totalBefore] = lists.map((counts) => topicTotal(kind, counts)) as [TopicCounts, TopicCounts];
  const share = topicShare(papers[0], total.papers, hasEnoughKeywords(total, lists[0]));
  const shareBefore = topicShare(papers[1], totalBefore.papers, hasEnoughKeywords(totalBefore, lists[1]));
  return {
    papers: papers[0],
    total: total.papers,
    share,
    papersBefore: lists[1].daysCaptured === 0 ? null : papers[1],
    totalBefore: lists[1].daysCaptured === 0 ? null : totalBefore.papers,
    shareBefore,
    change: share === null || shareBefore === null ? null : share - shareBefore,
  };
}

/** What an answer about topics says of the days that it compares. */
function describeTopics(
  context: QueryContext,
  catalog: Catalog,
  [now, before]: NowAndBefore<Period>,
  listed: (period: Period) => ListedCounts,
) {
  const today = currentDay(context);
  const daysOf = (period: Period) => {
    const { all, known, daysCaptured } = listed(period);
    const { from, to } = period;
    const daysExpected = countPastDays(period, today);
    return { from, to, total: known.papers, totalListed: all.papers, daysCaptured, daysExpected };
  };
  return {
    from: now.from,
    to: now.to,
    now: daysOf(now),
    before: daysOf(before),
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage: rangeCoverage(catalog, 'daily', now, today),
  };
}
