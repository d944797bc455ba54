/** What a feed holds, whatever its format: `formatAtom` and `formatJsonFeed` write the same entries. */
import { removeControls } from '../../lib/printable.ts';
import type { Instant } from '../../lib/time.ts';
import { splitAuthors } from '../../model/paper.ts';

/** An entry of a feed: one paper, or one issue. */
export type FeedEntry = {
  /** What the entry is, apart from its numbers: `daily/2501.04519`. Readers show an entry again when its id changes, so it never does. */
  readonly id: string;
  readonly title: string;
  /** The path of the page about it on this site; null for a row without an id. */
  readonly path: string | null;
  /** Published and updated. Readers may show an entry again when this becomes later, so votes do not change it. */
  readonly date: Instant;
  /** Why it is in the feed, a sentence. */
  readonly reason: string;
  /** Its text, paragraphs separated by empty lines; null if unknown. */
  readonly text: string | null;
  readonly authors: readonly string[];
  readonly keywords: readonly string[];
  /** Addresses on other sites by their names: `['arXiv', 'https://arxiv.org/abs/2501.04519']`. */
  readonly links: readonly (readonly [name: string, url: string])[];
};

/** A feed. Its own id and addresses are made from `path`, that of its page with the filters. */
export type Feed = {
  readonly path: string;
  readonly title: string;
  /** What it holds, and which gaps the archive has there. */
  readonly description: string;
  /** Whether the papers are invented. */
  readonly sample: boolean;
  /** Newest first. */
  readonly entries: readonly FeedEntry[];
};

/** The date of a feed without entries, and of an entry without a date. */
export const NO_DATE = '1970-01-01T00:00:00Z' as Instant;

/** Begins every id. The same paper on the same list has the same id at every site, so that a site may move. */
const TAG = 'tag:paperkeep.github.io,2026:';

/** The `tag:` URI (RFC 4151) of an entry. */
export const entryTag = (id: string): string => TAG + encodeURI(removeControls(id));

/** The `tag:` URI of a feed, from its path, which is encoded already. */
export const feedTag = ({ path }: Feed): string => TAG + path;

/** The address of a page's feed: `/daily.atom?minUpvotes=50` for the page `/daily?minUpvotes=50`. */
export const feedPath = (page: string, ending: '.atom' | '.feed.json'): string => page.replace(/(?=\?)|$/, ending);

/** When a feed was last changed: the newest date of its entries. */
export const updatedAt = ({ entries }: Feed): Instant =>
  entries
    .map(({ date }) => date)
    .sort()
    .at(-1) ?? NO_DATE;

/** The title of a feed, which says when the papers are invented. */
export const feedTitle = ({ title, sample }: Feed): string => `${sample ? 'Sample: ' : ''}${title} · paperkeep`;

/** The text of an entry: why it is there, who wrote it, its own text, and where to read on. */
export const entryText = ({ reason, authors, text, links }: FeedEntry): string =>
  [
    reason,
    ...(authors.length > 0 ? [`By ${joinAuthors(authors)}.`] : []),
    ...(text === null ? [] : [text]),
    links.map(([name, url]) => `${name}: ${url}`).join('\n'),
  ].join('\n\n');

const joinAuthors = (authors: readonly string[]): string => {
  const { named, more } = splitAuthors(authors);
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};
