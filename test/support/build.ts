import { addDays, type Day, type Instant, startOfDay } from '../../shared/lib/time.ts';
import type { Capture, Exchange } from '../../shared/model/capture.ts';
import type { ListDay } from '../../shared/model/list.ts';
import type { Listing, ListingRow, PaperContent } from '../../shared/model/listing.ts';

/** Made-up papers, listings and captures. A test names what matters to it; the rest is filled in, in the feed's own shapes. */

/** Makes a day or an instant of text that is known to be one. */
export const day = (text: string): Day => text as Day;
export const instant = (text: string): Instant => text as Instant;

/** The day that is taken where a test names none, and its list. */
export const DAY = day('2025-01-08');
export const DAILY: ListDay = { list: 'daily', day: DAY };

type PaperFields = Partial<Omit<ListingRow, 'content'> & PaperContent>;

/** A paper's row, whole as the API tells it; its texts follow from its id. */
export function aPaper({
  rank = 1,
  id = '2501.00001',
  upvotes = 10,
  comments = 2,
  githubStars = null,
  ...content
}: PaperFields = {}): ListingRow {
  const whole: PaperContent = {
    title: `What the paper ${id} is called`,
    abstract: `It is made up. It says what ${id} is about.`,
    authors: ['Ada Example', 'Ben Example'],
    publishedAt: '2025-01-07T14:00:00Z',
    listedOn: DAY,
    githubUrl: null,
    projectUrl: null,
    keywords: ['tables', 'long reading'],
    aiSummary: null,
    organization: { name: 'acme', fullname: 'Acme Research' },
    submittedBy: 'a-login',
  };
  return { rank, id, upvotes, comments, githubStars, content: { ...whole, ...content } };
}

/** Papers at ranks 1, 2, 3 …, by their ids (a number is the last digits of one). */
export const ranked = (...ids: (string | number)[]): ListingRow[] =>
  ids.map((id, at) =>
    aPaper({ rank: at + 1, id: typeof id === 'string' ? id : `2501.${String(id).padStart(5, '0')}` }),
  );

/** A whole list of the API; of one paper by default. */
export function aListing(change: Partial<Listing> = {}): Listing {
  const rows = change.rows ?? [aPaper()];
  const whole = {
    via: 'api',
    pages: 1,
    complete: true,
    listed: rows.length,
    rows,
    rejects: [],
    unknown: {},
    query: null,
  };
  return { ...whole, ...change } as Listing;
}

type CaptureFields = Partial<Omit<Capture, 'exchanges'>> & {
  /** What the feed answers: these papers, in this order; or something else with a status of its own. */
  readonly papers?: readonly ListingRow[];
  readonly answer?: Partial<Exchange>;
};

/**
 * A visit whose answer shows the papers, as the real parsers read it: the API's for `daily`, a page for the other lists. On the list of a day
 * papers name that day, unless a test gives them another one than `DAY`.
 */
export function aCapture({ papers = [aPaper()], answer = {}, ...change }: CaptureFields = {}): Capture {
  const { list, day, at, imported } = { ...DAILY, at: instant('2025-01-08T06:15:00Z'), imported: false, ...change };
  const listed = papers.map((row) =>
    list === 'daily' && row.content.listedOn === DAY ? { ...row, content: { ...row.content, listedOn: day } } : row,
  );
  const entries = listed.map(entryOf);
  const [path, body] =
    list === 'daily'
      ? [`/api/daily_papers?date=${day}&limit=100&p=0`, JSON.stringify(entries)]
      : [list === 'trending' ? '/papers/trending' : `/papers?q=${list.slice(8)}`, pageOf(entries)];
  const exchange: Exchange = {
    url: `https://huggingface.co${path}`,
    at,
    status: 200,
    headers: [],
    sent: imported ? null : [['user-agent', 'paperkeep/0 (test)']],
    body: new TextEncoder().encode(body),
    cut: false,
    ...answer,
  };
  return { list, day, at, imported, exchanges: [exchange] };
}

/** The instants of `count` hours, from the beginning of a day. */
export const hours = (from: Day, count: number): Instant[] =>
  Array.from({ length: count }, (_, hour) =>
    instant(
      `${startOfDay(addDays(from, Math.floor(hour / 24))).slice(0, 11)}${String(hour % 24).padStart(2, '0')}:07:00Z`,
    ),
  );

/** A paper as an entry of the feed; what is null is left out, as the feed does. */
function entryOf({ id, upvotes, comments, githubStars, content }: ListingRow): object {
  const entry = {
    title: content.title,
    numComments: comments,
    submittedBy: content.submittedBy && { name: content.submittedBy },
    paper: {
      id,
      title: content.title,
      summary: content.abstract,
      authors: content.authors?.map((name) => ({ name })),
      publishedAt: content.publishedAt,
      upvotes,
      githubRepo: content.githubUrl,
      githubStars,
      projectPage: content.projectUrl,
      ai_keywords: content.keywords,
      ai_summary: content.aiSummary,
      submittedOnDailyAt: content.listedOn && startOfDay(content.listedOn),
      organization: content.organization,
    },
  };
  return JSON.parse(JSON.stringify(entry, (_, value) => value ?? undefined));
}

const pageOf = (entries: readonly object[]): string => {
  const props = JSON.stringify({ dailyPapers: entries, isTrending: true })
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
  return `<!doctype html><html><body><main><div data-target="DailyPapers" data-props="${props}"></div></main></body></html>`;
};
