import * as z from 'zod';
import { mapConcurrent } from '../lib/concurrency.ts';
import { compareText } from '../lib/order.ts';
import { toReadFrom } from './answer-coverage.ts';
import type { QueryContext } from './context.ts';
import { unknownPaperError } from './errors.ts';
import { observationsBetween } from './observations.ts';
import type { HistoryAnswer } from './paper.schema.ts';
import { firstSeen, lastSeen, readPaperSummaries } from './paper-summaries.ts';
import { endsAfterStart, list, orNull, paperId, rangeEnd, rangeStart } from './parameters.ts';
import { defineQuestion } from './question.ts';

const parameters = z.object({ id: paperId, list: orNull(list), from: orNull(rangeStart), to: orNull(rangeEnd) });

/** The history of a paper. */
export const historyQuestion = defineQuestion({
  path: '/papers/:id/history',
  summary: 'Every observation of a paper, in time order.',
  notFound: 'The paper was never seen.',
  parameters,
  rules: [endsAfterStart],
  answer: async () => (await import('./paper.schema.ts')).HistoryAnswer,
  run: (context, { id, ...range }) => getHistory(context, id, range),
});

/**
 * Every observation of a paper on a list (null: on all) in a range of time, both ends included, in time order.
 *
 * @throws {NotFoundError} when it was never seen
 */
export async function getHistory(
  { table, sample }: QueryContext,
  id: string,
  { list, from, to }: Omit<z.output<typeof parameters>, 'id'>,
): Promise<HistoryAnswer> {
  const life = await readPaperSummaries(table, id);
  if (!life) throw unknownPaperError(id);
  const asked = life.on.filter(
    (on) => (!list || on.listDay.list === list) && (!from || lastSeen(on) >= from) && (!to || firstSeen(on) <= to),
  );
  const rows = await mapConcurrent(asked, async (on) =>
    (await observationsBetween(table, on)).flatMap(({ at, row }) => (row ? [{ at, ...on.listDay, ...row }] : [])),
  );
  const observations = rows
    .flat()
    .filter(({ at }) => (!from || at >= from) && (!to || at <= to))
    .sort((a, b) => compareText(a.at, b.at) || compareText(a.list, b.list));
  return { id, observations, coverage: toReadFrom(asked), total: observations.length, next: null, sample };
}
