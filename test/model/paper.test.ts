import { describe, expect, it } from 'vitest';
import { slugOf } from '../../shared/model/paper.ts';

const NAMES = ['Ada Lovelace', '  J.-P. van der  Berg, Jr. ', '---', 'GPT-4o & 3.5/mini', 'x'.repeat(150), "O'Neil_2"];

describe('a slug', () => {
  it('is made of letters and digits of any script, without accents', () => {
    expect(NAMES.slice(0, 4).map(slugOf)).toEqual(['ada-lovelace', 'j-p-van-der-berg-jr', '', 'gpt-4o-3-5-mini']);
    expect(slugOf('José Müller-Ørsted 李明')).toBe('jose-muller-ørsted-李明');
  });

  // an accent sends a name the long way, and is dropped on it
  it.each(NAMES)('is the same whether or not all is ASCII: %s', (name) => {
    expect(slugOf(`${name}\u0301`)).toBe(slugOf(name));
  });
});
