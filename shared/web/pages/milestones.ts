import { html } from 'hono/html';
import { formatCount, formatDecimal, formatDuration, formatNumber } from '../../lib/format.ts';
import { compareText } from '../../lib/order.ts';
import type { Milestones } from '../../query/milestones.schema.ts';
import { listPath } from '../paths.ts';
import type { Markup } from './elements.ts';
import { renderDay, renderTime, unknownValue } from './elements.ts';
import { describeChange, formatListName } from './text.ts';

/** Milestones shown at once, and marked in the chart; the rest is folded. */
export const SHOWN = 9;

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
  if (entries === 0) return html``;
  const unwatched = formatDuration(unwatchedHours);
  const stays = entries > 1 ? [`in ${formatCount(entries, 'stay')}`] : [];
  const [time = '', ...notes] =
    hours > 0
      ? [formatDuration(hours), ...(unwatchedHours > 0 ? [`plus up to ${unwatched} not observed`] : []), ...stays]
      : unwatchedHours > 0
        ? [`up to ${unwatched}`, ...stays]
        : [`seen ${entries === 1 ? 'once' : `${entries} times`}`];
  return renderFigure('Time on trending', time, notes.join(', '));
}

/** What happened to a paper at an instant. */
export type Milestone = { readonly at: string; readonly words: readonly Markup[] };

/** Lists what happened to a paper, oldest first. */
export function listMilestones({ first, best, peak, trending, changes }: Milestones): Milestone[] {
  const votes = first.upvotes === null ? '' : ` with ${formatCount(first.upvotes, 'upvote')}`;
  const stays = trending.stays.flatMap(({ from, to }, at) => [
    ...(from === first.at && first.list === 'trending'
      ? []
      : [{ at: from, words: html`${at === 0 ? 'First seen on trending' : 'Seen on trending again'}` }]),
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
export const renderMilestones = (milestones: Milestones, events: readonly Milestone[]): Markup => {
  const isRead = milestones.velocity.some(({ perHour }) => perHour !== null);
  const more = events.slice(SHOWN);
  return html`<section aria-labelledby="milestones">
  <h2 id="milestones">Milestones</h2>
  ${isRead || milestones.trending.entries > 0 ? html`<dl class="figures">${isRead ? milestones.velocity.map(renderVelocity) : ''}${renderTrendingTime(milestones.trending)}</dl>` : ''}
  ${renderEvents(events.slice(0, SHOWN), 1)}
  ${more.length === 0 ? '' : html`<details><summary>${formatCount(more.length, 'later milestone')}</summary>${renderEvents(more, SHOWN + 1)}</details>`}
</section>`;
};

/** Renders what happened when, with the numbers that the chart has, from `first` on. */
const renderEvents = (events: readonly Milestone[], first: number): Markup =>
  html`<ol class="versions">${events.map(
    ({ at, words }, place) =>
      html`<li><p class="eyebrow"><strong>${first + place}</strong> ${renderTime(at)}</p><ul>${words.map((sentence) => html`<li>${sentence}</li>`)}</ul></li>`,
  )}</ol>`;
