import { describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getNewPapers } from '../../shared/query/new.ts';
import { searchQuestion } from '../../shared/query/search.ts';
import { getTop, topQuestion } from '../../shared/query/top.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { day, instant } from '../support/build.ts';
import { anArchive, copied, papers, seen } from './archive.ts';

const KITES = 'Kites on Long Strings';
const page = (list: string, at: string, ...titles: string[]): Capture =>
  copied(
    list,
    at,
    titles.map((title) => [title, 'We fly them by the sea, and they stay up in the air.']),
  );
const january = day('2025-01-01');

const search = async (context: QueryContext, q: string) =>
  (await searchQuestion.run(context, searchQuestion.parameters.parse({ q }))).papers;

describe('papers of which only copied text is known', () => {
  it('are found by search, new and top, without an id and a URL', async () => {
    const context = await anArchive([page('daily 2025-01-08', '2025-01-08T06:00:00Z', KITES, 'Tea Leaves')]);
    const row = { id: null, title: KITES, url: null, arxivUrl: null, upvotes: null };
    expect(await search(context, 'kites')).toMatchObject([{ ...row, list: 'daily', bestRank: 1 }]);
    const added = await getNewPapers(context, {
      since: instant('2025-01-01T00:00:00Z'),
      list: null,
      limit: 9,
      cursor: null,
    });
    expect(added.papers).toEqual(expect.arrayContaining([expect.objectContaining(row)]));
    const range = { from: january, to: day('2025-01-31') };
    const top = await getTop(context, range, topQuestion.parameters.parse({ by: 'days' }));
    expect(top.papers).toEqual(expect.arrayContaining([expect.objectContaining(row)]));
  });

  it('are one with the paper as soon as its id is known, and apart again when another paper has the title', async () => {
    const context = await anArchive([page('trending 2025-01-08', '2025-01-08T06:00:00Z', KITES)]);
    const add = async (capture: Capture) => {
      const { key } = await archiveCapture(context.archive, capture);
      await recordSnapshots({ table: context.table, parsers }, [await readSnapshot(context.archive, key)]);
    };
    const found = async () => (await search(context, 'kites')).map(({ id }) => id).sort();
    expect(await found()).toEqual([null]);
    await add(seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([1, 9, { title: KITES }])));
    expect(await found()).toEqual(['2501.00001']);
    await add(seen('daily 2025-01-10', '2025-01-10T06:00:00Z', papers([2, 9, { title: KITES }])));
    expect(await found()).toEqual(['2501.00001', '2501.00002', null]);
  });

  it('are read again only when a paper with such a title comes', async () => {
    const context = await anArchive([
      page('trending 2025-01-08', '2025-01-08T06:00:00Z', KITES),
      page('trending 2025-01-09', '2025-01-09T06:00:00Z', 'Tea Leaves'),
    ]);
    const { table, clock } = context;
    const catalog = openCatalog(':memory:', table.url);
    const readAgain = async (capture?: Capture) => {
      if (capture) {
        const { key } = await archiveCapture(context.archive, capture);
        await recordSnapshots({ table, parsers }, [await readSnapshot(context.archive, key)]);
      }
      return (await updateCatalog({ table, catalog, clock }, null)).partitions;
    };
    expect(await readAgain()).toBe(2);
    expect(await readAgain()).toBe(0);
    expect(await readAgain(seen('daily 2025-01-10', '2025-01-10T06:00:00Z', papers([1])))).toBe(1);
    expect(await readAgain(seen('daily 2025-01-11', '2025-01-11T06:00:00Z', papers([2, 9, { title: KITES }])))).toBe(2);
    expect(await readAgain()).toBe(0);
    catalog.close();
  });
});
