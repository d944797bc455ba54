import { html } from 'hono/html';
import type { SimilarAnswer } from '../query/answers/search.ts';
import { foundEntry, sourceNote } from './found.ts';
import { inward } from './link.ts';
import { type Html, page } from './page.ts';
import { listPath, paperPath } from './paths.ts';
import { dayWords } from './words.ts';

/** The papers nearest to one, and by which words. */
export function similarPage(answer: SimilarAnswer): Html {
  const { id, title, terms, papers, sample } = answer;
  const path = paperPath(id);
  return page({
    title: `Similar to ${id}`,
    sample,
    here: null,
    twins: [['JSON', `${path}/similar.json`]],
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
        foundEntry(
          paper,
          paper.listedOn === null
            ? html`on no daily list that is known`
            : inward(listPath('daily', paper.listedOn), dayWords(paper.listedOn)),
          [],
        ),
      )}</ol>`
}
${sourceNote(answer)}`,
  });
}
