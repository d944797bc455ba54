import { type Instant, systemClock } from '../../shared/kit/clock.ts';
import type { ExitCode } from '../../shared/kit/errors.ts';
import { asPaperId } from '../../shared/model/paper.ts';
import { asSource, type SourceName } from '../../shared/model/target.ts';
import type { ListAnswer } from '../../shared/query/answers.ts';
import { coverageAnswer } from '../../shared/query/coverage.ts';
import { listAnswer, newestList } from '../../shared/query/list.ts';
import { historyAnswer, paperAnswer } from '../../shared/query/paper.ts';
import type { Archive } from '../../shared/query/store.ts';
import { dayFlag, rangeFlags, sourceFlag, timeFlag } from './arguments.ts';
import { type Context, openHouse, usage } from './context.ts';
import type { CliCommand } from './main.ts';
import { clip, drawTable } from './table.ts';

/** `show`: the answers of the site as tables on a terminal. */
export const showCommand: CliCommand = {
  usage: 'show <what> [which]',
  says: 'Shows daily DAY, trending [DAY], watched SLUG, paper ID or coverage [LIST] as tables.',
  example: 'show daily 2025-01-08 --at 2025-01-08T12:00:00Z',
  options: [
    ['--at <time>', 'as it was known then'],
    ['--from <day>', 'coverage: first day'],
    ['--to <day>', 'coverage: last day'],
  ],
  async run(context, [what, which], options) {
    const at = timeFlag('--at', options.at);
    const house = await openHouse(context);
    const archive: Archive = { records: house.records, clock: systemClock, sample: false };
    try {
      if (what === 'paper') return await showPaper(context, archive, String(which ?? ''));
      if (what === 'coverage') return await showCoverage(context, archive, which, options);
      const source = what === 'watched' ? sourceFlag(`watched:${String(which)}`) : asSource(String(what));
      if (!source)
        throw usage(`there is no ${String(what)} to show`, 'show daily, trending, watched, paper or coverage');
      return await showList(context, archive, source, what === 'watched' ? undefined : which, at);
    } finally {
      await house.close();
    }
  },
};

async function showList(
  context: Context,
  archive: Archive,
  source: SourceName,
  which: unknown,
  at: Instant | null,
): Promise<ExitCode> {
  const day = dayFlag('the day', which);
  const question = { at, sort: 'rank' } as const;
  const answer = day
    ? await listAnswer(archive, { source, day }, question)
    : await newestList(archive, source, question);
  context.say(answer, drawList(answer));
  return 0;
}

function drawList({ list, target, observedAt, coverage, papers }: ListAnswer): string {
  const head = `${list} ${target}: ${coverage.status}${observedAt ? `, as seen at ${observedAt}` : ''} (${coverage.captures} captures, ${coverage.failures} failures)`;
  if (papers.length === 0) return head;
  const rows = papers.map(({ rank, previousRank, upvotes, gain, id, title }) => [
    rank,
    previousRank,
    upvotes,
    gain,
    id,
    clip(title, 72),
  ]);
  return `${head}\n\n${drawTable(['rank', 'was', 'upvotes', 'gain', 'id', 'title'], rows)}`;
}

async function showPaper(context: Context, archive: Archive, given: string): Promise<ExitCode> {
  const id = asPaperId(given);
  if (!id) throw usage(`"${given}" is no arXiv id`, 'give one like 2501.04519 or cs/0301012');
  const answer = await paperAnswer(archive, id);
  const history = await historyAnswer(archive, id, { list: null, from: null, to: null });
  if (!answer || !history)
    throw usage(`paper ${id} was never seen on any list`, 'look at `paperkeep show coverage` for what is there');
  const { paper, appearances } = answer;
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
  const table = drawTable(['list', 'target', 'captures', 'first', 'best', 'last', 'upvotes', 'peak', 'now'], rows);
  const head = [paper.title, paper.authors.join(', '), `${paper.url} · seen ${paper.firstSeen} to ${paper.lastSeen}`];
  context.say({ ...answer, history: history.observations }, `${head.join('\n')}\n\n${table}`);
  return 0;
}

async function showCoverage(
  context: Context,
  archive: Archive,
  which: unknown,
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const answer = await coverageAnswer(archive, sourceFlag(which ?? 'daily') as SourceName, rangeFlags(options));
  const rows = answer.days.map((day) => [
    day.day,
    day.status,
    day.captures,
    day.failures,
    day.expected,
    day.papers,
    day.complete,
    day.settled,
  ]);
  context.say(
    answer,
    drawTable(['day', 'status', 'captures', 'failures', 'expected', 'papers', 'complete', 'settled'], rows),
  );
  return 0;
}
