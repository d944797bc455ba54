import { removeControls } from '../../lib/printable.ts';
import { splitAuthors } from '../../model/paper.ts';
import { entryTag, entryText, type Feed, type FeedEntry, feedPath, feedTag, feedTitle, updatedAt } from './feed.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
const escapeXml = (text: string): string =>
  removeControls(text).replaceAll(/[&<>"\r]/g, (character) => ENTITIES[character] as string);

const textElement = (name: 'title' | 'subtitle' | 'summary' | 'content', text: string): string =>
  `<${name} type="text">${escapeXml(text)}</${name}>`;

const linkElement = (rel: string, href: string, more = ''): string =>
  `<link rel="${rel}" href="${escapeXml(href)}"${more}/>`;

const personElement = (name: string): string => `<author><name>${escapeXml(name)}</name></author>`;

/** Formats a feed as Atom (RFC 4287). `origin` begins the addresses on this site: `https://papers.example.org`. */
export function formatAtom(feed: Feed, origin: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${escapeXml(feedTag(feed))}</id>
${textElement('title', feedTitle(feed))}
${textElement('subtitle', feed.description)}
<updated>${updatedAt(feed)}</updated>
${linkElement('self', origin + feedPath(feed.path, '.atom'), ' type="application/atom+xml"')}
${linkElement('alternate', origin + feed.path, ' type="text/html"')}
${personElement('paperkeep')}
${feed.entries.map((entry) => `${formatEntry(entry, origin, feed.path)}\n`).join('')}</feed>
`;
}

const formatEntry = (entry: FeedEntry, origin: string, page: string): string =>
  [
    '<entry>',
    `<id>${escapeXml(entryTag(entry.id))}</id>`,
    textElement('title', entry.title),
    `<published>${entry.date}</published>`,
    `<updated>${entry.date}</updated>`,
    linkElement('alternate', origin + (entry.path ?? page), ' type="text/html"'),
    ...entry.links.map(([name, url]) => linkElement('related', url, ` title="${escapeXml(name)}"`)),
    ...splitAuthors(entry.authors).named.map(personElement),
    ...entry.keywords.map((keyword) => `<category term="${escapeXml(keyword)}"/>`),
    textElement('summary', entry.reason),
    textElement('content', entryText(entry)),
    '</entry>',
  ].join('\n');
