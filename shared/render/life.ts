import { html } from 'hono/html';
import type { PaperLife } from '../query/answers/life.ts';
import type { Markup } from './link.ts';
import { date, moment, unknown } from './link.ts';
import { listPath } from './paths.ts';
import { changeWords, counted, decimal, listWords } from './words.ts';

type Place = Pick<NonNullable<PaperLife['best']>, 'list' | 'target'>;

const listLink = ({ list, target }: Place): Markup =>
  html`<a href="${listPath(list, target)}">${listWords(list)}, ${date(target)}</a>`;

const figure = (name: string, value: Markup | string, under: Markup | string = ''): Markup =>
  html`<div><dt>${name}</dt><dd>${value}</dd>${under === '' ? '' : html`<dd class="note">${under}</dd>`}</div>`;

const speed = ({ firstHours, hours, gained, perHour }: PaperLife['velocity'][number]): Markup =>
  figure(
    `Upvotes an hour, first ${firstHours} h`,
    perHour === null ? unknown : decimal(perHour),
    gained === null || hours === null
      ? 'no votes seen near then'
      : `${counted(gained, 'upvote')} in ${decimal(hours)} h`,
  );

function trendingFigure({ hours, unwatchedHours, entries }: PaperLife['trending']): Markup {
  if (entries === 0) return figure('On trending', 'never seen');
  const notes = [
    ...(unwatchedHours > 0 ? [`and ${decimal(unwatchedHours)} h between captures far apart`] : []),
    ...(entries > 1 ? [`in ${counted(entries, 'stay')}`] : []),
  ];
  return figure('On trending', `${decimal(hours)} h`, notes.join(', '));
}

type Event = { readonly at: string; readonly words: Markup };

function eventsOf({ first, best, peak, trending, changes }: PaperLife): Event[] {
  const votes = first.upvotes === null ? '' : ` with ${counted(first.upvotes, 'upvote')}`;
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
    ...(peak ? [{ at: peak.at, words: html`At ${counted(peak.upvotes, 'upvote')}, the most seen` }] : []),
    ...changes.map((change) => ({ at: change.at, words: html`${changeWords(change)}` })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A paper's life: how fast it rose, how long it was on trending, and what happened when. */
export const lifeSection = (life: PaperLife): Markup => html`<section aria-labelledby="life">
  <h2 id="life">Its life</h2>
  <dl class="figures">
    ${life.velocity.map(speed)}
    ${trendingFigure(life.trending)}
  </dl>
  <ol class="versions">${[...Map.groupBy(eventsOf(life), ({ at }) => at)].map(
    ([at, events]) =>
      html`<li><p class="eyebrow">${moment(at)}</p><ul>${events.map(({ words }) => html`<li>${words}</li>`)}</ul></li>`,
  )}</ol>
</section>`;
