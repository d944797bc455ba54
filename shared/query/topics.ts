import * as z from 'zod';
import type { Catalog } from '../catalog/sqlite.ts';
import { type DateRange, eachPeriod, type Period, type PeriodKind, startOfLastPeriods } from '../lib/period.ts';
import type { Day } from '../lib/time.ts';
import { collapseWhitespace, slugOf } from '../model/paper.ts';
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
  topicShare,
  topicTotal,
} from './topic-counts.ts';
import type { CompareAnswer, TopicAnswer, TopicLine, TopicPoint, TopicsAnswer } from './topics.schema.ts';

/** The most topics to compare: more lines can hardly be distinguished. */
const MAX_TOPICS = 8;
/** A comma followed by nothing but text without double quotes and closed pairs of them. */
const COMMA_OUTSIDE_QUOTES = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/** Several topics with commas between them: slugs of keywords, or phrases. A comma within double quotes is part of a phrase. */
const topicList = parsed<readonly Topic[]>(
  parseTopics,
  'must be 1 to 8 topics with commas between them: slugs of keywords, or phrases, in double quotes that are closed where they hold a comma',
  { examples: ['agents,diffusion-models,"world model"'] },
  // slugs have up to 100 characters
  MAX_TOPICS * 103,
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

const topicsParameters = z.object({ q: orNull(phrase), ...topicRange, ...paging(RANKED_CURSOR_PATTERN) });

/** The keywords of a range, or a phrase over time. */
export const topicsQuestion = defineQuestion({
  path: '/topics',
  summary: 'The keywords with most papers, against the same length of time before; with `q` a phrase over time.',
  parameters: topicsParameters,
  rules: topicRules,
  answer: async () => {
    const { TopicAnswer, TopicsAnswer } = await import('./topics.schema.ts');
    return TopicAnswer.or(TopicsAnswer);
  },
  run: (context, asked) => (asked.q ? getTopic(context, asked.q, asked) : getTopics(context, asked)),
});
/** A keyword over time. */
export const topicQuestion = defineQuestion({
  path: '/topics/:slug',
  summary: 'A keyword over time: its share of papers and of upvotes.',
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
    return { topic, kind, name: name ?? topic, points };
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

/** A keyword as the feed spells it in the newest paper, a phrase as it is; null for a keyword that was never seen. */
function nameOf(catalog: Catalog, { kind, topic }: Topic): string | null {
  if (kind === 'phrase') return topic;
  // newer papers have greater ids, but for those of before April 2007, which begin with letters
  const spelling = (below: string) =>
    catalog.all<{ keyword: string }>(
      'SELECT keyword FROM paper_keywords WHERE slug = ? AND paper_id < ? ORDER BY paper_id DESC LIMIT 1',
      [topic, below],
    )[0]?.keyword;
  return spelling('a') ?? spelling('~') ?? null;
}

const KEYWORDS = `SELECT k.slug AS id, count(DISTINCT a.paper_id) AS value FROM appearances AS a CROSS JOIN paper_keywords AS k
  ON k.paper_id = a.paper_id WHERE a.list = 'daily' AND a.day BETWEEN ? AND ?`;

type KeywordRow = { readonly id: string; readonly value: number };

/** The keywords of a range, those with most papers first, against as many days before. */
export async function getTopics(
  context: QueryContext,
  { from, to, by, ...paging }: Omit<z.output<typeof topicsParameters>, 'q'>,
): Promise<TopicsAnswer> {
  const catalog = await context.catalog();
  const today = currentDay(context);
  const now: Period = { name: 'now', ...shownDays(catalog, { from, to, by }, today) };
  const before: Period = { name: 'before', ...precedingRange(now) };
  const ranking = catalog.all<KeywordRow>(`${KEYWORDS} AND k.slug <> '' GROUP BY k.slug ORDER BY value DESC, k.slug`, [
    now.from,
    now.to,
  ]);
  const page = pageRanked(ranking, paging);
  // the plus keeps SQLite from asking its index for each of the slugs of every paper
  const papersBefore = new Map(
    catalog
      .all<KeywordRow>(`${KEYWORDS} AND +k.slug IN (SELECT value FROM json_each(?)) GROUP BY k.slug`, [
        before.from,
        before.to,
        JSON.stringify(page.items.map(({ id }) => id)),
      ])
      .map(({ id, value }) => [id, value]),
  );
  const listed = countListed(catalog, [now, before]);
  const share = (papers: number, lists: ListedCounts) =>
    topicShare(papers, lists.known.papers, hasEnoughKeywords(lists.known, lists));
  const topics = page.items.map(({ id, value }): TopicLine => {
    const earlier = papersBefore.get(id) ?? 0;
    const [shareNow, shareBefore] = [share(value, listed(now)), share(earlier, listed(before))];
    return {
      topic: id,
      name: nameOf(catalog, { kind: 'keyword', topic: id }) ?? id,
      papers: value,
      share: shareNow,
      papersBefore: earlier,
      shareBefore,
      change: shareNow === null || shareBefore === null ? null : shareNow - shareBefore,
    };
  });
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
    topics,
    total: ranking.length,
    next: page.next,
    sample: context.sample,
    catalogAsOf: catalog.asOf(),
    coverage: rangeCoverage(catalog, 'daily', now, today),
  };
}
