import { PaperkeepError } from '../../../shared/kit/errors.ts';
import { asPaperId } from '../../../shared/model/paper.ts';
import type { PaperLife } from '../../../shared/query/answers/life.ts';
import { historyAnswer, paperAnswer } from '../../../shared/query/paper.ts';
import type { Archive } from '../../../shared/query/store.ts';
import { changeWords, counted, decimal } from '../../../shared/render/words.ts';
import { usage } from '../context.ts';
import { drawTable } from '../table.ts';
import { type Asked, type Shown, takeOnly } from './shown.ts';

/** `show paper`: a paper with all its appearances. */
export async function showPaper(archive: Archive, { which, options }: Asked): Promise<Shown> {
  takeOnly([], 'a paper', options);
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

function drawPaper({ paper, appearances, life }: NonNullable<Awaited<ReturnType<typeof paperAnswer>>>): string {
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
  return [
    paper.title,
    ...(paper.authors && paper.authors.length > 0 ? [paper.authors.join(', ')] : []),
    `${paper.url} · ${seen}`,
    '',
    drawTable(columns, rows),
    '',
    ...drawLife(life),
  ].join('\n');
}

const placeWords = ({ list, target, at }: { list: string; target: string; at: string }): string =>
  `${list} ${target}, at ${at}`;

/** A paper's life as lines; what nobody saw is left out or said. */
function drawLife({ best, peak, velocity, trending, changes }: PaperLife): string[] {
  const { hours, unwatchedHours, entries } = trending;
  const speeds = velocity.map(
    ({ firstHours, perHour }) => `${perHour === null ? 'unknown' : decimal(perHour)} (first ${firstHours} h)`,
  );
  const unwatched = unwatchedHours > 0 ? `, and ${decimal(unwatchedHours)} h between captures far apart` : '';
  return [
    ...(best ? [`best rank ${best.rank} on ${placeWords(best)}`] : []),
    ...(peak ? [`most upvotes ${peak.upvotes} on ${placeWords(peak)}`] : []),
    `upvotes an hour: ${speeds.join(', ')}`,
    entries === 0
      ? 'never seen on trending'
      : `on trending for ${decimal(hours)} h in ${counted(entries, 'stay')}${unwatched}`,
    ...changes.map((change) => `${change.at}  ${changeWords(change)}`),
  ];
}
