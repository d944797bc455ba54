import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonHome } from './packages.ts';

const run = promisify(execFile);
const HOME = pythonHome('feedparser', ['feedparser==6.0.14']);

const SCRIPT = `
import json, sys, feedparser
def read(text):
    feed = feedparser.parse(text.encode())
    return {
        'bozo': str(feed.get('bozo_exception', '')) if feed.bozo else None,
        'version': feed.version,
        'id': feed.feed.get('id'), 'title': feed.feed.get('title'), 'subtitle': feed.feed.get('subtitle'), 'updated': feed.feed.get('updated'),
        'entries': [{
            'id': e.get('id'), 'title': e.get('title'), 'link': e.get('link'), 'updated': e.get('updated'), 'published': e.get('published'),
            'summary': e.get('summary'), 'content': e.content[0].value, 'authors': [a.get('name') for a in e.get('authors', [])],
            'tags': [t.term for t in e.get('tags', [])], 'type': e.content[0].type,
        } for e in feed.entries],
    }
with open(sys.argv[1]) as file:
    json.dump([read(text) for text in json.load(file)], sys.stdout)
`;

/** A feed as Python's feedparser reads it; `bozo` has why the feed is not well-formed, null where it is. */
export type ReadFeed = {
  readonly bozo: string | null;
  readonly version: string;
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly updated: string;
  readonly entries: readonly {
    readonly id: string;
    readonly title: string;
    readonly link: string;
    readonly updated: string;
    readonly published: string;
    readonly summary: string;
    readonly content: string;
    readonly type: string;
    readonly authors: readonly string[];
    readonly tags: readonly string[];
  }[];
};

/** Installs feedparser; gives why it cannot be had, null when it can. */
export const installFeedparser = (): Promise<string | null> => HOME.install();

/** Reads feeds with feedparser, all in one process. */
export async function parseFeeds(feeds: readonly string[]): Promise<ReadFeed[]> {
  const folder = await mkdtemp(join(tmpdir(), 'paperkeep-feeds-'));
  try {
    const file = join(folder, 'feeds.json');
    await writeFile(file, JSON.stringify(feeds));
    const { stdout } = await run(HOME.python, ['-c', SCRIPT, file], { maxBuffer: 2 ** 29 });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
