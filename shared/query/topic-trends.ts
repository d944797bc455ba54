import { findTrends, type Trend } from '../catalog/rising.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { addDays, type Day } from '../lib/time.ts';
import { cached } from './cached-rows.ts';
import { currentDay, type QueryContext } from './context.ts';
import { closeRange } from './range.ts';
import { type Topic, topicShare } from './topic-counts.ts';
import type { TopicLine } from './topics.schema.ts';

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
      topics: chosen.map(({ kind, topic, name, trend, papers, total, papersBefore, totalBefore, inRanges }) => ({
        kind,
        topic,
        name,
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

/** A topic that rises: how many papers of the week and of the eight weeks before have it, of how many. */
export type RisingTopic = Pick<TopicLine, 'kind' | 'topic' | 'name' | 'papers' | 'total'> & {
  readonly papersBefore: number;
  readonly totalBefore: number;
};

/** Reads the topics that rise, from the catalog as it is; none while there is no catalog. */
export async function readRisingTopics(
  { catalog, recentCatalog = catalog }: QueryContext,
  limit: number,
): Promise<RisingTopic[]> {
  try {
    return (await recentCatalog(null)).all<RisingTopic>(
      'SELECT kind, topic, name, papers, total, papers_before AS papersBefore, total_before AS totalBefore FROM rising ORDER BY place LIMIT ?',
      [limit],
    );
  } catch (error) {
    if (error instanceof PaperkeepError) return [];
    throw error;
  }
}
