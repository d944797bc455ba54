import { expect, it } from 'vitest';
import { removeControls } from '../../shared/lib/printable.ts';

it('Text for pages and feeds loses control characters and lone surrogates, and keeps every other letter and sign', () => {
  expect(removeControls('Wei\u0000ß \u007f\u0085\ud800茶\udc00\ufffd\ufffe\uffff')).toBe('Weiß 茶');
  const kept = 'a\tb\r\nc ~ \u00a0 “é” 茶 𝔸 🍵 \ue000\ufffc';
  expect(removeControls(kept)).toBe(kept);
});
