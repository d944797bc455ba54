import { addDays, countDays, type Day, dayOf, type Instant, parseDay, parseInstant } from '../lib/time.ts';
import { troubleAt, windowOf } from './calendar.ts';
import { type FeedEntry, toFeedEntry } from './entry.ts';
import { heatAt, listDayAt, upvotesAt } from './growth.ts';
import { renderFeedPage } from './page.ts';
import { classicPapers, type SamplePaper, samplePapers, unlistedPapers } from './papers.ts';

/** What the sample feed says to a request. */
export type SampleResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True when only half of the body gets through. */
  readonly cut: boolean;
};

/** The sample feed as it is at one moment. */
export type SampleFeed = {
  /** Answers a request as the real feed would: `/api/daily_papers`, `/papers/date/D`, `/papers?date=D`, `/papers/trending`, `/papers?q=`; else 404. */
  answer(url: URL): SampleResponse;
};

const TRENDING_LENGTH = 50;
const SEARCH_LENGTH = 100;
const NOT_FOUND = { error: "Sorry, we can't find the page you are looking for." };
const PUBLISHER = { _id: '0123456789abcdef01234567', fullname: 'Sample', user: 'sample', type: 'user' };

/** A bucket of the real feed: its name in the headers and how many requests it grants in five minutes. */
type Bucket = { readonly name: string; readonly grants: number };
const API: Bucket = { name: 'api', grants: 500 };
const PAGES: Bucket = { name: 'pages', grants: 100 };
const WINDOW_SECONDS = 300;

const secondsLeft = (now: Instant): number =>
  WINDOW_SECONDS - ((Number(now.slice(14, 16)) * 60 + Number(now.slice(17, 19))) % WINDOW_SECONDS);

/** Papers on a day's list at a time, most upvotes first. */
function listOf(day: Day, at: Instant): SamplePaper[] {
  return [...samplePapers(addDays(day, -1)), ...samplePapers(day)]
    .filter((paper) => paper.submitted && paper.submitted.at <= at && listDayAt(paper, at) === day)
    .map((paper) => ({ paper, upvotes: upvotesAt(paper, at) }))
    .sort((one, other) => other.upvotes - one.upvotes)
    .map(({ paper }) => paper);
}

/** Everything that was put on a list in the six weeks up to a time. */
const listedUntil = (at: Instant): SamplePaper[] =>
  windowOf(at).flatMap((day) => samplePapers(day).filter(({ submitted }) => submitted && submitted.at <= at));

const trendingAt = (at: Instant): SamplePaper[] =>
  [...listedUntil(at), ...unlistedPapers()]
    .map((paper) => ({ paper, heat: heatAt(paper, at) }))
    .sort((one, other) => other.heat - one.heat)
    .slice(0, TRENDING_LENGTH)
    .map(({ paper }) => paper);

/** Papers whose title or abstract holds every word: those with all of them in the title first, then the newest. */
function found(query: string, at: Instant): SamplePaper[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text: string) => words.every((word) => text.includes(word));
  const inText = [...listedUntil(at).reverse(), ...unlistedPapers(), ...classicPapers()].filter((paper) =>
    holds(`${paper.title} ${paper.abstract}`.toLowerCase()),
  );
  const inTitle = (paper: SamplePaper) => (holds(paper.title.toLowerCase()) ? 0 : 1);
  const old = inText.filter(({ submitted }) => !submitted);
  const listed = inText
    .filter(({ submitted }) => submitted)
    .sort((one, other) => inTitle(one) - inTitle(other))
    .slice(0, SEARCH_LENGTH - old.length);
  return [...listed, ...old];
}

/** The sample feed as it is at `now`; two feeds of one moment answer alike, byte for byte. */
export function createSampleFeed(now: Instant): SampleFeed {
  const today = dayOf(now);
  const days = windowOf(now);
  const cut = troubleAt(now) === 'cut';

  const headersOf = (type: string, { name, grants }: Bucket) => ({
    'content-type': type,
    ratelimit: `"${name}";r=${grants - 1};t=${secondsLeft(now)}`,
    'ratelimit-policy': `"fixed window";"${name}";q=${grants};w=${WINDOW_SECONDS}`,
  });
  const json = (value: unknown, status = 200, bucket = API): SampleResponse => ({
    status,
    headers: headersOf('application/json; charset=utf-8', bucket),
    body: JSON.stringify(value),
    cut,
  });
  const page = (
    heading: string,
    papers: readonly SamplePaper[],
    more: Readonly<Record<string, unknown>>,
  ): SampleResponse => {
    const dailyPapers = papers.map((paper) => toFeedEntry(paper, now));
    const props = { canSubmit: false, dailyPapers, publisher: PUBLISHER, query: {}, isTrending: false, ...more };
    return {
      status: 200,
      headers: headersOf('text/html; charset=utf-8', PAGES),
      body: renderFeedPage(heading, props),
      cut,
    };
  };
  const notFound = (): SampleResponse => json(NOT_FOUND, 404, PAGES);

  const daily = (query: URLSearchParams): SampleResponse => {
    const asked = query.get('date');
    const day = asked === null ? today : parseDay(asked.slice(0, 10));
    if (!day || day > today || (asked && asked.length > 10 && !parseInstant(asked)))
      return json({ error: 'Invalid date' }, 400);
    const limit = Number(query.get('limit') ?? 50);
    const number = Number(query.get('p') ?? 0);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) return json({ error: 'Invalid limit' }, 400);
    if (!Number.isInteger(number) || number < 0) return json({ error: 'Invalid page' }, 400);
    const papers = days.includes(day) ? listOf(day, now) : [];
    return json(papers.slice(number * limit, (number + 1) * limit).map((paper): FeedEntry => toFeedEntry(paper, now)));
  };

  /** A day without papers (a weekend, this early morning, the future) shows the newest before it that has some, as the real page does. */
  const dayPage = (asked: string): SampleResponse => {
    const day = parseDay(asked);
    if (!day || (day < today && !days.includes(day))) return notFound();
    const newest = countDays(day, today) < 0 ? today : day;
    const shown = [0, -1, -2, -3].map((back) => addDays(newest, back)).find((one) => listOf(one, now).length > 0);
    if (!shown) return notFound();
    return page('Daily Papers', listOf(shown, now), {
      dateString: shown,
      prevDate: addDays(shown, -1),
      ...(shown < today && { nextDate: addDays(shown, 1) }),
      periodType: 'day',
    });
  };

  return {
    answer({ pathname, searchParams }) {
      if (troubleAt(now) === 'failing') {
        const bucket = pathname.startsWith('/api/') ? API : PAGES;
        return {
          status: 503,
          headers: headersOf('text/html', bucket),
          body: '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
          cut: false,
        };
      }
      if (pathname === '/api/daily_papers') return daily(searchParams);
      if (pathname === '/papers/trending') return page('Trending Papers', trendingAt(now), { isTrending: true });
      const dated =
        /^\/papers\/date\/([^/]+)$/.exec(pathname)?.[1] ?? (pathname === '/papers' ? searchParams.get('date') : null);
      if (dated) return dayPage(dated);
      const text = pathname === '/papers' ? searchParams.get('q') : null;
      if (text?.trim()) {
        return page('Daily Papers', found(text, now), { dateString: today, periodType: 'day', query: { q: text } });
      }
      return notFound();
    },
  };
}
