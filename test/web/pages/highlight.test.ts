import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchText } from '../../../shared/query/search-text.ts';
import { highlight, renderExcerpt } from '../../../shared/web/pages/highlight.ts';

const termsOf = (q: string) => searchText.safeParse(q).data?.terms ?? [];
const marks = (text: string, q: string, field: 'title' | 'author' = 'title') =>
  String(highlight(text, field, termsOf(q)));

describe('the marks of search terms', () => {
  it.each([
    ['Brewing Tea', 'tea', 'Brewing <mark>Tea</mark>'],
    ['Tea, tea', 'tea', '<mark>Tea</mark>, <mark>tea</mark>'],
    ['Teapots', 'tea', 'Teapots'],
    ['Teapots', 'tea*', '<mark>Teapots</mark>'],
    ['Brewing hot tea', '"hot tea"', 'Brewing <mark>hot tea</mark>'],
    ['tea hot', '"hot tea"', 'tea hot'],
    ['hot tea time', '"hot tea" "tea time"', '<mark>hot tea time</mark>'],
    ['Zoë', 'zoe', '<mark>Zoë</mark>'],
    ['Zoe', 'zoë', '<mark>Zoe</mark>'],
    ['state-of-the-art', 'state-of-the-art', '<mark>state-of-the-art</mark>'],
    ['a < b & "tea"', 'b tea', 'a &lt; <mark>b</mark> &amp; &quot;<mark>tea</mark>&quot;'],
    ['<script>tea</script>', 'script', '&lt;<mark>script</mark>&gt;tea&lt;/<mark>script</mark>&gt;'],
    ['tea', 'author:tea', 'tea'],
    ['tea', 'title:tea', '<mark>tea</mark>'],
    ['tea cup', 'cup -tea', 'tea <mark>cup</mark>'],
  ])('in “%s” for the search %s', (text, q, html) => expect(marks(text, q)).toBe(html));

  it('escape all markup and lose no character', () => {
    const unescaped = (html: string) =>
      html
        .replaceAll(/<\/?mark>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
    const text = fc
      .array(fc.constantFrom('<', '>', '&', '"', "'", 'tea', ' ', 'é', '机', 'b', '<b>', '&lt;'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (shown, q) => {
        const html = marks(shown, q);
        expect(unescaped(html)).toBe(shown);
        expect(html.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('an excerpt of an abstract', () => {
  const long = `${'one two three four '.repeat(30)}and there is tea in it ${'five six seven '.repeat(30)}`;

  it('surrounds the first match and is cut at spaces', () => {
    const text = String(renderExcerpt(long, termsOf('tea')));
    expect(text).toMatch(/^…\u00a0\w[\w ]+ is <mark>tea<\/mark> in it [\w ]+\u00a0…$/);
    expect(text.length).toBeLessThan(310);
  });

  it('is the beginning if nothing matches, and all of a short text', () => {
    expect(String(renderExcerpt(long, []))).toMatch(/^one two three .*\u00a0…$/);
    expect(String(renderExcerpt('short', termsOf('tea')))).toBe('short');
  });

  it('contains the match even in a text without spaces', () => {
    expect(String(renderExcerpt(`${'-'.repeat(400)}tea${'-'.repeat(400)}`, termsOf('tea')))).toContain(
      '<mark>tea</mark>',
    );
  });
});
