import { html } from 'hono/html';
import { formatCount } from '../../lib/format.ts';
import type { NewAnswer } from '../../query/new.schema.ts';
import { withQuery } from '../paths.ts';
import { renderColumns, renderMoreLink, renderTime } from './elements.ts';
import { renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';
import { formatListName } from './text.ts';

/** Renders the papers first seen since a time, newest first. */
export function renderNewPage(answer: NewAnswer): string {
  const { since, until, list, papers, total, next, sample } = answer;
  const query = { since, list };
  return renderPage({
    title: 'New papers',
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery('/new.json', query)],
      ['CSV', withQuery('/new.csv', query)],
      ['BibTeX', withQuery('/new.bib', query)],
    ],
    feed: withQuery('/new', { list }),
    main: html`<div class="head">
  <p class="eyebrow">${list === null ? 'All lists' : formatListName(list)}</p>
  <h1>New papers</h1>
  <p class="lede">${formatCount(total, 'paper')} first seen since ${renderTime(since)}, newest first.</p>
</div>
${renderColumns(
  'Another time',
  html`${
    papers.length === 0
      ? html`<div class="nothing"><p>No new papers since then.</p></div>`
      : html`<ol class="papers">${papers.map((paper) => renderSearchResult(paper, html`First seen ${renderTime(paper.firstSeen)}`, []))}</ol>`
  }
${renderMoreLink(next, 'Older papers')}`,
  html`<form method="get" action="/new">
  ${list === null ? '' : html`<input type="hidden" name="list" value="${list}">`}
  <label for="since">Since</label> <input id="since" name="since" type="text" value="${since}" autocomplete="off" spellcheck="false" aria-describedby="since-hint">
  <button>Show</button>
  <p class="hint" id="since-hint">A day or a time in UTC. Papers of an older list are new when that list is captured. <a href="${withQuery('/new', { since: until, list })}">Since the newest capture</a></p>
</form>`,
)}
${renderSourceNote(answer)}`,
  });
}
