import { html } from 'hono/html';
import { formatCount, formatDay } from '../../lib/format.ts';
import type { NamePapersAnswer } from '../../query/names.schema.ts';
import { withQuery } from '../paths.ts';
import { renderMoreLink } from './elements.ts';
import { renderPage } from './page.ts';
import { renderDatedPaper } from './paper-row.ts';

const KINDS = {
  author: {
    folder: 'authors',
    words: 'Author',
    note: 'This is a name, not an identity: different people may share it.',
  },
  organization: {
    folder: 'organizations',
    words: 'Organization',
    note: 'Hugging Face has named organizations since October 2025.',
  },
  keyword: { folder: 'keywords', words: 'Keyword', note: 'Hugging Face has added keywords since March 2025.' },
} as const;

/** Renders the papers of an author, an organization or a keyword, newest first. */
export function renderNamePapersPage({
  kind,
  slug,
  name,
  from,
  to,
  papers,
  total,
  next,
  sample,
}: NamePapersAnswer): string {
  const { folder, words, note } = KINDS[kind];
  const path = `/${folder}/${encodeURIComponent(slug)}`;
  const fullname = kind === 'organization' ? papers[0]?.organization?.fullname : null;
  const title = fullname || name;
  const range = `${from === null ? '' : ` from ${formatDay(from)}`}${to === null ? '' : ` to ${formatDay(to)}`}`;
  return renderPage({
    title,
    sample,
    section: 'data',
    formats: [
      ['JSON', withQuery(`${path}.json`, { from, to })],
      ['CSV', withQuery(`${path}.csv`, { from, to })],
      ['BibTeX', withQuery(`${path}.bib`, { from, to })],
    ],
    feed: withQuery(path, { from, to }),
    main: html`<div class="head">
  <p class="eyebrow">${words}</p>
  <h1>${title}</h1>
  <p class="lede">${formatCount(total, 'paper')}${range}, newest first. ${note}</p>
</div>
${papers.length === 0 ? html`<div class="nothing"><p>No papers${range}.</p></div>` : html`<ol class="papers">${papers.map(renderDatedPaper)}</ol>`}
${renderMoreLink(next, 'Older papers')}`,
  });
}
