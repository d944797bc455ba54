import { describe, expect, it } from 'vitest';
import type { QueryContext } from '../../shared/query/context.ts';
import { getNames, getPapersOfName } from '../../shared/query/names.ts';
import { decodeCursor } from '../../shared/query/paging.ts';
import { aPaper, day } from '../support/build.ts';
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

  it('has the full names of organizations, and of nothing else', async () => {
    const first = async (kind: 'author' | 'organization') =>
      (await getNames(await archive, kind, ALL)).names[0]?.fullname;
    expect([await first('organization'), await first('author')]).toEqual(['Acme Laboratories', null]);
  });

  it('has the full name of an organization that its newest paper gives, whatever its id', async () => {
    const on = (listed: string, id: string, fullname: string) =>
      seen(`daily ${listed}`, `${listed}T06:00:00Z`, [
        aPaper({ rank: 1, id, listedOn: day(listed), organization: { name: 'acme', fullname } }),
      ]);
    const asked = await anArchive([
      on('2025-01-08', 'cs/0301012', 'Acme Laboratories'),
      on('2025-01-09', '2501.00001', 'Acme Research'),
    ]);
    expect((await getNames(asked, 'organization', ALL)).names[0]?.fullname).toBe('Acme Research');
  });

  it('has with q the names that begin with it, in any case, with or without accents', async () => {
    expect(await names('author', { q: 'ADA' })).toEqual(['ada-byron 3 Ada Byron']);
    expect(await names('author', { q: 'Zoë Å' })).toEqual(['zoe-angstrom 2 Zoe Angstrom']);
    expect(await names('author', { q: 'byron' })).toEqual([]);
  });

  it('has a keyword once, found by the beginning of any of its spellings, and gives the papers of all', async () => {
    const spelled = (id: number, keyword: string) => [id, 1, { keywords: [keyword] }] as const;
    const asked = await anArchive([
      seen(
        'daily 2025-01-08',
        '2025-01-08T06:00:00Z',
        papers(spelled(1, 'World Models'), spelled(2, 'worldmodels'), spelled(3, 'world-model'), spelled(4, 'worlds')),
      ),
    ]);
    const found = async (q: string) => (await getNames(asked, 'keyword', { ...ALL, q })).names;
    const worldModel = { slug: 'world-model', name: 'world-model', fullname: null, papers: 3 };
    expect(await found('world')).toEqual([worldModel, { slug: 'worlds', name: 'worlds', fullname: null, papers: 1 }]);
    for (const q of ['world-m', 'World Models', 'worldm']) expect(await found(q)).toEqual([worldModel]);
    expect(await found('worlds')).toEqual([{ slug: 'worlds', name: 'worlds', fullname: null, papers: 1 }]);
    const parameters = { kind: 'keyword', from: null, to: null, limit: 100, cursor: null } as const;
    for (const slug of ['world-models', 'world-model'])
      expect((await getPapersOfName(asked, { ...parameters, slug })).papers.map(({ id }) => id?.slice(-1))).toEqual([
        '3',
        '2',
        '1',
      ]);
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

const ADA = { kind: 'author', slug: 'ada-example', from: null, to: null, limit: 500, cursor: null } as const;
const ids = ({ papers }: { papers: readonly { id: string | null }[] }) => papers.map(({ id }) => id?.slice(-1));

const papersArchive = () =>
  anArchive([
    seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2, { authors: ['Eve Elsewhere'] }])),
    seen('daily 2025-01-08', '2025-01-08T18:00:00Z', papers([1, 9], [2, 8, { authors: ['Eve Elsewhere'] }])),
    seen(
      'daily 2025-01-10',
      '2025-01-10T06:00:00Z',
      papers([3, 5, { listedOn: day('2025-01-10'), keywords: ['Tea'] }]),
    ),
    seen('trending 2025-01-11', '2025-01-11T06:00:00Z', papers([4, 7, { listedOn: day('2025-01-09') }], [1, 11])),
  ]);

describe('the papers of a name', () => {
  it('come newest first, with the votes last read anywhere', async () => {
    const found = await getPapersOfName(await papersArchive(), ADA);
    expect(found).toMatchObject({
      kind: 'author',
      slug: 'ada-example',
      name: 'Ada Example',
      total: 3,
      next: null,
    });
    expect(found.papers.map(({ id, listedOn, upvotes }) => [id?.slice(-1), listedOn, upvotes])).toEqual([
      ['3', '2025-01-10', 5],
      ['4', '2025-01-09', 7],
      ['1', '2025-01-08', 11],
    ]);
  });

  it('are those of a range of days, both ends included', async () => {
    const found = async (from: string | null, to: string | null) =>
      ids(
        await getPapersOfName(await papersArchive(), {
          ...ADA,
          from: from === null ? null : day(from),
          to: to === null ? null : day(to),
        }),
      );
    expect(await found('2025-01-09', null)).toEqual(['3', '4']);
    expect(await found(null, '2025-01-09')).toEqual(['4', '1']);
    expect(await found('2025-01-09', '2025-01-09')).toEqual(['4']);
    expect(await found('2025-02-01', null)).toEqual([]);
  });

  it('are found by organization and keyword too, under the name as the feed spells it', async () => {
    const acme = await getPapersOfName(await papersArchive(), { ...ADA, kind: 'organization', slug: 'acme' });
    expect([acme.name, ids(acme)]).toEqual(['acme', ['3', '4', '2', '1']]);
    const tea = await getPapersOfName(await papersArchive(), { ...ADA, kind: 'keyword', slug: 'tea' });
    expect([tea.name, ids(tea)]).toEqual(['Tea', ['3']]);
  });

  it('are not found for a name that was never seen', async () => {
    await expect(getPapersOfName(await papersArchive(), { ...ADA, slug: 'unseen-author' })).rejects.toThrow(
      'no paper of the author unseen-author was seen',
    );
  });

  it('come once each, a paper that moved to another day under the newer one', async () => {
    const moved = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([1, 20, { listedOn: day('2025-01-09') }])),
    ]);
    const found = await getPapersOfName(moved, ADA);
    expect(found.papers.map(({ listedOn, upvotes }) => [listedOn, upvotes])).toEqual([['2025-01-09', 20]]);
  });
});

describe('pages of a name', () => {
  const walk = async (of: QueryContext, limit: number) => {
    const pages: (string | null)[][] = [];
    let cursor: string | null = null;
    do {
      const found = await getPapersOfName(of, { ...ADA, limit, cursor });
      pages.push(found.papers.map(({ id }) => id));
      cursor = found.next && decodeCursor(found.next);
    } while (cursor);
    return pages;
  };

  it('hold every paper once, whatever the limit', async () => {
    const rows = Array.from({ length: 17 }, (_, n) => aPaper({ rank: n + 1, id: `2501.000${10 + n}` }));
    const of = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', rows)]);
    const [whole] = await walk(of, 500);
    expect(whole).toHaveLength(17);
    for (let limit = 1; limit <= 20; limit++) {
      const pages = await walk(of, limit);
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(17 / limit));
    }
  });

  it('continue from a position whose paper no longer exists', async () => {
    const found = await getPapersOfName(await papersArchive(), { ...ADA, limit: 1, cursor: '2025-01-09#2501.99999' });
    expect(ids(found)).toEqual(['4']);
  });
});

describe('names with letters that Unicode does not decompose', () => {
  const context = anArchive([
    seen(
      'daily 2025-01-08',
      '2025-01-08T06:00:00Z',
      papers(
        [1, 3, { authors: ['Łukasz Weiß', 'Jørgen Æbelø'], keywords: ['Naïve Größe'] }],
        [2, 2, { authors: ['Lukasz Weiss'], organization: { name: 'Đại học', fullname: 'Đại học' } }],
      ),
    ),
  ]);
  const papersOf = async (kind: 'author' | 'keyword' | 'organization', slug: string) =>
    ids(await getPapersOfName(await context, { ...ADA, kind, slug }));

  it.each(['lukasz-weiss', 'łukasz-weiß', 'Lukasz-Weiss'])('are found as %s, with and without them', async (slug) => {
    expect(await papersOf('author', slug)).toEqual(['2', '1']);
  });

  it('are found among organizations and keywords too', async () => {
    expect(await papersOf('organization', 'dai-hoc')).toEqual(['2']);
    expect(await papersOf('keyword', 'naive-grosse')).toEqual(['1']);
  });

  it('are in the index once, under the spelling of the newest paper, and found by their beginning', async () => {
    const names = async (q: string) =>
      (await getNames(await context, 'author', { ...ALL, q })).names.map(({ slug, papers }) => [slug, papers]);
    expect(await names('lu')).toEqual([['lukasz-weiss', 2]]);
    expect(await names('Łu')).toEqual([['lukasz-weiss', 2]]);
    expect(await names('jo')).toEqual([['jørgen-æbelø', 1]]);
  });
});
