import { describe, expect, it } from 'vitest';
import { texToText } from '../../shared/lib/tex.ts';

describe('Mathematics in a title or an abstract', () => {
  it.each([
    ['$10^{6}$ frames', '10⁶ frames'],
    ['$\\times$4 faster, $O(n^2)$', '×4 faster, O(n²)'],
    ['$\\pi_0$ and $\\pi_{0.5}$', 'π₀ and π_(0.5)'],
    ['$\\mathbb{R}^d$, $\\mathcal{L}$', 'ℝᵈ, L'],
    ['$\\frac{1}{n+1}$', '1/(n+1)'],
    ['$\\sqrt{x_1+\\frac{1}{2}}$, $\\sqrt{n}$', '√(x₁+1/2), √n'],
    ['$\\frac{\\sqrt{\\pi}}{2^{n}}$', '√π/2ⁿ'],
    ['$\\sqrt{T^{2} \\log T}$', '√(T² log T)'],
    ['\\(x_i \\leq 3\\)', 'xᵢ ≤3'],
    ['at $95\\%$ of Schr\\"odinger', 'at 95% of Schrödinger'],
    ['$e^{-2 (p_{gen} - 1)^2}$', 'e^(-2 (p_(gen) - 1)²)'],
    ['R$^{2}$D', 'R²D'],
    ['2^{128} codes, RD^{2}, pi_{0.5}', '2¹²⁸ codes, RD², pi_(0.5)'],
    ['{\\em so} \\url{https://example.org}, \\eg \\$5', 'so https://example.org, e.g. $5'],
  ])('reads %s as %s', (tex, text) => expect(texToText(tex)).toBe(text));

  it.each(['costs $5 and $10', 'from $5/$10', 'from $ 3 $', '$\\unknowncommand{x}$', 'a $ alone', 'C:\\temp'])(
    'leaves %s as it is',
    (text) => expect(texToText(text)).toBe(text),
  );
});
