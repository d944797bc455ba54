import { describe, expect, it } from 'vitest';
import { anArchive, papers, refused, seen } from '../../query/archive.ts';
import { aPaper } from '../../support/build.ts';
import { aSite, siteOver } from '../site.ts';

const captures = [
  seen(
    'daily 2025-01-08',
    '2025-01-08T06:00:00Z',
    papers(
      [1, 3, { title: '# *Slow* [lanterns](x) | <b>', authors: ['Ada Example', 'B', 'C', 'D', 'E', 'F'] }],
      [2, 2, { githubUrl: 'https://github.com/acme/x', abstract: null, authors: [] }],
    ).concat(
      aPaper({ rank: 3, id: '2501.00003', upvotes: null, githubStars: 0, githubUrl: 'https://github.com/acme/y' }),
    ),
  ),
  seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 9, { title: 'Slow lanterns' }])),
  refused('daily 2025-01-09', '2025-01-09T12:00:00Z'),
];
const textOf = async (path: string) => {
  const answer = await siteOver(await anArchive(captures))(path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
  return answer.text();
};

describe('a list as Markdown', () => {
  it('has its papers by rank with links to their own Markdown, and text of the feed that is no markup', async () => {
    const text = await textOf('/daily/2025-01-08.md?at=2025-01-08T07:00:00Z');
    expect(text).toMatch(
      /^# Daily papers, Wednesday, 8 January 2025\n\n3 papers · complete list .* As of 8 Jan 2025, 06:00 UTC\.\n/,
    );
    expect(text).toContain(
      '## 1. [\\# \\*Slow\\* \\[lanterns\\](x) \\| \\<b\\>](http://localhost/papers/2501.00001.md)',
    );
    expect(text).toContain('3 upvotes\n\nAuthors: Ada Example, B, C, D, E and 1 more\n\n');
    expect(text).toContain('- Code: https://github.com/acme/x\n');
    // 0 stars are known, unlike upvotes that the feed does not say
    expect(text).toMatch(/upvotes unknown\n[^#]*- Code: https:\/\/github\.com\/acme\/y \(0 stars\)\n/);
  });

  it('explains why a list without papers is empty', async () => {
    expect(await textOf('/daily/2025-01-09.md')).toContain('Tried once without a usable answer.');
    expect(await textOf('/daily/2025-01-10.md')).toContain('Not captured.');
  });
});

describe('a paper as Markdown', () => {
  it('has where it was listed and what changed', async () => {
    const text = await textOf('/papers/2501.00001.md');
    expect(text).toMatch(
      /^# Slow lanterns\n\narXiv 2501\.00001; on the daily list of 8 Jan 2025; 9 upvotes; first seen /,
    );
    expect(text).toContain('| daily | 2025-01-08 | 1 | 1 | 1 | 3 | 9 |');
    expect(text).toContain('## Changes\n\n- 8 Jan 2025, 12:00 UTC: authors, title\n');
  });
});

describe('/llms.txt', () => {
  it('links only to addresses that are answered, and says when the papers are invented', async () => {
    const ask = await aSite();
    const text = await (await ask('/llms.txt')).text();
    const links = [...text.matchAll(/\]\(http:\/\/localhost([^)]+)\)/g)].map(([, path]) => path as string);
    expect(links.length).toBeGreaterThan(8);
    for (const path of links) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    expect(text).not.toContain('invented');
    expect(await (await (await aSite([], true))('/llms.txt')).text()).toContain('invented');
  });
});
