import { PaperkeepError } from '../../../shared/kit/errors.ts';
import { asPaperId } from '../../../shared/model/paper.ts';
import { historyAnswer, paperAnswer } from '../../../shared/query/paper.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { usage } from '../context.ts';
import { drawTable } from '../table.ts';
import { type Asked, refuse, type Shown } from './shown.ts';

/** `show paper`: a paper with all its appearances. */
export async function showPaper(archive: Archive, { which, options }: Asked): Promise<Shown> {
  refuse(options, ['at', 'from', 'to', 'window'], 'a paper');
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
