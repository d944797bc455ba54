import { html } from 'hono/html';
import type { Markup } from './elements.ts';

/** A whole document, as text. */
export type PageHtml = string;

/** What a page is made of. */
export type Page = {
  /** Said in the browser's tab, before the site's name. */
  readonly title: string;
  /** True when the papers are made up; every page then says so. */
  readonly sample: boolean;
  /** Which entry of the navigation it belongs to; null for none. */
  readonly section: 'daily' | 'trending' | 'movers' | 'top' | 'topics' | 'search' | 'coverage' | 'captures' | null;
  /** The same as data: format and address. */
  readonly formats: readonly (readonly [format: 'JSON' | 'CSV' | 'BibTeX', path: string])[];
  /** The content, with exactly one h1. */
  readonly main: Markup;
};

const NAVIGATION = [
  ['daily', 'Daily', '/daily'],
  ['trending', 'Trending', '/trending'],
  ['movers', 'Movers', '/movers'],
  ['top', 'Top', '/top'],
  ['topics', 'Topics', '/topics'],
  ['search', 'Search', '/search'],
  ['coverage', 'Coverage', '/coverage'],
  ['captures', 'Captures', '/captures'],
] as const;

const sampleBanner = html`<aside class="sample" aria-label="Sample papers">
  <p><strong>Sample.</strong> These papers are made up, because the feed could not be reached. Nothing here was ever on a real list;
  as soon as the feed answers, the real ones take their place.</p>
</aside>`;

const renderFormatLinks = (twins: Page['formats']): Markup =>
  html`<p class="twins"><span>This page as data:</span> ${twins.map(([format, path]) => html`<a href="${path}">${format}</a> `)}</p>`;

/** Draws a whole document: head, navigation, the sample banner, content, links to the same as data, footer. */
export function renderPage({ title, sample, section, formats, main }: Page): PageHtml {
  const json = formats.find(([format]) => format === 'JSON')?.[1];
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · paperkeep</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${json ? html`<link rel="alternate" type="application/json" href="${json}">` : ''}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="site">
  <p class="wordmark"><a href="/">paperkeep</a></p>
  <nav aria-label="Lists and archive"><ul>
    ${NAVIGATION.map(([name, words, path]) => html`<li><a href="${path}"${name === section ? html` aria-current="true"` : ''}>${words}</a></li>`)}
  </ul></nav>
</header>
${sample ? sampleBanner : ''}
<main id="content" tabindex="-1">
${main}
${formats.length > 0 ? renderFormatLinks(formats) : ''}
</main>
<footer class="site">
  <p>paperkeep looks at Hugging Face’s daily and trending papers every hour and keeps what it saw: numbers as observed, with their time; every hole named.
  All times are UTC.</p>
  <p>Titles and abstracts belong to their authors.</p>
  <nav aria-label="About this archive"><ul>
    <li><a href="/new">New papers</a></li>
    <li><a href="/coverage">Coverage</a></li>
    <li><a href="/captures">Captures</a></li>
    <li><a href="/exports">Exports</a></li>
    <li><a href="/openapi.json">openapi.json</a></li>
    <li><a href="/-/health">Health</a></li>
    <li><a href="/-/versions">Versions</a></li>
  </ul></nav>
</footer>
</body>
</html>
`);
}
