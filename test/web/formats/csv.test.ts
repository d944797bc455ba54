import { describe, expect, it } from 'vitest';
import { formatCsvTable } from '../../../shared/web/formats/csv.ts';

const line = (cell: unknown): string | undefined =>
  formatCsvTable({ columns: ['a'], rows: [{ a: cell }] }).split('\r\n')[1];

describe('formatCsvTable', () => {
  it('writes the named columns of each row and leaves out the others', () => {
    const rows = [{ rank: 1, title: 'Slow Lanterns', other: 'left out' }];
    expect(formatCsvTable({ columns: ['rank', 'title', 'absent'], rows })).toBe(
      'rank,title,absent\r\n1,Slow Lanterns,\r\n',
    );
  });

  it('writes an organization as its name', () => {
    expect(line({ name: 'acme', fullname: 'Acme Research' })).toBe('acme');
  });

  it('guards text, lists and names that begin like a formula', () => {
    for (const cell of ['=1+1', ['=1+1'], { name: '=1+1', fullname: '' }]) expect(line(cell)).toBe("'=1+1");
    expect(line(-3)).toBe('-3');
  });
});
