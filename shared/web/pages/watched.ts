import { html } from 'hono/html';
import type { WatchedAnswer } from '../../query/watched.schema.ts';
import { listPath } from '../paths.ts';
import { renderDay, renderMoreLink, renderTable, unknownValue } from './elements.ts';
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
    : renderTable(
        'Watched searches',
        html`<table>
  <thead><tr><th scope="col">Search</th><th scope="col">First day</th><th scope="col">Newest day</th><th scope="col">State</th></tr></thead>
  <tbody>${watched.map(
    ({ slug, list, current, first, last }) => html`<tr><th scope="row"><a href="${listPath(list)}">${slug}</a></th>
    <td>${first ? renderDay(first) : unknownValue}</td><td>${last ? renderDay(last) : unknownValue}</td>
    <td>${current ? 'captured daily' : 'no longer captured'}</td></tr>`,
  )}</tbody></table>`,
      )
}
${renderMoreLink(next, 'More searches')}`,
  });
