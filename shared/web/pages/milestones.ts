import { html } from 'hono/html';
import { formatCount, formatDecimal, formatNumber } from '../../lib/format.ts';
import { compareText } from '../../lib/order.ts';
import type { Milestones } from '../../query/milestones.schema.ts';
import { listPath } from '../paths.ts';
import type { Markup } from './elements.ts';
import { renderDay, renderTime, unknownValue } from './elements.ts';
import { describeChange, formatListName } from './text.ts';

type Place = Pick<NonNullable<Milestones['best']>, 'list' | 'day'>;

const renderListLink = ({ list, day }: Place): Markup =>
  html`<a href="${listPath(list, day)}">${formatListName(list)}, ${renderDay(day)}</a>`;

const renderFigure = (name: string, value: Markup | string, under: Markup | string = ''): Markup =>
  html`<div><dt>${name}</dt><dd>${value}</dd>${under === '' ? '' : html`<dd class="note">${under}</dd>`}</div>`;

const renderVelocity = ({ firstHours, hours, gained, perHour }: Milestones['velocity'][number]): Markup =>
  renderFigure(
    `Upvotes per hour, first ${firstHours} h`,
    perHour === null ? unknownValue : formatDecimal(perHour),
    gained === null || hours === null
      ? 'not captured at that age'
      : `${formatCount(gained, 'upvote')} in ${formatDecimal(hours)} h`,
  );

function renderTrendingTime({ hours, unwatchedHours, entries }: Milestones['trending']): Markup {
  if (entries === 0) return renderFigure('Time on trending', 'never seen there');
  const notes = [
    ...(unwatchedHours > 0 ? [`plus up to ${formatDecimal(unwatchedHours)} h not observed`] : []),
    ...(entries > 1 ? [`in ${formatCount(entries, 'stay')}`] : []),
  ];
  return renderFigure('Time on trending', `${formatDecimal(hours)} h`, notes.join(', '));
}

/** What happened to a paper at an instant. */
export type Milestone = { readonly at: string; readonly words: readonly Markup[] };

/** Lists what happened to a paper, oldest first. */
export function listMilestones({ first, best, peak, trending, changes }: Milestones): Milestone[] {
  const votes = first.upvotes === null ? '' : ` with ${formatCount(first.upvotes, 'upvote')}`;
  const stays = trending.stays.flatMap(({ from, to }, at) => [
    { at: from, words: html`${at === 0 ? 'First seen on trending' : 'Seen on trending again'}` },
    ...(to === from
      ? []
      : [{ at: to, words: html`Last seen on trending${at + 1 < trending.entries ? ', before it returned' : ''}` }]),
  ]);
  const events = [
    { at: first.at, words: html`First seen on ${renderListLink(first)}, at rank ${first.rank}${votes}` },
    ...stays,
    ...(best ? [{ at: best.at, words: html`Best rank: ${best.rank} on ${renderListLink(best)}` }] : []),
    ...(peak ? [{ at: peak.at, words: html`Most upvotes: ${formatNumber(peak.upvotes)}` }] : []),
    ...changes.map((change) => ({ at: change.at, words: html`${describeChange(change)}` })),
  ].toSorted((a, b) => compareText(a.at, b.at));
  return [...Map.groupBy(events, ({ at }) => at)].map(([at, same]) => ({ at, words: same.map(({ words }) => words) }));
}

/** Renders how fast a paper rose, how long it was on trending, and what happened when, with the numbers that its chart has. */
export const renderMilestones = (
  milestones: Milestones,
  events: readonly Milestone[],
): Markup => html`<section aria-labelledby="milestones">
  <h2 id="milestones">Milestones</h2>
  <dl class="figures">
    ${milestones.velocity.some(({ perHour }) => perHour !== null) ? milestones.velocity.map(renderVelocity) : ''}
    ${renderTrendingTime(milestones.trending)}
  </dl>
  <ol class="versions">${events.map(
    ({ at, words }, place) =>
      html`<li><p class="eyebrow">${events.length > 1 ? html`<strong>${place + 1}</strong> ` : ''}${renderTime(at)}</p><ul>${words.map((sentence) => html`<li>${sentence}</li>`)}</ul></li>`,
  )}</ol>
</section>`;
