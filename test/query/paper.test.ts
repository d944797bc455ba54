import { describe, expect, it } from 'vitest';
import type { QueryContext } from '../../shared/query/context.ts';
import { getHistory } from '../../shared/query/history.ts';
import { getNewPapers } from '../../shared/query/new.ts';
import { getPaper } from '../../shared/query/paper.ts';
import { aPaper, instant } from '../support/build.ts';
import { anArchive, copied, papers, refused, seen } from './archive.ts';

const ONE = '2501.00001';
const WHOLE = { list: null, from: null, to: null };

/** A page without hydration data: one card, which shows no abstract, no authors and no keywords. */
const aCard = (id: string, title: string, upvotes: number) =>
  new TextEncoder().encode(
    `<html><body><article><a href="/papers/${id}"></a><h3>${title}</h3><div><input type="checkbox"> Upvote <div>${upvotes}</div></div></article></body></html>`,
  );

describe('a paper', () => {
  const roving = () =>
    anArchive([
      seen('trending 2025-01-09', '2025-01-09T10:00:00Z', papers([2], [1, 30])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2], [3], [1, 4])),
      seen('daily 2025-01-08', '2025-01-08T12:00:00Z', papers([1, 12], [2])),
      seen('daily 2025-01-08', '2025-01-09T12:00:00Z', papers([2], [1, 28])),
    ]);

  it('has all its appearances, oldest first, with its ranks and upvotes on each', async () => {
    const answer = await getPaper(await roving(), ONE);
    expect(answer.appearances).toEqual([
      {
        list: 'daily',
        day: '2025-01-08',
        firstSeen: '2025-01-08T06:00:00Z',
        lastSeen: '2025-01-09T12:00:00Z',
        captures: 3,
        firstRank: 3,
        bestRank: 1,
        lastRank: 2,
        firstUpvotes: 4,
        peakUpvotes: 28,
        lastUpvotes: 28,
      },
      {
        list: 'trending',
        day: '2025-01-09',
        firstSeen: '2025-01-09T10:00:00Z',
        lastSeen: '2025-01-09T10:00:00Z',
        captures: 1,
        firstRank: 2,
        bestRank: 2,
        lastRank: 2,
        firstUpvotes: 30,
        peakUpvotes: 30,
        lastUpvotes: 30,
      },
    ]);
  });

  it('is shown as it was last seen, with its upvotes over all lists', async () => {
    const answer = await getPaper(await roving(), ONE);
    expect(answer.paper).toMatchObject({
      id: ONE,
      upvotes: 28,
      comments: 2,
      githubStars: null,
      firstUpvotes: 4,
      peakUpvotes: 30,
      gain: 24,
      ageHours: 36,
      firstSeen: '2025-01-08T06:00:00Z',
      lastSeen: '2025-01-09T12:00:00Z',
      listedOn: '2025-01-08',
    });
    expect(answer.paper).not.toHaveProperty('rank');
    expect(answer.coverage.lists.map(({ list, captures }) => [list, captures])).toEqual([
      ['daily', 3],
      ['trending', 1],
    ]);
  });

  it('has no gain at first sight', async () => {
    const context = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4]))]);
    expect((await getPaper(context, ONE)).paper).toMatchObject({ firstUpvotes: 4, peakUpvotes: 4, gain: null });
  });

  it('has no gain where two lists showed it once each', async () => {
    const once = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4])),
      seen('trending 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 6])),
    ]);
    expect((await getPaper(once, ONE)).paper).toMatchObject({ upvotes: 6, firstUpvotes: 4, gain: null });
  });

  it('may have an id of the old form, and is a 404 when no list ever showed it', async () => {
    const old = aPaper({ id: 'cs/0301012' });
    const context = await anArchive([seen('trending 2025-01-08', '2025-01-08T06:00:00Z', [old])]);
    expect((await getPaper(context, 'cs/0301012'))?.paper.url).toBe('https://huggingface.co/papers/cs/0301012');
    await expect(getPaper(context, ONE)).rejects.toMatchObject({ code: 'NEVER_SEEN' });
    await expect(getHistory(context, ONE, WHOLE)).rejects.toMatchObject({ code: 'NEVER_SEEN' });
  });
});

describe('versions of a paper', () => {
  const versions = async (context: QueryContext) =>
    (await getPaper(context, ONE)).versions.map(({ since, changed, title, githubUrl }) => [
      since.slice(11, 13),
      changed,
      title,
      githubUrl,
    ]);
  const repo = 'https://github.com/acme/tea';

  it('begin with one that changed nothing, and a value that returns is a new version', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 1, { title: 'Tea' }])),
      seen('daily 2025-01-08', '2025-01-08T07:00:00Z', papers([1, 2, { title: 'Tea' }])),
      seen('daily 2025-01-08', '2025-01-08T08:00:00Z', papers([1, 3, { title: 'Hot tea', githubUrl: repo }])),
      seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([1, 3, { title: 'Tea', githubUrl: repo }])),
    ]);
    expect(await versions(context)).toEqual([
      ['06', [], 'Tea', null],
      ['08', ['githubUrl', 'title'], 'Hot tea', repo],
      ['09', ['title'], 'Tea', repo],
    ]);
  });

  it('are not added by cards, which lack abstract and authors and do not make them unknown', async () => {
    const cards = { answer: { body: aCard(ONE, 'Tea', 9) } };
    const context = await anArchive([
      seen('trending 2025-01-08', '2025-01-08T05:00:00Z', [], cards),
      seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 1, { title: 'Tea' }])),
      seen('trending 2025-01-08', '2025-01-08T07:00:00Z', [], cards),
    ]);
    const answer = await getPaper(context, ONE);
    expect(answer.versions).toMatchObject([
      { since: '2025-01-08T05:00:00Z', changed: [], authors: ['Ada Example', 'Ben Example'] },
    ]);
    expect(answer.paper).toMatchObject({ upvotes: 9, keywords: ['tables', 'long reading'] });
    expect(answer.paper.abstract).not.toBeNull();
  });

  it('have no authors where only cards showed the paper, and neither does the paper', async () => {
    const context = await anArchive([
      seen('trending 2025-01-08', '2025-01-08T05:00:00Z', [], { answer: { body: aCard(ONE, 'Tea', 9) } }),
    ]);
    const answer = await getPaper(context, ONE);
    expect(answer.paper.authors).toBeNull();
    expect(answer.versions).toMatchObject([{ authors: null }]);
    const since = { since: instant('2025-01-01T00:00:00Z'), list: null, limit: 10, cursor: null };
    const found = await getNewPapers(context, since);
    expect(found.papers).toMatchObject([{ id: ONE, authors: null, abstract: null }]);
  });

  it('are not added by copied text, which counts as an appearance', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 1, { title: 'Tea', abstract: 'We brew tea.' }])),
      copied('daily 2025-01-08', '2025-01-08T07:00:00Z', [['Tea', 'We brew tea.']]),
      copied('watched:tea 2025-01-09', '2025-01-09T07:00:00Z', [['Tea', 'We brew tea.']]),
    ]);
    expect(await versions(context)).toEqual([['06', [], 'Tea', null]]);
    const answer = await getPaper(context, ONE);
    expect(answer.appearances.map(({ list, captures, lastUpvotes }) => [list, captures, lastUpvotes])).toEqual([
      ['daily', 2, null],
      ['watched:tea', 1, null],
    ]);
    expect(answer.paper).toMatchObject({ upvotes: 1, lastSeen: '2025-01-09T07:00:00Z' });
  });
});

describe('the history of a paper', () => {
  const roving = () =>
    anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([2], [1, 4])),
      refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
      seen('trending 2025-01-08', '2025-01-08T08:00:00Z', papers([1, 6])),
      seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([2])),
      seen('trending 2025-01-09', '2025-01-09T08:00:00Z', [aPaper({ upvotes: 3, comments: 5, githubStars: 0 })]),
    ]);
  const observed = async (question: Partial<Parameters<typeof getHistory>[2]>) =>
    (await getHistory(await roving(), ONE, { ...WHOLE, ...question }))?.observations.map(({ at }) => at);

  it('is every observation in time order, over all lists', async () => {
    expect(await getHistory(await roving(), ONE, WHOLE)).toEqual({
      id: ONE,
      observations: [
        {
          at: '2025-01-08T06:00:00Z',
          list: 'daily',
          day: '2025-01-08',
          rank: 2,
          upvotes: 4,
          comments: 2,
          githubStars: null,
        },
        {
          at: '2025-01-08T08:00:00Z',
          list: 'trending',
          day: '2025-01-08',
          rank: 1,
          upvotes: 6,
          comments: 2,
          githubStars: null,
        },
        {
          at: '2025-01-09T08:00:00Z',
          list: 'trending',
          day: '2025-01-09',
          rank: 1,
          upvotes: 3,
          comments: 5,
          githubStars: 0,
        },
      ],
      coverage: {
        lists: [
          {
            list: 'daily',
            days: 1,
            captures: 2,
            failures: 1,
            first: '2025-01-08T06:00:00Z',
            last: '2025-01-08T09:00:00Z',
          },
          {
            list: 'trending',
            days: 2,
            captures: 2,
            failures: 0,
            first: '2025-01-08T08:00:00Z',
            last: '2025-01-09T08:00:00Z',
          },
        ],
      },
      total: 3,
      next: null,
      sample: false,
    });
  });

  it('can be limited to one list and to a range of time, both ends included', async () => {
    expect(await observed({ list: 'daily' })).toEqual(['2025-01-08T06:00:00Z']);
    expect(await observed({ list: 'watched:tea' })).toEqual([]);
    expect(await observed({ from: instant('2025-01-08T08:00:00Z') })).toEqual([
      '2025-01-08T08:00:00Z',
      '2025-01-09T08:00:00Z',
    ]);
    expect(await observed({ to: instant('2025-01-08T08:00:00Z') })).toEqual([
      '2025-01-08T06:00:00Z',
      '2025-01-08T08:00:00Z',
    ]);
  });

  it('includes the copied text that was the paper, without upvotes', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4, { title: 'Tea' }])),
      copied('daily 2025-01-08', '2025-01-08T07:00:00Z', [
        ['Milk', 'It is white and cold.'],
        ['Tea', 'It is brown and hot.'],
      ]),
    ]);
    const answer = await getHistory(context, ONE, WHOLE);
    expect(answer.observations.map(({ rank, upvotes }) => [rank, upvotes])).toEqual([
      [1, 4],
      [2, null],
    ]);
  });
});
