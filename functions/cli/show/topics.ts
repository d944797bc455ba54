import { PaperkeepError } from '../../../shared/kit/errors.ts';
import type { PeriodKind } from '../../../shared/kit/period.ts';
import type { CompareAnswer } from '../../../shared/query/answers/topics.ts';
import type { Topic } from '../../../shared/query/share.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { asTopic, compareAnswer, type TopicQuestion, topicAnswer } from '../../../shared/query/topics.ts';
import { percent } from '../../../shared/render/lines.ts';
import { spanWords, stretchWords } from '../../../shared/render/span.ts';
import * as params from '../../../shared/serve/params.ts';
import { rangeFlags } from '../arguments.ts';
import { usage } from '../context.ts';
import { drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** `show topic`: a keyword or a phrase over time. */
export async function showTopic(archive: Archive, { which, options }: Asked): Promise<Shown> {
  const question = questionOf(options);
  const topic = asTopic(which ?? '');
  if (!topic)
    throw usage('which topic?', 'name a keyword by its slug, or a phrase in quotes: show topic "world model"');
  const answer = await topicAnswer(archive, topic, question);
  if (!answer) throw neverSeen([topic.topic]);
  const { points, kind, name } = answer;
  const columns = ['period', 'papers', 'of', 'share', 'listed', 'upvotes', 'of', 'share', 'days'];
  const rows = points.map((point) => [
    point.period,
    point.papers,
    point.total,
    percent(point.share),
    point.totalListed,
    point.upvotes,
    point.totalUpvotes,
    percent(point.upvotesShare),
    `${point.daysCaptured} of ${point.daysExpected}`,
  ]);
  return { answer, text: `${headOf(`${kind} ${name}`, answer)}\n\n${drawTable(columns, rows)}` };
}

/** `show compare`: several topics over the same time. */
export async function showCompare(archive: Archive, { which, options }: Asked): Promise<Shown> {
  const question = questionOf(options);
  const { answer, unseen } = await compareAnswer(archive, topicsIn(which), question);
  if (!answer) throw neverSeen(unseen);
  const { topics } = answer;
  const rows = (topics[0]?.points ?? []).map(({ period, totalListed, daysCaptured, daysExpected }, at) => [
    period,
    ...topics.map(({ points }) => percent(points[at]?.share ?? null)),
    totalListed,
    `${daysCaptured} of ${daysExpected}`,
  ]);
  const columns = ['period', ...topics.map(({ name }) => name), 'listed', 'days'];
  return { answer, text: `${headOf('share of papers', answer)}\n\n${drawTable(columns, rows)}` };
}

function questionOf(options: Asked['options']): TopicQuestion {
  takeOnly(['from', 'to', 'by'], 'a topic', options);
  return { by: byFlag(options.by), ...rangeFlags(options) };
}

function byFlag(value: unknown): PeriodKind {
  const read = params.by.safeParse(value);
  if (read.success) return read.data;
  throw usage(`--by ${String(value)} is no period`, 'say week or month');
}

function topicsIn(which: string | null): readonly Topic[] {
  const read = params.topics.safeParse(which ?? '');
  if (read.success) return read.data;
  throw usage(`which topics? ${read.error.issues[0]?.message}`, 'name some: show compare agents,diffusion-models');
}

const neverSeen = (topics: readonly string[]): PaperkeepError =>
  new PaperkeepError(
    'NEVER_SEEN',
    `no paper with the keyword ${topics.join(', ')} was seen`,
    'look for it as a phrase: put it in double quotes inside of single ones',
  );

const headOf = (what: string, { from, to, by, coverage }: Omit<CompareAnswer, 'topics'>): string =>
  `${what} · ${stretchWords(from, to)} by ${by} · ${spanWords(coverage)}`;
