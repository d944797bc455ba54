import * as z from 'zod';
import { formatCount } from '../../../../shared/lib/format.ts';
import type { Day, Instant } from '../../../../shared/lib/time.ts';
import type { ListName } from '../../../../shared/model/list.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import type { ListAnswer } from '../../../../shared/query/list.schema.ts';
import { getList, getNewestList } from '../../../../shared/query/list.ts';
import * as params from '../../../../shared/query/parameters.ts';
import { describeDelay } from '../../../../shared/web/pages/text.ts';
import { valueFlag } from '../../flags.ts';
import { formatSection, titleColumn } from '../../output.ts';
import type { Answered } from '../../show-answer.ts';

/** Flags of the commands that show a list. */
export const listFlags = z.object({
  at: valueFlag(params.instant.optional(), '<time>', 'as it was known at that time'),
});

/** Answers with the list of a day, or with the newest one. */
export async function answerList(
  context: QueryContext,
  list: ListName,
  { day, at }: { readonly day?: Day | undefined; readonly at?: Instant | undefined },
): Promise<Answered> {
  const question = { at: at ?? null, sort: 'rank' } as const;
  const answer = day ? await getList(context, { list, day }, question) : await getNewestList(context, list, question);
  return { answer, text: formatList(answer) };
}

const STATUS = {
  captured: '',
  partial: 'only part of it was captured',
  empty: 'no papers listed',
  failed: 'not captured: every visit failed',
  missing: 'not captured',
} as const;

function formatList({ list, day, observedAt, coverage, papers }: ListAnswer): string {
  const { status, captures, failures, complete } = coverage;
  const seen = observedAt && `${formatCount(papers.length, 'paper')} at ${observedAt}`;
  const visits =
    status === 'missing' ? null : `${formatCount(captures, 'capture')}, ${formatCount(failures, 'failed visit')}`;
  const head = [
    `${list} ${day}`,
    STATUS[status],
    seen,
    complete ? 'complete' : null,
    visits,
    ...describeDelay({ list, day, coverage }),
  ];
  const heading = head.filter(Boolean).join(' · ');
  return formatSection(heading, papers, [
    'rank',
    ['was', 'previousRank'],
    'upvotes',
    'gain',
    ['expected', ({ expectedUpvotes }) => expectedUpvotes && Math.round(expectedUpvotes * 10) / 10],
    'id',
    titleColumn(72),
  ]);
}
