import { formatCount } from '../../../../shared/lib/format.ts';
import { addSeconds, parseDay, startOfDay } from '../../../../shared/lib/time.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import { getNewPapers } from '../../../../shared/query/new.ts';
import { usageError } from '../../context.ts';
import { timeFlag } from '../../flags.ts';
import { clip, formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** As far as it looks back unless told, in seconds: a day. */
const BACK_SECONDS = 86_400;
/** More papers than are first seen in any time anybody asks for. */
const ALL = 1_000_000;

/** `show new`: papers first seen since a moment, all of them. */
export async function showNew(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  allowOnly(['since'], 'what is new', options);
  if (which !== null) throw usageError(`new takes no ${which}`, 'say since when: show new --since 2025-01-08');
  const day = parseDay(String(options.since));
  const since = day ? startOfDay(day) : timeFlag('--since', options.since);
  const question = { since: since ?? addSeconds(context.clock(), -BACK_SECONDS), list: null };
  const { answer } = await getNewPapers(context, question, { limit: ALL, after: null });
  const head = `${formatCount(answer.total, 'paper')} first seen since ${answer.since}`;
  const rows = answer.papers.map(({ firstSeen, id, upvotes, title }) => [firstSeen, id, upvotes, clip(title, 72)]);
  const table = formatTable(['first seen', 'id', 'upvotes', 'title'], rows);
  return { answer, text: rows.length === 0 ? head : `${head}\n\n${table}` };
}
