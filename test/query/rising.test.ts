import { describe, expect, it } from 'vitest';
import { compareShares } from '../../shared/catalog/rising.ts';
import { addDays } from '../../shared/lib/time.ts';
import { foldKeyword } from '../../shared/model/paper.ts';
import { compareTopics } from '../../shared/query/topic.ts';
import { getRisingTopics, getTopics } from '../../shared/query/topics.ts';
import { day } from '../support/build.ts';
import { anArchive, copied, papers, seen } from './archive.ts';

const OPEN = { from: null, to: null, limit: 500, cursor: null };
const factorials = (count: number) => {
  const logs = [0];
  for (let n = 1; n <= count; n++) logs.push((logs[n - 1] as number) + Math.log(n));
  return logs;
};

describe('the comparison of two shares', () => {
  it('is that of the lady tasting tea: 3 of 4 cups against 1 of 4 come by chance in 17 of 70 cases', () => {
    const { higher, lower } = compareShares([3, 4], [1, 4], factorials(8));
    expect([higher, lower].map((p) => p.toFixed(6))).toEqual([(17 / 70).toFixed(6), (69 / 70).toFixed(6)]);
  });

  it('finds no trend in two papers of 150 after none of 1,200', () => {
    expect(compareShares([2, 150], [0, 1200], factorials(1350)).higher).toBeGreaterThan(0.01);
  });
});

describe('a folded term', () => {
  it('is the same for spellings that differ by hyphens, spaces or a plural', () => {
    const spellings = ['world-model', 'world models', 'worldmodels', 'world-models'];
    expect(new Set(spellings.map(foldKeyword)).size).toBe(1);
    expect(foldKeyword('policies')).toBe(foldKeyword('policy'));
    for (const word of ['analysis', 'loss', 'corpus']) expect(foldKeyword(word)).toBe(word);
  });
});

/** Nine weeks of lists with 20 papers a week; `termsOf` gives the title and the keywords of a paper by week (8: the last) and number. */
const nineWeeks = (termsOf: (week: number, n: number) => { title?: string; keywords?: string[] | null }) =>
  Array.from({ length: 9 }, (_, week) => {
    const on = addDays(day('2024-11-11'), week * 7);
    const rows = Array.from({ length: 20 }, (_, n) => {
      const { title = `Paper ${week * 20 + n}`, keywords = ['paper'] } = termsOf(week, n);
      return [week * 20 + n + 1, 1, { title, keywords, listedOn: on }] as const;
    });
    return seen(`daily ${on}`, `${on}T12:00:00Z`, papers(...rows));
  });

const trendsOf = async (captures: ReturnType<typeof nineWeeks>) => {
  const answer = await getRisingTopics(await anArchive(captures), OPEN);
  return Object.fromEntries(answer.topics.map(({ topic, trend }) => [topic, trend]));
};

describe('rising topics', () => {
  it('leave out rows of copied text, which no total counts', async () => {
    const titles = Array.from({ length: 30 }, (_, n) => [`Quiet kites ${n}`, 'We fly them by the sea.'] as const);
    const page = copied('daily 2025-01-07', '2025-01-07T12:00:00Z', titles);
    const context = await anArchive([...nineWeeks((_, n) => (n < 2 ? { title: `On quiet kites ${n}` } : {})), page]);
    const { topics } = await getRisingTopics(context, OPEN);
    expect(topics.find(({ topic }) => topic === 'quiet kites')).toMatchObject({ papers: 2, total: 20, share: 0.1 });
  });

  const captures = nineWeeks((week, n) =>
    week === 8 && n < 10
      ? { title: `Quiet kites ${n}`, keywords: [n % 2 === 0 ? 'kite-flying' : 'kite flyings', 'paper'] }
      : n < 6 && week < 8
        ? { title: `On tea pots ${n}`, keywords: ['paper', 'tea'] }
        : {},
  );

  it('are this week compared with the eight before, and keywords are one however they are spelled', async () => {
    const answer = await getRisingTopics(await anArchive(captures), OPEN);
    expect([answer.from, answer.to, answer.before.from, answer.before.to]).toEqual([
      '2024-12-31',
      '2025-01-06',
      '2024-11-05',
      '2024-12-30',
    ]);
    expect(answer.topics.find(({ topic }) => topic === 'kite-flying')).toMatchObject({
      kind: 'keyword',
      slugs: ['kite-flying', 'kite-flyings'],
      papers: 10,
      total: 20,
      papersBefore: 0,
      totalBefore: 160,
      trend: 'rising',
    });
  });

  it('come first, then steady ones by papers, then fading ones', async () => {
    const steady = { paper: 'steady', 'quiet kites': 'rising', 'kite-flying': 'rising' };
    expect(await trendsOf(captures)).toMatchObject(steady);
    const { topics } = await getRisingTopics(await anArchive(captures), OPEN);
    expect(topics.map(({ trend }) => trend)).toEqual(['rising', 'rising', 'steady', 'steady', 'steady']);
  });

  it('are fading where fewer have them than chance explains', async () => {
    const gone = nineWeeks((week, n) => (week < 8 && n < 12 ? { keywords: ['paper', 'tea'] } : {}));
    expect(await trendsOf(gone)).toMatchObject({ tea: 'fading', paper: 'steady' });
  });

  it('are kept in the catalog for the front page, the clearest first', async () => {
    const kept = async (lists: ReturnType<typeof nineWeeks>) =>
      (await (await anArchive(lists)).catalog()).all(
        'SELECT topic, name, papers, total_before FROM rising ORDER BY place',
      );
    expect(await kept(captures)).toEqual([
      { topic: 'kite-flying', name: 'kite flyings', papers: 10, total_before: 160 },
      { topic: 'quiet kites', name: 'quiet kites', papers: 10, total_before: 160 },
    ]);
    expect(await kept(captures.slice(8))).toEqual([]);
  });

  it('are no keywords where those of most papers are unknown, on the front page as in the answer', async () => {
    const lists = nineWeeks((week, n) =>
      week === 8 ? { keywords: n < 15 ? ['kites', 'paper'] : ['paper'] } : n < 16 ? { keywords: null } : {},
    );
    expect((await trendsOf(lists)).kites).toBeNull();
    expect((await (await anArchive(lists)).catalog()).all('SELECT topic FROM rising')).toEqual([]);
  });

  it('have no trend where nothing was captured before', async () => {
    const { topics } = await getRisingTopics(await anArchive(captures.slice(8)), OPEN);
    expect(topics.find(({ topic }) => topic === 'kite-flying')).toMatchObject({
      papers: 10,
      papersBefore: null,
      totalBefore: null,
      shareBefore: null,
      trend: null,
    });
  });
});

describe('topics', () => {
  it('have null, not 0, as their count before the archive began', async () => {
    const captures = nineWeeks(() => ({})).slice(8);
    const { topics } = await getTopics(await anArchive(captures), { ...OPEN, by: 'week' });
    expect(topics).toMatchObject([{ topic: 'paper', papers: 20, papersBefore: null, shareBefore: null }]);
  });

  it('offer the phrase of a keyword that few papers have', async () => {
    const captures = nineWeeks((_, n) =>
      n === 0 ? { keywords: ['kite', 'paper'] } : n < 9 ? { title: `A kite of kind ${n}` } : {},
    );
    const context = await anArchive(captures);
    const rare = (topic: string) => ({ kind: 'keyword', topic }) as const;
    const { topics } = await compareTopics(context, [rare('kite'), rare('paper')], {
      from: null,
      to: null,
      by: 'week',
    });
    expect(topics.map(({ asPhrase }) => asPhrase)).toEqual([null, null]);
    const fewer = await anArchive(
      nineWeeks((week, n) =>
        week === 0 && n === 0 ? { keywords: ['kite'] } : n < 9 ? { title: `A kite of kind ${n}` } : {},
      ),
    );
    const offered = await compareTopics(fewer, [rare('kite')], { from: null, to: null, by: 'week' });
    expect(offered.topics[0]?.asPhrase).toBe(80);
  });

  it.each([
    [50, 9, null],
    [51, 9, 9],
    [51, 1, null],
  ])(
    'with one keyword in %i papers and its words in %i offer as its phrase: %j',
    async (listed, inTitles, asPhrase) => {
      const rows = Array.from({ length: listed }, (_, n) => ({
        keywords: [n === 0 ? 'kite' : 'paper'],
        title: n < inTitles ? `A kite of kind ${n}` : `A paper of kind ${n}`,
      }));
      const context = await anArchive([
        seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers(...rows.map((row, n) => [n + 1, 5, row] as const))),
      ]);
      const range = { from: null, to: null, by: 'week' } as const;
      const { topics } = await compareTopics(context, [{ kind: 'keyword', topic: 'kite' }], range);
      expect(topics).toMatchObject([{ asPhrase }]);
    },
  );
});
