import type { SiteContext } from '../query/context.ts';
import { formatLlmsText } from './formats/markdown.ts';
import { formatRobots, formatSitemap } from './formats/sitemap.ts';
import { CONTENT_TYPES } from './route.ts';
import { icon } from './static/icon.ts';
import { preview } from './static/preview.ts';
import { script } from './static/script.ts';
import { styleSheet } from './static/style.ts';

/** A file by the address that the client used for the site, and its content type. */
type SiteFile = readonly [
  body: (origin: string) => string | Uint8Array<ArrayBuffer> | Promise<string>,
  contentType: string,
];

/**
 * What the site has besides the answers to questions, by path: style, script and pictures, the files that programs look for, and `/docs`.
 *
 * @param indexing Whether search engines may list the site.
 */
export function createSiteFiles(context: SiteContext, indexing: boolean): Readonly<Record<string, SiteFile>> {
  const { table, sample, versions, sendsMail } = context;
  return {
    '/style.css': [() => styleSheet, 'text/css; charset=utf-8'],
    '/script.js': [() => script, 'text/javascript; charset=utf-8'],
    '/icon.svg': [() => icon, 'image/svg+xml'],
    '/preview.png': [() => preview, 'image/png'],
    '/robots.txt': [(origin) => formatRobots(indexing ? origin : null), 'text/plain; charset=utf-8'],
    ...(indexing && {
      '/sitemap.xml': [(origin: string) => formatSitemap(table, origin), 'application/xml; charset=utf-8'] as const,
    }),
    '/llms.txt': [(origin) => formatLlmsText(origin, sample), 'text/plain; charset=utf-8'],
    // loaded when it is asked for, with the schemas of all answers
    '/openapi.json': [
      async () => JSON.stringify(await (await import('./openapi.ts')).createOpenApi(versions.paperkeep, sample)),
      CONTENT_TYPES.json,
    ],
    '/docs': [
      async (origin) => {
        const [{ createOpenApi }, { renderDocsPage }, { getNewestList }] = await Promise.all([
          import('./openapi.ts'),
          import('./pages/docs.ts'),
          import('../query/list.ts'),
        ]);
        const newest = await getNewestList(context, 'daily', { at: null, sort: 'rank' });
        const document = await createOpenApi(versions.paperkeep, sample);
        return renderDocsPage(document, newest, origin, sendsMail);
      },
      CONTENT_TYPES.html,
    ],
  };
}
