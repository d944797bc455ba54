import { describe, expect, it } from 'vitest';
import { dailyReplayQuestion, getReplay } from '../../shared/query/replay.ts';
import { day, instant } from '../support/build.ts';
import { anArchive, copied, listDay, papers, refused, seen } from './archive.ts';

describe('the replay of a day', () => {
  it('has the ranks and upvotes of every paper in every usable capture', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2])),
      refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
      seen('daily 2025-01-08', '2025-01-08T08:00:00Z', papers([2, 9], [3, 0], [1, 4])),
      seen('daily 2025-01-08', '2025-01-08T09:00:00Z', papers([3, 1])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([4, 1])),
    ]);
    expect(await getReplay(context, listDay('daily 2025-01-08'))).toMatchObject({
      list: 'daily',
      day: '2025-01-08',
      times: ['2025-01-08T06:00:00Z', '2025-01-08T08:00:00Z', '2025-01-08T09:00:00Z'],
      ids: ['2501.00001', '2501.00002', '2501.00003'],
      ranks: [
        [1, 2, null],
        [3, 1, 2],
        [null, null, 1],
      ],
      upvotes: [
        [3, 2, null],
        [4, 9, 0],
        [null, null, 1],
      ],
      coverage: { status: 'captured', captures: 3, failures: 1 },
      total: 3,
    });
  });

  it('as of a time has the captures up to it', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3])),
      seen('daily 2025-01-08', '2025-01-08T08:00:00Z', papers([2, 9], [1, 4])),
    ]);
    const replay = await dailyReplayQuestion.run(context, {
      day: day('2025-01-08'),
      at: instant('2025-01-08T07:00:00Z'),
    });
    expect(replay).toMatchObject({ times: ['2025-01-08T06:00:00Z'], ids: ['2501.00001'], coverage: { captures: 1 } });
  });

  it('has rows of copied text under the paper with their title, and null for an unknown paper', async () => {
    const context = await anArchive([
      copied('daily 2025-01-08', '2025-01-08T06:00:00Z', [
        ['What the paper 2501.00001 is called', 'It is long enough to be read as an abstract.'],
        ['An unknown paper', 'It is long enough to be read as an abstract, too.'],
      ]),
      seen('daily 2025-01-08', '2025-01-08T08:00:00Z', papers([1, 4])),
    ]);
    expect(await getReplay(context, listDay('daily 2025-01-08'))).toMatchObject({
      ids: ['2501.00001', null],
      ranks: [
        [1, 2],
        [1, null],
      ],
      upvotes: [
        [null, null],
        [4, null],
      ],
    });
  });

  it('is empty for a day that was never captured', async () => {
    expect(await getReplay(await anArchive([]), listDay('trending 2025-01-08'))).toMatchObject({
      times: [],
      ids: [],
      ranks: [],
      coverage: { status: 'missing' },
    });
  });
});
