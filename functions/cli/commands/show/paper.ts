import { PaperkeepError } from '../../../../shared/lib/errors.ts';
import { formatCount, formatDecimal } from '../../../../shared/lib/format.ts';
import { parsePaperId } from '../../../../shared/model/paper.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import { getHistory, getPaper } from '../../../../shared/query/paper.ts';
import type { Milestones } from '../../../../shared/query/schemas/milestones.ts';
import { describeChange } from '../../../../shared/web/pages/text.ts';
import { usageError } from '../../context.ts';
import { formatTable } from '../../output.ts';
import { allowOnly, type View, type ViewRequest } from './view.ts';

/** `show paper`: a paper with all its appearances. */
export async function showPaper(context: QueryContext, { which, options }: ViewRequest): Promise<View> {
  allowOnly([], 'a paper', options);
  const id = parsePaperId(which ?? '');
  if (!id) throw usageError(which === null ? 'which paper?' : `"${which}" is no arXiv id`, 'give one like 2501.04519');
  const answer = await getPaper(context, id);
  const history = await getHistory(context, id, { list: null, from: null, to: null });
  if (!answer || !history) {
    const hint = 'look at `paperkeep show coverage` for the days that were captured';
    throw new PaperkeepError({ code: 'NEVER_SEEN', message: `paper ${id} was never seen on any list`, hint });
  }
  return { answer: { ...answer, history: history.observations }, text: drawPaper(answer) };
}

function drawPaper({ paper, appearances, life }: NonNullable<Awaited<ReturnType<typeof getPaper>>>): string {
  const columns = ['list', 'day', 'captures', 'first rank', 'best', 'last', 'first upvotes', 'peak', 'last'];
  const rows = appearances.map((on) => [
    on.list,
    on.day,
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
    formatTable(columns, rows),
    '',
    ...drawLife(life),
  ].join('\n');
}

const placeWords = ({ list, day, at }: { list: string; day: string; at: string }): string => `${list} ${day}, at ${at}`;

/** A paper's life as lines; what nobody saw is left out or said. */
function drawLife({ best, peak, velocity, trending, changes }: Milestones): string[] {
  const { hours, unwatchedHours, entries } = trending;
  const speeds = velocity.map(
    ({ firstHours, perHour }) => `${perHour === null ? 'unknown' : formatDecimal(perHour)} (first ${firstHours} h)`,
  );
  const unwatched = unwatchedHours > 0 ? `, and ${formatDecimal(unwatchedHours)} h between captures far apart` : '';
  return [
    ...(best ? [`best rank ${best.rank} on ${placeWords(best)}`] : []),
    ...(peak ? [`most upvotes ${peak.upvotes} on ${placeWords(peak)}`] : []),
    `upvotes an hour: ${speeds.join(', ')}`,
    entries === 0
      ? 'never seen on trending'
      : `on trending for ${formatDecimal(hours)} h in ${formatCount(entries, 'stay')}${unwatched}`,
    ...changes.map((change) => `${change.at}  ${describeChange(change)}`),
  ];
}
