import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMail } from '../../shared/digest/compose.ts';
import { renderHtml } from '../../shared/digest/html.ts';
import { createMessageModel, describeMatch } from '../../shared/digest/message.ts';
import type { Follow } from '../../shared/digest/subscription.ts';
import { Subscription } from '../../shared/digest/subscription.ts';
import { renderText } from '../../shared/digest/text.ts';
import { day } from '../support/build.ts';
import { npmHome } from '../support/packages.ts';
import { aDigestPaper, aSelected, ENVELOPE, someParts } from './messages.ts';

/** Reads a message with Python's parser, which shares nothing with what wrote it. */
const READER = `
import email, email.policy, json, sys
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
print(json.dumps({"headers": [[name, str(value)] for name, value in message.items()], "parts": parts,
  "defects": [str(defect) for part in message.walk() for defect in part.defects],
  "from": [address.addr_spec for address in message["from"].addresses], "to": [address.addr_spec for address in message["to"].addresses],
  "date": message["date"].datetime.isoformat()}))
`;
type Parsed = {
  readonly headers: readonly (readonly [string, string])[];
  readonly parts: Readonly<Record<'text/plain' | 'text/html', string>>;
  readonly defects: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly date: string;
};
const parse = (raw: Uint8Array): Parsed =>
  JSON.parse(execFileSync('python3', ['-c', READER], { input: raw, encoding: 'utf8' })) as Parsed;
const hasPython = spawnSync('python3', ['-c', 'import email.policy']).status === 0;
if (!hasPython) console.warn("messages are not read by Python's parser: there is no python3");

const modelOf = (...given: Parameters<typeof someParts>) => {
  const parts = someParts(...given);
  return createMessageModel(parts, parts.selected.length);
};

describe('A message', () => {
  it.skipIf(!hasPython)('is read by an independent parser, with the headers for leaving by one click', async () => {
    const parts = someParts();
    const { headers, from, to, defects, date, parts: bodies } = parse((await composeMail(ENVELOPE, parts)).mail.raw);
    expect(defects).toEqual([]);
    expect({ from, to, date }).toEqual({
      from: ['digest@example.org'],
      to: ['me@example.org'],
      date: '2025-01-09T08:00:00+00:00',
    });
    const manage = `https://papers.example.org/subscriptions/${parts.token}`;
    expect(Object.fromEntries(headers)).toMatchObject({
      Subject: '2 papers, Thursday, 9 January 2025',
      'List-Unsubscribe': `<${manage}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Message-ID': '<2025-01-09.0123456789abcdef@papers.example.org>',
      'Auto-Submitted': 'auto-generated',
    });
    for (const body of [bodies['text/plain'], bodies['text/html']]) {
      expect(body).toContain('What the paper 2501.00001 is called');
      expect(body).toContain('https://papers.example.org/papers/2501.00001');
      expect(body).toContain(manage);
    }
  });

  it('says of a paper what moved, why it is there and where to read on', () => {
    const selected = aSelected();
    const text = renderText(
      modelOf({ selected: [{ ...selected, paper: { ...selected.paper, expectedUpvotes: 110.3 } }] }),
    );
    expect(text).toContain(`What the paper 2501.00001 is called
Ada Example, Ben Example · Acme Research
600 upvotes · +596 since first seen · 5.4 times the usual number at this age · rank 2 on the daily list of 8 Jan 2025, best 1
Why: new on the daily list, 8 Jan 2025
It is made up. It says what 2501.00001 is about.
https://papers.example.org/papers/2501.00001
arXiv: https://arxiv.org/abs/2501.00001
Hugging Face: https://huggingface.co/papers/2501.00001
Code: https://github.com/example/tea`);
  });

  it('leaves out upvotes and expectations that are unknown', () => {
    const paper = aDigestPaper(0, { abstract: null, authors: [], organization: null, githubUrl: null });
    const seen = { ...paper.seen, upvotes: null, gain: null, bestRank: 2 };
    const unknown = { ...aSelected(), paper: { ...paper, seen } };
    expect(renderText(modelOf({ selected: [unknown] }))).toContain(`What the paper 2501.00001 is called
upvotes unknown · rank 2 on the daily list of 8 Jan 2025
Why: new on the daily list, 8 Jan 2025
https://papers.example.org/papers/2501.00001
arXiv: `);
  });

  it('says that its papers are invented, which may be repeated, and which gaps the archive has', () => {
    const { subject, intro } = modelOf({
      sample: true,
      selected: [aSelected(0, {}, true), aSelected(1)],
      gaps: [
        { list: 'daily', day: day('2025-01-08'), hours: null },
        ...['01', '02', '03', '04', '05', '06', '07'].map((of, at) => ({
          list: 'trending' as const,
          day: day(`2025-01-${of}`),
          hours: at < 6 ? 5 + at : null,
        })),
        { list: 'daily', day: day('2025-01-09'), hours: null },
      ],
    });
    expect(subject).toMatch(/^SAMPLE: /);
    expect(intro).toEqual([
      'These papers are invented: this archive is a sample.',
      '1 paper may have been in an earlier message, whose delivery was not confirmed.',
      'No usable capture of the daily list of 8 Jan 2025, 9 Jan 2025.',
      '5 to 10 hours without a capture of trending of 1 Jan 2025, 2 Jan 2025, 3 Jan 2025, 4 Jan 2025, 5 Jan 2025 and 1 more day.',
      'No usable capture of trending of 7 Jan 2025.',
    ]);
  });

  it.each([
    ['all', 0, 'new on the daily list, 8 Jan 2025'],
    ['all', 50, 'new on the daily list, at least 50 upvotes, 8 Jan 2025'],
    ['entered-trending', 0, 'entered trending, 8 Jan 2025'],
    ['code-appeared', 0, 'its code appeared, 8 Jan 2025'],
    ['keyword:long-reading', 0, 'keyword “long reading”, 8 Jan 2025'],
    ['phrase:made up', 0, 'phrase “made up”, 8 Jan 2025'],
    ['author:ada-example', 0, 'author Ada Example, 8 Jan 2025'],
    ['organization:acme', 0, 'organization Acme Research, 8 Jan 2025'],
  ])('explains a match of %s from %i upvotes', (follow, minUpvotes, why) => {
    const match = { follow: follow as Follow, paper: aDigestPaper(), day: day('2025-01-08') };
    expect(describeMatch(match, minUpvotes)).toBe(why);
  });

  it('stays below 90 kB: what does not fit is counted, and comes with the next message', async () => {
    const long = { title: 'Ä very long title — '.repeat(8), abstract: 'é '.repeat(900) };
    const parts = someParts({ selected: Array.from({ length: 900 }, (_, at) => aSelected(at, long)) });
    const { mail, count } = await composeMail(ENVELOPE, parts);
    expect(mail.raw.length).toBeLessThan(90_000);
    expect(mail.raw.length).toBeGreaterThan(70_000);
    expect(renderText(createMessageModel(parts, count))).toContain(
      `${900 - count} papers with fewer upvotes did not fit`,
    );
  });

  it('holds all papers of a week for a subscriber who follows everything', async () => {
    const parts = someParts({
      period: '2025-W02',
      choices: Subscription.parse({ address: 'me@example.org', cadence: 'weekly' }),
      selected: Array.from({ length: 150 }, (_, at) => aSelected(at)),
    });
    const { mail, count } = await composeMail(ENVELOPE, parts);
    expect(count).toBe(150);
    expect(mail.raw.length).toBeLessThan(90_000);
  });

  it.skipIf(!hasPython)('never makes a header, markup or a second part from hostile text', async () => {
    const hostile = 'x\r\nBcc: you@example.org\r\n\r\n<script>alert(1)</script>\r\n.\r\n--=_boundary\r\n"><img src=x>';
    const parts = someParts({
      selected: [aSelected(0, { title: hostile, authors: [hostile], aiSummary: hostile, githubUrl: 'javascript:x' })],
    });
    const { headers, parts: bodies, to, defects } = parse((await composeMail(ENVELOPE, parts)).mail.raw);
    expect(defects).toEqual([]);
    expect(to).toEqual(['me@example.org']);
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('bcc');
    expect(bodies['text/html']).not.toMatch(/<script|<img|javascript:/);
    expect(bodies['text/html']).toContain('&lt;script&gt;');
  });

  it('escapes whatever a title holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        const page = renderHtml(modelOf({ selected: [aSelected(0, { title: `<b>${title}<!--` })] }));
        expect(page).not.toContain('<b>');
        expect(page).not.toContain('<!--');
      }),
    );
  });
});

const CANIEMAIL = npmHome('caniemail', '1.0.5');
type CanIEmail = {
  caniemail(page: { readonly clients: readonly string[]; readonly html: string }): {
    readonly issues: { readonly errors: ReadonlyMap<string, readonly { readonly title: string }[]> };
  };
};
const missing = await CANIEMAIL.install();

describe.skipIf(missing !== null)(`The HTML of a message${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const CLIENTS = [
    'apple-mail.ios',
    'apple-mail.macos',
    'gmail.android',
    'gmail.desktop-webmail',
    'gmail.ios',
    'outlook.windows',
    'outlook.macos',
    'samsung-email.android',
    'yahoo.desktop-webmail',
    'protonmail.desktop-webmail',
    'fastmail.desktop-webmail',
  ];
  const html = renderHtml(modelOf({ selected: Array.from({ length: 25 }, (_, at) => aSelected(at, {}, at === 0)) }));

  it('uses nothing that a common mail program lacks, but for colours in the dark', async () => {
    const { caniemail } = await CANIEMAIL.load<CanIEmail>();
    const { issues } = caniemail({ clients: CLIENTS, html });
    const lacking = [...issues.errors.values()].flat().map(({ title }) => title);
    // a program without them shows the light colours, its own background and heights, and lets a word that is wider than a phone widen the page
    const harmless = [
      '<body> element',
      '@media',
      'color-scheme meta tag',
      'height property',
      'table-layout',
      'word-break',
    ];
    expect([...new Set(lacking)].filter((title) => !harmless.includes(title))).toEqual([]);
  });
});
