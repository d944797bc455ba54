import { html } from 'hono/html';
import { removeControls } from '../../lib/printable.ts';
import { feedPath } from '../formats/feed.ts';
import type { Markup } from './elements.ts';

/** The parts of a page. */
export type Page = {
  /** Shown in the browser's tab, before the site's name. */
  readonly title: string;
  /** Whether the papers are invented; every page then says so. */
  readonly sample: boolean;
  /** The navigation entry that is marked as current; null for none. */
  readonly section: (typeof NAVIGATION)[number][0] | 'data' | null;
  /** Links to the same content as data. */
  readonly formats: readonly (readonly [format: 'JSON' | 'CSV' | 'BibTeX', path: string])[];
  /** The path of the page, with its filters, that has a feed; absent where there is none. */
  readonly feed?: string;
  /** One or two sentences for previews and search engines; by default what the site is. */
  readonly description?: string | null | undefined;
  /** Further elements of the head. */
  readonly meta?: Markup;
  /** The content, with exactly one `h1`. */
  readonly main: Markup;
};

const NAVIGATION = [
  ['today', 'Today', '/'],
  ['trending', 'Trending', '/trending'],
  ['movers', 'Movers', '/movers'],
  ['topics', 'Topics', '/topics'],
  ['search', 'Search', '/search'],
] as const;
/** What the menu "Data" holds. */
const DATA = [
  ['Front page', '/'],
  ['Daily papers', '/daily'],
  ['Trending papers', '/trending'],
  ['Watched searches', '/watched'],
  ['Top papers', '/top'],
  ['Expected upvotes', '/expected'],
  ['New papers', '/new'],
  ['Authors', '/authors'],
  ['Organizations', '/organizations'],
  ['Keywords', '/keywords'],
  ['Coverage', '/coverage'],
  ['Captures', '/captures'],
  ['Exports', '/exports'],
  ['Health', '/-/health'],
  ['Versions', '/-/versions'],
  ['API', '/docs'],
] as const;

/**
 * Whether the Tab key passes over an entry of the bar, so that few stops lead to the first paper: the search box follows it, and the menu leads
 * to the front page and to trending too. On the page of the search, whose box is larger and has a button, it passes over the small box.
 */
const isPassedOver = (name: (typeof NAVIGATION)[number][0], section: Page['section']): boolean =>
  name === 'search' ||
  (name === 'today' && section === 'search') ||
  (name === section && (name === 'today' || name === 'trending'));

const ABOUT =
  'Hugging Face’s daily and trending papers, recorded every hour, so you can see what was popular and how it got there.';

const sampleBanner = html`<aside class="sample" aria-label="Sample papers">
  <p><strong>Sample.</strong> These papers are invented; real ones appear once Hugging Face can be reached.</p>
</aside>`;

const renderFormatLinks = (formats: Page['formats']): Markup =>
  html`<p class="formats"><span>This page as data:</span> ${formats.map(([format, path]) => html`<a href="${path}">${format}</a> `)}</p>`;

const renderFeedLinks = (page: string): Markup =>
  html`<p class="formats"><a href="${feedPath(page, '.atom')}">Subscribe</a> <span>in a feed reader, or as</span> <a href="${feedPath(page, '.feed.json')}">JSON Feed</a></p>`;

const renderFeedAlternates = (page: string, title: string): Markup =>
  html`<link rel="alternate" type="application/atom+xml" title="${title}" href="${feedPath(page, '.atom')}">
<link rel="alternate" type="application/feed+json" title="${title}" href="${feedPath(page, '.feed.json')}">`;

/**
 * Adds to the head of a page the addresses that previews and search engines want absolute, which only a request knows: those of the page
 * itself, without its order, and of the preview image. `origin` is that of the site.
 */
export function addAbsoluteLinks(page: string, origin: string, url: URL): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete('sort');
  const address = `${origin}${pathname}${searchParams.size > 0 ? `?${searchParams}` : ''}`;
  const links = html`
<link rel="canonical" href="${address}">
<meta property="og:url" content="${address}">
<meta property="og:image" content="${origin}/preview.png">`;
  return page.replace('</title>', () => `</title>${links}`);
}

/** Renders a whole HTML document: head, navigation, sample banner, content, links to the data, footer. */
export function renderPage({ title, sample, section, formats, feed, meta, main, ...page }: Page): string {
  const description = page.description || ABOUT;
  const json = formats.find(([format]) => format === 'JSON')?.[1];
  return removeControls(
    String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · paperkeep</title>
<meta property="og:title" content="${title}">
<meta property="og:site_name" content="paperkeep">
<meta property="og:type" content="website">
<meta name="twitter:card" content="summary_large_image">
<meta name="description" content="${description}">
<meta property="og:description" content="${description}">
${meta ?? ''}<link rel="stylesheet" href="/style.css">
<script src="/script.js" defer></script>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${json ? html`<link rel="alternate" type="application/json" href="${json}">` : ''}
${feed ? renderFeedAlternates(feed, title) : ''}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="site">
  <p class="wordmark"><a href="/" tabindex="-1">paperkeep</a></p>
  <nav aria-label="Main"><ul>
    ${NAVIGATION.map(([name, words, path]) => html`<li><a href="${path}"${name === section ? html` aria-current="true"` : ''}${isPassedOver(name, section) ? html` tabindex="-1"` : ''}>${words}</a></li>`)}
    <li><details class="menu"><summary${section === 'data' ? html` aria-current="true"` : ''}>Data</summary>
      <ul>${DATA.map(([words, path]) => html`<li><a href="${path}">${words}</a></li>`)}</ul></details></li>
  </ul></nav>
  <form class="find" action="/search" role="search" aria-label="All papers"><input type="search" name="q" maxlength="300" aria-label="Search papers" aria-keyshortcuts="/" placeholder="Search" autocomplete="off"${section === 'search' ? html` tabindex="-1"` : ''}></form>
</header>
${sample ? sampleBanner : ''}
<main id="content" tabindex="-1">
${main}
${formats.length > 0 ? renderFormatLinks(formats) : ''}${feed ? renderFeedLinks(feed) : ''}
</main>
<footer class="site">
  <p>paperkeep records Hugging Face’s daily and trending papers every hour. Numbers are shown as they were observed, and gaps are shown as gaps.
  All times are UTC. Titles and abstracts belong to their authors.</p>
</footer>
</body>
</html>
`),
  );
}
