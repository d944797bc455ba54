import { describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import type { ListDay } from '../../shared/model/list.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { aCapture, aPaper, DAILY, DAY, hours } from '../support/build.ts';
import { counting } from '../support/counting.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

/** Papers as long as the feed's: abstracts of 1,300 characters, six authors, eight keywords. */
const papers = (from: number, count: number, hour: number): ListingRow[] =>
  Array.from({ length: count }, (_, place) => {
    const number = from + place;
    return aPaper({
      id: `2501.${String(number).padStart(5, '0')}`,
      title: `A title of a paper that is as long as most of them are, the one of number ${number}`,
      abstract: `Number ${number} says this. `.padEnd(1300, 'A sentence of it is like this one. '),
      authors: Array.from({ length: 6 }, (_, author) => `First${number} Last${author}`),
      keywords: Array.from({ length: 8 }, (_, keyword) => `keyword ${number * 8 + keyword}`),
      aiSummary: 'In one sentence, this is about what it is about, and about what was found. '.repeat(2),
      upvotes: 5 + ((number * 7 + hour * (place + 3)) % 90),
      githubStars: number * 13 + hour,
    });
  });

/** Write units of recording 24 hourly captures, by kind of item. */
async function unitsOfDay(listDay: ListDay, listAt: (hour: number) => ListingRow[]): Promise<Record<string, number>> {
  const table = counting(openSqliteTable(':memory:'));
  const archive = createMemoryArchive();
  for (const [hour, at] of hours(DAY, 24).entries()) {
    const snapshot = await archiveCapture(archive, aCapture({ ...listDay, at, papers: listAt(hour) }));
    await recordSnapshots({ table, parsers }, [snapshot]);
  }
  return Object.fromEntries(table.units);
}

/** What a day costs, by kind of item and in all. */
const costs = (units: Readonly<Record<string, number>>) => ({
  moving: (units.listing ?? 0) + (units.summary ?? 0) + (units.calendar ?? 0),
  all: Object.values(units).reduce((sum, each) => sum + each, 0),
});

/**
 * Measured when this was written, in write units: a trending capture is a listing of 3, a summary of 6 and a line of the calendar of 1;
 * a daily one 2, 3 and 1. A paper that is new is a content of 2, an appearance of 1 and 16 pointers of 1. The budgets are 15 % above:
 * they are the bill, and a change that writes more is meant to be seen here.
 */
describe('Recording', () => {
  it('24 trending captures of 50 papers, one of them new each hour, writes 243 units for listings and summaries and 1,630 in all', async () => {
    const { moving, all } = costs(await unitsOfDay({ list: 'trending', day: DAY }, (hour) => papers(hour, 50, hour)));
    expect(moving).toBeLessThanOrEqual(243 * 1.15);
    expect(all).toBeLessThanOrEqual(1630 * 1.15);
  });

  it('24 captures of a daily list of 25 papers writes 145 units for listings and summaries and 620 in all', async () => {
    const { moving, all } = costs(await unitsOfDay(DAILY, (hour) => papers(0, 25, hour)));
    expect(moving).toBeLessThanOrEqual(145 * 1.15);
    expect(all).toBeLessThanOrEqual(620 * 1.15);
  });

  it('a capture that is recorded already writes nothing', async () => {
    const table = counting(openSqliteTable(':memory:'));
    const snapshot = await archiveCapture(createMemoryArchive(), aCapture({ papers: papers(0, 25, 0) }));
    await recordSnapshots({ table, parsers }, [snapshot]);
    table.units.clear();
    await recordSnapshots({ table, parsers }, [snapshot]);
    expect(Object.fromEntries(table.units)).toEqual({});
  });
});
