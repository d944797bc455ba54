import { PaperkeepError } from '../../../shared/kit/errors.ts';
import type { SourceName } from '../../../shared/model/target.ts';
import type { MoversAnswer } from '../../../shared/query/answers/movers.ts';
import { edgesAsked, moversAnswer, WINDOWS, type Window } from '../../../shared/query/movers.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { momentFlag, sourceFlag } from '../arguments.ts';
import { usage } from '../context.ts';
import { clip, drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** `show movers`: what entered a list, left it and moved between two captures. */
export async function showMovers(archive: Archive, { which, options }: Asked): Promise<Shown> {
  takeOnly(['from', 'to', 'window'], 'movers', options);
  const list = sourceFlag(which ?? 'daily') as SourceName;
  const found = await moversAnswer(archive, { list, ...edgesOf(archive, options) });
  if (found.answer) return { answer: found.answer, text: drawMovers(found.answer) };
  const mend = 'look at `paperkeep show coverage` for the days that were captured';
  throw new PaperkeepError('NOT_CAPTURED', found.why, mend);
}

function edgesOf({ clock }: Archive, options: Asked['options']) {
  const [from, to] = [momentFlag('--from', options.from, 'first'), momentFlag('--to', options.to, 'last')];
  const window = windowFlag(options.window);
  if (from && window) throw usage('--window ends at --to, and --from says where to begin', 'leave one of them out');
  const edges = edgesAsked({ from, to, window }, clock());
  if (edges) return edges;
  throw usage(`--from ${from} does not lie before --to ${to ?? 'now'}`, 'give an earlier one');
}

function windowFlag(value: unknown): Window | null {
  if (value === undefined) return null;
  if (Object.hasOwn(WINDOWS, String(value))) return String(value) as Window;
  throw usage(`--window ${String(value)} is no window`, `give one of ${Object.keys(WINDOWS).join(', ')}`);
}

/** Columns of a part, and how its rows are told. */
type Part = readonly [name: string, columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]];

function drawMovers({ list, from, to, hours, entered, left, moved, coverage }: MoversAnswer): string {
  const { before, after, missing } = coverage;
  const read =
    list === 'daily' ? ` · ${before.length} lists against ${after.length}, ${missing.length} not captured` : '';
  const head = `${list} · ${from.observedAt} to ${to.observedAt} · ${tenth(hours)} h${read}`;
  const parts: Part[] = [
    [
      'moved',
      ['was', 'rank', 'from', 'upvotes', 'per hour', 'hours', 'id', 'title'],
      moved.map((row) => [
        row.rankBefore,
        row.rankAfter,
        row.upvotesBefore,
        row.upvotesAfter,
        row.upvotesPerHour === null ? null : Math.round(row.upvotesPerHour * 100) / 100,
        tenth(row.hours),
        row.id,
        clip(row.title, 60),
      ]),
    ],
    [
      'entered',
      ['rank', 'upvotes', 'id', 'title'],
      entered.map((row) => [row.rank, row.upvotes, row.id, clip(row.title, 72)]),
    ],
    ['left', ['was', 'id', 'title'], left.map((row) => [row.rankBefore, row.id, clip(row.title, 72)])],
  ];
  const drawn = parts.map(([name, columns, rows]) =>
    rows.length === 0 ? `${name}: none` : `${name}: ${rows.length}\n\n${drawTable(columns, rows)}`,
  );
  return [head, ...drawn].join('\n\n');
}

const tenth = (hours: number): number => Math.round(hours * 10) / 10;
