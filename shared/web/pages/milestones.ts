import { html } from 'hono/html';
import { formatCount, formatDecimal } from '../../lib/format.ts';
import type { Milestones } from '../../query/schemas/milestones.ts';
import { listPath } from '../paths.ts';
import type { Markup } from './link.ts';
import { dayElement, timeElement, unknownValue } from './link.ts';
import { describeChange, listTitle } from './text.ts';

type Place = Pick<NonNullable<Milestones['best']>, 'list' | 'day'>;

const listLink = ({ list, day }: Place): Markup =>
  html`<a href="${listPath(list, day)}">${listTitle(list)}, ${dayElement(day)}</a>`;

const figure = (name: string, value: Markup | string, under: Markup | string = ''): Markup =>
  html`<div><dt>${name}</dt><dd>${value}</dd>${under === '' ? '' : html`<dd class="note">${under}</dd>`}</div>`;

const speed = ({ firstHours, hours, gained, perHour }: Milestones['velocity'][number]): Markup =>
  figure(
    `Upvotes an hour, first ${firstHours} h`,
    perHour === null ? unknownValue : formatDecimal(perHour),
    gained === null || hours === null
      ? 'no votes seen near then'
      : `${formatCount(gained, 'upvote')} in ${formatDecimal(hours)} h`,
  );

function trendingFigure({ hours, unwatchedHours, entries }: Milestones['trending']): Markup {
  if (entries === 0) return figure('On trending', 'never seen');
  const notes = [
    ...(unwatchedHours > 0 ? [`and ${formatDecimal(unwatchedHours)} h between captures far apart`] : []),
    ...(entries > 1 ? [`in ${formatCount(entries, 'stay')}`] : []),
  ];
  return figure('On trending', `${formatDecimal(hours)} h`, notes.join(', '));
}

type Event = { readonly at: string; readonly words: Markup };

function eventsOf({ first, best, peak, trending, changes }: Milestones): Event[] {
  const votes = first.upvotes === null ? '' : ` with ${formatCount(first.upvotes, 'upvote')}`;
  const stays = trending.stays.flatMap(({ from, to }, at): Event[] => [
    { at: from, words: html`${at === 0 ? 'First seen on trending' : 'Seen on trending again'}` },
    ...(to === from
      ? []
      : [{ at: to, words: html`Last seen on trending${at + 1 < trending.entries ? ' that time' : ''}` }]),
  ]);
  return [
    { at: first.at, words: html`First seen: ${listLink(first)}, at rank ${first.rank}${votes}` },
    ...stays,
    ...(best ? [{ at: best.at, words: html`At its best rank, ${best.rank}: ${listLink(best)}` }] : []),
    ...(peak ? [{ at: peak.at, words: html`At ${formatCount(peak.upvotes, 'upvote')}, the most seen` }] : []),
    ...changes.map((change) => ({ at: change.at, words: html`${describeChange(change)}` })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A paper's life: how fast it rose, how long it was on trending, and what happened when. */
export const renderMilestones = (life: Milestones): Markup => html`<section aria-labelledby="life">
  <h2 id="life">Its life</h2>
  <dl class="figures">
    ${life.velocity.map(speed)}
    ${trendingFigure(life.trending)}
  </dl>
  <ol class="versions">${[...Map.groupBy(eventsOf(life), ({ at }) => at)].map(
    ([at, events]) =>
      html`<li><p class="eyebrow">${timeElement(at)}</p><ul>${events.map(({ words }) => html`<li>${words}</li>`)}</ul></li>`,
  )}</ol>
</section>`;
