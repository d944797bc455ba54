import { html } from 'hono/html';
import type { WatchedAnswer } from '../../query/watched.schema.ts';
import { listPath } from '../paths.ts';
import { renderDay, renderMoreLink } from './elements.ts';
import { renderPage } from './page.ts';

/** Renders the watched searches with links to their newest lists. */
export const renderWatchedPage = ({ watched, next, sample }: WatchedAnswer): string =>
  renderPage({
    title: 'Watched searches',
    sample,
    section: 'data',
    formats: [
      ['JSON', '/watched.json'],
      ['CSV', '/watched.csv'],
    ],
    main: html`<div class="head">
  <h1>Watched searches</h1>
  <p class="lede">Searches of Hugging Face whose results are captured once a day.</p>
</div>
${
  watched.length === 0
    ? html`<div class="nothing"><p>No search is watched. The owner of this archive chooses them with the setting <code>PAPERKEEP_WATCH</code>.</p></div>`
    : html`<ol class="side">${watched.map(
        ({ slug, list, current, first, last }) =>
          html`<li><span><a href="${listPath(list)}">${slug}</a><span class="under quiet">${first && last ? html`${renderDay(first)} to ${renderDay(last)}` : 'not captured yet'}</span></span> <span class="quiet">${current ? 'captured daily' : 'no longer captured'}</span></li>`,
      )}</ol>`
}
${renderMoreLink(next, 'More searches')}`,
  });
