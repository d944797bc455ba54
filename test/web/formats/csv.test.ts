import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../shared/web/formats/csv.ts';

/** Reads RFC 4180 back: rows of cells. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = csv;
  while (rest !== '') {
    const [whole = '', quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (whole === '') throw new Error(`not CSV: ${rest.slice(0, 40)}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    rest = rest.slice(whole.length);
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe('a table of comma-separated values', () => {
  it('has the names as header and a line for each row, ended by CRLF', () => {
    expect(toCsv(['rank', 'title'], [{ rank: 1, title: 'Slow Lanterns', other: 'left out' }])).toBe(
      'rank,title\r\n1,Slow Lanterns\r\n',
    );
  });

  it('joins lists, names organizations and leaves empty what is not known', () => {
    const row = {
      authors: ['Ada Example', 'Eve Nobody'],
      organization: { name: 'acme', fullname: 'Acme Research' },
      complete: false,
      stars: null,
    };
    expect(toCsv(['authors', 'organization', 'complete', 'stars', 'absent'], [row])).toBe(
      'authors,organization,complete,stars,absent\r\nAda Example; Eve Nobody,acme,false,,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('guards text that begins like a formula: %j', (text) => {
    expect(parsed(toCsv(['title'], [{ title: text }]))).toEqual([['title'], [`'${text}`]]);
    expect(parsed(toCsv(['a'], [{ a: [text] }]))[1]).toEqual([`'${text}`]);
    expect(parsed(toCsv(['o'], [{ o: { name: text, fullname: '' } }]))[1]).toEqual([`'${text}`]);
  });

  it('does not guard numbers', () => {
    expect(toCsv(['gain'], [{ gain: -3 }])).toBe('gain\r\n-3\r\n');
  });

  it('reads back as it was, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+\-@,"'\r\n\t a]*$/));
    fc.assert(
      fc.property(fc.array(fc.record({ a: text, b: text }), { maxLength: 5 }), (rows) => {
        const [, ...read] = parsed(toCsv(['a', 'b'], rows));
        const guarded = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
        expect(read).toEqual(rows.map(({ a, b }) => [guarded(a), guarded(b)]));
      }),
    );
  });
});
