import { systemClock } from '../../shared/kit/clock.ts';
import { PaperkeepError } from '../../shared/kit/errors.ts';
import { asPaperId } from '../../shared/model/paper.ts';
import type { SourceName } from '../../shared/model/target.ts';
import type { ListAnswer } from '../../shared/query/answers.ts';
import { coverageAnswer } from '../../shared/query/coverage.ts';
import { listAnswer, newestList } from '../../shared/query/list.ts';
import { historyAnswer, paperAnswer } from '../../shared/query/paper.ts';
import type { Archive } from '../../shared/query/store.ts';
import { isSample, openRecords } from '../../shared/record/open.ts';
import { counted } from '../../shared/render/words.ts';
import { dayFlag, rangeFlags, sourceFlag, timeFlag } from './arguments.ts';
import type { Run } from './commands.ts';
import { usage } from './context.ts';
import { clip, drawTable } from './table.ts';

/** An answer as data and as text. */
type Shown = { readonly answer: unknown; readonly text: string };
/** What was asked for besides what to show. */
type Asked = { readonly which: string | null; readonly options: Readonly<Record<string, unknown>> };

/** `show`: the answers of the site as tables on a terminal. */
export const runShow: Run = async (context, [what, which], options) => {
  const show = shows.get(String(what));
  if (!show) throw usage(`there is no ${String(what)} to show`, `show ${[...shows.keys()].join(', ')}`);
  const records = await openRecords(context.settings.table);
  try {
    const archive: Archive = { records, clock: systemClock, sample: await isSample(records) };
    const { answer, text } = await show(archive, { which: which === undefined ? null : String(which), options });
    context.say(answer, archive.sample ? `SAMPLE: made-up papers\n\n${text}` : text);
    return 0;
  } finally {
    await records.close();
  }
};

const shows = new Map<string, (archive: Archive, asked: Asked) => Promise<Shown>>([
  ['daily', (archive, { which, options }) => showList(archive, 'daily', which, options)],
  ['trending', (archive, { which, options }) => showList(archive, 'trending', which, options)],
  ['watched', showWatched],
  ['paper', showPaper],
  ['coverage', showCoverage],
]);

/** Options that mean nothing here are refused rather than passed over. */
function refuse(options: Asked['options'], names: readonly string[], what: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given) throw usage(`--${given} says nothing about ${what}`, 'leave it out');
}

function showWatched(archive: Archive, { which, options }: Asked): Promise<Shown> {
  if (which === null) throw usage('which watched search?', 'name its slug: show watched agents');
  return showList(archive, sourceFlag(`watched:${which}`) as SourceName, null, options);
}

async function showList(
  archive: Archive,
  source: SourceName,
  which: string | null,
  options: Asked['options'],
): Promise<Shown> {
  refuse(options, ['from', 'to'], 'a list');
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

async function showPaper(archive: Archive, { which, options }: Asked): Promise<Shown> {
  refuse(options, ['at', 'from', 'to'], 'a paper');
  const id = asPaperId(which ?? '');
  if (!id) throw usage(which === null ? 'which paper?' : `"${which}" is no arXiv id`, 'give one like 2501.04519');
  const answer = await paperAnswer(archive, id);
  const history = await historyAnswer(archive, id, { list: null, from: null, to: null });
  if (!answer || !history) {
    const mend = 'look at `paperkeep show coverage` for the days that were captured';
    throw new PaperkeepError('NEVER_SEEN', `paper ${id} was never seen on any list`, mend);
  }
  return { answer: { ...answer, history: history.observations }, text: drawPaper(answer) };
}

function drawPaper({ paper, appearances }: NonNullable<Awaited<ReturnType<typeof paperAnswer>>>): string {
  const columns = ['list', 'target', 'captures', 'first rank', 'best', 'last', 'first upvotes', 'peak', 'last'];
  const rows = appearances.map((on) => [
    on.list,
    on.target,
    on.captures,
    on.firstRank,
    on.bestRank,
    on.lastRank,
    on.firstUpvotes,
    on.peakUpvotes,
    on.lastUpvotes,
  ]);
  const seen = `seen ${paper.firstSeen} to ${paper.lastSeen}`;
  return [paper.title, paper.authors.join(', '), `${paper.url} · ${seen}`, '', drawTable(columns, rows)].join('\n');
}

async function showCoverage(archive: Archive, { which, options }: Asked): Promise<Shown> {
  refuse(options, ['at'], 'coverage');
  const list = sourceFlag(which ?? 'daily') as SourceName;
  const answer = await coverageAnswer(archive, list, rangeFlags(options));
  const columns = ['day', 'status', 'captures', 'failures', 'expected', 'papers', 'complete', 'settled'] as const;
  const { captured, partial, empty, failed, missing } = answer.summary;
  const sums = `${captured} captured, ${partial} partial, ${empty} without papers, ${failed} failed, ${missing} missing`;
  const rows = answer.days.map((day) => columns.map((column) => day[column]));
  return { answer, text: `${answer.list} ${answer.from} to ${answer.to} · ${sums}\n\n${drawTable(columns, rows)}` };
}
