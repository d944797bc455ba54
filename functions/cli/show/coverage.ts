import type { SourceName } from '../../../shared/model/target.ts';
import { coverageAnswer } from '../../../shared/query/coverage.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { rangeFlags, sourceFlag } from '../arguments.ts';
import { drawTable } from '../table.ts';
import { type Asked, refuse, type Shown } from './shown.ts';

/** `show coverage`: the calendar of a list. */
export async function showCoverage(archive: Archive, { which, options }: Asked): Promise<Shown> {
  refuse(options, ['at', 'window'], 'coverage');
  const list = sourceFlag(which ?? 'daily') as SourceName;
  const answer = await coverageAnswer(archive, list, rangeFlags(options));
  const columns = ['day', 'status', 'captures', 'failures', 'expected', 'papers', 'complete', 'settled'] as const;
  const { captured, partial, empty, failed, missing } = answer.summary;
  const sums = `${captured} captured, ${partial} partial, ${empty} without papers, ${failed} failed, ${missing} missing`;
  const rows = answer.days.map((day) => columns.map((column) => day[column]));
  return { answer, text: `${answer.list} ${answer.from} to ${answer.to} · ${sums}\n\n${drawTable(columns, rows)}` };
}
