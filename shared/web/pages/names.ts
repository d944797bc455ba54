import { html } from 'hono/html';
import { formatCount } from '../../lib/format.ts';
import type { NamesAnswer } from '../../query/names.schema.ts';
import { withQuery } from '../paths.ts';
import { renderColumns, renderMoreLink } from './elements.ts';
import { renderPage } from './page.ts';

const TITLES = { author: 'Authors', organization: 'Organizations', keyword: 'Keywords' } as const;

/** Renders the index of authors, organizations or keywords. */
export function renderNamesPage({ kind, q, names, total, next, sample }: NamesAnswer): string {
  const title = TITLES[kind];
  const path = `/${kind}s`;
  return renderPage({
    title,
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery(`${path}.json`, { q })],
      ['CSV', withQuery(`${path}.csv`, { q })],
    ],
    main: html`<div class="head">
  <h1>${title}</h1>
  <p class="lede">${formatCount(total, 'name')}${q === null ? '' : ` beginning with “${q}”`}, most papers first.</p>
</div>
${renderColumns(
  'Find a name',
  html`${
    names.length === 0
      ? html`<div class="nothing"><p>No names to show.</p></div>`
      : html`<ol class="side index">${names.map(({ slug, name, fullname, papers }) => html`<li><a href="${path}/${encodeURIComponent(slug)}">${fullname ?? name}</a> <span class="score">${formatCount(papers, 'paper')}</span></li>`)}</ol>`
  }
${renderMoreLink(next, 'More names')}`,
  html`<form method="get" action="${path}">
  <label for="q">Begins with</label><input id="q" name="q" type="text" value="${q ?? ''}">
  <button>Show</button>
</form>`,
)}`,
  });
}
