import { html } from 'hono/html';
import { formatCount, formatDateRange, formatNumber, formatPercent } from '../../lib/format.ts';
import type { CompareAnswer, TopicAnswer, TopicLine, TopicPoint, TopicsAnswer } from '../../query/schemas/topics.ts';
import { nextPath, withQuery } from '../paths.ts';
import { type Markup, renderLink, renderTable, renderTime, unknownValue } from './elements.ts';
import { type ChartAxis, renderLineChart } from './line-chart.ts';
import { type PageHtml, renderPage } from './page.ts';
import { describeRangeCoverage } from './text.ts';

type Series = CompareAnswer['topics'][number];
type Span = Omit<CompareAnswer, 'topics'>;
type By = Span['by'];

/** With more names than this a heading would be a list. */
const NAMED = 3;

/** A topic as an address has it: a phrase in double quotes, since a word alone is a keyword. */
const toTopicParameter = ({ kind, topic }: Pick<Series, 'kind' | 'topic'>): string =>
  // a quote inside would end the phrase; no word is lost with it
  kind === 'phrase' ? `"${topic.replaceAll('"', ' ')}"` : topic;

/** The page of a topic. */
const topicPath = ({ kind, topic }: Pick<Series, 'kind' | 'topic'>, ending = ''): string =>
  kind === 'phrase' ? `/topics${ending}` : `/topics/${encodeURIComponent(topic)}${ending}`;

const renderOrUnknown = (text: string | null): Markup => (text === null ? unknownValue : html`${text}`);
const renderCount = (count: number | null): Markup => renderOrUnknown(count === null ? null : formatNumber(count));

const renderHead = (
  over: Markup,
  title: string,
  { from, to, coverage }: Omit<Span, 'by' | 'breaks'>,
): Markup => html`<div class="head">
  <p class="eyebrow">${over}</p>
  <h1>${title}</h1>
  <p class="coverage ${coverage.status}">Daily lists of ${formatDateRange(from, to)}. ${describeRangeCoverage(coverage)} <a href="${withQuery('/coverage', { from, to })}">Coverage</a></p>
</div>`;

/** By week or month, and of which days. */
function renderTools(
  path: string,
  { by, from, to }: Pick<Span, 'by' | 'from' | 'to'>,
  kept: Readonly<Record<string, string>>,
): Markup {
  const link = (kind: By): Markup =>
    html`<a href="${withQuery(path, { ...kept, by: kind === 'week' ? null : kind, from, to })}"${kind === by ? html` aria-current="true"` : ''}>${kind}</a> `;
  return html`<div class="tools">
  <p class="sorts"><span>By</span> ${link('week')}${link('month')}</p>
  <form class="range" method="get" action="${path}">
    <label for="from">From</label><input id="from" name="from" type="date" value="${from}">
    <label for="to">to</label><input id="to" name="to" type="date" value="${to}">
    ${Object.entries({ ...kept, by }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    <button>Show</button>
  </form>
</div>`;
}

const renderCompareForm = (
  topics: string,
  { by, from, to }: Pick<Span, 'by' | 'from' | 'to'>,
): Markup => html`<form method="get" action="/compare">
  <label for="topics">Compare</label>
  <input id="topics" name="topics" type="text" value="${topics}" aria-describedby="topics-hint" autocomplete="off" spellcheck="false">
  ${Object.entries({ by, from, to }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
  <button>Draw</button>
  <p class="hint" id="topics-hint">Up to 8 topics with commas between them: keywords, or “phrases” in double quotes</p>
</form>`;

const toAxis = ({ by, breaks }: Span, topics: readonly Series[]): ChartAxis => ({
  by,
  periods: topics[0]?.points.map(({ period }) => period) ?? [],
  breaks,
});

function renderCharts(span: Span, topics: readonly Series[]): Markup {
  const axis = toAxis(span, topics);
  const lines = (share: 'share' | 'upvotesShare') =>
    topics.map(({ name, points }) => ({ name, shares: points.map((point) => point[share]) }));
  return html`${renderLineChart('Share of papers', lines('share'), axis)}${renderLineChart('Share of upvotes', lines('upvotesShare'), axis)}`;
}

const renderDaysCell = ({ daysCaptured, daysExpected }: TopicPoint): Markup =>
  html`<td class="number">${formatNumber(daysCaptured)} of ${formatNumber(daysExpected)}</td>`;

/** Every point of one topic, newest first. */
const renderPoints = ({ kind, points }: Series): Markup =>
  renderTable(
    'Points',
    html`<table>
  <thead><tr><th scope="col">Period</th><th scope="col" class="number">Papers</th><th scope="col" class="number">of<span class="under">${kind === 'keyword' ? 'with keywords' : 'listed'}</span></th>
    <th scope="col" class="number">Share</th><th scope="col" class="number">Listed</th><th scope="col" class="number">Upvotes</th><th scope="col" class="number">of</th><th scope="col" class="number">Share</th><th scope="col" class="number">Days captured</th></tr></thead>
  <tbody>${points.toReversed().map(
    (
      point,
    ) => html`<tr><th scope="row">${point.period}</th><td class="number">${formatNumber(point.papers)}</td><td class="number">${formatNumber(point.total)}</td>
      <td class="number">${renderOrUnknown(formatPercent(point.share))}</td><td class="number">${formatNumber(point.totalListed)}</td><td class="number">${renderCount(point.upvotes)}</td><td class="number">${renderCount(point.totalUpvotes)}</td>
      <td class="number">${renderOrUnknown(formatPercent(point.upvotesShare))}</td>${renderDaysCell(point)}</tr>`,
  )}</tbody>
</table>`,
  );

/** The points of several topics side by side, newest first. */
function renderComparedPoints(topics: readonly Series[]): Markup {
  const [first] = topics;
  const rows = (first?.points ?? []).map((point, at) => ({ point, at })).toReversed();
  return renderTable(
    'Points',
    html`<table>
  <thead><tr><th scope="col">Period</th>${topics.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col" class="number">Listed</th><th scope="col" class="number">Days captured</th></tr></thead>
  <tbody>${rows.map(
    ({ point, at }) =>
      html`<tr><th scope="row">${point.period}</th>${topics.map(({ points }) => {
        const own = points[at] as TopicPoint;
        return html`<td class="number">${renderOrUnknown(formatPercent(own.share))}<span class="under quiet">${formatNumber(own.papers)} of ${formatNumber(own.total)}</span></td>`;
      })}<td class="number">${formatNumber(point.totalListed)}</td>${renderDaysCell(point)}</tr>`,
  )}</tbody>
</table>`,
  );
}

/** What the numbers are counted against, and when it was read. */
const renderNote = (
  kinds: readonly Series['kind'][],
  catalogAsOf: string | null,
): Markup => html`<p class="quiet">Each paper counts once in a period, with its upvotes as its list last told them.
${kinds.includes('keyword') ? 'A keyword is counted against the papers whose keywords are known; where they are less than half of those listed, its share is not told. ' : ''}
${kinds.includes('phrase') ? 'A phrase is looked for in titles and abstracts, and counted against all papers listed. ' : ''}${catalogAsOf === null ? '' : html`As known at ${renderTime(catalogAsOf)}.`}</p>`;

/** A topic over time. */
export function renderTopicPage({ topic, kind, name, points, ...span }: TopicAnswer): PageHtml {
  const series = { topic, kind, name, points };
  const kept: Readonly<Record<string, string>> = kind === 'phrase' ? { q: topic } : {};
  const query = { ...kept, by: span.by, from: span.from, to: span.to };
  const over = html`<a href="/topics">Topics</a>, ${kind === 'phrase' ? 'a phrase' : html`a keyword: ${renderLink(`/keywords/${encodeURIComponent(topic)}`, 'its papers')}`}`;
  return renderPage({
    title: `${name}, a topic`,
    sample: span.sample,
    section: 'topics',
    formats: [
      ['JSON', withQuery(topicPath(series, '.json'), query)],
      ['CSV', withQuery(topicPath(series, '.csv'), query)],
    ],
    main: html`${renderHead(over, kind === 'phrase' ? `“${name}”` : name, span)}
${renderTools(topicPath(series), span, kept)}
<section class="topic">${renderCharts(span, [series])}
${renderPoints(series)}
${renderCompareForm(`${toTopicParameter(series)}, `, span)}
${renderNote([kind], span.catalogAsOf)}</section>`,
  });
}

/** Several topics over the same time. */
export function renderComparePage({ topics, ...span }: CompareAnswer): PageHtml {
  const kept = { topics: topics.map(toTopicParameter).join(',') };
  const query = { ...kept, by: span.by, from: span.from, to: span.to };
  const over = html`<a href="/topics">Topics</a>, compared`;
  return renderPage({
    title: `${topics.map(({ name }) => name).join(', ')}: topics compared`,
    sample: span.sample,
    section: 'topics',
    formats: [
      ['JSON', withQuery('/compare.json', query)],
      ['CSV', withQuery('/compare.csv', query)],
    ],
    main: html`${renderHead(over, topics.length > NAMED ? `${formatNumber(topics.length)} topics` : topics.map(({ name }) => name).join(', '), span)}
${renderTools('/compare', span, kept)}
<section class="topic">${renderCharts(span, topics)}
${renderComparedPoints(topics)}
${renderCompareForm(topics.map(toTopicParameter).join(', '), span)}
${renderNote(
  topics.map(({ kind }) => kind),
  span.catalogAsOf,
)}</section>`,
  });
}

/** How a share moved, in points of a hundred. */
function renderChange({ change }: TopicLine): Markup {
  if (change === null) return unknownValue;
  const points = (Math.abs(change) * 100).toFixed(2);
  return html`<span class="gain${change < 0 ? ' lost' : ''}">${change > 0 ? '+' : change < 0 ? '−' : '±'}${points}</span>`;
}

/** The keywords of some days, those with most papers first, and a way to look for a phrase. */
export function renderTopicsPage({ topics, from, to, now, before, total, next, ...rest }: TopicsAnswer): PageHtml {
  const more = nextPath(next);
  const span = { by: 'week', from, to } as const;
  const line = (topic: TopicLine): Markup => html`<tr>
    <th scope="row"><a href="${withQuery(topicPath({ kind: 'keyword', topic: topic.topic }), { from, to })}">${topic.name}</a></th>
    <td class="number">${formatNumber(topic.papers)}</td><td class="number">${renderOrUnknown(formatPercent(topic.share))}</td>
    <td class="number">${formatNumber(topic.papersBefore)}</td><td class="number">${renderOrUnknown(formatPercent(topic.shareBefore))}</td><td class="number">${renderChange(topic)}</td></tr>`;
  return renderPage({
    title: 'Topics',
    sample: rest.sample,
    section: 'topics',
    formats: [
      ['JSON', withQuery('/topics.json', { from, to })],
      ['CSV', withQuery('/topics.csv', { from, to })],
    ],
    main: html`${renderHead(html`What papers are about`, 'Topics', { from, to, ...rest })}
<div class="tools">
  <form method="get" action="/topics">
    <label for="q">Phrase</label>
    <input id="q" name="q" type="text" aria-describedby="q-hint" autocomplete="off">
    <button>Draw</button>
    <p class="hint" id="q-hint">Words that stand one after the other in a title or an abstract</p>
  </form>
  ${renderCompareForm(
    topics
      .slice(0, 3)
      .map(({ topic }) => topic)
      .join(', '),
    span,
  )}
  <form class="range" method="get" action="/topics">
    <label for="from">From</label><input id="from" name="from" type="date" value="${from}">
    <label for="to">to</label><input id="to" name="to" type="date" value="${to}">
    <button>Show</button>
  </form>
</div>
${
  topics.length === 0
    ? html`<section class="nothing" aria-labelledby="nothing"><h2 id="nothing">No keywords to show</h2>
  <p>No paper that was listed on these days has a keyword. The feed has given keywords since March 2025.</p></section>`
    : html`<p class="quiet">${formatCount(total, 'keyword')} of ${formatCount(now.total, 'paper')} with keywords, ${formatNumber(now.totalListed)} listed; before, ${formatDateRange(before.from, before.to)}: ${formatCount(before.total, 'paper')} with keywords, ${formatNumber(before.totalListed)} listed on ${formatNumber(before.daysCaptured)} of ${formatCount(before.daysExpected, 'day')} that were captured.</p>
${renderTable(
  'Keywords',
  html`<table>
  <thead><tr><th scope="col">Keyword</th><th scope="col" class="number">Papers</th><th scope="col" class="number">Share</th><th scope="col" class="number">Papers before</th><th scope="col" class="number">Share before</th><th scope="col" class="number">Change<span class="under">points</span></th></tr></thead>
  <tbody>${topics.map(line)}</tbody>
</table>`,
)}`
}
${more === null ? '' : html`<p class="more"><a rel="next" href="${more}">More</a></p>`}
${renderNote(['keyword'], rest.catalogAsOf)}`,
  });
}
