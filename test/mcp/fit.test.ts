import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens, fitAnswer } from '../../shared/mcp/fit.ts';

const authors = (count: number) => Array.from({ length: count }, (_, at) => `Author ${at + 1}`);
const aPaper = (at: number, abstract = 'It is made up. '.repeat(100)) => ({
  rank: at + 1,
  id: `2501.${10000 + at}`,
  abstract,
  authors: authors(8),
});

describe('fitAnswer', () => {
  it('cuts authors to five and says how many more there are, wherever they stand', () => {
    const { omitted, ...answer } = fitAnswer(
      { paper: { authors: authors(7) }, versions: [{ authors: authors(5) }, { authors: null }] },
      '',
    );
    expect(answer).toEqual({
      paper: { authors: [...authors(5), 'and 2 more'] },
      versions: [{ authors: authors(5) }, { authors: null }],
    });
    expect(omitted).toEqual([]);
  });

  it('leaves an answer that fits as it is', () => {
    const answer = { papers: Array.from({ length: 10 }, (_, at) => ({ ...aPaper(at), authors: ['Ada Example'] })) };
    expect(fitAnswer(answer, 'ask again')).toEqual({ ...answer, omitted: [] });
  });

  it('cuts abstracts before it leaves papers out', () => {
    const answer = { papers: Array.from({ length: 40 }, (_, at) => aPaper(at)) };
    const { papers, omitted } = fitAnswer(answer, 'ask again') as unknown as typeof answer & { omitted: string[] };
    expect(papers).toHaveLength(40);
    expect(papers[0]?.abstract).toHaveLength(281);
    expect(omitted).toEqual(['abstracts after 280 characters: get_paper has the whole of one']);
  });

  it('leaves out the end of the longest list, and says how much and how to ask for it', () => {
    const answer = { papers: Array.from({ length: 300 }, (_, at) => aPaper(at)), days: ['2025-01-08'], total: 300 };
    const fitted = fitAnswer(answer, 'ask again') as unknown as typeof answer & { omitted: string[] };
    expect(fitted.papers.map(({ rank }) => rank)).toEqual(fitted.papers.map((_, at) => at + 1));
    expect(fitted.omitted[1]).toBe(`the last ${300 - fitted.papers.length} of 300 papers: ask again`);
    expect([fitted.days, fitted.total]).toEqual([['2025-01-08'], 300]);
    expect(fitted.papers.length).toBeGreaterThan(20);
  });

  it('cuts lists in the objects of an answer too, the longest first, so that others keep rows', () => {
    const days = Array.from({ length: 3000 }, (_, at) => ({ day: at, papers: 12 }));
    const { omitted, ...fitted } = fitAnswer({ moved: days.slice(0, 20), coverage: { after: days } }, 'ask again');
    const { after } = (fitted as { coverage: { after: typeof days } }).coverage;
    expect(fitted.moved).toHaveLength(20);
    expect(after).toEqual(days.slice(0, after.length));
    expect(omitted).toEqual([`the last ${3000 - after.length} of 3000 coverage.after: ask again`]);
  });

  it('leaves out the oldest where an answer begins with them, and says nothing of abstracts where it has none', () => {
    const days = Array.from({ length: 4000 }, (_, at) => ({ day: at, status: 'captured' }));
    const { omitted, ...fitted } = fitAnswer({ days }, 'ask again', 'start');
    const kept = fitted.days as typeof days;
    expect(kept).toEqual(days.slice(-kept.length));
    expect(omitted).toEqual([`the first ${4000 - kept.length} of 4000 days: ask again`]);
  });

  it('makes any answer fit into half of 20,000 tokens', () => {
    const anyPaper = fc.record({
      title: fc.string({ unit: 'grapheme', maxLength: 300 }),
      abstract: fc.option(fc.string({ unit: 'grapheme', maxLength: 3000 })),
      authors: fc.option(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 60 })),
      upvotes: fc.option(fc.nat()),
    });
    const property = fc.property(fc.array(anyPaper, { maxLength: 60 }), fc.nat(20), (some, times) => {
      const papers = Array.from({ length: times }, () => some).flat();
      const versions = papers.slice(0, 100);
      const { omitted, ...fitted } = fitAnswer({ papers, versions, total: papers.length }, 'ask again');
      expect(countTokens(fitted)).toBeLessThan(10_000);
      for (const [name, rows] of Object.entries({ papers, versions })) {
        const left = rows.length - (fitted[name] as unknown[]).length;
        const said = omitted.some((one) => one === `the last ${left} of ${rows.length} ${name}: ask again`);
        expect([name, said]).toEqual([name, left > 0]);
      }
    });
    fc.assert(property, { numRuns: 50 });
  });
});
