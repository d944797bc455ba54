import { type Day, type Instant, parseInstant } from '../../shared/lib/time.ts';
import type { Capture, Exchange } from '../../shared/model/capture.ts';

/** Made-up answers in the shapes that the feed really has, and captures of them. */

export const AT = parseInstant('2025-01-08T18:00:00Z') as Instant;
export const DAY = '2025-01-08' as Day;

/** The bytes of a text, or of a value as JSON; bytes as they are. */
export const bytesOf = (body: unknown): Uint8Array =>
  body instanceof Uint8Array ? body : new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));

const WORDS = 'a model learns to read long tables by looking twice at every row and then writes what it saw'.split(' ');
const words = (count: number, from: number) =>
  Array.from({ length: count }, (_, at) => WORDS[(from + at * 7) % WORDS.length]).join(' ');

export const idOf = (at: number): string => `2501.${String(10_000 + at)}`;

type Fields = Record<string, unknown>;
type EntryFields = { at?: number; words?: number; authors?: number; paper?: Fields; entry?: Fields };

/** An entry of the API as of 2026, the paper number `at`. Fields given as undefined are left out. */
export function anEntry({ at = 0, words: length = 30, authors = 2, paper = {}, entry = {} }: EntryFields = {}): Fields {
  const title = `τ-Tables ${at}: ${words(6, at)}`;
  const organization = { _id: 'f00d', name: 'acme-lab', fullname: 'Acme Lab', avatar: 'https://example.org/a.png' };
  const made = {
    paper: {
      id: idOf(at),
      authors: Array.from({ length: authors }, (_, one) => ({
        _id: `${at}a${one}`.padEnd(24, '0'),
        name: `Zoë Number${one}`,
        hidden: false,
      })),
      publishedAt: '2025-01-07T00:00:00.000Z',
      submittedOnDailyAt: '2025-01-08T00:00:00.000Z',
      title,
      submittedOnDailyBy: {
        _id: 'b0b',
        avatarUrl: '/avatars/b.svg',
        isPro: false,
        fullname: 'Bob',
        user: 'bob',
        type: 'user',
      },
      summary: `${words(length, at)}.`,
      upvotes: 100 - (at % 100),
      discussionId: 'd15c',
      githubRepo: `https://github.com/acme/t${at}`,
      githubStars: at,
      projectPage: `https://example.org/t${at}`,
      ai_summary: `${words(25, at)}.`,
      ai_keywords: ['tables', 'long reading'],
      organization,
      ...paper,
    },
    publishedAt: '2025-01-06T20:00:00.000Z',
    title,
    summary: `${words(length, at)}.`,
    thumbnail: `https://example.org/social-thumbnails/${idOf(at)}.png`,
    numComments: 2,
    submittedBy: { _id: 'b0b', avatarUrl: '/avatars/b.svg', fullname: 'Bob', name: 'bob', type: 'user', isPro: false },
    organization,
    isAuthorParticipating: false,
    ...entry,
  };
  return JSON.parse(JSON.stringify(made));
}

export const entries = (count: number, from = 0): Fields[] =>
  Array.from({ length: count }, (_, at) => anEntry({ at: from + at }));

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('<', '&lt;');

type PageFields = { entries?: readonly Fields[]; props?: Fields; cards?: string; padTo?: number };

/** A page of 2026: hydration data of the list among those of other parts, then each paper twice as a card. */
export function aPage({ entries: list = entries(2), props = {}, cards, padTo = 0 }: PageFields = {}): string {
  const data = {
    canSubmit: false,
    dailyPapers: list,
    publisher: { user: 'ak' },
    query: {},
    isTrending: true,
    ...props,
  };
  const shown =
    cards ?? list.map((entry) => aCard(entry.paper as Fields, padTo / (2 * list.length) - 5_000)).join('<!--]-->');
  return `<!doctype html>
<html class=""><head><title>Trending Papers</title>
<script type="text/javascript" src="https://abc.edge.sdk.awswaf.com/abc/challenge.js" defer></script></head>
<body class="DailyPapersPage"><!--[--><div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{&quot;isWide&quot;:false}"></div>
<main><div class="SVELTE_HYDRATER contents" data-target="DailyPapersBannerSubscribe" data-props="{}"></div>
<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="${escaped(JSON.stringify(data))}"><section>
${shown}</section></div></main></body></html>
`;
}

/** One card, the paper twice in it. `size` is how much drawing (svg paths) each half carries. */
function aCard(paper: Fields, size: number): string {
  const svg = `<svg viewBox="0 0 12 12">${'<path d="M5.19 2.67a.94.94 0 0 1 1.62 0l3.31 5.72"></path>'.repeat(Math.max(0, size / 57))}</svg>`;
  const half = `<a href="/papers/${paper.id}"><img src="x.png"/></a> <div class="shadow-xs">Submitted by <div class="flex-none"><img/> <!--[-1--><!--]--></div><!----> bob</div>
<h3 class="mb-1"><a href="/papers/${paper.id}" class="line-clamp-2">${escaped(String(paper.title))}</a></h3><p class="line-clamp-2">${paper.ai_summary}</p>
<a href="/acme-lab"><span class="truncate font-medium">Acme Lab</span></a> <span>Published on Jan 7, 2025</span>
<a href="/login?next=%2Fpapers%2F${paper.id}"><div role="checkbox"><input disabled="" type="checkbox"/> ${svg}<!----> Upvote <div class="font-semibold text-orange-500">${paper.upvotes}</div></div></a>
<a href="${paper.githubRepo}"><svg></svg> <span>GitHub</span> <span><svg></svg> <span>3.29k</span></span></a> <a href="https://arxiv.org/abs/${paper.id}"><span>arXiv Page</span></a>`;
  return `<article class="relative"><div class="hidden h-40 md:flex">${half}</div><div class="flex flex-col md:hidden">${half}</div></article>`;
}

/** The text of a papers page of so many papers, as copied from a browser. */
export const aCopiedPage = (count: number): string =>
  [
    'new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 12\n',
    ...Array.from({ length: count }, (_, at) => `Tables ${at}: ${words(6, at)}\n\n${words(60, at)}.\n`),
  ].join('\n');

/** An exchange; 200, JSON's URL of the first page, nothing said in headers. */
export const anExchange = (fields: Partial<Exchange> = {}): Exchange => ({
  url: 'https://huggingface.co/api/daily_papers?date=2025-01-08&limit=100&p=0',
  at: AT,
  status: 200,
  headers: [],
  sent: [],
  body: bytesOf([]),
  cut: false,
  ...fields,
});

/** An answer of the API: page `p` of a visit that asks with limit 100. */
export const apiAnswer = (body: unknown, p = 0, fields: Partial<Exchange> = {}): Exchange =>
  anExchange({
    url: `http://127.0.0.1:4600/api/daily_papers?date=${DAY}&limit=100&p=${p}`,
    body: bytesOf(body),
    ...fields,
  });

/** An answer with a page. */
export const pageAnswer = (html: string, fields: Partial<Exchange> = {}): Exchange =>
  anExchange({ url: `http://127.0.0.1:4600/papers/date/${DAY}`, body: bytesOf(html), ...fields });

/** A capture of the day's list, live. */
export const aCapture = (fields: Partial<Capture> = {}): Capture => ({
  list: 'daily',
  day: DAY,
  at: AT,
  imported: false,
  exchanges: [apiAnswer(entries(3))],
  ...fields,
});
