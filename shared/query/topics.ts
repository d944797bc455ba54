import type { Catalog } from '../catalog/sqlite.ts';
import type { Day } from '../kit/clock.ts';
import { beginOfLast, type Period, type PeriodKind, periodsOf, type Stretch } from '../kit/period.ts';
import { collapse, slugOf } from '../model/paper.ts';
import type { CompareAnswer, TopicAnswer, TopicLine, TopicPoint, TopicsAnswer } from './answers/topics.ts';
import type { Paging } from './page.ts';
import { rankedPage } from './ranked.ts';
import { isTelling, keywordBreaks, type Listed, listedIn, papersOf, shareOf, type Topic, totalFor } from './share.ts';
import { closed, daysDue, type OpenStretch, spanCoverage, stretchBefore } from './span.ts';
import { type Archive, todayOf } from './store.ts';

/** Over which days, and by what they are put together. */
export type TopicQuestion = OpenStretch & { readonly by: PeriodKind };

/** Weeks or months of a topic that nobody said the beginning of: half a year of weeks, two years of months. */
const PERIODS: Readonly<Record<PeriodKind, number>> = { week: 26, month: 24 };

/** The days that a topic is asked over: the last 26 weeks or 24 months up to its end, which is today, where nothing else is said. */
const topicStretch = ({ by, ...asked }: TopicQuestion, today: Day): Stretch =>
  closed(asked, today, (last) => beginOfLast(by, PERIODS[by], last));

const FIRST_LIST = "SELECT min(day) AS first FROM coverage WHERE list = 'daily' AND captures > 0";

/** The days that it is shown over: a beginning that nobody asked for is not before the first list, so that a young archive is no empty chart. */
function shownDays(catalog: Catalog, question: TopicQuestion, today: Day): Stretch {
  const days = topicStretch(question, today);
  const first = catalog.all<{ first: Day | null }>(FIRST_LIST)[0]?.first;
  return !question.from && first && first > days.from && first <= days.to ? { ...days, from: first } : days;
}

/** Reads a topic: a slug is a keyword, other words and what stands in double quotes a phrase; null for what holds no letter or digit. */
export function asTopic(text: string): Topic | null {
  const [, quoted] = /^\s*"(.*)"\s*$/s.exec(text) ?? [];
  const topic = collapse((quoted ?? text).replaceAll(/\p{Cc}/gu, ' '));
  if (slugOf(topic) === '') return null;
  return { kind: quoted === undefined && slugOf(topic) === topic ? 'keyword' : 'phrase', topic };
}

/** A phrase, whatever it looks like; null for what holds no letter or digit. */
export const asPhrase = (text: string): Topic | null => {
  const topic = asTopic(text)?.topic;
  return topic === undefined ? null : { kind: 'phrase', topic };
};

/** A topic over time; null for a keyword that was never seen. */
export async function topicAnswer(
  archive: Archive,
  topic: Topic,
  question: TopicQuestion,
): Promise<TopicAnswer | null> {
  const { answer } = await compareAnswer(archive, [topic], question);
  if (!answer) return null;
  const { topics, ...span } = answer;
  return { ...(topics[0] as CompareAnswer['topics'][number]), ...span };
}

/** Several topics over the same time; no answer when keywords were never seen, which are named. */
export async function compareAnswer(
  archive: Archive,
  asked: readonly Topic[],
  question: TopicQuestion,
): Promise<{ answer: CompareAnswer | null; unseen: readonly string[] }> {
  const catalog = await archive.catalog();
  const named = asked.map((topic) => ({ ...topic, name: nameOf(catalog, topic) }));
  const unseen = named.filter(({ name }) => name === null).map(({ topic }) => topic);
  if (unseen.length > 0) return { answer: null, unseen };
  const today = todayOf(archive);
  const days = shownDays(catalog, question, today);
  const periods = periodsOf(question.by, days);
  const listed = listedIn(catalog, periods);
  const topics = named.map(({ kind, topic, name }) => {
    const papers = papersOf(catalog, { kind, topic }, periods);
    const points = periods.map((period): TopicPoint => {
      const lists = listed(period);
      const own = papers(period);
      const total = totalFor(kind, lists);
      const telling = isTelling(total, lists);
      return {
        period: period.name,
        papers: own.papers,
        total: total.papers,
        totalListed: lists.all.papers,
        share: shareOf(own.papers, total.papers, telling),
        upvotes: own.upvotes,
        totalUpvotes: total.upvotes,
        upvotesShare: shareOf(own.upvotes, total.upvotes, telling),
        daysCaptured: lists.daysCaptured,
        daysExpected: daysDue(period, today),
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
      sample: archive.sample,
      catalogAsOf: catalog.asOf(),
      coverage: spanCoverage(catalog, 'daily', days, today),
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
  ON k.paper_id = a.paper_id WHERE a.list = 'daily' AND a.target BETWEEN ? AND ?`;

type KeywordRow = { readonly id: string; readonly value: number };

/** The keywords of some days, those with most papers first, against as many days before; without `next`. */
export async function topicsAnswer(
  archive: Archive,
  question: TopicQuestion,
  paging: Paging,
): Promise<{ answer: TopicsAnswer; cursor: string | null }> {
  const catalog = await archive.catalog();
  const today = todayOf(archive);
  const now: Period = { name: 'now', ...shownDays(catalog, question, today) };
  const before: Period = { name: 'before', ...stretchBefore(now) };
  const ranking = catalog.all<KeywordRow>(`${KEYWORDS} AND k.slug <> '' GROUP BY k.slug ORDER BY value DESC, k.slug`, [
    now.from,
    now.to,
  ]);
  const page = rankedPage(ranking, paging);
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
  const listed = listedIn(catalog, [now, before]);
  const share = (papers: number, lists: Listed) => shareOf(papers, lists.known.papers, isTelling(lists.known, lists));
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
    const daysExpected = daysDue(period, today);
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
      sample: archive.sample,
      catalogAsOf: catalog.asOf(),
      coverage: spanCoverage(catalog, 'daily', now, today),
    },
    cursor: page.cursor,
  };
}
