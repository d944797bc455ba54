import { describe, expect, it } from 'vitest';
import type { NewAnswer } from '../../shared/query/new.schema.ts';
import { getNewPapers } from '../../shared/query/new.ts';
import { decodeCursor } from '../../shared/query/paging.ts';
import { instant } from '../support/build.ts';
import { anArchive, papers, seen } from './archive.ts';

const captures = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2])),
  seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([3])),
  seen('trending 2025-01-08', '2025-01-08T09:00:00Z', papers([1], [4])),
  seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([5], [6], [3])),
];
const WHOLE = { limit: 500, cursor: null };
const idsOf = ({ papers }: { papers: { id: string | null }[] }) => papers.map(({ id }) => id?.slice(-1)).join('');

describe('The papers that are new since a time', () => {
  const asked = anArchive(captures);
  const since = async (at: string, list: 'daily' | 'trending' | null = null) =>
    getNewPapers(await asked, { since: instant(at), list, ...WHOLE });

  it.each([
    ['2025-01-01T00:00:00Z', '564123'],
    ['2025-01-08T06:00:00Z', '564123'],
    ['2025-01-08T06:00:01Z', '564'],
    ['2025-01-09T06:00:00Z', '56'],
    ['2025-01-09T06:00:01Z', ''],
  ])('%s are %s: those first seen on any list at it or later, newest first, then by id', async (at, ids) => {
    const answer = await since(at);
    expect([idsOf(answer), answer.total]).toEqual([ids, ids.length]);
  });

  it('are those of the day before the newest capture where no time is given, however long ago that is', async () => {
    const answer = await getNewPapers(await asked, { since: null, list: null, ...WHOLE });
    expect(answer).toMatchObject({ since: '2025-01-08T06:00:00Z', until: '2025-01-09T06:00:00Z', total: 6 });
  });

  it('are requested next from the newest capture on, or from the same time where that is later', async () => {
    expect((await since('2025-01-08T06:00:00Z')).until).toBe('2025-01-09T06:00:00Z');
    expect((await since('2025-01-10T00:00:00Z')).until).toBe('2025-01-10T00:00:00Z');
  });

  it('on one list are those of them that are on it', async () => {
    expect(idsOf(await since('2025-01-08T06:00:00Z', 'trending'))).toBe('413');
    expect(idsOf(await since('2025-01-08T06:00:01Z', 'daily'))).toBe('56');
  });

  it('neither miss nor repeat a paper when they are requested again since the newest capture', async () => {
    const polled: string[] = [];
    let from = instant('2025-01-08T00:00:00Z');
    for (let held = 1; held <= captures.length; held++) {
      const context = await anArchive(captures.slice(0, held));
      const answer = await getNewPapers(context, { since: from, list: null, ...WHOLE });
      polled.push(idsOf(answer));
      from = instant(answer.until);
    }
    // both lists of the 8th were seen in the same second: the papers of that second come again
    expect(polled).toEqual(['12', '123', '4123', '564']);
  });

  it('come in pages that hold every paper once', async () => {
    for (const limit of [1, 2, 4, 6]) {
      let found = '';
      let cursor: string | null = null;
      do {
        const question = { since: instant('2025-01-01T00:00:00Z'), list: null };
        const answer: NewAnswer = await getNewPapers(await asked, { ...question, limit, cursor });
        found += idsOf(answer);
        cursor = answer.next === null ? null : decodeCursor(answer.next);
      } while (cursor !== null);
      expect(found).toBe('564123');
    }
  });

  it('are an empty list for an empty archive, with the requested time', async () => {
    const at = instant('2025-01-01T00:00:00Z');
    const answer = await getNewPapers(await anArchive([]), { since: at, list: null, ...WHOLE });
    expect(answer).toMatchObject({ papers: [], total: 0, until: at });
  });
});
