import { describe, expect, it } from 'vitest';
import { texToText } from '../../shared/lib/tex.ts';

describe('Mathematics in a title or an abstract', () => {
  it.each([
    ['$10^{6}$ frames', '10⁶ frames'],
    ['$\\times$4 faster, $O(n^2)$', '×4 faster, O(n²)'],
    ['$\\pi_0$ and $\\pi_{0.5}$', 'π₀ and π_(0.5)'],
    ['$\\mathbb{R}^d$, $\\mathcal{L}$', 'ℝᵈ, L'],
    ['$\\frac{1}{n+1}$', '1/(n+1)'],
    ['\\(x_i \\leq 3\\)', 'xᵢ ≤3'],
    ['at $95\\%$ of Schr\\"odinger', 'at 95% of Schrödinger'],
    ['R$^{2}$D', 'R²D'],
    ['{\\em so} \\url{https://example.org}, \\eg \\$5', 'so https://example.org, e.g. $5'],
  ])('reads %s as %s', (tex, text) => expect(texToText(tex)).toBe(text));

  it.each(['costs $5 and $10', 'from $5/$10', 'from $ 3 $', '$\\unknowncommand{x}$', 'a $ alone', 'C:\\temp'])(
    'leaves %s as it is',
    (text) => expect(texToText(text)).toBe(text),
  );
});
