import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, parseDay } from '../../shared/lib/time.ts';
import { collapseWhitespace } from '../../shared/model/paper.ts';
import { classicPapers, type SamplePaper, samplePapers, unlistedPapers } from '../../shared/sample/papers.ts';
import { titleCase } from '../../shared/sample/wording.ts';

const LAST = parseDay('2026-11-20') ?? ('' as Day);
const TWELVE_WEEKS: SamplePaper[] = [
  ...Array.from({ length: 84 }, (_, back) => samplePapers(addDays(LAST, -back))).flat(),
  ...unlistedPapers(),
  ...classicPapers(),
];
const TITLES = TWELVE_WEEKS.flatMap(({ title, retitled }) => (retitled ? [title, retitled.from] : [title]));

/** The words that a title's pattern is made of; all others are blanks. */
const FRAME = new Set(
  `a an and are as at beyond by can do does for from how in is less meets not of often on rethinking scaling teaching that the
   through to toward under unifying via what when where why with without benchmark evaluating improves learning making`.split(
    /\s+/,
  ),
);
const patternOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/([:?])/g, ' $1')
    .split(' ')
    .map((word) => (FRAME.has(word) || /[:?]/.test(word) ? word : '_'))
    .join(' ')
    .replaceAll(/_( _)+/g, '_');

describe('invented papers', () => {
  it('have no title twice in twelve weeks', () => {
    const lower = TITLES.map((title) => title.toLowerCase());
    expect(TITLES.length).toBeGreaterThan(1000);
    expect(new Set(lower).size).toBe(lower.length);
  });

  it('have titles of many patterns', () => {
    const counts = new Map<string, number>();
    for (const title of TITLES) counts.set(patternOf(title), (counts.get(patternOf(title)) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(60);
    expect(Math.max(...counts.values()) / TITLES.length).toBeLessThan(0.15);
    const share = (holds: (title: string) => boolean) => TITLES.filter(holds).length / TITLES.length;
    expect(share((title) => title.includes(':'))).toSatisfy((colons: number) => colons > 0.5 && colons < 0.85);
    expect(share((title) => title.endsWith('?'))).toSatisfy((questions: number) => questions > 0.03 && questions < 0.2);
  });

  it('have abstracts of 3 to 5 whole sentences, none repeated', () => {
    const abstracts = TWELVE_WEEKS.map(({ abstract }) => abstract);
    expect(new Set(abstracts).size).toBe(abstracts.length);
    for (const abstract of abstracts) {
      expect(abstract).toMatch(/^[\p{Lu}\d].*\.$/u);
      expect(abstract).not.toMatch(/undefined|null|\s\s|\.\.|;;| ,/);
      const sentences = abstract.split(/(?<=[.?]) (?=[\p{Lu}\d])/u).length;
      expect(sentences, abstract).toSatisfy((count: number) => count >= 3 && count <= 5);
    }
  });

  it('name the method of the title in the abstract', () => {
    const named = TWELVE_WEEKS.filter(({ title }) => /^[^ ]+:/.test(title));
    expect(named.length).toBeGreaterThan(400);
    for (const { title, abstract } of named) {
      const name = title.slice(0, title.indexOf(':'));
      expect(abstract, title).toContain(name);
    }
  });

  it('have authors who return, with letters of many Latin alphabets', () => {
    const counts = new Map<string, number>();
    for (const { authors } of TWELVE_WEEKS) {
      expect(new Set(authors).size).toBe(authors.length);
      for (const name of authors) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(counts.size).toBeGreaterThan(600);
    expect([...counts.values()].filter((papers) => papers > 1).length).toBeGreaterThan(300);
    expect([...counts.keys()].filter((name) => /[^ -~]/.test(name)).length).toBeGreaterThan(150);
  });

  it('stay the same when their week is generated again', () => {
    const before = JSON.stringify(samplePapers(LAST));
    for (let week = 1; week < 20; week += 1) samplePapers(addDays(LAST, week * 7));
    expect(JSON.stringify(samplePapers(LAST))).toBe(before);
  });

  it('have titles in title case', () => {
    expect(titleCase('Can GUI agents search without the web?')).toBe('Can GUI Agents Search without the Web?');
    expect(titleCase('SeekKit: a survey of text-to-speech')).toBe('SeekKit: A Survey of Text-to-Speech');
  });
});

describe.skipIf(!process.env.PAPERKEEP_CORPUS)('Invented papers beside real ones', () => {
  it('have titles that no captured paper has, and ids that arXiv could not have issued', () => {
    const folder = join(process.env.PAPERKEEP_CORPUS ?? '', 'api-daily');
    const real = new Set<string>();
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json.gz'))) {
      const entries: { paper: { id: string; title: string } }[] = JSON.parse(
        gunzipSync(readFileSync(join(folder, name))).toString('utf8'),
      );
      for (const { paper } of entries) real.add(collapseWhitespace(paper.title).toLowerCase()).add(paper.id);
    }
    expect(real.size).toBeGreaterThan(5000);
    expect(TITLES.filter((title) => real.has(title.toLowerCase()))).toEqual([]);
    expect(TWELVE_WEEKS.filter(({ id }) => real.has(id))).toEqual([]);
    const realNames = new Set([...real].map((title) => /^([^ ]+):/.exec(title)?.[1]).filter(Boolean));
    const shared = TITLES.filter((title) => realNames.has(/^([^ ]+):/.exec(title.toLowerCase())?.[1]));
    expect(shared.length / TITLES.length).toBeLessThan(0.03);
  });
});
