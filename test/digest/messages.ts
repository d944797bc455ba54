import type { MessageParts } from '../../shared/digest/message.ts';
import type { DigestPaper } from '../../shared/digest/papers.ts';
import type { Selected } from '../../shared/digest/selection.ts';
import { type Follow, Subscription } from '../../shared/digest/subscription.ts';
import { aPaper, day, instant } from '../support/build.ts';

const DAY = day('2025-01-08');

/** A paper of a window; its place among others gives its id and upvotes. */
export function aDigestPaper(at = 0, content: Partial<DigestPaper['content']> = {}): DigestPaper {
  const id = `2501.${String(at + 1).padStart(5, '0')}`;
  return {
    id,
    content: { ...aPaper({ id, githubUrl: 'https://github.com/example/tea' }).content, ...content },
    day: DAY,
    enteredTrending: null,
    codeAppeared: null,
    votes: [{ day: DAY, first: 4, peak: 600 - at }],
    votesBefore: null,
    seen: {
      list: 'daily',
      day: DAY,
      at: instant('2025-01-08T18:00:00Z'),
      rank: at + 2,
      bestRank: at + 1,
      upvotes: 600 - at,
      comments: 2,
      githubStars: null,
      gain: 596 - at,
    },
    expectedUpvotes: null,
  };
}

/** A paper as selected for a subscriber who follows everything. */
export const aSelected = (
  at = 0,
  content: Partial<DigestPaper['content']> = {},
  possiblyRepeated = false,
): Selected => {
  const paper = aDigestPaper(at, content);
  return { paper, reasons: [{ paper, follow: 'all' as Follow, day: DAY }], possiblyRepeated };
};

/** What a message is made from: two papers, unless a test gives others. */
export const someParts = (change: Partial<MessageParts> = {}): MessageParts => ({
  selected: [aSelected(0), aSelected(1)],
  choices: Subscription.parse({ address: 'me@example.org' }),
  period: '2025-01-09',
  gaps: [],
  site: 'https://papers.example.org',
  token: '20250109T080000Z.0123456789abcdef0123456789abcdef.0123456789abcdef0123456789abcdef0123456789a',
  sample: false,
  ...change,
});

export const ENVELOPE = {
  from: 'paperkeep <digest@example.org>',
  to: 'me@example.org',
  id: '0123456789abcdef0123456789abcdef',
  at: instant('2025-01-09T08:00:00Z'),
};
