import { daysOfPeriod } from '../../../shared/kit/period.ts';
import type { TopAnswer } from '../../../shared/query/answers/top.ts';
import type { OpenStretch } from '../../../shared/query/span.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { type TopBy, topAnswer } from '../../../shared/query/top.ts';
import { spanWords, stretchWords } from '../../../shared/render/span.ts';
import { ageHoursOf, topBy } from '../../../shared/serve/params.ts';
import { rangeFlags, sourceFlag } from '../arguments.ts';
import { usage } from '../context.ts';
import { clip, drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** As many papers as a terminal can show; the site gives them all. */
const SHOWN = 100;

/** `show top`: the leaderboard of a week, a month or a range of days. */
export async function showTop(archive: Archive, { which, options }: Asked): Promise<Shown> {
  if (which === null) takeOnly(['from', 'to', 'list', 'by', 'age'], 'a leaderboard', options);
  else takeOnly(['list', 'by', 'age'], 'the leaderboard of a week or month', options);
  const list = sourceFlag(options.list) ?? 'daily';
  const by = byFlag(options.by);
  const question = { list, by, ageHours: ageFlag(options.age, by), ...daysIn(which, options) };
  const { answer } = await topAnswer(archive, question, { limit: SHOWN, after: null });
  return { answer, text: drawTop(answer) };
}

function daysIn(which: string | null, options: Asked['options']): OpenStretch {
  if (which === null) return rangeFlags(options);
  const days = daysOfPeriod('week', which) ?? daysOfPeriod('month', which);
  if (days) return days;
  throw usage(`${which} is no week or month of the calendar`, 'give one as 2025-W02 or 2025-01');
}

function byFlag(value: unknown): TopBy {
  const read = topBy.safeParse(value);
  if (read.success) return read.data;
  throw usage(`--by ${String(value)} is nothing to rank by`, 'rank by upvotes, gain or days');
}

function ageFlag(value: unknown, by: TopBy): number | null {
  if (value === undefined) return null;
  if (by === 'days') throw usage('--age says nothing of --by days', 'leave one of them out');
  const hours = ageHoursOf(String(value));
  if (hours !== null) return hours;
  throw usage(`--age ${String(value)} is no age`, 'give one as 36h or 2d, up to 400d');
}

function drawTop({ list, from, to, by, ageHours, coverage, papers, total }: TopAnswer): string {
  const ranked = ageHours === null ? `by ${by}` : `by ${by} after ${ageHours} h`;
  const head = `top of ${list}, ${stretchWords(from, to)} · ${ranked} · ${spanWords(coverage)}`;
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
  return `${head}\n\n${drawTable(['rank', 'value', 'upvotes', 'gain', 'listed', 'id', 'title'], rows)}${more}`;
}
