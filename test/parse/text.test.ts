import { expect, test } from 'vitest';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, aCopiedPage, anExchange, bytesOf } from './feed.ts';

const ABSTRACT = `We count the leaves of trees, ${'which fall, '.repeat(20)}and count them again in autumn.`;
const HEADER = 'Daily Papers\n\nby AK and the research community\n\nMar 12\n\n';

const parse = (body: string | Uint8Array) =>
  parsers.watched.parse(
    aCapture({
      list: 'watched:leaves',
      imported: true,
      exchanges: [
        anExchange({ url: 'https://huggingface.co/papers?q=leaves', status: null, sent: null, body: bytesOf(body) }),
      ],
    }),
  );
const titles = (text: string) => parse(HEADER + text).listing?.rows.map(({ content }) => content.title);

test('copied text has titles and abstracts, and nothing else is known', () => {
  expect(parse(`${HEADER}Leaves\n\n${ABSTRACT}\n\nRoots\n\n${ABSTRACT}\n`)).toMatchObject({
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

test.each([
  ['the heading', 'Trending Papers'],
  ['the banner', 'Get trending papers in your email inbox once a day!'],
  ['the line below the heading', 'byAK and the research community'],
  ['the date', 'Mar 12'],
  ['the date with its year, below the menu', 'Models\nDatasets\nLog In\nnew\nFeb 27, 2025'],
])('a papers page is recognised by %s', (_, header) => {
  expect(parse(`${header}\n\nLeaves\n\n${ABSTRACT}\n`).outcome).toBe('list');
});

test('the banner, the date and the labels between papers are not papers', () => {
  const text = `new\n\nSubscribe\n\nbyAK and the research community\n\nMar 12\n\nLeaves\n\n${ABSTRACT}\n\n12\n\n3 authors\n\nSubmitted by\n\ntess\n\nRoots\n\n${ABSTRACT}`;
  expect(parse(text).listing?.rows.map(({ content }) => content.title)).toEqual(['Leaves', 'Roots']);
});

test('a sentence between the heading and the first title leaves the papers above the footer', () => {
  const names = ['Leaves', 'Roots', 'Barks', 'Twigs', 'Seeds'];
  const papers = names.map((name) => `${name}\n\n${ABSTRACT}\n\n`).join('');
  expect(titles(`Papers that many people read today.\n\n${papers}Company\n\nTOS\n\nPrivacy\n`)).toEqual(names);
});

test('line ends of Windows make no difference, nor does UTF-16 with a byte-order mark', () => {
  const text = `${HEADER}Leaves\n\n${ABSTRACT}\n\nRoots – of trees\n\n${ABSTRACT}\n`;
  expect(parse(text.replaceAll('\n', '\r\n'))).toEqual(parse(text));
  expect(parse(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(parse(text));
  expect(parse(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).toEqual(parse(text));
});

test('numbers after the last abstract are not part of the abstract', () => {
  expect(parse(`${HEADER}Leaves\n\n${ABSTRACT}\n115\n0\n`).listing?.rows).toMatchObject([
    { content: { abstract: ABSTRACT } },
  ]);
});

test('an abstract may have a second paragraph where most have one', () => {
  const papers = ['Leaves', 'Roots', 'Bark', 'Stems'].map((title) => `${title}\n\n${ABSTRACT}\n`).join('\n');
  const { listing } = parse(`${HEADER}${papers}\nTwigs\n\n${ABSTRACT}\n\n${ABSTRACT}\n`);
  expect(listing?.rows).toHaveLength(5);
  expect(listing?.rows[4]?.content.abstract).toBe(`${ABSTRACT} ${ABSTRACT}`);
});

test.each([
  ['of three words', 'Roots of Trees\n', { title: 'Roots of Trees' }],
  ['before a name', 'Roots of Old Trees\n\ntess the gardener herself\n', { title: 'Roots of Old Trees' }],
  ['of two words', 'Tall trees\n', undefined],
  ['that was cut, for it has no line end', 'Roots of Old Tr', undefined],
])('a last title without an abstract, %s', (_, text, content) => {
  expect(parse(`${HEADER}Leaves\n\n${ABSTRACT}\n\n${text}`).listing?.rows[1]?.content).toEqual(content);
});

const COOKIES = 'We use cookies. You may refuse them in the settings of your browser.';
test.each([
  ['its links', 'Company\n\nTOS\n\nPrivacy\n\nAbout our little company\n\nModels\n\nDocs\n'],
  ['a button', 'Load more papers\n'],
  ['terms with paragraphs', `Terms of Service\n\n${ABSTRACT}\n\nAcceptance\n\n${ABSTRACT}\n`],
  ['a short notice', `A word about privacy\n\nThis site counts its visitors.\n\nMore about it\n`],
  ['a long notice', `Before we go on\n\n${`${COOKIES} `.repeat(5)}\n`],
  ['other links', 'Sign up for free\n\nModels\n\nDatasets\n\nSpaces\n'],
])('what stands below the papers of a page is no paper: %s', (_, footer) => {
  expect(titles(`Leaves\n\n${ABSTRACT}\n\nRoots\n\n${ABSTRACT}\n\n${footer}`)).toEqual(['Leaves', 'Roots']);
});

test('a title that begins with the word "copyright" does not end the papers', () => {
  expect(titles(`Leaves\n\n${ABSTRACT}\n\nCopyright of Old Trees\n\n${ABSTRACT}\n\nCopyright 2025 Acme\n`)).toEqual([
    'Leaves',
    'Copyright of Old Trees',
  ]);
});

test('a last paper whose abstract says "you" twice is kept', () => {
  const abstract = `${ABSTRACT} We ask what you see when you look up.`;
  expect(titles(`Leaves\n\n${ABSTRACT}\n\nWhat You See\n\n${abstract}\n`)).toEqual(['Leaves', 'What You See']);
});

test('paragraphs that were wrapped by hand are joined', () => {
  const wrapped = ABSTRACT.replaceAll('which ', 'which\n');
  expect(parse(`${HEADER}Leaves of\nOld Trees\n\n${wrapped}\n`).listing?.rows).toMatchObject([
    { content: { title: 'Leaves of Old Trees', abstract: ABSTRACT } },
  ]);
});

test('a title may look like a date, a name or a number, and end with a period', () => {
  expect(titles(`Gemma 3\n\n${ABSTRACT}\n\nBy Leaves Alone\n\n${ABSTRACT}\n\nLeaves Inc.\n\n${ABSTRACT}`)).toEqual([
    'Gemma 3',
    'By Leaves Alone',
    'Leaves Inc.',
  ]);
});

test('papers without blank lines between them are recognised by the length of their lines', () => {
  expect(titles(`Leaves\n${ABSTRACT}\nRoots\n${ABSTRACT}`)).toEqual(['Leaves', 'Roots']);
  expect(titles(`Leaves\n${ABSTRACT}\n\nRoots\n${ABSTRACT}`)).toEqual(['Leaves', 'Roots']);
});

test('a page without papers is another format', () => {
  expect(parse('new\n\nSubscribe\n\nMar 12\n')).toEqual({
    outcome: 'other-shape',
    why: 'the text shows no papers',
    listing: null,
  });
});

const PAPERS = `Leaves\n\n${ABSTRACT}\n\nRoots\n\n${ABSTRACT}\n`;
test.each<[string, string | Uint8Array]>([
  ['titles and paragraphs without a header', PAPERS],
  ['terms of service', `Terms of Service\n\nEffective September 15, 2022\n\nAcceptance\n\n${ABSTRACT}\n`],
  ['numbered sections below a date', `Sep 15, 2022\n\n1. Acceptance\n\n${ABSTRACT}\n\n2. Use\n\n${ABSTRACT}\n`],
  ['an article below a date', `Mar 12\n\nLeaves\n\n${ABSTRACT}\n\n${ABSTRACT}\n\nRoots\n\n${ABSTRACT}\n`],
  ['a table of comma-separated values', `id,title,abstract\n1,"Mar 12\n\n${PAPERS}",9\n`],
  ['a table of tab-separated values', `id\ttitle\tabstract\nMar 12\n1\tLeaves\t${ABSTRACT}\n`],
  ['Markdown', `# Daily Papers\n\nMar 12\n\n## Leaves\n\n${ABSTRACT}\n\n## Roots\n\n${ABSTRACT}\n`],
  ['Markdown below a plain header', `Daily Papers\n\n## Leaves\n\n${ABSTRACT}\n`],
  ['a list in Markdown', `Daily Papers\n\n- Leaves\n\n${ABSTRACT}\n`],
  ['YAML', `text: |\n  ${HEADER.replaceAll('\n', '\n  ')}${PAPERS.replaceAll('\n', '\n  ')}`],
  [
    'terms of service below a date',
    `Sep 15, 2022\n\nTerms of Service\n\nEffective today\n\nAcceptance\n\n${ABSTRACT}\n`,
  ],
  ['a list with bullets', `Daily Papers\n\n• Leaves\n\n${ABSTRACT}\n`],
  ['underlined headings', `Daily Papers\n============\n\nLeaves\n------\n\n${ABSTRACT}\n`],
  ['a wiki', `Daily Papers\n\n== Leaves ==\n\n${ABSTRACT}\n`],
  ['LaTeX', `Daily Papers\n\n\\section{Leaves}\n\n${ABSTRACT}\n`],
  ['TOML', `Daily Papers\n\n[leaves]\ntitle = "Leaves"\nabstract = "${ABSTRACT}"\n`],
  ['a program', `Daily Papers\n\nconst papers = [\n  "${ABSTRACT}",\n];\n`],
  ['fields', `Daily Papers\n\ntitle: Leaves\nabstract: ${ABSTRACT}\n`],
  ['a mail', `Daily Papers\n\nFrom: Ada\n\nLeaves\n\n${ABSTRACT}\n`],
  ['a conversation', `Mar 12\n\nUser\n\n${ABSTRACT}\n\nAssistant\n\n${ABSTRACT}\n\nUser\n\n${ABSTRACT}\n`],
  ['a conversation by name', `Mar 12\n\nada: leaves?\n\nbo: ${ABSTRACT}\n\nada: roots?\n\nbo: ${ABSTRACT}\n`],
  ['columns below a header', `Daily Papers\n\nLeaves\n${ABSTRACT}\t3\n`],
  ['BibTeX', `@article{leaves,\n  title = {Leaves},\n  abstract = {${ABSTRACT}}\n}\nMar 12\n`],
  ['a saved page in MIME', `From: <Saved by a browser>\nMIME-Version: 1.0\n\n${HEADER}${PAPERS}`],
  ['a quoted mail', `${HEADER}${PAPERS}`.replaceAll(/^/gm, '> ')],
  ['bytes that are not UTF-8', Buffer.from(`${HEADER}Café\n\n${ABSTRACT}\n`, 'latin1')],
  ['UTF-16 without a byte-order mark', Buffer.from(`${HEADER}${PAPERS}`, 'utf16le')],
  ['control characters', `${HEADER}Leaves\u0001\n\n${ABSTRACT}\n`],
  ['text that was decoded wrongly', `${HEADER}L\ufffd\ufffdv\ufffds\n\n${ABSTRACT}\n`],
])('text that is not a papers page is never a list: %s', (_, body) => {
  expect(parse(body)).toMatchObject({
    outcome: 'other-shape',
    why: /not text|not that of a papers page/,
    listing: null,
  });
});

test('a single U+FFFD of the page itself does no harm', () => {
  expect(titles(`Leaves \ufffd\n\n${ABSTRACT.repeat(4)}\n`)).toEqual(['Leaves \ufffd']);
});

test('all fifty papers of a page are read', () => {
  expect(parse(aCopiedPage(50)).listing?.rows).toHaveLength(50);
});
