import { expect, test } from 'vitest';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anExchange, bytesOf } from './feed.ts';

const ABSTRACT = 'We look at leaves and count them one by one, which takes a while but is worth it. '.repeat(4).trim();
const read = (text: string) =>
  parsers.watched.parse(
    aCapture({
      list: 'watched:leaves',
      imported: true,
      exchanges: [
        anExchange({ url: 'https://huggingface.co/papers?q=leaves', status: null, sent: null, body: bytesOf(text) }),
      ],
    }),
  );
const titles = (text: string) => read(text).listing?.rows.map(({ content }) => content.title);

test('titles are followed by their abstracts, and nothing else is known', () => {
  expect(read(`Leaves\n\n${ABSTRACT}\n\nRoots\n\n${ABSTRACT}\n`)).toMatchObject({
    outcome: 'list',
    why: '',
    listing: {
      via: 'text',
      complete: null,
      query: 'leaves',
      rows: [
        {
          rank: 1,
          id: null,
          upvotes: null,
          comments: null,
          githubStars: null,
          content: { title: 'Leaves', abstract: ABSTRACT },
        },
        { rank: 2, id: null, content: { title: 'Roots' } },
      ],
    },
  });
});

test('the banner, the date and what cards say between papers are not papers', () => {
  const text = `new\n\nSubscribe\n\nbyAK and the research community\n\nMar 12\n\nLeaves\n\n${ABSTRACT}\n\n12\n\n3 authors\n\nSubmitted by\n\ntess\n\nRoots\n\n${ABSTRACT}`;
  expect(titles(text)).toEqual(['Leaves', 'Roots']);
});

test('line ends of Windows make no difference', () => {
  const text = `Leaves\n\n${ABSTRACT}\n\nRoots\n\n${ABSTRACT}\n`;
  expect(read(text.replaceAll('\n', '\r\n'))).toEqual(read(text));
});

test('numbers behind the last abstract are not part of it', () => {
  expect(read(`Leaves\n\n${ABSTRACT}\n115\n0\n`).listing?.rows).toMatchObject([{ content: { abstract: ABSTRACT } }]);
});

test('a last title whose abstract was not copied is a paper without an abstract', () => {
  const { listing } = read(`Leaves\n\n${ABSTRACT}\n\nRoots of Old Trees\n`);
  expect(listing?.rows[1]?.content).toEqual({ title: 'Roots of Old Trees' });
});

test('paragraphs wrapped by hand are put together', () => {
  const wrapped = ABSTRACT.replaceAll('which ', 'which\n');
  expect(read(`Leaves of\nOld Trees\n\n${wrapped}\n`).listing?.rows).toMatchObject([
    { content: { title: 'Leaves of Old Trees', abstract: ABSTRACT } },
  ]);
});

test('a title may look like a date, a name and a number', () => {
  expect(titles(`Gemma 3\n\n${ABSTRACT}\n\nBy Leaves Alone\n\n${ABSTRACT}`)).toEqual(['Gemma 3', 'By Leaves Alone']);
});

test('papers without blank lines between are told apart by their length', () => {
  expect(titles(`Leaves\n${ABSTRACT}\nRoots\n${ABSTRACT}`)).toEqual(['Leaves', 'Roots']);
});

test('a text without papers has another shape', () => {
  expect(read('new\n\nSubscribe\n\nMar 12\n')).toMatchObject({ outcome: 'other-shape', listing: null });
});
