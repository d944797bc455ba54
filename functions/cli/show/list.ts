import { kindOf, type SourceName } from '../../../shared/model/target.ts';
import type { ListAnswer } from '../../../shared/query/answers.ts';
import { listAnswer, newestList } from '../../../shared/query/list.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { listsOf } from '../../../shared/record/calendar.ts';
import { counted } from '../../../shared/render/words.ts';
import { dayFlag, sourceFlag, timeFlag } from '../arguments.ts';
import { usage } from '../context.ts';
import { clip, drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** `show watched`: the newest list of a search that is watched, or was. */
export async function showWatched(archive: Archive, { which, ...asked }: Asked): Promise<Shown> {
  if (which === null) throw usage('which watched search?', 'name its slug: show watched agents');
  const search = sourceFlag(`watched:${which}`) as SourceName;
  const lists = [...asked.sources.map(({ name }) => name), ...(await listsOf(archive.records)).keys()];
  if (lists.includes(search)) return showList(archive, search, { ...asked, which: null });
  const slugs = [...new Set(lists.filter((name) => kindOf(name) === 'watched'))].map((name) =>
    name.slice('watched:'.length),
  );
  const mend = slugs.length > 0 ? `name one of those that are: ${slugs.join(', ')}` : 'name it in PAPERKEEP_WATCH';
  throw usage(`no search is watched or archived under the name ${which}`, mend);
}

/** `show daily` and `show trending`: a list, the newest or that of a day. */
export async function showList(archive: Archive, source: SourceName, { which, options }: Asked): Promise<Shown> {
  takeOnly(['at'], 'a list', options);
  const day = dayFlag('the day', which ?? undefined);
  const question = { at: timeFlag('--at', options.at), sort: 'rank' } as const;
  const answer = day
    ? await listAnswer(archive, { source, day }, question)
    : await newestList(archive, source, question);
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

function drawList({ list, target, observedAt, coverage, papers }: ListAnswer): string {
  const { status, captures, failures, complete } = coverage;
  const seen = observedAt && `${counted(papers.length, 'paper')} as seen at ${observedAt}`;
  const whole = complete === true ? 'complete' : null;
  const visits = status === 'missing' ? null : `${counted(captures, 'capture')}, ${counted(failures, 'failed visit')}`;
  const head = [`${list} ${target}`, STATUS[status], seen, whole, visits].filter(Boolean).join(' · ');
  if (papers.length === 0) return head;
  const rows = papers.map((paper) => [
    paper.rank,
    paper.previousRank,
    paper.upvotes,
    paper.gain,
    paper.id,
    clip(paper.title, 72),
  ]);
  return `${head}\n\n${drawTable(['rank', 'was', 'upvotes', 'gain', 'id', 'title'], rows)}`;
}
