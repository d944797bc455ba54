import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, subscriberId } from '../../shared/digest/address.ts';

describe('A mail address', () => {
  it.each([
    ['me@example.org', 'me@example.org'],
    ['  First.Last+tag@Sub.Example.ORG ', 'First.Last+tag@sub.example.org'],
    ["o'neil@example.org", "o'neil@example.org"],
    ['me@bücher.example', 'me@xn--bcher-kva.example'],
    ['me@例え.テスト', 'me@xn--r8jz45g.xn--zckzah'],
  ])('%s is read as %s', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  it.each([
    '',
    'example.org',
    '@example.org',
    'me@',
    'me@localhost',
    'me@127.0.0.1',
    'me@[127.0.0.1]',
    'a@b@example.org',
    'me@example..org',
    '.me@example.org',
    'me.@example.org',
    'm e@example.org',
    'me@exa mple.org',
    'jürgen@example.org',
    'Me <me@example.org>',
    '"me"@example.org',
    'me@example.org, you@example.org',
    'me@example.org\r\nBcc: you@example.org',
    'me\nBcc:you@example.org',
    'me\u0000@example.org',
    `${'a'.repeat(65)}@example.org`,
    `me@${'a'.repeat(64)}.org`,
  ])('is refused when it is %j', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it('never holds a blank, a control character, a bracket, a comma or a second @, whatever is given', () => {
    const letter = fc.constantFrom(...'aB0.-_+@ ,;:<>"\\()[]\r\n\t\0éß例.example.org@@');
    const text = fc.array(letter, { maxLength: 24 }).map((letters) => `${letters.join('')}@example.org`.slice(-30));
    fc.assert(
      fc.property(text, (given) => {
        expect(parseAddress(given) ?? 'a@b').toMatch(/^[!-;=?A-~]+@[a-z\d.-]+$/);
        expect((parseAddress(given) ?? '').includes(',')).toBe(false);
      }),
    );
  });

  it('names its subscriber whatever its case, without showing itself', () => {
    expect(subscriberId('Me@example.org')).toBe(subscriberId('me@example.org'));
    expect(subscriberId('me@example.org')).toMatch(/^[0-9a-f]{32}$/);
    expect(subscriberId('you@example.org')).not.toBe(subscriberId('me@example.org'));
  });
});
