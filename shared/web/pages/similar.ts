import { html } from 'hono/html';
import { formatDay } from '../../lib/format.ts';
import type { SimilarAnswer } from '../../query/similar.schema.ts';
import { listPath, paperPath } from '../paths.ts';
import { renderLink } from './elements.ts';
import { renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';

/** Renders the papers most similar to one, and the words that were compared. */
export function renderSimilarPage(answer: SimilarAnswer): string {
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
  <p class="lede">Papers that share rare words with “${title}”.</p>
  ${terms.length === 0 ? '' : html`<p class="quiet">Words compared: ${terms.join(', ')}.</p>`}
</div>
${
  papers.length === 0
    ? html`<div class="nothing"><p>No other paper shares a rare word with it.</p></div>`
    : html`<ol class="papers">${papers.map((paper) =>
        renderSearchResult(
          paper,
          paper.listedOn === null
            ? html`On no daily list`
            : renderLink(listPath('daily', paper.listedOn), formatDay(paper.listedOn)),
          [],
        ),
      )}</ol>`
}
${renderSourceNote(answer)}`,
  });
}
