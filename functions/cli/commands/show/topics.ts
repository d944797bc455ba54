import { PaperkeepError } from '../../../../shared/lib/errors.ts';
import { formatDateRange, formatPercent } from '../../../../shared/lib/format.ts';
import type { PeriodKind } from '../../../../shared/lib/period.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import * as params from '../../../../shared/query/parameters.ts';
import type { CompareAnswer } from '../../../../shared/query/schemas/topics.ts';
import type { Topic } from '../../../../shared/query/topic-counts.ts';
import { compareTopics, getTopic, parseTopic, type TopicQuestion } from '../../../../shared/query/topics.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { usageError } from '../../context.ts';
import { rangeFlags } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** `show topic`: a keyword or a phrase over time. */
export async function showTopic(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  const question = questionOf(options);
  const topic = parseTopic(which ?? '');
  if (!topic)
    throw usageError('which topic?', 'name a keyword by its slug, or a phrase in quotes: show topic "world model"');
  const answer = await getTopic(context, topic, question);
  if (!answer) throw neverSeen([topic.topic]);
  const { points, kind, name } = answer;
  const columns = ['period', 'papers', 'of', 'share', 'listed', 'upvotes', 'of', 'share', 'days'];
  const rows = points.map((point) => [
    point.period,
    point.papers,
    point.total,
    formatPercent(point.share),
    point.totalListed,
    point.upvotes,
    point.totalUpvotes,
    formatPercent(point.upvotesShare),
    `${point.daysCaptured} of ${point.daysExpected}`,
  ]);
  return { answer, text: `${headOf(`${kind} ${name}`, answer)}\n\n${formatTable(columns, rows)}` };
}

/** `show compare`: several topics over the same time. */
export async function showCompare(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  const question = questionOf(options);
  const { answer, unseen } = await compareTopics(context, topicsIn(which), question);
  if (!answer) throw neverSeen(unseen);
  const { topics } = answer;
  const rows = (topics[0]?.points ?? []).map(({ period, totalListed, daysCaptured, daysExpected }, at) => [
    period,
    ...topics.map(({ points }) => formatPercent(points[at]?.share ?? null)),
    totalListed,
    `${daysCaptured} of ${daysExpected}`,
  ]);
  const columns = ['period', ...topics.map(({ name }) => name), 'listed', 'days'];
  return { answer, text: `${headOf('share of papers', answer)}\n\n${formatTable(columns, rows)}` };
}

function questionOf(options: ViewRequest['options']): TopicQuestion {
  allowOnly(['from', 'to', 'by'], 'a topic', options);
  return { by: byFlag(options.by), ...rangeFlags(options) };
}

function byFlag(value: unknown): PeriodKind {
  const read = params.by.safeParse(value);
  if (read.success) return read.data;
  throw usageError(`--by ${String(value)} is no period`, 'say week or month');
}

function topicsIn(which: string | null): readonly Topic[] {
  const read = params.topics.safeParse(which ?? '');
  if (read.success) return read.data;
  throw usageError(`which topics? ${read.error.issues[0]?.message}`, 'name some: show compare agents,diffusion-models');
}

const neverSeen = (topics: readonly string[]): PaperkeepError =>
  new PaperkeepError({
    code: 'NEVER_SEEN',
    message: `no paper with the keyword ${topics.join(', ')} was seen`,
    hint: 'look for it as a phrase: put it in double quotes inside of single ones',
  });

const headOf = (what: string, { from, to, by, coverage }: Omit<CompareAnswer, 'topics'>): string =>
  `${what} · ${formatDateRange(from, to)} by ${by} · ${describeRangeCoverage(coverage)}`;
