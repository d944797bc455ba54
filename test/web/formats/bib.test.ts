import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBibtex } from '../../../shared/web/formats/bib.ts';

const paper = {
  id: '2501.90001',
  title: 'Slow Lanterns',
  authors: ['Ada Example', 'Eve Nobody'],
  publishedAt: '2025-01-07T14:12:07Z',
  arxivUrl: 'https://arxiv.org/abs/2501.90001',
};

describe('a bibliography', () => {
  it('names title, authors, year, eprint and address', () => {
    expect(formatBibtex([paper])).toBe(`@misc{2501.90001,
  title = {Slow Lanterns},
  author = {Ada Example and Eve Nobody},
  year = {2025},
  eprint = {2501.90001},
  archivePrefix = {arXiv},
  url = {https://arxiv.org/abs/2501.90001}
}
`);
  });

  it.each([
    ['cs/0301012', '2003'],
    ['math.AG/9411159', '1994'],
    ['hep-th/9108001', '1991'],
    ['2403.12345', '2024'],
  ])('takes the year from the id where the day of publication is not known: %s', (id, year) => {
    expect(formatBibtex([{ ...paper, id, publishedAt: null }])).toContain(`year = {${year}}`);
  });

  it("escapes LaTeX's special characters", () => {
    expect(formatBibtex([{ ...paper, title: '50% & $5 #1_a {b} ~c^d \\e' }])).toContain(
      'title = {50\\% \\& \\$5 \\#1\\_a \\textbraceleft{}b\\textbraceright{} \\textasciitilde{}c\\textasciicircum{}d \\textbackslash{}e}',
    );
  });

  it('keeps a name whole that holds a comma or an "and"', () => {
    expect(formatBibtex([{ ...paper, authors: ['Moss and Stone Lab', 'Ferdinand Sample', 'Sample, Jr.'] }])).toContain(
      'author = {{Moss and Stone Lab} and Ferdinand Sample and {Sample, Jr.}}',
    );
  });

  it('leaves out papers without id, and fields that are not known', () => {
    expect(formatBibtex([{ ...paper, id: null }])).toBe('');
    const bare = formatBibtex([{ ...paper, authors: [], arxivUrl: null }]);
    expect(bare).not.toContain('author');
    expect(formatBibtex([{ ...paper, authors: null }])).not.toContain('author');
    expect(bare).not.toContain('url');
  });

  it('has balanced braces, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[{}\\~^&%$#_ a\n]*$/));
    const hostile = fc.record({
      id: text,
      title: text,
      authors: fc.array(text, { maxLength: 3 }),
      publishedAt: fc.constant(null),
      arxivUrl: text,
    });
    fc.assert(
      fc.property(hostile, (given) => {
        let depth = 0;
        for (const character of formatBibtex([given])) {
          depth += character === '{' ? 1 : character === '}' ? -1 : 0;
          expect(depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(0);
      }),
    );
  });
});
