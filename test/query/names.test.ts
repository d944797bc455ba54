import { describe, expect, it } from 'vitest';
import { getNames } from '../../shared/query/names.ts';
import { decodeCursor } from '../../shared/query/paging.ts';
import { anArchive, papers, seen } from './archive.ts';

const ALL = { q: null, limit: 500, cursor: null };
const acme = { name: 'Acme Labs', fullname: 'Acme Laboratories' };
const archive = anArchive([
  seen(
    'daily 2025-01-08',
    '2025-01-08T06:00:00Z',
    papers(
      [1, 3, { authors: ['Ada Byron', 'Zoë Ångström'], keywords: ['tea', 'Tables'], organization: acme }],
      [2, 2, { authors: ['ada byron', 'Adele Example', '**'], keywords: ['Tea', ''], organization: null }],
      [3, 1, { authors: ['Zoe Angstrom', 'Ada Byron'], keywords: null, organization: acme }],
    ),
  ),
]);
const names = async (kind: 'author' | 'organization' | 'keyword', asked: Partial<typeof ALL> | { q: string } = {}) =>
  (await getNames(await archive, kind, { ...ALL, ...asked })).names.map(
    ({ slug, name, papers }) => `${slug} ${papers} ${name}`,
  );

describe('an index of names', () => {
  it('has each slug once with the number of its papers, most first, in the spelling of the newest paper', async () => {
    expect(await names('author')).toEqual([
      'ada-byron 3 Ada Byron',
      'zoe-angstrom 2 Zoe Angstrom',
      'adele-example 1 Adele Example',
    ]);
    expect(await names('keyword')).toEqual(['tea 2 Tea', 'tables 1 Tables']);
    expect(await names('organization')).toEqual(['acme-labs 2 Acme Labs']);
  });

  it('has with q the names that begin with it, in any case, with or without accents', async () => {
    expect(await names('author', { q: 'ADA' })).toEqual(['ada-byron 3 Ada Byron']);
    expect(await names('author', { q: 'Zoë Å' })).toEqual(['zoe-angstrom 2 Zoe Angstrom']);
    expect(await names('author', { q: 'byron' })).toEqual([]);
  });

  it('comes in pages that hold every name once', async () => {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof getNames>> = await getNames(await archive, 'author', {
        ...ALL,
        limit: 2,
        cursor,
      });
      expect(page.total).toBe(3);
      found.push(...page.names.map(({ slug }) => slug));
      cursor = page.next && decodeCursor(page.next);
    } while (cursor);
    expect(found).toEqual(['ada-byron', 'zoe-angstrom', 'adele-example']);
  });
});
