import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { CatalogFile } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { decodeCursor } from '../../shared/query/paging.ts';
import type { SearchAnswer } from '../../shared/query/search.schema.ts';
import { type SearchParameters, searchPapers } from '../../shared/query/search.ts';
import { searchText, toMatchExpression } from '../../shared/query/search-text.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { createRandom } from '../../shared/sample/random.ts';
import { aPaper, day } from '../support/build.ts';
import { anArchive, papers, seen } from './archive.ts';

const NONE = {
  q: null,
  list: null,
  from: null,
  to: null,
  minUpvotes: null,
  maxRank: null,
  keyword: null,
  organization: null,
  code: null,
  sort: null,
  limit: 500,
  cursor: null,
} as const;

/** Asks for words with filters; the whole answer on one page. */
async function ask(asked: QueryContext, q: string | null, filters: Partial<SearchParameters> = {}) {
  return searchPapers(asked, { ...NONE, q: q === null ? null : searchText.parse(q), ...filters });
}
const idsOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).papers.map(({ id }) => id?.slice(-1));
const sorted = async (...asked: Parameters<typeof ask>) => (await idsOf(...asked)).sort().join('');

const texts: readonly Capture[] = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', [
    ...papers(
      [1, 30, { title: 'Brewing Tea', abstract: 'Nothing else.', authors: ['Zoë Ångström'], keywords: ['kites'] }],
      [2, 20, { title: 'Kites', abstract: 'One drinks tea, brewing.', authors: ['Ben Tea'], keywords: null }],
      [
        3,
        10,
        { title: 'On state-of-the-art pots', abstract: 'C++ and 机器学习 here.', authors: [], keywords: ['tea'] },
      ],
      [
        4,
        5,
        {
          title: 'Teapots',
          abstract: 'It is "quoted" -- not NEAR(a b).',
          authors: ['Li AND Wu', 'Łukasz Straße'],
          keywords: [],
        },
      ],
    ),
  ]),
];

describe('The words of a search', () => {
  const asked = anArchive(texts);
  it.each([
    ['tea', '123'],
    ['TEA', '123'],
    ['tea brewing', '12'],
    ['"brewing tea"', '1'],
    ['“brewing tea”', '1'],
    ['"tea brewing', '2'],
    ['tea*', '1234'],
    ['"one drin"*', '2'],
    ['title:tea', '1'],
    ['title: "brewing tea"', '1'],
    ['abstract:tea', '2'],
    ['author:tea', '2'],
    ['AUTHOR:zoe', '1'],
    ['keyword:tea', '3'],
    ['keyword:"kites"', '1'],
    ['tea -kites', '3'],
    ['tea -title:kites -"brewing tea"', '3'],
    ['angstrom', '1'],
    ['zoë ångström', '1'],
    ['zoe\u0308', '1'],
    ['lukasz', '4'],
    ['author:Łukasz', '4'],
    ['strasse', '4'],
    ['straß*', '4'],
    ['state-of-the-art', '3'],
    ['c++', '3'],
    ['机器学习', '3'],
    ['机器*', '3'],
    ['学习', ''],
    ['"quoted"', '4'],
    ['and', '34'],
    ['AND tea', '123'],
    ['tea AND brewing', '12'],
    ['"and" tea', '3'],
    ['tea OR teapots', '1234'],
    ['teapots OR "brewing tea"', '14'],
    ['tea (pots OR kites)', '123'],
    ['(tea pots) OR (author:zoe -pots)', '13'],
    ['tea -(pots OR brewing)', ''],
    ['tea -(pots abstract:brewing)', '123'],
    ['tea -(brewing -kites)', '123'],
    ['((((tea))) brewing', '12'],
    ['tea) OR ) teapots', '1234'],
    ['(tea OR teapots) (abstract:quoted OR "brewing tea")', '14'],
    ['(title:teapots) or', ''],
    ['tea () OR', '123'],
    ['tea (-pots)', '12'],
    ['NEAR', '4'],
    ['near(a', '4'],
    ['tea - " * ( ) : ^ +', '123'],
    ['authors:tea', ''],
    ['papers_fts', ''],
    ['nobody', ''],
  ])('find with %s the papers %s', async (q, ids) => {
    expect(await sorted(await asked, q)).toBe(ids);
  });

  it.each(['"', '***', '🫖', '-tea', '(-tea)', 'tea OR -kites', '()', 'OR', '" "', ' ', 'title:"', '-', "';--"])(
    'are missing in %s',
    (q) => {
      expect(searchText.safeParse(q).error?.message).toContain('a word to search for');
    },
  );

  it('are limited to twenty', () => {
    const many = Array.from({ length: 20 }, (_, at) => `w${at}`);
    expect(searchText.parse(many.join(' ')).terms).toHaveLength(20);
    expect(searchText.safeParse([...many, '-one'].join(' ')).error?.message).toContain('at most 20');
  });

  it('never make a query that the index refuses', async () => {
    const catalog = await (await asked).catalog();
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(
        '"',
        '*',
        '-',
        ':',
        'title:',
        'AND',
        'NOT',
        'NEAR(',
        '(',
        '((((',
        '-(',
        ' OR ',
        ')',
        '^',
        '+',
        '{a b}',
        '\0',
        ' ',
        'tea',
        '٣',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const read = searchText.safeParse(pieces.join(''));
        if (read.error) return;
        catalog.all('SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?', [toMatchExpression(read.data.anyOf)]);
      }),
      { numRuns: 2000 },
    );
  });
});

const lists: readonly Capture[] = [
  seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 50], [2, 20], [3, 10])),
  seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([4, 40], [5, 8])),
  seen('trending 2025-01-09', '2025-01-09T07:00:00Z', papers([3, 60], [1, 55])),
  seen('trending 2025-01-10', '2025-01-10T07:00:00Z', papers([1, 54], [3, 61])),
  seen('watched:tea 2025-01-10', '2025-01-10T08:00:00Z', papers([5, 9])),
];

describe('The filters of a search', () => {
  const asked = anArchive(lists);
  const on = (filters: Partial<SearchParameters>, q: string | null = 'paper') =>
    asked.then((context) => sorted(context, q, filters));

  it.each([null, 'paper'])('apply to lists, days and ranks, with the words %s', async (q) => {
    expect(await on({}, q)).toBe('12345');
    expect(await on({ list: 'trending' }, q)).toBe('13');
    expect(await on({ list: 'watched:tea' }, q)).toBe('5');
    expect(await on({ list: 'watched:coffee' }, q)).toBe('');
    expect(await on({ from: day('2025-01-09') }, q)).toBe('1345');
    expect(await on({ to: day('2025-01-08') }, q)).toBe('123');
    expect(await on({ from: day('2025-01-09'), to: day('2025-01-09') }, q)).toBe('1345');
    expect(await on({ maxRank: 1 }, q)).toBe('1345');
  });

  it('apply together to the same list: a best rank elsewhere does not count', async () => {
    expect(await on({ list: 'daily', maxRank: 1 })).toBe('14');
    expect(await on({ list: 'trending', to: day('2025-01-09'), maxRank: 1 })).toBe('3');
    expect(await on({ from: day('2025-01-10'), maxRank: 1 })).toBe('15');
  });

  it('find the papers that a plain loop over the days of all lists finds, with words and without', async () => {
    const days = ['2024-12-30', '2024-12-31', '2025-01-01', '2025-01-02'];
    const chance = createRandom('filters');
    const captures = ['daily', 'trending'].flatMap((list) =>
      days.map((on) => {
        const rows = [1, 2, 3, 4, 5, 6].filter(() => chance() < 0.5);
        const listed = rows.map((id) => [id, Math.floor(chance() * 9), { abstract: 'We brew tea.' }] as const);
        return seen(`${list} ${on}`, `${on}T06:00:00Z`, papers(...listed));
      }),
    );
    const asked = await anArchive(captures);
    const rows = (await asked.catalog()).all<{ id: string; list: string; day: string; rank: number; votes: number }>(
      'SELECT paper_id AS id, list, day, best_rank AS rank, upvotes AS votes FROM appearances',
    );
    for (const list of [null, 'daily', 'trending'] as const)
      for (const from of [null, '2024-12-31', '2025-01-01'])
        for (const to of [null, '2024-12-31', '2025-12-31'])
          for (const maxRank of [null, 1, 2])
            for (const minUpvotes of list ? [null, 0, 5] : [null]) {
              const fits = rows.filter(
                (row) =>
                  (!list || row.list === list) &&
                  (!from || row.day >= from) &&
                  (!to || row.day <= to) &&
                  (!maxRank || row.rank <= maxRank) &&
                  (minUpvotes === null || row.votes >= minUpvotes),
              );
              const expected = [...new Set(fits.map(({ id }) => id.slice(-1)))].sort().join('');
              const filters = {
                list,
                from: from === null ? null : day(from),
                to: to === null ? null : day(to),
                maxRank,
                minUpvotes,
              };
              for (const q of [null, 'tea']) expect(await sorted(asked, q, filters)).toBe(expected);
            }
  });

  it('take upvotes as last read on the list asked for, else anywhere', async () => {
    expect(await on({ minUpvotes: 54 })).toBe('13');
    expect(await on({ minUpvotes: 55 })).toBe('3');
    expect(await on({ minUpvotes: 55, list: 'trending' })).toBe('13');
    expect(await on({ minUpvotes: 11, list: 'daily' })).toBe('124');
    expect(await on({ minUpvotes: 0 })).toBe('12345');
    // on that day it had 30 at most
    expect(await on({ minUpvotes: 55, to: day('2025-01-08') })).toBe('3');
  });

  it('put papers with unknown upvotes after those with 0', async () => {
    const context = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 0], [2, 5])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', [
        ...papers([3, 7], [4, 6]),
        aPaper({ rank: 3, id: '2501.00005', upvotes: null }),
      ]),
    ]);
    expect(await idsOf(context, null, { sort: 'upvotes' })).toEqual(['3', '4', '2', '1', '5']);
  });

  it('return the list on which a paper matches: where its rank was best, the newest of equals', async () => {
    const context = await asked;
    const one = async (filters: Partial<SearchParameters>) =>
      (await ask(context, '2501.00001', filters)).papers.map((paper) => [
        paper.list,
        paper.day,
        paper.bestRank,
        paper.listUpvotes,
        paper.upvotes,
      ]);
    expect(await one({})).toEqual([['trending', '2025-01-10', 1, 54, 54]]);
    expect(await one({ list: 'daily' })).toEqual([['daily', '2025-01-08', 1, 50, 54]]);
    expect(await one({ list: 'trending', to: day('2025-01-09') })).toEqual([['trending', '2025-01-09', 2, 55, 54]]);
  });
});

describe('The answer of a search', () => {
  it('ranks a hit in the title before one in the abstract, and equals newest first and then by id', async () => {
    const asked = await anArchive(texts);
    expect(await idsOf(asked, 'kites')).toEqual(['2', '1']);
    const others = await anArchive(lists);
    expect(await idsOf(others, 'called')).toEqual(['4', '5', '1', '2', '3']);
    expect(await idsOf(others, 'called', { sort: 'upvotes' })).toEqual(['3', '1', '4', '2', '5']);
    expect(await idsOf(others, null)).toEqual(['4', '5', '1', '2', '3']);
    expect((await ask(others, null, { sort: 'relevance' })).sort).toBe('date');
  });

  it('has each paper as last seen, with the time', async () => {
    const [paper] = (await ask(await anArchive(lists), '2501.00001')).papers;
    expect(paper).toMatchObject({
      id: '2501.00001',
      upvotes: 54,
      firstSeen: '2025-01-08T06:00:00Z',
      readAt: '2025-01-10T07:00:00Z',
      ageHours: 55,
      organization: { name: 'acme', fullname: 'Acme Research' },
      arxivUrl: 'https://arxiv.org/abs/2501.00001',
    });
  });

  it('names what it was read from', async () => {
    const { catalogAsOf, coverage } = await ask(await anArchive(lists), 'paper');
    expect(catalogAsOf).toBe('2025-01-20T12:00:00Z');
    expect(coverage).toEqual([
      { list: 'daily', first: '2025-01-08', last: '2025-01-09', daysCaptured: 2 },
      { list: 'trending', first: '2025-01-09', last: '2025-01-10', daysCaptured: 2 },
      { list: 'watched:tea', first: '2025-01-10', last: '2025-01-10', daysCaptured: 1 },
    ]);
  });

  it('is empty for an empty archive', async () => {
    expect(await ask(await anArchive([]), 'tea')).toMatchObject({ papers: [], total: 0, coverage: [] });
  });

  it('includes a paper that was recorded a moment ago', async () => {
    const asked = await anArchive(lists);
    expect((await ask(asked, 'samovar')).total).toBe(0);
    const brewed = seen('daily 2025-01-20', '2025-01-20T11:59:00Z', papers([9, 1, { title: 'The Samovar' }]));
    const { key } = await archiveCapture(asked.archive, brewed);
    await recordSnapshots({ table: asked.table, parsers }, [await readSnapshot(asked.archive, key)]);
    expect((await ask(asked, 'samovar')).papers).toMatchObject([{ id: '2501.00009', list: 'daily', bestRank: 1 }]);
  });

  it('comes in pages that hold every paper once, also with equal values', async () => {
    const rows = Array.from({ length: 23 }, (_, n) =>
      aPaper({ rank: n + 1, id: `2501.${10_000 + n}`, upvotes: n % 3, title: `tea ${n % 2 ? 'tea' : 'pot'}` }),
    );
    const asked = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', rows.slice(0, 12)),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', rows.slice(12)),
    ]);
    for (const sort of ['relevance', 'date', 'upvotes'] as const)
      for (const q of [searchText.parse('tea'), null]) {
        const question = { ...NONE, q, sort };
        const whole = await searchPapers(asked, question);
        for (const limit of [1, 4, 22, 23]) {
          const found: string[] = [];
          let cursor: string | null = null;
          do {
            const answer: SearchAnswer = await searchPapers(asked, { ...question, limit, cursor });
            found.push(...answer.papers.map(({ id }) => String(id)));
            expect(answer.total).toBe(23);
            cursor = answer.next === null ? null : decodeCursor(answer.next);
          } while (cursor !== null);
          expect(found).toEqual(whole.papers.map(({ id }) => id));
        }
      }
  });

  it('comes newest first where more papers match than can be ranked', async () => {
    const asked = await anArchive(lists);
    const { table } = asked;
    const { openCatalog } = await import('../../shared/catalog/sqlite.ts');
    const catalog = openCatalog(':memory:', table.url);
    await updateCatalog({ table, catalog, clock: asked.clock }, null);
    catalog.write((run) => {
      run(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000)
        INSERT INTO papers (id, title, authors, first_seen, last_seen, day, contents)
          SELECT 'x' || n, 'paper ' || iif(n % 100 = 0, 'rare', ''), '[]', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '2024-01-01', '' FROM n`);
      run(`INSERT INTO appearances (list, day, paper_id, first_seen, last_seen, captures, first_rank, best_rank, last_rank, votes, runs)
        SELECT 'daily', '2024-01-01', id, first_seen, last_seen, 1, 1, 1, 1, '[]', '[]' FROM papers WHERE id LIKE 'x%'`);
      run(
        "INSERT INTO paper_facets (paper, id, first_seen, lists, code, first_day, last_day, best_rank) SELECT rowid, id, first_seen, 'daily 2024', 0, day, day, 1 FROM papers WHERE id LIKE 'x%'",
      );
      run("INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')");
    });
    const broad = { ...asked, catalog: async () => catalog };
    const { sort, total, papers: found } = await ask(broad, 'paper');
    expect([sort, total, found.slice(0, 6).map(({ id }) => id)]).toEqual([
      'date',
      10_005,
      ['2501.00004', '2501.00005', '2501.00001', '2501.00002', '2501.00003', 'x1'],
    ]);
    expect(await ask(broad, 'paper rare')).toMatchObject({ sort: 'relevance', total: 100 });
    expect(await ask(broad, 'paper', { list: 'trending' })).toMatchObject({ sort: 'relevance', total: 2 });
  });
});

describe('The facets of a search', () => {
  const kept = (facet: SearchAnswer['facets']['year']) => facet.map(({ value, count }) => `${value} ${count}`);

  it('have whole years, newest first, of the lists in the range', async () => {
    const archive = await anArchive(
      ['2023-06-01', '2024-06-01', '2025-01-08'].map((on, n) =>
        seen(`daily ${on}`, `${on}T06:00:00Z`, papers([n + 1], [9])),
      ),
    );
    const years = async (filters: Partial<SearchParameters>) => kept((await ask(archive, null, filters)).facets.year);
    expect(await years({})).toEqual(['2025 2', '2024 2', '2023 2']);
    expect(await years({ from: day('2024-06-01'), to: day('2025-01-08') })).toEqual(['2025 2', '2024 2']);
    expect(await years({ from: day('2024-12-31'), to: day('2025-01-08') })).toEqual(['2025 2', '2024 1']);
  });

  it('have every list, however many searches are watched', async () => {
    const slugs = Array.from({ length: 25 }, (_, n) => `watched:search-${n}`);
    const archive = await anArchive(
      slugs.map((list) => seen(`${list} 2025-01-08`, '2025-01-08T06:00:00Z', papers([1]))),
    );
    const { list } = (await ask(archive, 'paper')).facets;
    expect(list.map(({ value }) => value).sort()).toEqual(slugs.sort());
  });

  it('are counted anew where another process wrote after the papers were found', async () => {
    const archive = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2]))]);
    const file = (await archive.catalog()) as CatalogFile;
    const writes = ['2501.00002'];
    const more = `INSERT INTO paper_facets SELECT 3, '2501.00003', first_seen, upvotes, lists, keywords, organization, code, first_day, last_day,
      best_rank FROM paper_facets WHERE id = ?`;
    const all: CatalogFile['all'] = (sql, values) => {
      const rows = file.all(sql, values);
      if (sql.startsWith('SELECT json_group_array(paper)'))
        for (const id of writes.splice(0)) file.write((run) => run(more, [id]));
      return rows as never;
    };
    const catalog = { ...file, all };
    const lists = async () => kept((await ask({ ...archive, catalog: async () => catalog }, null)).facets.list);
    expect([await lists(), await lists()]).toEqual([['daily 2'], ['daily 3']]);
  });

  it('have no keyword without a letter or digit', async () => {
    const archive = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 1, { keywords: ['**', 'tea'] }])),
    ]);
    expect(kept((await ask(archive, null)).facets.keyword)).toEqual(['tea 1']);
  });

  it('name an organization as its newest paper does, in full, and a keyword spelled like it as itself', async () => {
    const on = (listed: string, id: string, fullname: string, keywords: string[] | null) =>
      seen(`daily ${listed}`, `${listed}T06:00:00Z`, [
        aPaper({ rank: 1, id, listedOn: day(listed), keywords, organization: { name: 'tea-lab', fullname } }),
      ]);
    const archive = await anArchive([
      on('2025-01-08', '2501.00001', 'Tea Garden', ['tea-lab']),
      on('2025-01-09', '2501.00002', 'The Tea Laboratory', null),
    ]);
    const { facets } = await ask(archive, null);
    expect(facets.organization).toEqual([{ value: 'tea-lab', name: 'The Tea Laboratory', count: 2 }]);
    expect(facets.keyword).toEqual([{ value: 'tea-lab', name: 'tea-lab', count: 1 }]);
  });

  it.each([22, 274])(
    'have the twenty keywords and organizations of most of %i papers, equals by their slugs',
    async (count) => {
      const rows = Array.from({ length: count - 1 }, (_, n) => {
        const name = `name-${String.fromCharCode(97 + (n % 21))}`;
        return { keywords: [name], organization: { name, fullname: name } };
      });
      const archive = await anArchive([
        seen(
          'daily 2025-01-08',
          '2025-01-08T06:00:00Z',
          papers(...[...rows, rows[20] ?? {}].map((row, n) => [n + 1, 5, row] as const)),
        ),
      ]);
      const { keyword, organization } = (await ask(archive, null)).facets;
      for (const facet of [keyword, organization]) {
        expect(facet).toHaveLength(20);
        const each = (count - 1) / 21;
        expect(kept(facet).slice(0, 2)).toEqual([`name-u ${each + 1}`, `name-a ${each}`]);
      }
    },
  );
});
