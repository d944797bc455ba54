import type { ListName } from '../../../../shared/model/list.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import type { MoversAnswer } from '../../../../shared/query/movers.schema.ts';
import { getMovers, resolveMoversRange, WINDOW_HOURS } from '../../../../shared/query/movers.ts';
import { usageError } from '../../context.ts';
import { instantFlag, listFlag } from '../../flags.ts';
import { clip, formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** `show movers`: what entered a list, left it and moved between two captures. */
export async function showMovers(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  allowOnly(['from', 'to', 'window'], 'movers', options);
  const list = listFlag(which ?? 'daily') as ListName;
  const answer = await getMovers(context, list, edgesOf(context, options));
  return { answer, text: drawMovers(answer) };
}

function edgesOf({ clock }: QueryContext, options: ViewRequest['options']) {
  const [from, to] = [instantFlag('--from', options.from, 'first'), instantFlag('--to', options.to, 'last')];
  const window = windowFlag(options.window);
  if (from && window)
    throw usageError('--window ends at --to, and --from says where to begin', 'leave one of them out');
  const edges = resolveMoversRange({ from, to, window }, clock());
  if (edges) return edges;
  throw usageError(`--from ${from} does not lie before --to ${to ?? 'now'}`, 'give an earlier one');
}

function windowFlag(value: unknown): keyof typeof WINDOW_HOURS | null {
  if (value === undefined) return null;
  if (Object.hasOwn(WINDOW_HOURS, String(value))) return String(value) as keyof typeof WINDOW_HOURS;
  throw usageError(`--window ${String(value)} is no window`, `give one of ${Object.keys(WINDOW_HOURS).join(', ')}`);
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
    rows.length === 0 ? `${name}: none` : `${name}: ${rows.length}\n\n${formatTable(columns, rows)}`,
  );
  return [head, ...drawn].join('\n\n');
}

const tenth = (hours: number): number => Math.round(hours * 10) / 10;
