import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Day } from '../../shared/lib/time.ts';
import type { Capture, Exchange } from '../../shared/model/capture.ts';
import { type ListName, listKind } from '../../shared/model/list.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { aCapture, anExchange } from './feed.ts';

const FIXTURES = new URL('../fixtures/parse/', import.meta.url);

/** File, what it is an answer of, and what it shows. Beside each lies what is to be read of it. */
const files: [file: string, source: ListName, day: string, shows: string][] = [
  ['api-2024.json', 'daily', '2024-08-01', 'an answer of 2024: wrapped titles, no daily submission, absent fields'],
  [
    'api-2026.json',
    'daily',
    '2026-08-21',
    'an answer of 2026: repositories typed with line breaks, a version in an id',
  ],
  [
    'api-bad-entries.json',
    'daily',
    '2026-08-21',
    'entries of which some are bad, some have strange fields, one comes twice',
  ],
  ['api-no-upvotes.json', 'daily', '2026-08-21', 'a list of which most papers have no upvotes'],
  ['api-not-found.json', 'daily', '2026-08-21', 'the JSON of a missing page, saved as if it were a list'],
  ['page-2024.html', 'daily', '2024-08-01', 'a day page of 2024'],
  ['cards-2024.html', 'daily', '2024-08-01', 'a day page of 2024 without hydration data'],
  ['trending-2026.html', 'trending', '2026-10-07', 'a trending page with a paper that never was a daily paper'],
  ['cards-2026.html', 'trending', '2026-10-07', 'a trending page without hydration data'],
  ['copied.txt', 'watched:leaves', '2026-03-12', 'the text of a search page as a person copied it'],
];

test.each(files)('%s of %s %s reads as expected: %s', (file, list, day) => {
  const url = file.startsWith('api')
    ? `https://huggingface.co/api/daily_papers?date=${day}`
    : `https://huggingface.co/papers?q=leaves`;
  const body = new Uint8Array(readFileSync(new URL(file, FIXTURES)));
  const exchange: Exchange = anExchange({ url, status: null, sent: null, body });
  const capture: Capture = aCapture({ list, day: day as Day, imported: true, exchanges: [exchange] });
  const expected = JSON.parse(readFileSync(new URL(`${file}.expected.json`, FIXTURES), 'utf8'));
  expect(parsers[listKind(list)].parse(capture)).toEqual(expected);
});
