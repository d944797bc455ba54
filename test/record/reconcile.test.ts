import { describe, expect, it } from 'vitest';
import { PaperkeepError } from '../../shared/kit/errors.ts';
import type { Target } from '../../shared/model/target.ts';
import { asSummary } from '../../shared/record/fold.ts';
import { listPk, summaryKey } from '../../shared/record/keys.ts';
import { byTarget, reconcile, recordKeys } from '../../shared/record/reconcile.ts';
import { aCapture, aPaper, DAILY, DAY, day, instant, ranked } from '../support/build.ts';
import { aHouse, itemsOf, recordAll } from './house.ts';

const TRENDING: Target = { source: 'trending', day: DAY };
const captures = [
  aCapture({ at: instant('2025-01-08T06:07:00Z'), papers: ranked(1, 2) }),
  aCapture({ at: instant('2025-01-08T07:07:00Z'), papers: ranked(2, 3) }),
  aCapture({ at: instant('2025-01-08T08:07:00Z'), answer: { status: 503 } }),
  aCapture({ ...TRENDING, at: instant('2025-01-08T06:07:00Z'), papers: ranked(3, 4) }),
  aCapture({ source: 'daily', day: day('2025-01-07'), at: instant('2025-01-08T06:08:00Z'), papers: ranked(5) }),
];

describe('recording', () => {
  it('of everything into an empty table gives the same table as recording it as it came', async () => {
    const [replayed, asItCame, backwards] = [await aHouse(captures), await aHouse(captures), await aHouse(captures)];
    await recordAll(replayed);
    for (const key of asItCame.keys) await recordAll(asItCame, [key]);
    for (const key of backwards.keys.toReversed()) await recordAll(backwards, [key, key]);
    expect(await itemsOf(asItCame.records)).toEqual(await itemsOf(replayed.records));
    expect(await itemsOf(backwards.records)).toEqual(await itemsOf(replayed.records));
  });

  it('again changes nothing', async () => {
    const house = await aHouse(captures);
    await recordAll(house);
    const before = await itemsOf(house.records);
    await recordAll(house);
    expect(await itemsOf(house.records)).toEqual(before);
  });

  it('keeps what a capture says whole: a paper is the same whatever its votes', async () => {
    const house = await aHouse([
      aCapture({ at: instant('2025-01-08T06:07:00Z'), papers: [aPaper({ upvotes: 1, comments: 0, githubStars: 5 })] }),
      aCapture({ at: instant('2025-01-08T07:07:00Z'), papers: [aPaper({ upvotes: 2, comments: 1, githubStars: 6 })] }),
    ]);
    await recordAll(house);
    const own = (await itemsOf(house.records)).filter(({ pk }) => pk === 'PAPER#2501.00001');
    expect(own.map(({ sk }) => sk)).toEqual([expect.stringMatching(/^CONTENT#/), 'ON#daily#2025-01-08']);
    expect(own[0]).toMatchObject({ title: aPaper().content.title, authors: ['Ada Example', 'Ben Example'] });
    expect(own[0]).not.toHaveProperty('upvotes');
  });

  it('puts a paper under its title, its authors, its keywords and its organization, with nothing in it that moves', async () => {
    const house = await aHouse([captures[0] as (typeof captures)[0]]);
    await recordAll(house);
    const pointers = (await itemsOf(house.records)).filter(({ sk }) => sk.endsWith('2501.00001'));
    expect(pointers).toEqual([
      { pk: 'AUTHOR#ada-example', sk: '2025-01-08#2501.00001' },
      { pk: 'AUTHOR#ben-example', sk: '2025-01-08#2501.00001' },
      { pk: 'KEYWORD#long-reading', sk: '2025-01-08#2501.00001' },
      { pk: 'KEYWORD#tables', sk: '2025-01-08#2501.00001' },
      { pk: 'ORGANIZATION#acme', sk: '2025-01-08#2501.00001' },
      { pk: expect.stringMatching(/^TITLE#[0-9a-f]{16}$/), sk: '2501.00001' },
    ]);
  });

  it('names a damaged snapshot and goes on with the others', async () => {
    const house = await aHouse(captures);
    const [first, second, third] = byTarget(house.keys).find(({ target }) => target.day === DAY)?.keys ?? [];
    house.snapshots.files.set(second as string, new TextEncoder().encode('not a snapshot'));
    house.snapshots.files.delete(third as string);
    const damaged = await recordKeys(house, [first, second, third] as string[]);
    expect(damaged.map(({ key, error }) => [key, (error as PaperkeepError).code])).toEqual([
      [second, 'SNAPSHOT_DAMAGED'],
      [third, 'SNAPSHOT_MISSING'],
    ]);
    expect(asSummary(await house.records.get(summaryKey(DAILY)))?.standing).toMatchObject({ captures: 1, papers: 2 });
  });

  it('fails when the archive cannot be reached: that is no fault of the snapshot', async () => {
    const house = await aHouse(captures);
    const read = async () => {
      throw new PaperkeepError('ARCHIVE_REFUSED', 'the archive is away', 'bring it back');
    };
    await expect(recordKeys({ ...house, read }, house.keys)).rejects.toThrow('the archive is away');
  });
});

describe('grouping keys by target', () => {
  it('keeps their order and leaves out what is no key', () => {
    const a = 'raw/daily/2025-01-08/20250108T060700Z-0123456789ab.warc.gz';
    const b = 'raw/watched=agents/2025-01-08/20250108T060700Z-0123456789ab.warc.gz';
    const c = 'raw/daily/2025-01-08/20250108T050700Z-0123456789ab.warc.gz';
    expect(byTarget([a, 'raw/notes.txt', b, c])).toEqual([
      { target: { source: 'daily', day: '2025-01-08' }, keys: [a, c] },
      { target: { source: 'watched:agents', day: '2025-01-08' }, keys: [b] },
    ]);
  });
});

describe('reconciling', () => {
  const targets = [DAILY, TRENDING, { source: 'daily', day: day('2025-01-07') } as const];

  it('records what was archived and not recorded', async () => {
    const whole = await aHouse(captures);
    await recordAll(whole);
    const house = await aHouse(captures);
    await recordAll(house, [house.keys[1] as string]);
    expect(await reconcile(house, targets)).toEqual({ recorded: captures.length - 1, damaged: [] });
    expect(await itemsOf(house.records)).toEqual(await itemsOf(whole.records));
  });

  it('has nothing to record where all was, and changes nothing', async () => {
    const house = await aHouse(captures);
    await recordAll(house);
    const before = await itemsOf(house.records);
    expect(await reconcile(house, targets)).toEqual({ recorded: 0, damaged: [] });
    expect(await itemsOf(house.records)).toEqual(before);
  });

  it('looks at the targets given, no others', async () => {
    const house = await aHouse(captures);
    expect(await reconcile(house, [TRENDING])).toEqual({ recorded: 1, damaged: [] });
    expect(await house.records.range({ pk: listPk(DAILY) })).toEqual([]);
  });

  it('folds a partition whose summary was not written any more', async () => {
    const house = await aHouse(captures);
    await recordAll(house);
    const before = await itemsOf(house.records);
    await house.records.delete(summaryKey(DAILY));
    expect(await reconcile(house, targets)).toEqual({ recorded: 0, damaged: [] });
    expect(await itemsOf(house.records)).toEqual(before);
  });

  it('names what is damaged, records the rest, and names it again the next time', async () => {
    const house = await aHouse(captures);
    const [bad] = house.keys;
    house.snapshots.files.set(bad as string, new Uint8Array([1, 2, 3]));
    for (const recorded of [captures.length - 1, 0]) {
      const report = await reconcile(house, targets);
      expect(report.recorded).toBe(recorded);
      expect(report.damaged.map(({ key }) => key)).toEqual([bad]);
    }
  });
});
