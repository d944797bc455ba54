import { html } from 'hono/html';
import { formatCount, formatNumber } from '../../lib/format.ts';
import type { Appearance, HistoryAnswer, PaperAnswer, Version } from '../../query/schemas.ts';
import { indexPath, listPath, nextPath, paperPath } from '../paths.ts';
import { affiliation, chips, elsewhere, votes } from './entry.ts';
import type { Markup } from './link.ts';
import {
  dayElement,
  externalLink,
  internalLink,
  joinWithCommas,
  scrollableTable,
  timeElement,
  unknownValue,
} from './link.ts';
import { renderMilestones } from './milestones.ts';
import { type Html, renderPage } from './page.ts';
import { type UpvotePoint, upvoteChart } from './rank-chart.ts';
import { listTitle } from './text.ts';

/** A paper may have hundreds of authors; the rest is folded away. */
const AUTHORS_SHOWN = 30;

const authorLinks = (names: readonly string[]): (Markup | string)[] =>
  joinWithCommas(names.map((name) => internalLink(indexPath('authors', name), name)));

const authors = (names: readonly string[] | null): Markup => {
  if (names === null) return html``;
  const rest = names.slice(AUTHORS_SHOWN);
  return html`<p class="byline">${authorLinks(names.slice(0, AUTHORS_SHOWN))}</p>
  ${rest.length === 0 ? '' : html`<details><summary>and ${formatNumber(rest.length)} more authors</summary><p class="byline">${authorLinks(rest)}</p></details>`}`;
};

const known = (count: number | null): Markup => (count === null ? unknownValue : html`${formatNumber(count)}`);

/** The observed upvotes; where no observation is at hand, what the appearances tell of them. */
const risePoints = (history: HistoryAnswer, appearances: readonly Appearance[]): UpvotePoint[] =>
  history.observations.length > 0
    ? history.observations
    : appearances.flatMap(({ firstSeen, firstUpvotes, lastSeen, lastUpvotes }) => [
        { at: firstSeen, upvotes: firstUpvotes },
        { at: lastSeen, upvotes: lastUpvotes },
      ]);

const appearanceTable = (appearances: readonly Appearance[]): Markup =>
  scrollableTable(
    'Table of appearances',
    html`<table>
  <thead><tr><th scope="col">List</th><th scope="col">First seen</th><th scope="col">Last seen</th>
    <th scope="col" class="number">Seen</th><th scope="col" class="number">Rank<span class="under">first, best, last</span></th><th scope="col" class="number">Upvotes<span class="under">first, peak, last</span></th></tr></thead>
  <tbody>${appearances.map(
    (
      on,
    ) => html`<tr><th scope="row"><a href="${listPath(on.list, on.day)}">${listTitle(on.list)}, ${dayElement(on.day)}</a></th>
    <td>${timeElement(on.firstSeen)}</td><td>${timeElement(on.lastSeen)}</td><td class="number">${formatNumber(on.captures)}×</td>
    <td class="number">${on.firstRank}, ${on.bestRank}, ${on.lastRank}</td>
    <td class="number">${known(on.firstUpvotes)}, ${known(on.peakUpvotes)}, ${known(on.lastUpvotes)}</td></tr>`,
  )}</tbody>
</table>`,
  );

const FIELDS: Readonly<Record<string, string>> = {
  title: 'title',
  abstract: 'abstract',
  authors: 'authors',
  githubUrl: 'code',
  projectUrl: 'project page',
  keywords: 'keywords',
  aiSummary: 'summary by a model',
  organization: 'organization',
  submittedBy: 'submitter',
  publishedAt: 'date of publication',
  listedOn: 'list day',
};

const fieldValue = (version: Version | undefined, field: string): Markup => {
  const value: unknown = version?.[field as keyof Version] ?? null;
  if (value === null) return html`<span class="quiet">none</span>`;
  if (Array.isArray(value)) return html`${value.join(', ')}`;
  if (typeof value === 'object') return html`${version?.organization?.fullname ?? ''}`;
  return field === 'githubUrl' || field === 'projectUrl' ? externalLink(`${value}`, `${value}`) : html`${`${value}`}`;
};

const change = (field: string, before: Version | undefined, after: Version): Markup => {
  const words = FIELDS[field] ?? field;
  const long = field === 'abstract' || field === 'aiSummary' || field === 'authors';
  const values = html`<span class="was">${fieldValue(before, field)}</span> <span class="became">${fieldValue(after, field)}</span>`;
  return long
    ? html`<li><details><summary>${words} changed</summary><p class="change">${values}</p></details></li>`
    : html`<li class="change"><span class="field">${words}</span> ${values}</li>`;
};

const versionList = (versions: readonly Version[]): Markup =>
  html`<ol class="versions">${versions.map(
    (version, place) => html`<li><p class="eyebrow">${timeElement(version.since)}</p>
  ${
    version.changed.length === 0
      ? html`<p>First seen${version.title ? html` as “${version.title}”` : ''}.</p>`
      : html`<ul>${version.changed.map((field) => change(field, versions[place - 1], version))}</ul>`
  }</li>`,
  )}</ol>`;

/** A paper: what it is, how it rose and lived, where it appeared, what of it changed. */
export function renderPaperPage(
  { paper, appearances, versions, life, sample }: PaperAnswer,
  history: HistoryAnswer,
): Html {
  const path = paperPath(paper.id);
  return renderPage({
    title: paper.title,
    sample,
    here: null,
    twins: [
      ['JSON', `${path}.json`],
      ['BibTeX', `${path}.bib`],
    ],
    main: html`<article class="reading">
<div class="head">
  <p class="eyebrow">${paper.id}${paper.listedOn === null ? '' : html` · <a href="${listPath('daily', paper.listedOn)}">daily list of ${dayElement(paper.listedOn)}</a>`}</p>
  <h1>${paper.title}</h1>
  ${authors(paper.authors)}
  ${paper.organization ? html`<p class="byline">${affiliation(paper.organization)}</p>` : ''}
  ${elsewhere(paper)}
</div>
<dl class="figures">
  <div><dt>Upvotes</dt><dd>${votes(paper.upvotes)}</dd></div>
  <div><dt>Comments</dt><dd>${known(paper.comments)}</dd></div>
  <div><dt>GitHub stars</dt><dd>${known(paper.githubStars)}</dd></div>
  <div><dt>First seen</dt><dd class="when">${timeElement(paper.firstSeen)}</dd></div>
  <div><dt>Last seen</dt><dd class="when">${timeElement(paper.lastSeen)}</dd></div>
  ${paper.publishedAt === null ? '' : html`<div><dt>Published</dt><dd class="when">${dayElement(paper.publishedAt.slice(0, 10))}</dd></div>`}
  ${paper.submittedBy === null ? '' : html`<div><dt>Submitted by</dt><dd class="when">${paper.submittedBy}</dd></div>`}
</dl>
<section aria-labelledby="rise">
  <h2 id="rise">Its rise</h2>
  ${upvoteChart(risePoints(history, appearances))}
  <p><a href="${path}/history">Every observation</a></p>
</section>
${renderMilestones(life)}
<section aria-labelledby="abstract">
  <h2 id="abstract">Abstract</h2>
  ${paper.abstract === null ? html`<p class="quiet">Not known: no capture of it gave one.</p>` : html`<p class="abstract">${paper.abstract}</p>`}
  ${paper.aiSummary === null ? '' : html`<p class="machine"><em>The feed’s summary, written by a model:</em> ${paper.aiSummary}</p>`}
  ${chips(paper.keywords, true)}
  <p><a href="${path}/similar">Similar papers</a></p>
</section>
<section aria-labelledby="appearances">
  <h2 id="appearances">Appearances</h2>
  ${appearances.length === 0 ? html`<p class="quiet">On no list so far.</p>` : appearanceTable(appearances)}
</section>
<section aria-labelledby="versions">
  <h2 id="versions">What changed</h2>
  ${versions.length === 0 ? html`<p class="quiet">Nothing is known of it yet.</p>` : versionList(versions)}
</section>
</article>`,
  });
}

/** Every observation of a paper, newest first. */
export function renderHistoryPage({ id, observations, total, next, sample }: HistoryAnswer): Html {
  const path = paperPath(id);
  const more = nextPath(next);
  return renderPage({
    title: `History of ${id}`,
    sample,
    here: null,
    twins: [
      ['JSON', `${path}/history.json`],
      ['CSV', `${path}/history.csv`],
    ],
    main: html`<div class="head">
  <p class="eyebrow"><a href="${path}">${id}</a></p>
  <h1>Every observation</h1>
  <p class="lede">${formatCount(total, 'observation')}: where the paper stood each time a list was looked at.</p>
</div>
${upvoteChart(observations)}
${
  observations.length === 0
    ? ''
    : scrollableTable(
        'Observations, newest first',
        html`<table>
  <thead><tr><th scope="col">Time</th><th scope="col" class="number">Rank</th><th scope="col" class="number">Upvotes</th><th scope="col" class="number">Comments</th><th scope="col" class="number">GitHub stars</th><th scope="col">List</th></tr></thead>
  <tbody>${observations.toReversed().map(
    (seen) => html`<tr><th scope="row">${timeElement(seen.at)}</th>
    <td class="number">${seen.rank}</td><td class="number">${known(seen.upvotes)}</td><td class="number">${known(seen.comments)}</td><td class="number">${known(seen.githubStars)}</td>
    <td><a href="${listPath(seen.list, seen.day)}">${listTitle(seen.list)}, ${dayElement(seen.day)}</a></td></tr>`,
  )}</tbody>
</table>`,
      )
}
${more === null ? '' : html`<p class="more"><a rel="next" href="${more}">More observations</a></p>`}`,
  });
}
