import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Citable, formatBibtex } from '../../../shared/web/formats/bib.ts';
import { pythonHome } from '../../support/packages.ts';

const paper: Citable = {
  id: '2501.90001',
  title: 'Slow Lanterns',
  authors: ['Ada Example', 'Eve Sample'],
  publishedAt: '2025-01-07T14:12:07Z',
  arxivUrl: 'https://arxiv.org/abs/2501.90001',
};
const fieldOf = (given: Partial<Citable>, field: string): string | undefined =>
  new RegExp(`^ {2}${field} = (.*?),?$`, 'm').exec(formatBibtex([{ ...paper, ...given }]))?.[1];
const titleOf = (title: string) => fieldOf({ title }, 'title')?.slice(1, -1);
const authorOf = (...authors: string[]) => fieldOf({ authors }, 'author')?.slice(1, -1);
const keysOf = (...papers: Partial<Citable>[]): string[] =>
  [...formatBibtex(papers.map((given) => ({ ...paper, ...given }))).matchAll(/^@misc\{(.*),$/gm)].map(
    ([, key]) => key ?? '',
  );

describe('formatBibtex', () => {
  it('writes title, authors, date, eprint and URL', () => {
    expect(formatBibtex([paper])).toBe(`@misc{example2025slow,
  title = {Slow Lanterns},
  author = {Example, Ada and Sample, Eve},
  year = {2025},
  month = jan,
  eprint = {2501.90001},
  archivePrefix = {arXiv},
  url = {https://arxiv.org/abs/2501.90001}
}
`);
  });

  it.each([
    ['cs/0301012', '{2003}', 'jan', '{cs}'],
    ['math.AG/9411159', '{1994}', 'nov', '{math.AG}'],
    ['hep-th/9108001', '{1991}', 'aug', '{hep-th}'],
    ['2403.12345', '{2024}', 'mar', undefined],
  ])('reads date and class from the id if the paper has no date: %s', (id, year, month, primaryClass) => {
    const given = { id, publishedAt: null };
    expect([fieldOf(given, 'year'), fieldOf(given, 'month'), fieldOf(given, 'primaryClass')]).toEqual([
      year,
      month,
      primaryClass,
    ]);
  });

  it.each([
    ['Ludwig van Beethoven', 'van Beethoven, Ludwig'],
    ['Jean de La Fontaine', 'de La Fontaine, Jean'],
    ['Maria da silva', 'da silva, Maria'],
    ['Martin L. King Jr.', 'King, Jr., Martin L.'],
    ['Martin L. King, Jr.', 'King, Jr., Martin L.'],
    ['King, Jr., Martin L.', 'King, Jr., Martin L.'],
    ['John Smith III', 'Smith, III, John'],
    ['Smith, John', 'Smith, John'],
    ['Ai Weiwei', 'Weiwei, Ai'],
    ['王伟', '王伟'],
    ['III', 'III'],
    ['bell hooks', 'bell hooks'],
    ['M. {\\"u}nster', 'ünster, M.'],
    ['King Jr.', '{King Jr.}'],
    ['Smith, , John', '{Smith, , John}'],
  ])('writes the person %s as %s', (name, written) => expect(authorOf(name)).toBe(written));

  it.each([
    'Qwen Team',
    'Byron, Jr, Ada, PhD',
    'DeepSeek-AI',
    'The Atlas Collaboration',
    'Moss and Stone Lab',
    'Institute of Tea',
    'others',
    'and',
    'et al.',
    ':',
  ])('keeps %s whole in braces', (name) => expect(authorOf(name)).toBe(`{${name}}`));

  it.each([
    ['GPT-4 and LLMs: a U-Net, X-ray or Plan B?', '{GPT-4} and {LLMs}: a {U-Net}, {X-ray} or Plan {B}?'],
    ['A State-of-the-Art Kettle', 'A State-of-the-Art Kettle'],
    ['50% & #1_a ~ a^b \\x', '50\\% \\& \\#1\\_a \\textasciitilde{} a\\textasciicircum{}b \\textbackslash{}x'],
    ['Kettles for $5 and $6', 'Kettles for \\$5 and \\$6'],
    ['On $\\alpha$ in $O(n^2)$', 'On {$\\alpha$} in {$O(n^2)$}'],
    ['Protected {LLM}s', 'Protected {LLM}s'],
    ['Odd } and {{', 'Odd \\textbraceright{} and \\textbraceleft{}\\textbraceleft{}'],
    ['Schr\\"{o}dinger, \\emph{again}', 'Schrödinger, again'],
  ])('writes the title %s so that LaTeX prints it with its capitals', (title, written) =>
    expect(titleOf(title)).toBe(written),
  );

  it('makes keys that people can type, unique in the file', () => {
    expect(keysOf({}, {}, { authors: ['Łukasz Großmann'], title: 'The Émigré' })).toEqual([
      'example2025slow',
      'example2025slow-2',
      'grossmann2025emigre',
    ]);
    expect(keysOf({ authors: ['The Qwen Team'] }, { authors: null, title: '茶' }, { title: 'B Trees' })).toEqual([
      'qwen2025slow',
      'arxiv2025',
      'example2025trees',
    ]);
  });

  it('leaves out papers without an id and unknown fields', () => {
    expect(formatBibtex([{ ...paper, id: null }])).toBe('');
    for (const authors of [null, []]) expect(fieldOf({ authors }, 'author')).toBeUndefined();
    expect(fieldOf({ arxivUrl: null }, 'url')).toBeUndefined();
  });

  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[{}\\~^&%$#_ a,\n]*$/));
  const hostile = fc.record({
    id: text,
    title: text,
    authors: fc.array(text, { maxLength: 3 }),
    publishedAt: fc.constant(null),
    arxivUrl: text,
  });

  it('has balanced braces, whatever the text', () => {
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

const run = promisify(execFile);
const PACKAGES = ['bibtexparser==1.4.3', 'pybtex==0.25.1'];
const HOME = pythonHome('bibtex', PACKAGES);
const SCRIPT = `
import json, sys, bibtexparser
from pybtex.database import parse_file
from bibtexparser.customization import splitname
path = sys.argv[1]
pybtex = [{
    'key': entry.key,
    'eprint': entry.fields['eprint'],
    'month': entry.fields['month'],
    'authors': [[' '.join(part) for part in (one.first_names + one.middle_names, one.prelast_names, one.last_names, one.lineage_names)]
                for one in entry.persons.get('author', [])],
} for entry in parse_file(path).entries.values()]
with open(path) as file:
    database = bibtexparser.load(file)
names = lambda text: [splitname(one, strict_mode=False) for one in text.split(' and ')]
other = [{
    'key': entry['ID'],
    'eprint': entry['eprint'],
    'month': entry['month'],
    'authors': [[' '.join(one[part]) for part in ('first', 'von', 'last', 'jr')] for one in names(entry['author'])] if 'author' in entry else [],
} for entry in database.entries]
json.dump([pybtex, other], sys.stdout)
`;

describe('the BibTeX readers of Python', () => {
  let missing: string | null = null;
  let folder = '';
  beforeAll(async () => {
    missing = await HOME.install();
    folder = await mkdtemp(join(tmpdir(), 'paperkeep-bib-'));
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('pybtex and bibtexparser read the same papers and names', async (context) => {
    if (missing !== null) context.skip(`${PACKAGES.join(' and ')} cannot be installed: ${missing}`);
    const file = join(folder, 'papers.bib');
    const given = [
      { ...paper, authors: ['Martin L. King Jr.', 'Ludwig van Beethoven', 'Jean de La Fontaine', 'Qwen Team', 'Ada'] },
      { ...paper, id: 'cs/0301012', title: 'Odd } @ {{ "quotes" \\ 100% of $x_i^2$', authors: null },
      { ...paper, id: '2501.90002', title: 'Ünïcode 中文 😀', authors: ['José García', '王伟', 'A_B #1 ~ ^'] },
    ];
    await writeFile(file, formatBibtex(given));
    const entries = [
      {
        key: 'king2025slow',
        eprint: '2501.90001',
        month: 'January',
        authors: [
          ['Martin L.', '', 'King', 'Jr.'],
          ['Ludwig', 'van', 'Beethoven', ''],
          ['Jean', 'de', 'La Fontaine', ''],
          ['', '', '{Qwen Team}', ''],
          ['', '', 'Ada', ''],
        ],
      },
      { key: 'arxiv2025odd', eprint: 'cs/0301012', month: 'January', authors: [] },
      {
        key: 'garcia2025unicode',
        eprint: '2501.90002',
        month: 'January',
        authors: [
          ['José', '', 'García', ''],
          ['', '', '王伟', ''],
          ['', '', '{A\\_B \\#1 \\textasciitilde{} \\textasciicircum{}}', ''],
        ],
      },
    ];
    const { stdout } = await run(HOME.python, ['-c', SCRIPT, file]);
    expect(JSON.parse(stdout)).toEqual([entries, entries]);
  }, 60_000);
});
