/** What search engines read: `robots.txt` and the sitemap. */
import { html } from 'hono/html';
import { readDays } from '../../query/context.ts';
import type { TableStore } from '../../table/store.ts';
import { listPath } from '../paths.ts';

/** Formats `robots.txt`: everything is allowed where the site is at `origin`, nothing where it is null. */
export const formatRobots = (origin: string | null): string =>
  origin === null
    ? 'User-agent: *\nDisallow: /\n'
    : `User-agent: *\nDisallow: /captures\nSitemap: ${origin}/sitemap.xml\n`;

/** Pages that every site has. */
const PAGES = ['/', '/trending', '/movers', '/topics', '/top', '/new', '/coverage'];

/** Formats the sitemap of the site at `origin`: its pages and every daily list that has papers. */
export async function formatSitemap(table: TableStore, origin: string): Promise<string> {
  const days = (await readDays(table, 'daily', { from: null, to: null })).filter(({ status }) => status.papers > 0);
  const paths = [...PAGES, ...days.map(({ listDay: { day } }) => listPath('daily', day))];
  return `${html`<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${paths.map(
  (path) => html`<url><loc>${origin}${path}</loc></url>
`,
)}</urlset>
`}`;
}
