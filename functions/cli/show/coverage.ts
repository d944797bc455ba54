import type { SourceName } from '../../../shared/model/target.ts';
import { coverageAnswer } from '../../../shared/query/coverage.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { outlookSentences } from '../../../shared/render/words.ts';
import { rangeFlags, sourceFlag } from '../arguments.ts';
import { drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** `show coverage`: the calendar of a list. */
export async function showCoverage(archive: Archive, { which, options }: Asked): Promise<Shown> {
  takeOnly(['from', 'to'], 'coverage', options);
  const list = sourceFlag(which ?? 'daily') as SourceName;
  const answer = await coverageAnswer(archive, list, rangeFlags(options));
  const columns = [
    ...(['day', 'status', 'captures', 'failures', 'expected', 'papers', 'complete', 'settled', 'outlook'] as const),
    ...(list === 'trending' ? (['lostHours'] as const) : []),
  ];
  const { captured, partial, empty, failed, missing } = answer.summary;
  const sums = `${captured} captured, ${partial} partial, ${empty} without papers, ${failed} failed, ${missing} missing`;
  const rows = answer.days.map((day) => columns.map((column) => day[column]));
  const head = [`${answer.list} ${answer.from} to ${answer.to} · ${sums}`, ...outlookSentences(answer.summary)];
  return { answer, text: `${head.join('\n')}\n\n${drawTable(columns, rows)}` };
}
