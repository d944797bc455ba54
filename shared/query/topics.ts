import type { Catalog } from '../catalog/sqlite.ts';
import { type DateRange, eachPeriod, type Period, type PeriodKind, startOfLastPeriods } from '../lib/period.ts';
import type { Day } from '../lib/time.ts';
import { collapseWhitespace, slugOf } from '../model/paper.ts';
import { currentDay, type QueryContext } from './context.ts';
import type { Paging } from './paging.ts';
import { closeRange, countPastDays, type OpenDateRange, precedingRange, rangeCoverage } from './range.ts';
import { pageRanked } from './ranked.ts';
import type { CompareAnswer, TopicAnswer, TopicLine, TopicPoint, TopicsAnswer } from './schemas/topics.ts';
import {
  countListed,
  countTopicPapers,
  hasEnoughKeywords,
  keywordBreaks,
  type ListedCounts,
  type Topic,
  topicShare,
  topicTotal,
} from './topic-counts.ts';

/** Over which days, and by what they are put together. */
export type TopicQuestion = OpenDateRange & { readonly by: PeriodKind };

/** Weeks or months of a topic that nobody said the beginning of: half a year of weeks, two years of months. */
const PERIODS: Readonly<Record<PeriodKind, number>> = { week: 26, month: 24 };

/** The days that a topic is asked over: the last 26 weeks or 24 months up to its end, which is today, where nothing else is said. */
const topicStretch = ({ by, ...asked }: TopicQuestion, today: Day): DateRange =>
  closeRange(asked, today, (last) => startOfLastPeriods(by, PERIODS[by], last));

const FIRST_LIST = "SELECT min(day) AS first FROM coverage WHERE list = 'daily' AND captures > 0";

/** The days that it is shown over: a beginning that nobody asked for is not before the first list, so that a young archive is no empty chart. */
function shownDays(catalog: Catalog, question: TopicQuestion, today: Day): DateRange {
  const days = topicStretch(question, today);
  const first = catalog.all<{ first: Day | null }>(FIRST_LIST)[0]?.first;
  return !question.from && first && first > days.from && first <= days.to ? { ...days, from: first } : days;
}

/** Reads a topic: a slug is a keyword, other words and what stands in double quotes a phrase; null for what holds no letter or digit. */
export function parseTopic(text: string): Topic | null {
  const [, quoted] = /^\s*"(.*)"\s*$/s.exec(text) ?? [];
  const topic = collapseWhitespace((quoted ?? text).replaceAll(/\p{Cc}/gu, ' '));
  if (slugOf(topic) === '') return null;
  return { kind: quoted === undefined && slugOf(topic) === topic ? 'keyword' : 'phrase', topic };
}

/** A phrase, whatever it looks like; null for what holds no letter or digit. */
export const parsePhrase = (text: string): Topic | null => {
  const topic = parseTopic(text)?.topic;
  return topic === undefined ? null : { kind: 'phrase', topic };
};

/** A topic over time; null for a keyword that was never seen. */
export async function getTopic(
  context: QueryContext,
  topic: Topic,
  question: TopicQuestion,
): Promise<TopicAnswer | null> {
  const { answer } = await compareTopics(context, [topic], question);
  if (!answer) return null;
  const { topics, ...span } = answer;
  return { ...(topics[0] as CompareAnswer['topics'][number]), ...span };
}

/** Several topics over the same time; no answer when keywords were never seen, which are named. */
export async function compareTopics(
  context: QueryContext,
  asked: readonly Topic[],
  question: TopicQuestion,
): Promise<{ answer: CompareAnswer | null; unseen: readonly string[] }> {
  const catalog = await context.catalog();
  const named = asked.map((topic) => ({ ...topic, name: nameOf(catalog, topic) }));
  const unseen = named.filter(({ name }) => name === null).map(({ topic }) => topic);
  if (unseen.length > 0) return { answer: null, unseen };
  const today = currentDay(context);
  const days = shownDays(catalog, question, today);
  const periods = eachPeriod(question.by, days);
  const listed = countListed(catalog, periods);
  const topics = named.map(({ kind, topic, name }) => {
    const papers = countTopicPapers(catalog, { kind, topic }, periods);
    const points = periods.map((period): TopicPoint => {
      const lists = listed(period);
      const own = papers(period);
      const total = topicTotal(kind, lists);
      const telling = hasEnoughKeywords(total, lists);
      return {
        period: period.name,
        papers: own.papers,
        total: total.papers,
        totalListed: lists.all.papers,
        share: topicShare(own.papers, total.papers, telling),
        upvotes: own.upvotes,
        totalUpvotes: total.upvotes,
        upvotesShare: topicShare(own.upvotes, total.upvotes, telling),
        daysCaptured: lists.daysCaptured,
        daysExpected: countPastDays(period, today),
      };
    });
    return { topic, kind, name: name ?? topic, points };
  });
  const breaks = asked.some(({ kind }) => kind === 'keyword') ? keywordBreaks() : [];
  return {
    answer: {
      by: question.by,
      ...days,
      topics,
      breaks: breaks.filter(({ day }) => day >= days.from && day <= days.to),
      sample: context.sample,
      catalogAsOf: catalog.asOf(),
      coverage: rangeCoverage(catalog, 'daily', days, today),
    },
    unseen,
  };
}

/** A keyword as the feed spells it in the newest paper, a phrase as it is; null for a keyword that was never seen. */
function nameOf(catalog: Catalog, { kind, topic }: Topic): string | null {
  if (kind === 'phrase') return topic;
  // newer papers have greater ids, but for those of before April 2007, which begin with letters
  const spelt = (below: string) =>
    catalog.all<{ keyword: string }>(
      'SELECT keyword FROM paper_keywords WHERE slug = ? AND paper_id < ? ORDER BY paper_id DESC LIMIT 1',
      [topic, below],
    )[0]?.keyword;
  return spelt('a') ?? spelt('~') ?? null;
}

const KEYWORDS = `SELECT k.slug AS id, count(DISTINCT a.paper_id) AS value FROM appearances AS a CROSS JOIN paper_keywords AS k
  ON k.paper_id = a.paper_id WHERE a.list = 'daily' AND a.day BETWEEN ? AND ?`;

type KeywordRow = { readonly id: string; readonly value: number };

/** The keywords of some days, those with most papers first, against as many days before; without `next`. */
export async function getTopics(
  context: QueryContext,
  question: TopicQuestion,
  paging: Paging,
): Promise<{ answer: TopicsAnswer; cursor: string | null }> {
  const catalog = await context.catalog();
  const today = currentDay(context);
  const now: Period = { name: 'now', ...shownDays(catalog, question, today) };
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
    answer: {
      from: now.from,
      to: now.to,
      now: daysOf(now),
      before: daysOf(before),
      topics,
      total: ranking.length,
      next: null,
      sample: context.sample,
      catalogAsOf: catalog.asOf(),
      coverage: rangeCoverage(catalog, 'daily', now, today),
    },
    cursor: page.cursor,
  };
}
