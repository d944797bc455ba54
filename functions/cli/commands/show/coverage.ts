import type { ListName } from '../../../../shared/model/list.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import { getCoverage } from '../../../../shared/query/coverage.ts';
import { describeOutlook } from '../../../../shared/web/pages/text.ts';
import { listFlag, rangeFlags } from '../../flags.ts';
import { formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** `show coverage`: the calendar of a list. */
export async function showCoverage(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  allowOnly(['from', 'to'], 'coverage', options);
  const list = listFlag(which ?? 'daily') as ListName;
  const answer = await getCoverage(context, list, rangeFlags(options));
  const columns = [
    ...(['day', 'status', 'captures', 'failures', 'expected', 'papers', 'complete', 'settled', 'outlook'] as const),
    ...(list === 'trending' ? (['lostHours'] as const) : []),
  ];
  const { captured, partial, empty, failed, missing } = answer.summary;
  const sums = `${captured} captured, ${partial} partial, ${empty} without papers, ${failed} failed, ${missing} missing`;
  const rows = answer.days.map((day) => columns.map((column) => day[column]));
  const head = [`${answer.list} ${answer.from} to ${answer.to} · ${sums}`, ...describeOutlook(answer.summary)];
  return { answer, text: `${head.join('\n')}\n\n${formatTable(columns, rows)}` };
}
