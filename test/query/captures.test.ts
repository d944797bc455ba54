import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapturesAnswer } from '../../shared/query/captures.schema.ts';
import { getCapture, getCaptures } from '../../shared/query/captures.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { decodeCursor, encodeCursor } from '../../shared/query/paging.ts';
import { day, hours, instant } from '../support/build.ts';
import { anArchive, listDay, papers, refused, seen } from './archive.ts';

const EVERY = { list: null, from: null, to: null, limit: 500, cursor: null };

const mixed = () =>
  anArchive([
    seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
    refused('daily 2025-01-08', '2025-01-08T07:00:00Z'),
    seen('daily 2025-01-07', '2025-01-08T08:00:00Z', papers([2], [3])),
    seen('trending 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
    seen('watched:tea 2025-01-06', '2025-01-06T06:00:00Z', papers([1]), { imported: true }),
  ]);

const index = async (context: QueryContext, question: Partial<Parameters<typeof getCaptures>[1]>) =>
  getCaptures(context, { ...EVERY, ...question });

describe('the index of captures', () => {
  it('has all lists, newest day and capture first, with failed visits', async () => {
    const answer = await index(await mixed(), {});
    expect(answer).toMatchObject({ list: null, from: '2025-01-06', to: '2025-01-08', total: 5, next: null });
    expect(
      answer.captures.map(({ list, day, at, outcome }) => `${list} ${day} ${at.slice(11, 13)} ${outcome}`),
    ).toEqual([
      'daily 2025-01-08 07 server-error',
      'daily 2025-01-08 06 list',
      'trending 2025-01-08 06 list',
      'daily 2025-01-07 08 list',
      'watched:tea 2025-01-06 06 list',
    ]);
  });

  it('can be limited to one list and a range of days', async () => {
    const context = await mixed();
    expect((await index(context, { list: 'daily' })).total).toBe(3);
    expect((await index(context, { from: day('2025-01-07'), to: day('2025-01-07') })).captures).toHaveLength(1);
    expect(await index(context, { list: 'watched:none' })).toMatchObject({ captures: [], total: 0, from: null });
  });

  it('has for each capture what the archive holds of it', async () => {
    const context = await mixed();
    const { captures } = await index(context, {});
    for (const { key, bytes, sha256 } of captures) {
      const file = new Uint8Array(context.archive.files.get(key) ?? []);
      expect([bytes, sha256]).toEqual([
        file.length,
        Buffer.from(await crypto.subtle.digest('SHA-256', file)).toString('hex'),
      ]);
    }
    expect(captures.at(-1)).toMatchObject({
      imported: true,
      via: 'page',
      listed: 1,
      complete: null,
      rejects: 0,
      why: '',
    });
    expect(captures[0]).toMatchObject({ via: null, listed: null, why: 'the feed failed (503)' });
  });

  it('comes in pages that together are the whole, whatever the limit', async () => {
    const context = await anArchive([
      ...hours(day('2025-01-08'), 30).map((at) => seen(`trending ${at.slice(0, 10)}`, at, papers([1]))),
      ...hours(day('2025-01-08'), 9).map((at) => refused('daily 2025-01-08', at)),
    ]);
    const whole = (await index(context, {})).captures;
    expect(whole).toHaveLength(39);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (limit) => {
        const pages = [];
        let cursor: string | null = null;
        do {
          const answer: CapturesAnswer = await getCaptures(context, { ...EVERY, limit, cursor });
          pages.push(answer.captures);
          expect(answer.total).toBe(39);
          cursor = answer.next && decodeCursor(answer.next);
        } while (cursor);
        expect(pages.flat()).toEqual(whole);
        expect(pages.every((page) => page.length <= limit && page.length > 0)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('continues after a list without matching captures', async () => {
    const cursor = 'LIST#daily#2025-01-07\nAT#2025-01-08T08:00:00Z#zzz';
    const answer = await getCaptures(await mixed(), { ...EVERY, list: 'watched:tea', limit: 5, cursor });
    expect(answer.captures).toHaveLength(1);
  });
});

describe('one capture', () => {
  it('is found by list, day and time; without one the error has the coverage of the list day', async () => {
    const context = await mixed();
    const facts = await getCapture(context, listDay('daily 2025-01-08'), instant('2025-01-08T06:00:00Z'));
    expect(facts).toMatchObject({ outcome: 'list', list: 'daily', day: '2025-01-08', sample: false });
    expect(facts.download).toBe(`${facts.url}.warc.gz`);
    await expect(
      getCapture(context, listDay('daily 2025-01-08'), instant('2025-01-08T06:00:01Z')),
    ).rejects.toMatchObject({ code: 'NOT_CAPTURED', coverage: { status: 'captured', captures: 1, failures: 1 } });
    await expect(
      getCapture(context, listDay('trending 2025-01-09'), instant('2025-01-08T07:00:00Z')),
    ).rejects.toMatchObject({ code: 'NOT_CAPTURED', coverage: { status: 'missing' } });
  });

  it('is distinguished by its digest from another capture of the same second', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2])),
    ]);
    const { captures } = await index(context, {});
    expect(new Set(captures.map(({ url }) => url)).size).toBe(2);
    for (const { key, at, url } of captures) {
      const found = await getCapture(context, listDay('daily 2025-01-08'), instant(at), url.slice(-12));
      expect(found.key).toBe(key);
    }
  });
});

describe('a cursor', () => {
  it('is decoded to the position that it was made from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (position) => {
        expect(decodeCursor(encodeCursor(position))).toBe(position);
      }),
    );
  });

  it.each(['%', 'abc', 'AA==', '____', ' '])('is refused when paperkeep did not make it: %j', (cursor) => {
    expect(decodeCursor(cursor)).toBeNull();
  });
});
