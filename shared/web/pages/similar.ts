import { html } from 'hono/html';
import { formatDay } from '../../lib/format.ts';
import type { SimilarAnswer } from '../../query/schemas/search.ts';
import { listPath, paperPath } from '../paths.ts';
import { renderLink } from './elements.ts';
import { type PageHtml, renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';

/** The papers nearest to one, and by which words. */
export function renderSimilarPage(answer: SimilarAnswer): PageHtml {
  const { id, title, terms, papers, sample } = answer;
  const path = paperPath(id);
  return renderPage({
    title: `Similar to ${id}`,
    sample,
    section: null,
    formats: [['JSON', `${path}/similar.json`]],
    main: html`<div class="head">
  <p class="eyebrow"><a href="${path}">${id}</a></p>
  <h1>Similar papers</h1>
  <p class="lede">Nearest to “${title}” by words that few papers hold.</p>
  ${terms.length === 0 ? '' : html`<p class="quiet">Compared by: ${terms.join(', ')}.</p>`}
</div>
${
  papers.length === 0
    ? html`<div class="nothing"><p>No other paper shares a word with it that few papers hold.</p></div>`
    : html`<ol class="papers">${papers.map((paper) =>
        renderSearchResult(
          paper,
          paper.listedOn === null
            ? html`on no daily list that is known`
            : renderLink(listPath('daily', paper.listedOn), formatDay(paper.listedOn)),
          [],
        ),
      )}</ol>`
}
${renderSourceNote(answer)}`,
  });
}
