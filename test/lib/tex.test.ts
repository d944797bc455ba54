import { describe, expect, it } from 'vitest';
import { decodeTex } from '../../shared/lib/tex.ts';

describe('decodeTex', () => {
  it.each([
    ['Schr\\"{o}dinger, K\\"ahler, Garc\\\'{\\i}a', 'Schrödinger, Kähler, García'],
    ['\\v{C}ech, \\c{c}a, Erd\\H{o}s', 'Čech, ça, Erdős'],
    ['S\\o ren, \\L{}ukasz, stra\\ss e', 'Søren, Łukasz, straße'],
    ['\\emph{again} and \\textbf{bold}', 'again and bold'],
    ['5\\% of R\\&D', '5% of R&D'],
    ['$\\mathcal{O}(n^2)$ and \\unknown{x}', '$\\mathcal{O}(n^2)$ and \\unknown{x}'],
    ['no commands { here }', 'no commands { here }'],
  ])('decodes %s', (tex, text) => expect(decodeTex(tex)).toBe(text));
});
