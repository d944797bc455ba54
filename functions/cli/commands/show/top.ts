import { formatDateRange } from '../../../../shared/lib/format.ts';
import { parsePeriod } from '../../../../shared/lib/period.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import { parseAgeHours, topBy } from '../../../../shared/query/parameters.ts';
import type { OpenDateRange } from '../../../../shared/query/range.ts';
import type { TopAnswer } from '../../../../shared/query/schemas/top.ts';
import { getTop, type TopBy } from '../../../../shared/query/top.ts';
import { describeRangeCoverage } from '../../../../shared/web/pages/text.ts';
import { usageError } from '../../context.ts';
import { listFlag, rangeFlags } from '../../flags.ts';
import { clip, formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** As many papers as a terminal can show; the site gives them all. */
const SHOWN = 100;

/** `show top`: the leaderboard of a week, a month or a range of days. */
export async function showTop(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  if (which === null) allowOnly(['from', 'to', 'list', 'by', 'age'], 'a leaderboard', options);
  else allowOnly(['list', 'by', 'age'], 'the leaderboard of a week or month', options);
  const list = listFlag(options.list) ?? 'daily';
  const by = byFlag(options.by);
  const question = { list, by, ageHours: ageFlag(options.age, by), ...daysIn(which, options) };
  const { answer } = await getTop(context, question, { limit: SHOWN, after: null });
  return { answer, text: drawTop(answer) };
}

function daysIn(which: string | null, options: ViewRequest['options']): OpenDateRange {
  if (which === null) return rangeFlags(options);
  const days = parsePeriod('week', which) ?? parsePeriod('month', which);
  if (days) return days;
  throw usageError(`${which} is no week or month of the calendar`, 'give one as 2025-W02 or 2025-01');
}

function byFlag(value: unknown): TopBy {
  const read = topBy.safeParse(value);
  if (read.success) return read.data;
  throw usageError(`--by ${String(value)} is nothing to rank by`, 'rank by upvotes, gain or days');
}

function ageFlag(value: unknown, by: TopBy): number | null {
  if (value === undefined) return null;
  if (by === 'days') throw usageError('--age says nothing of --by days', 'leave one of them out');
  const hours = parseAgeHours(String(value));
  if (hours !== null) return hours;
  throw usageError(`--age ${String(value)} is no age`, 'give one as 36h or 2d, up to 400d');
}

function drawTop({ list, from, to, by, ageHours, coverage, papers, total }: TopAnswer): string {
  const ranked = ageHours === null ? `by ${by}` : `by ${by} after ${ageHours} h`;
  const head = `top of ${list}, ${formatDateRange(from, to)} · ${ranked} · ${describeRangeCoverage(coverage)}`;
  if (papers.length === 0) return head;
  const rows = papers.map((paper) => [
    paper.rank,
    paper.value,
    paper.upvotes,
    paper.gain,
    paper.listedOn,
    paper.id,
    clip(paper.title, 60),
  ]);
  const more = total > papers.length ? `\n[${total - papers.length} more]` : '';
  return `${head}\n\n${formatTable(['rank', 'value', 'upvotes', 'gain', 'listed', 'id', 'title'], rows)}${more}`;
}
