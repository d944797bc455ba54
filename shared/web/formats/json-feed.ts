import { removeControls } from '../../lib/printable.ts';
import { splitAuthors } from '../../model/paper.ts';
import { entryTag, entryText, type Feed, feedPath, feedTitle } from './feed.ts';

/** Formats a feed as JSON Feed 1.1. `origin` begins the addresses on this site: `https://papers.example.org`. */
export function formatJsonFeed(feed: Feed, origin: string): string {
  const items = feed.entries.map((entry) => ({
    id: entryTag(entry.id),
    url: origin + (entry.path ?? feed.path),
    ...(entry.links[0] && { external_url: entry.links[0][1] }),
    title: entry.title,
    summary: entry.reason,
    content_text: entryText(entry),
    date_published: entry.date,
    date_modified: entry.date,
    authors: splitAuthors(entry.authors).named.map((name) => ({ name })),
    tags: entry.keywords,
  }));
  const json = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feedTitle(feed),
    description: feed.description,
    home_page_url: origin + feed.path,
    feed_url: origin + feedPath(feed.path, '.feed.json'),
    language: 'en',
    ...(feed.sample && { sample: true }),
    items,
  };
  return JSON.stringify(json, (_, value) => (typeof value === 'string' ? removeControls(value) : value));
}
