import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsv } from '../../shared/lib/csv.ts';

describe('formatCsv', () => {
  it('writes a header and a line per row, each ended by CRLF', () => {
    expect(formatCsv(['rank', 'title'], [[1, 'Slow Lanterns']])).toBe('rank,title\r\n1,Slow Lanterns\r\n');
    expect(formatCsv(['rank'], [])).toBe('rank\r\n');
  });

  it('joins lists, and tells an empty text or list from an unknown value', () => {
    expect(formatCsv(['a', 'b', 'c', 'd', 'e'], [[['Ada', 'Eve'], false, null, '', []]])).toBe(
      'a,b,c,d,e\r\nAda; Eve,false,,"",""\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])(
    'guards text that begins like a formula only when asked: %j',
    (text) => {
      const cells = (guardFormulas: boolean) =>
        parse(formatCsv(['text', 'list'], [[text, [text]]], { guardFormulas }), { from: 2 })[0];
      expect(cells(true)).toEqual([`'${text}`, `'${text}`]);
      expect(cells(false)).toEqual([text, text]);
    },
  );

  it('does not guard numbers', () => {
    expect(formatCsv(['gain'], [[-3]], { guardFormulas: true })).toBe('gain\r\n-3\r\n');
  });

  it('is read back by another reader as it was, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+\-@,"'\r\n\t a]*$/));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (rows) => {
        const csv = formatCsv(['a', 'b'], rows);
        expect(parse(csv, { record_delimiter: '\r\n' })).toEqual([['a', 'b'], ...rows]);
      }),
    );
  });
});
