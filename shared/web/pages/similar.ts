import { html } from 'hono/html';
import { formatDay } from '../../lib/format.ts';
import { texToText } from '../../lib/tex.ts';
import type { SimilarAnswer } from '../../query/similar.schema.ts';
import { listPath, paperPath } from '../paths.ts';
import { renderLink, renderTime } from './elements.ts';
import { renderPage } from './page.ts';
import { renderSearchResult, renderSourceNote } from './search-result.ts';

/** Renders the papers most similar to one. */
export function renderSimilarPage(answer: SimilarAnswer): string {
  const { id, title, comparedAt, papers, sample } = answer;
  const path = paperPath(id);
  return renderPage({
    title: `Similar to ${id}`,
    sample,
    section: null,
    formats: [
      ['JSON', `${path}/similar.json`],
      ['CSV', `${path}/similar.csv`],
    ],
    main: html`<div class="head">
  <p class="eyebrow">${id}</p>
  <h1>Similar papers</h1>
  <p class="lede">The papers whose titles and abstracts are most like those of “${texToText(title)}”.</p>
  ${comparedAt === null ? '' : html`<p class="quiet">All papers were compared ${renderTime(comparedAt)}: by the words and pairs of words that they share, rare ones counting most.</p>`}
</div>
${
  papers.length === 0
    ? html`<div class="nothing"><p>${comparedAt === null ? 'This paper has not been compared with the others yet: that happens once a day.' : 'No other paper shares a word with it.'}</p></div>`
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
<p class="more"><a href="${path}">Back to the paper</a></p>
${renderSourceNote(answer)}`,
  });
}
