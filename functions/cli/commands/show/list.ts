import { formatCount } from '../../../../shared/lib/format.ts';
import { type ListName, listKind } from '../../../../shared/model/list.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import { getList, getNewestList } from '../../../../shared/query/list.ts';
import type { ListAnswer } from '../../../../shared/query/schemas.ts';
import { readListMonths } from '../../../../shared/table/calendar.ts';
import { usageError } from '../../context.ts';
import { dayFlag, listFlag, timeFlag } from '../../flags.ts';
import { clip, formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** `show watched`: the newest list of a search that is watched, or was. */
export async function showWatched(context: QueryContext, { which, ...asked }: ViewRequest): Promise<View> {
  if (which === null) throw usageError('which watched search?', 'name its slug: show watched agents');
  const search = listFlag(`watched:${which}`) as ListName;
  const lists = [...asked.lists.map(({ name }) => name), ...(await readListMonths(context.table)).keys()];
  if (lists.includes(search)) return showList(context, search, { ...asked, which: null });
  const slugs = [...new Set(lists.filter((name) => listKind(name) === 'watched'))].map((name) =>
    name.slice('watched:'.length),
  );
  const hint = slugs.length > 0 ? `name one of those that are: ${slugs.join(', ')}` : 'name it in PAPERKEEP_WATCH';
  throw usageError(`no search is watched or archived under the name ${which}`, hint);
}

/** `show daily` and `show trending`: a list, the newest or that of a day. */
export async function showList(context: QueryContext, list: ListName, { which, options }: ViewRequest): Promise<View> {
  allowOnly(['at'], 'a list', options);
  const day = dayFlag('the day', which ?? undefined);
  const question = { at: timeFlag('--at', options.at), sort: 'rank' } as const;
  const answer = day ? await getList(context, { list, day }, question) : await getNewestList(context, list, question);
  return { answer, text: drawList(answer) };
}

/** What each status means for the list. */
const STATUS = {
  captured: '',
  partial: 'only part of it was captured',
  empty: 'the feed said: no papers',
  failed: 'tried, but nothing usable came',
  missing: 'never captured',
} as const;

function drawList({ list, day, observedAt, coverage, papers }: ListAnswer): string {
  const { status, captures, failures, complete } = coverage;
  const seen = observedAt && `${formatCount(papers.length, 'paper')} as seen at ${observedAt}`;
  const whole = complete === true ? 'complete' : null;
  const visits =
    status === 'missing' ? null : `${formatCount(captures, 'capture')}, ${formatCount(failures, 'failed visit')}`;
  const head = [`${list} ${day}`, STATUS[status], seen, whole, visits].filter(Boolean).join(' · ');
  if (papers.length === 0) return head;
  const rows = papers.map((paper) => [
    paper.rank,
    paper.previousRank,
    paper.upvotes,
    paper.gain,
    paper.id,
    clip(paper.title, 72),
  ]);
  return `${head}\n\n${formatTable(['rank', 'was', 'upvotes', 'gain', 'id', 'title'], rows)}`;
}
