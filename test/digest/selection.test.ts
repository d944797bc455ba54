import { describe, expect, it } from 'vitest';
import type { DigestPaper } from '../../shared/digest/papers.ts';
import { findMatches } from '../../shared/digest/selection.ts';
import type { Follow } from '../../shared/digest/subscription.ts';
import { day } from '../support/build.ts';
import { aDigestPaper } from './messages.ts';

const FROM = day('2025-01-01');
const daysOf = (change: Partial<DigestPaper>, follow = 'all', minUpvotes = 0): string[] =>
  findMatches({ from: FROM, papers: [{ ...aDigestPaper(), ...change }] }, follow as Follow, minUpvotes).map(
    (match) => match.day,
  );
const votes = (...days: readonly (readonly [day: string, first: number, peak: number])[]) =>
  days.map(([on, first, peak]) => ({ day: day(on), first, peak }));

describe('A paper that was listed before the window', () => {
  const older = { day: day('2024-12-01'), votesBefore: 20 };

  it('matches only once it reaches the number of upvotes within the window', () => {
    const reaching = votes(['2025-01-05', 30, 40], ['2025-01-06', 40, 60]);
    expect(daysOf({ ...older, votes: reaching }, 'all', 50)).toEqual(['2025-01-06']);
    expect(daysOf({ ...older, votes: reaching }, 'all', 0)).toEqual([]);
  });

  it('does not match when it had that many upvotes at first sight in the window, or before it', () => {
    expect(daysOf({ ...older, votes: votes(['2025-01-05', 55, 60]) }, 'all', 50)).toEqual([]);
    expect(daysOf({ ...older, votesBefore: 51, votes: votes(['2025-01-05', 49, 60]) }, 'all', 50)).toEqual([]);
  });
});

describe('A paper whose first list day is not known', () => {
  it('matches once it is seen to reach the number of upvotes, and not before', () => {
    const unknown = { day: null, votesBefore: null };
    expect(daysOf({ ...unknown, votes: votes(['2025-01-05', 10, 60]) }, 'all', 50)).toEqual(['2025-01-05']);
    expect(daysOf({ ...unknown, votes: votes(['2025-01-05', 55, 60]) }, 'all', 50)).toEqual([]);
    expect(daysOf(unknown)).toEqual([]);
  });
});

describe('A phrase', () => {
  const find = (phrase: string, content: Partial<DigestPaper['content']>) =>
    daysOf({ content: { ...aDigestPaper().content, ...content } }, `phrase:${phrase}`).length;

  it('is found by whole words in their order, whatever their case, accents and punctuation', () => {
    expect(find('test time scaling', { title: 'On Test-Time Scaling!' })).toBe(1);
    expect(find('resume', { abstract: 'A résumé of it' })).toBe(1);
    expect(find('scaling', { title: 'Rescaling' })).toBe(0);
    expect(find('time test', { title: 'Test time' })).toBe(0);
  });

  it('does not span title and abstract', () => {
    expect(find('ends begins', { title: 'What ends', abstract: 'begins here' })).toBe(0);
  });
});
