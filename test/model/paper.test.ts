import { describe, expect, it } from 'vitest';
import { parsePaperId, slugOf } from '../../shared/model/paper.ts';

const NAMES = ['Ada Lovelace', '  J.-P. van der  Berg, Jr. ', '---', 'GPT-4o & 3.5/mini', 'x'.repeat(150), "O'Neil_2"];

describe('a slug', () => {
  it('is made of letters and digits of any script, without accents', () => {
    expect(NAMES.slice(0, 4).map(slugOf)).toEqual(['ada-lovelace', 'j-p-van-der-berg-jr', '', 'gpt-4o-3-5-mini']);
    expect(slugOf('José Müller-Ørsted 李明')).toBe('jose-muller-ørsted-李明');
  });

  // an accent sends a name the long way, and is dropped on it
  it.each(NAMES)('is the same by the fast way for ASCII and by the general one: %s', (name) => {
    expect(slugOf(`${name}\u0301`)).toBe(slugOf(name));
  });
});

describe('the id of a paper', () => {
  it.each([
    ['2501.04519', '2501.04519'],
    [' 2501.04519v3 ', '2501.04519'],
    ['0704.0001', '0704.0001'],
    ['1412.9999', '1412.9999'],
    ['1501.00001', '1501.00001'],
    ['cs/0301012', 'cs/0301012'],
    ['math.AG/0211159v2', 'math.AG/0211159'],
    ['hep-th/9108001', 'hep-th/9108001'],
    ['cond-mat/0703999', 'cond-mat/0703999'],
  ])('may be %s', (text, id) => {
    expect(parsePaperId(text)).toBe(id);
  });

  it.each([
    ['four digits after 2014', '1501.0001'],
    ['four digits of five', '2503.0213'],
    ['five digits before 2015', '1412.00010'],
    ['month 13', '2513.00010'],
    ['month 0', '2500.00010'],
    ['number 0', '2501.00000'],
    ['before the first id of this form', '0703.0001'],
    ['a year of the 1990s', '9901.0001'],
    ['an old id of month 13', 'math/9913001'],
    ['an old id of month 0', 'cs/0000001'],
    ['an old id of number 0', 'cs/0301000'],
    ['an old id after the last one', 'cs/0704001'],
    ['an old id before the first one', 'hep-th/9107001'],
    ['a word', 'trending'],
  ])('cannot be %s: %s', (_, text) => {
    expect(parsePaperId(text)).toBeNull();
  });
});
