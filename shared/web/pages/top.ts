import { html } from 'hono/html';
import { formatCount, formatDateRange, formatDay, formatNumber, formatPeriod } from '../../lib/format.ts';
import { type PeriodKind, parsePeriod, periodOf } from '../../lib/period.ts';
import { addDays, type Day } from '../../lib/time.ts';
import type { TopAnswer, TopPaper } from '../../query/schemas/top.ts';
import { nextPath, withQuery } from '../paths.ts';
import { type Markup, renderLink, renderTime } from './elements.ts';
import { type PageHtml, renderPage } from './page.ts';
import { renderGain, renderRankedPaper, renderUpvotes } from './paper-row.ts';
import { describeRangeCoverage, formatListName } from './text.ts';
import { renderUpvoteBar } from './upvote-chart.ts';

/** Ages worth a link: a day after the list began, two, and a week. */
const AGES = [24, 48, 168] as const;

/** `36 hours`, `2 days`. */
const formatAge = (hours: number): string =>
  hours % 24 === 0 ? formatCount(hours / 24, 'day') : formatCount(hours, 'hour');
const toAgeParameter = (hours: number): string => (hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`);

/** Days as the page has them; they were read from parameters, or they follow from them. */
const dayIn = (text: string): Day => text as Day;

type Query = Readonly<Record<string, string | null>>;

/** What a leaderboard's address holds besides its path. */
const toQuery = ({ list, by, ageHours, from, to }: TopAnswer, kind: PeriodKind | null): Query => ({
  ...(kind === null && { from, to }),
  list: list === 'daily' ? null : list,
  by: by === 'upvotes' ? null : by,
  age: ageHours === null ? null : toAgeParameter(ageHours),
});

const topPath = (kind: PeriodKind | null, day: string): string =>
  kind === null ? '/top' : `/top/${kind}/${periodOf(kind, dayIn(day))}`;

/** The weeks or months beside it; of a range of days those that its last day lies in. */
function renderSteps(answer: TopAnswer, kind: PeriodKind | null): Markup {
  const query = { ...toQuery(answer, kind ?? 'week') };
  const link = (of: PeriodKind, day: string, words: string, rel: string | null): Markup =>
    html`<a ${rel ? html`rel="${rel}" ` : ''}href="${withQuery(topPath(of, day), query)}">${words === '' ? '' : html`${words} `}<span${words === '' ? '' : html` class="beside"`}>${formatPeriod(of, periodOf(of, dayIn(day)))}</span></a>`;
  const neighbour = (of: PeriodKind, day: Day, where: 'before' | 'after'): Markup | '' =>
    parsePeriod(of, periodOf(of, day)) === null || day === answer.to
      ? '' // the calendar begins or ends here
      : link(of, day, `${of === 'week' ? 'Week' : 'Month'} ${where}`, where === 'before' ? 'prev' : 'next');
  const beside =
    kind === null
      ? [link('week', answer.to, '', null), link('month', answer.to, '', null)]
      : [
          neighbour(kind, addDays(dayIn(answer.from), -1), 'before'),
          neighbour(kind, addDays(dayIn(answer.to), 1), 'after'),
        ];
  return html`<nav class="steps" aria-label="Weeks and months">${beside}</nav>`;
}

/** What it may be ranked by, each a link. */
function renderSorts(answer: TopAnswer, kind: PeriodKind | null): Markup {
  const path = topPath(kind, answer.from);
  const query = toQuery(answer, kind);
  const aged = answer.by === 'gain' ? 'gain' : 'upvotes';
  const link = (words: string, by: TopAnswer['by'], hours: number | null): Markup => {
    const chosen = answer.by === by && answer.ageHours === hours;
    const to = withQuery(path, {
      ...query,
      by: by === 'upvotes' ? null : by,
      age: hours === null ? null : toAgeParameter(hours),
    });
    return html`<a href="${to}"${chosen ? html` aria-current="true"` : ''}>${words}</a> `;
  };
  return html`<p class="sorts"><span>${formatCount(answer.total, 'paper')} by</span> ${[
    link('upvotes', 'upvotes', null),
    link('gain', 'gain', null),
    link('days', 'days', null),
    ...AGES.map((hours) => link(`${aged} after ${formatAge(hours)}`, aged, hours)),
  ]}</p>`;
}

const renderReadAt = (paper: TopPaper): Markup =>
  paper.readAt === null ? html`` : html`<p class="quiet">${renderTime(paper.readAt)}</p>`;

/** What a paper was ranked by, beside it. */
function renderScore({ by, ageHours }: TopAnswer, paper: TopPaper, most: number): Markup {
  if (by === 'days')
    return html`<p><span class="figure">${formatNumber(paper.value ?? 0)}</span> ${paper.value === 1 ? 'day' : 'days'}</p>`;
  if (by === 'gain' && paper.value === null) return html`<p class="unknown">gain unknown</p>`;
  if (by === 'gain' && ageHours !== null) return html`<p>${renderGain(paper.value)}</p>${renderReadAt(paper)}`;
  if (by === 'gain')
    return html`<p>${renderGain(paper.value)}${renderUpvotes(paper.upvotes)}</p>${renderUpvoteBar(paper, most)}`;
  if (ageHours === null)
    return html`<p>${renderUpvotes(paper.upvotes)}${renderGain(paper.gain)}</p>${renderUpvoteBar(paper, most)}`;
  return html`<p>${renderUpvotes(paper.value)}</p>${renderReadAt(paper)}`;
}

const renderListDay = ({ listedOn }: TopPaper): Markup =>
  listedOn === null ? html`` : html`<p class="eyebrow">${renderLink(`/daily/${listedOn}`, formatDay(listedOn))}</p>`;

/** How the papers were ranked, in words. */
function describeRanking({ by, ageHours, list }: TopAnswer): string {
  if (by === 'days') return 'Ranked by the number of days on which a paper was on the list.';
  if (by === 'gain' && ageHours !== null)
    return `Ranked by what upvotes gained from first sight to ${formatAge(ageHours)} after the start of the day a paper was listed on, as seen on ${formatListName(list)}; unknown where no later capture is near that age.`;
  if (by === 'gain')
    return 'Ranked by the last upvotes that were seen within these days’ lists, less the first; unknown for papers that were seen once.';
  if (ageHours === null) return 'Ranked by the last upvotes that were seen within these days’ lists.';
  return `Ranked by upvotes ${formatAge(ageHours)} after the start of the day a paper was listed on, as seen on ${formatListName(list)}; unknown where no capture is near that age.`;
}

/** A leaderboard; `kind` says whether it is that of a week or of a month, null of any days. */
export function renderTopPage(answer: TopAnswer, kind: PeriodKind | null): PageHtml {
  const { list, from, to, papers, coverage, sample, catalogAsOf } = answer;
  const path = topPath(kind, from);
  const query = toQuery(answer, kind);
  const days = formatDateRange(from, to);
  const title = kind === null ? days : formatPeriod(kind, periodOf(kind, dayIn(from)));
  const most = Math.max(0, ...papers.map(({ upvotes }) => upvotes ?? 0));
  const next = nextPath(answer.next);
  const main = html`<div class="head">
  <p class="eyebrow"><a href="/top">Top</a> of ${formatListName(list).toLowerCase()}</p>
  <h1>${title}</h1>
  <p class="coverage ${coverage.status}">${kind === null ? '' : `${days}. `}${describeRangeCoverage(coverage)} <a href="${withQuery('/coverage', { list, from, to })}">Coverage</a></p>
  ${renderSteps(answer, kind)}
</div>
<div class="tools">
  ${renderSorts(answer, kind)}
  <form class="range" method="get" action="/top">
    <label for="from">From</label><input id="from" name="from" type="date" value="${from}">
    <label for="to">to</label><input id="to" name="to" type="date" value="${to}">
    ${Object.entries(query).map(([name, value]) => (name === 'from' || name === 'to' || value === null ? '' : html`<input type="hidden" name="${name}" value="${value}">`))}
    <button>Show</button>
  </form>
</div>
${
  papers.length === 0
    ? html`<section class="nothing" aria-labelledby="nothing"><h2 id="nothing">No papers to show</h2>
  <p>${coverage.status === 'empty' ? 'The feed was asked on these days, and it answered with empty lists.' : 'Nothing of these days’ lists was captured.'}</p></section>`
    : html`<ol class="papers">${papers.map((paper) => renderRankedPaper(paper, { moved: html``, above: renderListDay(paper), score: renderScore(answer, paper, most) }))}</ol>`
}
${next === null ? '' : html`<p class="more"><a rel="next" href="${next}">More</a></p>`}
<p class="quiet">${describeRanking(answer)}${catalogAsOf === null ? '' : html` As known at ${renderTime(catalogAsOf)}.`}</p>`;
  return renderPage({
    title: `Top, ${title}`,
    sample,
    section: 'top',
    formats: [
      ['JSON', withQuery(`${path}.json`, query)],
      ['CSV', withQuery(`${path}.csv`, query)],
      ['BibTeX', withQuery(`${path}.bib`, query)],
    ],
    main,
  });
}
