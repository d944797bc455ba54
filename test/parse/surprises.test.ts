import { describe, expect, test } from 'vitest';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anEntry, aPage, apiAnswer, DAY, entries, pageAnswer } from './feed.ts';

type Fields = Record<string, unknown>;
const rowOf = (paper: Fields, entry: Fields = {}) =>
  parsers.daily.parse(aCapture({ exchanges: [apiAnswer([anEntry({ paper, entry })])] })).listing?.rows[0];
const unknownOf = (paper: Fields, entry: Fields = {}) =>
  parsers.daily.parse(aCapture({ exchanges: [apiAnswer([anEntry({ paper, entry })])] })).listing?.unknown;

describe('A surprise of the feed', () => {
  test('publishedAt of an entry changed its meaning, so that of the inner paper is used', () => {
    const row = rowOf({ publishedAt: '2025-01-07T14:12:07.120Z' }, { publishedAt: '2025-01-06T20:00:00.000Z' });
    expect(row?.content.publishedAt).toBe('2025-01-07T14:12:07Z');
  });

  test('the list day of a paper is that of its submission, and the requested day where the feed does not give it', () => {
    const dates = ['2025-01-08T23:59:59.000Z', '2025-01-08T00:00:00.000Z', '2025-01-09T23:59:59.000Z'];
    const list = dates.map((submittedOnDailyAt, at) => anEntry({ at, paper: { submittedOnDailyAt } }));
    const { listing } = parsers.daily.parse(aCapture({ exchanges: [apiAnswer(list)] }));
    expect(listing?.rows.map(({ content }) => content.listedOn)).toEqual([DAY, DAY, '2025-01-09']);
    expect(rowOf({ submittedOnDailyAt: undefined })?.content.listedOn).toBe(DAY);
    expect(rowOf({ submittedOnDailyAt: 'soon' })?.content.listedOn).toBe(DAY);
  });

  test('fifty papers without a limit may be a day cut silently', () => {
    const url = `https://huggingface.co/api/daily_papers?date=${DAY}`;
    const parsed = parsers.daily.parse(aCapture({ exchanges: [apiAnswer(entries(50), 0, { url })] }));
    expect(parsed).toMatchObject({ outcome: 'list', listing: { complete: null } });
  });

  test('a day without papers is [] from the API, and another day from the page', () => {
    expect(parsers.daily.parse(aCapture({ exchanges: [apiAnswer([])] })).outcome).toBe('empty');
    const other = aPage({ props: { dateString: '2025-01-07', periodType: 'day', isTrending: false } });
    expect(parsers.daily.parse(aCapture({ exchanges: [pageAnswer(other)] })).outcome).toBe('another-day');
  });

  test('upvotes are as observed, whether they went up or down', () => {
    expect([0, 6, 5, 250].map((upvotes) => rowOf({ upvotes })?.upvotes)).toEqual([0, 6, 5, 250]);
  });

  test('an absent value is null, never 0', () => {
    const bare = {
      githubRepo: undefined,
      githubStars: undefined,
      projectPage: undefined,
      ai_summary: undefined,
      summary: undefined,
    };
    const gone = {
      ai_keywords: undefined,
      organization: undefined,
      upvotes: undefined,
      publishedAt: undefined,
      submittedOnDailyBy: undefined,
    };
    const row = rowOf(
      { ...bare, ...gone },
      { numComments: undefined, organization: undefined, submittedBy: undefined },
    );
    expect(row).toEqual({
      rank: 1,
      id: '2501.10000',
      upvotes: null,
      comments: null,
      githubStars: null,
      content: {
        title: expect.any(String),
        abstract: null,
        authors: ['Zoë Number0', 'Zoë Number1'],
        publishedAt: null,
        listedOn: DAY,
        githubUrl: null,
        projectUrl: null,
        keywords: null,
        aiSummary: null,
        organization: null,
        submittedBy: null,
      },
    });
  });

  test('optional fields are known, and other fields are counted by path', () => {
    const known = { submitterOrganization: {}, mediaUrl: 'x', mediaUrls: [], upvoted: true };
    expect(unknownOf({ githubRepoAddedBy: 'auto', ai_summary_model: 'm', mediaUrls: [] }, known)).toEqual({});
    expect(unknownOf({ leafArea: 1 }, { leafArea: 1, constructor: 1 })).toEqual({
      leafArea: 1,
      constructor: 1,
      'paper.leafArea': 1,
    });
  });

  test('unknown fields after the first hundred are counted together', () => {
    const fields = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`leaf${from + at}`, 1]));
    const unknown = unknownOf({}, fields(0, 103));
    expect(Object.keys(unknown ?? {})).toHaveLength(101);
    expect(unknown).toMatchObject({ leaf0: 1, leaf99: 1, other: 3 });
  });

  test('white space at the end of a title is removed', () => {
    expect(rowOf({ title: 'Tables ' })?.content.title).toBe('Tables');
  });

  test('a field of an unexpected type is null, and its row is kept', () => {
    const strange = { summary: 7, authors: 'Ada', githubStars: '3k', ai_keywords: [1], organization: 'acme' };
    expect(unknownOf(strange, { numComments: '2', submittedBy: 'bob' })).toEqual({
      'paper.summary:type': 1,
      'paper.authors:type': 1,
      'paper.githubStars:type': 1,
      'paper.ai_keywords:type': 1,
      'paper.organization:type': 1,
      'numComments:type': 1,
      'submittedBy:type': 1,
    });
    const row = rowOf(strange, { numComments: '2', submittedBy: 'bob' });
    expect(row).toMatchObject({
      upvotes: 100,
      comments: null,
      githubStars: null,
      content: { abstract: null, submittedBy: 'bob' },
    });
    expect(row?.content).not.toHaveProperty('authors');
  });

  test('one unusable name among authors or keywords leaves the others', () => {
    const authors = [{ name: 'Ada L.' }, null, { name: null }, { name: ' ' }, 7, { name: 'Ben M.' }];
    expect(rowOf({ authors, ai_keywords: ['tables', null, 'trees'] })?.content).toMatchObject({
      authors: ['Ada L.', 'Ben M.'],
      keywords: ['tables', 'trees'],
    });
    expect(unknownOf({ authors, ai_keywords: [null] })).toEqual({
      'paper.authors:type': 2,
      'paper.authors.name:type': 1,
      'paper.ai_keywords:type': 1,
    });
    const none = rowOf({ authors: [null], ai_keywords: [null] })?.content;
    expect(none).toMatchObject({ keywords: null });
    expect(none).not.toHaveProperty('authors');
  });

  test('an abstract of 450 kB is cut and counted, an entry that stays too large is rejected, and the others stay', () => {
    const long = anEntry({ paper: { summary: 'leaf '.repeat(90_000) } });
    const huge = anEntry({
      at: 1,
      paper: { authors: Array.from({ length: 30_000 }, (_, at) => ({ name: `Zoë Number${at}` })) },
    });
    const { outcome, listing } = parsers.daily.parse(
      aCapture({ exchanges: [apiAnswer([long, huge, anEntry({ at: 2 })])] }),
    );
    expect(outcome).toBe('list');
    expect(listing?.rows.map(({ rank, content }) => [rank, (content.abstract?.length ?? 0) <= 20_000])).toEqual([
      [1, true],
      [3, true],
    ]);
    expect(listing?.unknown).toEqual({ 'paper.summary:long': 1 });
    expect(listing?.rejects).toEqual([{ path: '[1]', why: 'it has more than 350000 bytes' }]);
  });

  test('ids that arXiv cannot have issued reject their entries', () => {
    const ids = ['2503.0213', '2503.02130', '2513.00010', 'cs/0000001'];
    const list = ids.map((id, at) => anEntry({ at, paper: { id } }));
    const { listing } = parsers.daily.parse(aCapture({ exchanges: [apiAnswer(list)] }));
    expect(listing?.rows.map(({ rank, id }) => [rank, id])).toEqual([[2, '2503.02130']]);
    expect(listing).toMatchObject({ complete: false, rejects: [{ path: '[0].paper.id' }, {}, {}] });
  });

  test('a response in UTF-16 with a byte-order mark is read like one in UTF-8', () => {
    const json = JSON.stringify([anEntry()]);
    const bodies = [json, Buffer.from(`\ufeff${json}`, 'utf16le'), Buffer.from(`\ufeff${json}`, 'utf16le').swap16()];
    const parsed = bodies.map((body) => parsers.daily.parse(aCapture({ exchanges: [apiAnswer(body)] })));
    expect(parsed[0]?.outcome).toBe('list');
    expect(parsed[1]).toEqual(parsed[0]);
    expect(parsed[2]).toEqual(parsed[0]);
  });

  test('the login is `name` in submittedBy, and `user` or `name` in submittedOnDailyBy', () => {
    const by = (submittedBy: Fields | undefined, submittedOnDailyBy: Fields | undefined) =>
      rowOf({ submittedOnDailyBy }, { submittedBy })?.content.submittedBy;
    expect(by({ name: 'ada', fullname: 'Ada' }, { user: 'bob' })).toBe('ada');
    expect(by(undefined, { user: 'bob', fullname: 'Bob' })).toBe('bob');
    expect(by(undefined, { name: 'cy', fullname: 'Cy' })).toBe('cy');
  });

  test('wrapped titles, abstracts, names and keywords read the same as unwrapped ones', () => {
    const wrapped = {
      title: 'Long\n  Tables ',
      summary: ' a\nb\tc\u00a0d  e',
      authors: [{ name: 'Ada\n L.' }],
      ai_keywords: [' two  words'],
    };
    expect(rowOf(wrapped)?.content).toMatchObject({
      title: 'Long Tables',
      abstract: 'a b c d e',
      authors: ['Ada L.'],
      keywords: ['two words'],
    });
  });

  test('times without a time of day are read like those with one', () => {
    const row = rowOf({ publishedAt: '2024-12-31T00:00:00.000Z', submittedOnDailyAt: '2025-01-08' });
    expect(row?.content).toMatchObject({ publishedAt: '2024-12-31T00:00:00Z', listedOn: DAY });
  });

  test('line breaks in the URL of a repository are removed, and what is no URL is null', () => {
    const url = (githubRepo: string) => rowOf({ githubRepo })?.content.githubUrl;
    expect(url('https://github.com/\nacme/tables ')).toBe('https://github.com/acme/tables');
    expect(url('http://github.com/acme/tables.git/')).toBe('http://github.com/acme/tables.git/');
    expect(url('github.com/acme')).toBe(null);
    expect(url('javascript:alert(1)')).toBe(null);
    expect(url('https://')).toBe(null);
  });

  test('six hundred authors are all kept', () => {
    const [entry] = [anEntry({ authors: 664 })];
    const parsed = parsers.daily.parse(aCapture({ exchanges: [apiAnswer([entry])] }));
    expect(parsed.listing?.rows[0]?.content.authors).toHaveLength(664);
  });

  test('trending shows each card twice, names no day, and holds papers that never were daily papers', () => {
    const never = anEntry({
      paper: { id: '1802.08979', submittedOnDailyAt: undefined, submittedOnDailyBy: undefined },
      entry: { submittedBy: undefined },
    });
    const exchanges = [pageAnswer(aPage({ entries: [never, anEntry({ at: 1 })] }))];
    const { listing } = parsers.trending.parse(aCapture({ list: 'trending', exchanges }));
    expect(listing?.rows.map(({ id, content }) => [id, content.listedOn])).toEqual([
      ['1802.08979', undefined],
      ['2501.10001', '2025-01-08'],
    ]);
  });

  test('an organization without a full name has its name, from either place in the entry', () => {
    expect(rowOf({ organization: { name: 'acme' } })?.content.organization).toEqual({ name: 'acme', fullname: 'acme' });
    expect(
      rowOf({ organization: undefined }, { organization: { name: 'b', fullname: 'B' } })?.content.organization,
    ).toEqual({ name: 'b', fullname: 'B' });
  });
});
