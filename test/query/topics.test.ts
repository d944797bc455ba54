import { describe, expect, it } from 'vitest';
import type { Capture } from '../../shared/model/capture.ts';
import { compareTopics, getTopic } from '../../shared/query/topic.ts';
import type { Topic } from '../../shared/query/topic-counts.ts';
import { parseTopic, type TopicRange } from '../../shared/query/topic-parameters.ts';
import { getTopics } from '../../shared/query/topics.ts';
import { aPaper, day } from '../support/build.ts';
import { anArchive, papers, refused, seen } from './archive.ts';

const MONTH: TopicRange = { by: 'month', from: day('2025-01-01'), to: day('2025-01-31') };
const WEEKS: TopicRange = { by: 'week', from: day('2025-01-06'), to: day('2025-01-19') };
const TEA: Topic = { kind: 'keyword', topic: 'tea' };
const phrase = (topic: string): Topic => ({ kind: 'phrase', topic });

const of = async (topic: Topic, captures: readonly Capture[], question = WEEKS, now = '2025-03-20T12:00:00Z') =>
  getTopic(await anArchive(captures, now), topic, question);
const pointsOf = async (...asked: Parameters<typeof of>) => (await of(...asked))?.points ?? [];

const tea = { keywords: ['Tea'] };
const other = { keywords: ['coffee'] };
const none = { keywords: null };

describe('a keyword over time', () => {
  it('counts its papers and their upvotes against the papers whose keywords are known', async () => {
    const captures = [
      seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea], [2, 6, other], [3, 90, none])),
      seen('daily 2025-01-07', '2025-01-07T06:00:00Z', papers([4, 10, tea])),
      seen('daily 2025-01-13', '2025-01-13T06:00:00Z', papers([5, 5, other])),
    ];
    expect(await pointsOf(TEA, captures)).toEqual([
      {
        period: '2025-W02',
        papers: 2,
        total: 3,
        totalListed: 4,
        share: 2 / 3,
        upvotes: 14,
        totalUpvotes: 20,
        upvotesShare: 0.7,
        daysCaptured: 2,
        daysExpected: 7,
      },
      {
        period: '2025-W03',
        papers: 0,
        total: 1,
        totalListed: 1,
        share: 0,
        upvotes: 0,
        totalUpvotes: 5,
        upvotesShare: 0,
        daysCaptured: 1,
        daysExpected: 7,
      },
    ]);
  });

  it('is one with its other spellings: case, hyphens, spaces and a plural make no difference', async () => {
    const spelled = (id: number, ...keywords: string[]) => [id, 4, { keywords }] as const;
    const captures = [
      seen(
        'daily 2025-01-06',
        '2025-01-06T06:00:00Z',
        papers(spelled(1, 'World Models'), spelled(2, 'world-model', 'world models'), spelled(3, 'tea')),
      ),
      seen('daily 2025-01-07', '2025-01-07T06:00:00Z', papers(spelled(4, 'worldmodel'), spelled(5, 'WORLD-MODELS'))),
    ];
    const asked = await anArchive(captures, '2025-03-20T12:00:00Z');
    const slugs = ['world-models', 'world-model', 'worldmodel'];
    const compared = await compareTopics(
      asked,
      slugs.map((topic) => ({ kind: 'keyword', topic })),
      WEEKS,
    );
    for (const topic of compared.topics)
      expect(topic).toMatchObject({ slugs, name: 'WORLD-MODELS', points: [{ papers: 4, total: 5 }, { papers: 0 }] });
    const listed = await getTopics(asked, { ...WEEKS, limit: 100, cursor: null });
    expect(listed.topics.map(({ topic, slugs, papers }) => [topic, slugs, papers])).toEqual([
      ['world-models', slugs, 4],
      ['tea', ['tea'], 1],
    ]);
  });

  it('has no share where keywords are known of less than half of the papers', async () => {
    const half = seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea], [2, 6, none]));
    const less = seen('daily 2025-01-13', '2025-01-13T06:00:00Z', papers([3, 4, tea], [4, 6, none], [5, 6, none]));
    expect(await pointsOf(TEA, [half, less])).toMatchObject([
      { total: 1, totalListed: 2, share: 1, upvotesShare: 1 },
      { total: 1, totalListed: 3, papers: 1, share: null, upvotesShare: null },
    ]);
  });

  it('has a hole, not a zero, where nothing was captured', async () => {
    const captures = [
      seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea])),
      refused('daily 2025-01-14', '2025-01-14T06:00:00Z'),
    ];
    expect((await pointsOf(TEA, captures))[1]).toMatchObject({
      period: '2025-W03',
      papers: 0,
      totalListed: 0,
      share: null,
      upvotesShare: null,
      daysCaptured: 0,
      daysExpected: 7,
    });
  });

  it('has no share in a captured week whose lists are empty', async () => {
    const captures = [
      seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea])),
      seen('daily 2025-01-18', '2025-01-18T06:00:00Z', []),
    ];
    expect((await pointsOf(TEA, captures))[1]).toMatchObject({ share: null, daysCaptured: 1 });
  });

  it('shows every week of the range, and of the first and last only the days that lie in it', async () => {
    const captures = [
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4, tea])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([2, 4, tea])),
    ];
    const points = await pointsOf(TEA, captures, { by: 'week', from: day('2025-01-09'), to: day('2025-01-27') });
    expect(points.map(({ period, papers, daysExpected }) => [period, papers, daysExpected])).toEqual([
      ['2025-W02', 1, 4],
      ['2025-W03', 0, 7],
      ['2025-W04', 0, 7],
      ['2025-W05', 0, 1],
    ]);
  });

  it('does not expect days after today', async () => {
    const captures = [seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 4, tea]))];
    const points = await pointsOf(TEA, captures, WEEKS, '2025-01-08T12:00:00Z');
    expect(points.map(({ daysExpected }) => daysExpected)).toEqual([3, 0]);
  });

  it('counts a paper once that has two spellings of it', async () => {
    const captures = [seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, { keywords: ['tea', 'Tea!'] }]))];
    expect((await pointsOf(TEA, captures))[0]).toMatchObject({ papers: 1, total: 1, upvotes: 4 });
  });

  it('counts a paper that moved to another day once per period, with its last upvotes, and in each period it was listed in', async () => {
    const captures = [
      seen('daily 2025-01-10', '2025-01-10T06:00:00Z', papers([1, 4, tea])),
      seen('daily 2025-01-10', '2025-01-10T09:00:00Z', papers([9, 1, other])),
      seen('daily 2025-01-11', '2025-01-11T06:00:00Z', papers([1, 7, tea])),
      seen('daily 2025-01-13', '2025-01-13T06:00:00Z', papers([1, 8, tea])),
    ];
    expect(await pointsOf(TEA, captures)).toMatchObject([
      { papers: 1, totalListed: 2, upvotes: 7 },
      { papers: 1, totalListed: 1, upvotes: 8 },
    ]);
    expect(await pointsOf(TEA, captures, MONTH)).toMatchObject([{ papers: 1, totalListed: 2, upvotes: 8 }]);
  });

  it('counts daily lists only', async () => {
    const captures = [
      seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea])),
      seen('trending 2025-01-07', '2025-01-07T06:00:00Z', papers([2, 40, tea])),
    ];
    expect((await pointsOf(TEA, captures))[0]).toMatchObject({ papers: 1, totalListed: 1, daysCaptured: 1 });
  });

  it('has the spelling of the newest paper, and is not found when it was never seen', async () => {
    const old = { ...aPaper({ id: 'cs/0301012', rank: 3, keywords: ['TEA', 'Kites'] }), listedOn: day('2025-01-06') };
    const newer = papers([1, 4, { keywords: ['tea'] }], [2, 3, tea]);
    const captures = [seen('daily 2025-01-06', '2025-01-06T06:00:00Z', [...newer, old])];
    expect(await of({ kind: 'keyword', topic: 'kites' }, captures)).toMatchObject({ name: 'Kites' });
    expect(await of(TEA, captures)).toMatchObject({ topic: 'tea', kind: 'keyword', name: 'Tea', by: 'week' });
    await expect(of({ kind: 'keyword', topic: 'cocoa' }, captures)).rejects.toMatchObject({ code: 'UNKNOWN_KEYWORD' });
  });

  it('marks the day from which the feed has keywords, when it lies in the range', async () => {
    const captures = [seen('daily 2025-03-12', '2025-03-12T06:00:00Z', papers([1, 4, tea]))];
    const breaks = async (from: string, topic = TEA) =>
      (await of(topic, captures, { by: 'week', from: day(from), to: day('2025-03-16') }))?.breaks.map(({ day }) => day);
    expect(await breaks('2025-03-01')).toEqual(['2025-03-11']);
    expect(await breaks('2025-03-12')).toEqual([]);
    expect(await breaks('2025-03-01', phrase('tea'))).toEqual([]);
  });
});

describe('a phrase over time', () => {
  const captures = [
    seen('daily 2025-01-06', '2025-01-06T06:00:00Z', [
      aPaper({ id: '2501.00001', upvotes: 4, title: 'World Models of Tea', keywords: null }),
      aPaper({ id: '2501.00002', rank: 2, upvotes: 6, title: 'The world, and models of it' }),
      aPaper({ id: '2501.00003', rank: 3, upvotes: 10, title: 'Other', abstract: 'It has a world-model.' }),
      aPaper({ id: '2501.00004', rank: 4, upvotes: 0, title: 'Other', authors: ['World Models'] }),
    ]),
  ];

  it('is found where its words are adjacent in a title or an abstract, and counted against all papers', async () => {
    expect((await pointsOf(phrase('world models'), captures))[0]).toMatchObject({
      papers: 1,
      total: 4,
      totalListed: 4,
      share: 0.25,
      upvotes: 4,
      totalUpvotes: 20,
      upvotesShare: 0.2,
    });
    expect((await pointsOf(phrase('World Model'), captures))[0]).toMatchObject({ papers: 1, upvotes: 10 });
  });

  it.each([
    '"tea" OR world',
    'world NOT models',
    'title:world',
    'wor*',
    'NEAR(world models)',
    '^world',
    "it's",
    'tea"',
  ])('is taken as words, not as query syntax: %s', async (words) =>
    expect((await of(phrase(words), captures))?.points).toHaveLength(2),
  );

  it('counts 0 where it is in no paper', async () => {
    expect((await pointsOf(phrase('quiet gardens'), captures))[0]).toMatchObject({ papers: 0, share: 0, upvotes: 0 });
  });
});

describe('A topic parameter', () => {
  it.each([
    ['agents', 'keyword', 'agents'],
    [' world-models ', 'keyword', 'world-models'],
    ['world  models', 'phrase', 'world models'],
    ['"agents"', 'phrase', 'agents'],
    ['RLHF', 'phrase', 'RLHF'],
  ])('is read from %s as a %s', (text, kind, topic) => expect(parseTopic(text)).toEqual({ kind, topic }));

  it.each(['', ' ', '""', '!?', '-'])('is not read from %s', (text) => expect(parseTopic(text)).toBeNull());
});

describe('topics compared', () => {
  const captures = [seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea], [2, 6, other], [3, 1, none]))];

  it('have the same periods, each with its own total', async () => {
    const answer = await compareTopics(await anArchive(captures), [TEA, phrase('it says')], WEEKS);
    expect(answer.topics.map(({ topic, points }) => [topic, points[0]?.papers, points[0]?.total])).toEqual([
      ['tea', 1, 2],
      ['it says', 3, 3],
    ]);
  });

  it('are a 404 that names a topic that was never seen', async () => {
    const asked = [TEA, { kind: 'keyword', topic: 'cocoa' } as const];
    await expect(compareTopics(await anArchive(captures), asked, WEEKS)).rejects.toThrow(
      'no paper with the keyword cocoa was seen',
    );
  });
});

describe('the days from which the feed has keywords', () => {
  const breaks = async (from: string, to: string) => {
    const captures = [seen('daily 2025-03-11', '2025-03-11T06:00:00Z', papers([1, 4, tea]))];
    const range = { by: 'week', from: day(from), to: day(to) } as const;
    return (await of(TEA, captures, range, '2025-04-01T12:00:00Z')).breaks.map((one) => one.day);
  };

  it('are named where the range includes them, also as its first or last day', async () => {
    expect(await breaks('2025-03-01', '2025-03-11')).toEqual(['2025-03-11']);
    expect(await breaks('2025-03-11', '2025-03-20')).toEqual(['2025-03-11']);
    expect(await breaks('2025-03-01', '2025-03-10')).toEqual([]);
    expect(await breaks('2025-03-12', '2025-03-20')).toEqual([]);
  });
});

describe('the range of a topic', () => {
  const LONG_AGO = '2022-11-01';
  const days = async (question: Partial<TopicRange>, first = LONG_AGO) => {
    const captures = [first, '2025-01-06'].map((on) => seen(`daily ${on}`, `${on}T06:00:00Z`, papers([1, 4, tea])));
    const answer = await of(TEA, captures, { by: 'week', from: null, to: null, ...question }, '2025-01-22T12:00:00Z');
    return [answer.from, answer.to, answer.points.length];
  };

  it('begins by default with the first list of a young archive', async () => {
    expect(await days({}, '2024-12-19')).toEqual(['2024-12-19', '2025-01-06', 4]);
    expect(await days({ to: day('2024-12-31') }, '2024-12-19')).toEqual(['2024-12-19', '2024-12-31', 3]);
    expect(await days({ to: day('2024-12-19') }, '2024-12-19')).toEqual(['2024-12-19', '2024-12-19', 1]);
    // asked for, or with no list in it, it is as it is
    expect(await days({ from: day('2024-12-02') }, '2024-12-19')).toEqual(['2024-12-02', '2025-01-22', 8]);
    expect(await days({ to: day('2024-11-30') }, '2024-12-19')).toEqual(['2024-06-03', '2024-11-30', 26]);
  });

  it('is by default the last 26 weeks or 24 months up to the newest captured list', async () => {
    expect(await days({})).toEqual(['2024-07-15', '2025-01-06', 26]);
    expect(await days({ by: 'month' })).toEqual(['2023-02-01', '2025-01-06', 24]);
    expect(await days({ to: day('2024-12-31') })).toEqual(['2024-07-08', '2024-12-31', 26]);
    expect(await days({ from: day('2025-01-08') })).toEqual(['2025-01-08', '2025-01-22', 3]);
  });
});

describe('The list of topics of a range', () => {
  const captures = [
    seen('daily 2024-12-28', '2024-12-28T06:00:00Z', papers([7, 1, other], [8, 1, tea], [9, 1, none])),
    seen('daily 2025-01-06', '2025-01-06T06:00:00Z', papers([1, 4, tea], [2, 6, other], [3, 1, none])),
    seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([4, 4, tea], [5, 6, { keywords: ['cocoa', '!'] }])),
  ];

  it('has its keywords, most papers first, compared with as many days before', async () => {
    const answer = await getTopics(await anArchive(captures), { ...WEEKS, limit: 10, cursor: null });
    expect(answer).toMatchObject({
      from: '2025-01-06',
      to: '2025-01-19',
      now: { total: 4, totalListed: 5, daysCaptured: 2, daysExpected: 14 },
      before: { from: '2024-12-23', to: '2025-01-05', total: 2, totalListed: 3, daysCaptured: 1, daysExpected: 14 },
      total: 3,
    });
    expect(answer.topics).toMatchObject([
      { topic: 'tea', name: 'Tea', papers: 2, share: 0.5, papersBefore: 1, shareBefore: 0.5, change: 0 },
      { topic: 'cocoa', name: 'cocoa', papers: 1, share: 0.25, papersBefore: 0, shareBefore: 0, change: 0.25 },
      { topic: 'coffee', name: 'coffee', papers: 1, share: 0.25, papersBefore: 1, shareBefore: 0.5, change: -0.25 },
    ]);
  });

  it('has no change where there is nothing to compare with', async () => {
    const answer = await getTopics(await anArchive(captures.slice(1)), { ...WEEKS, limit: 1, cursor: null });
    expect(answer.topics[0]).toMatchObject({ papers: 2, share: 0.5, papersBefore: null, shareBefore: null });
  });

  it('comes in pages', async () => {
    const context = await anArchive(captures);
    const first = await getTopics(context, { ...WEEKS, limit: 2, cursor: null });
    const cursor = Buffer.from(first.next ?? '', 'base64url').toString();
    const second = await getTopics(context, { ...WEEKS, limit: 2, cursor });
    expect([...first.topics, ...second.topics].map(({ topic }) => topic)).toEqual(['tea', 'cocoa', 'coffee']);
    expect(second.next).toBeNull();
  });
});
