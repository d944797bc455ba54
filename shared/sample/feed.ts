import { addDays, countDays, type Day, dayOf, type Instant, parseDay, parseInstant } from '../lib/time.ts';
import { sampleDays, simulatedFailureAt } from './calendar.ts';
import { toFeedEntry } from './entry.ts';
import { listDayAt, trendingScoreAt, upvotesAt } from './growth.ts';
import { renderFeedPage } from './page.ts';
import { classicPapers, type SamplePaper, samplePapers, unlistedPapers } from './papers.ts';

/** A response of the sample feed. */
export type SampleResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True when the connection breaks after half of the body. */
  readonly cut: boolean;
};

/** The sample feed at one moment. */
export type SampleFeed = {
  /** Answers `/api/daily_papers`, `/papers/date/D`, `/papers?date=D`, `/papers/trending` and `/papers?q=` as the real feed does, anything else with 404. */
  answer(url: URL): SampleResponse;
};

const TRENDING_LENGTH = 50;
const SEARCH_LENGTH = 100;
const PUBLISHER = { _id: '0123456789abcdef01234567', fullname: 'Sample', user: 'sample', type: 'user' };

/** The rate limits that the real feed states, by bucket: requests in five minutes. */
const LIMITS = { api: 500, pages: 100 } as const;
const LIMIT_SECONDS = 300;

const byDescending = (papers: readonly SamplePaper[], scoreOf: (paper: SamplePaper) => number): SamplePaper[] =>
  papers
    .map((paper) => ({ paper, value: scoreOf(paper) }))
    .sort((one, other) => other.value - one.value)
    .map(({ paper }) => paper);

const dailyList = (day: Day, at: Instant): SamplePaper[] =>
  byDescending(
    [...samplePapers(addDays(day, -1)), ...samplePapers(day)].filter(
      (paper) => paper.submitted && paper.submitted.at <= at && listDayAt(paper, at) === day,
    ),
    (paper) => upvotesAt(paper, at),
  );

const listedUntil = (at: Instant): SamplePaper[] =>
  sampleDays(at).flatMap((day) => samplePapers(day).filter(({ submitted }) => submitted && submitted.at <= at));

const trendingList = (at: Instant): SamplePaper[] =>
  byDescending([...listedUntil(at), ...unlistedPapers()], (paper) => trendingScoreAt(paper, at)).slice(
    0,
    TRENDING_LENGTH,
  );

/** Papers with every word of the query in title or abstract: those with all of them in the title first, then the newest, unlisted ones last. */
function searchPapers(query: string, at: Instant): SamplePaper[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const search = (papers: readonly SamplePaper[]) =>
    papers.filter(({ title, abstract }) => matches(`${title} ${abstract}`));
  const unlisted = search([...unlistedPapers(), ...classicPapers()]);
  const listed = byDescending(search(listedUntil(at).reverse()), ({ title }) => (matches(title) ? 1 : 0));
  return [...listed.slice(0, SEARCH_LENGTH - unlisted.length), ...unlisted];
}

/** The sample feed as it is at `now`. Two feeds of the same moment give the same bytes. */
export function createSampleFeed(now: Instant): SampleFeed {
  const today = dayOf(now);
  const days = sampleDays(now);
  const trouble = simulatedFailureAt(now);

  const respond = (bucket: keyof typeof LIMITS, type: string, body: string, status = 200): SampleResponse => {
    const seconds = LIMIT_SECONDS - ((Number(now.slice(14, 16)) * 60 + Number(now.slice(17, 19))) % LIMIT_SECONDS);
    const headers = {
      'content-type': type,
      ratelimit: `"${bucket}";r=${LIMITS[bucket] - 1};t=${seconds}`,
      'ratelimit-policy': `"fixed window";"${bucket}";q=${LIMITS[bucket]};w=${LIMIT_SECONDS}`,
    };
    return { status, headers, body, cut: trouble === 'cut' };
  };
  const json = (bucket: keyof typeof LIMITS, value: unknown, status = 200) =>
    respond(bucket, 'application/json; charset=utf-8', JSON.stringify(value), status);
  const page = (heading: string, papers: readonly SamplePaper[], more: Readonly<Record<string, unknown>>) => {
    const dailyPapers = papers.map((paper) => toFeedEntry(paper, now));
    const props = { canSubmit: false, dailyPapers, publisher: PUBLISHER, query: {}, isTrending: false, ...more };
    return respond('pages', 'text/html; charset=utf-8', renderFeedPage(heading, props));
  };
  const notFound = () => json('pages', { error: "Sorry, we can't find the page you are looking for." }, 404);

  const answerDaily = (query: URLSearchParams): SampleResponse => {
    const date = query.get('date') ?? today;
    const day = date.length === 10 || parseInstant(date) ? parseDay(date.slice(0, 10)) : null;
    const limit = Number(query.get('limit') ?? 50);
    const number = Number(query.get('p') ?? 0);
    if (!day || day > today) return json('api', { error: 'Invalid date' }, 400);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) return json('api', { error: 'Invalid limit' }, 400);
    if (!Number.isInteger(number) || number < 0) return json('api', { error: 'Invalid page' }, 400);
    const papers = days.includes(day) ? dailyList(day, now) : [];
    return json(
      'api',
      papers.slice(number * limit, (number + 1) * limit).map((paper) => toFeedEntry(paper, now)),
    );
  };

  /** Instead of a day without papers the real page shows the newest day before it that has some. */
  const answerDayPage = (date: string): SampleResponse => {
    const day = parseDay(date);
    if (!day || (day < today && !days.includes(day))) return notFound();
    const newest = countDays(day, today) < 0 ? today : day;
    const shown = [0, -1, -2, -3].map((back) => addDays(newest, back)).find((one) => dailyList(one, now).length > 0);
    if (!shown) return notFound();
    const next = shown < today && { nextDate: addDays(shown, 1) };
    const dates = { dateString: shown, prevDate: addDays(shown, -1), ...next, periodType: 'day' };
    return page('Daily Papers', dailyList(shown, now), dates);
  };

  return {
    answer({ pathname, searchParams }) {
      const bucket = pathname.startsWith('/api/') ? 'api' : 'pages';
      if (trouble === 'failing')
        return respond(
          bucket,
          'text/html',
          '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
          503,
        );
      if (pathname === '/api/daily_papers') return answerDaily(searchParams);
      if (pathname === '/papers/trending') return page('Trending Papers', trendingList(now), { isTrending: true });
      const named = /^\/papers\/date\/([^/]+)$/.exec(pathname)?.[1];
      const date = named ?? (pathname === '/papers' ? searchParams.get('date') : null);
      if (date) return answerDayPage(date);
      const q = pathname === '/papers' ? searchParams.get('q') : null;
      if (!q?.trim()) return notFound();
      return page('Daily Papers', searchPapers(q, now), { dateString: today, periodType: 'day', query: { q } });
    },
  };
}
