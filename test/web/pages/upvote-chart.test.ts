import * as cheerio from 'cheerio/slim';
import { describe, expect, it } from 'vitest';
import { type ChartEvent, type HistoryPoint, renderHistoryChart } from '../../../shared/web/pages/upvote-chart.ts';

type Given = { readonly at: string; readonly count: number | null; readonly rank?: number; readonly list?: string };
const points = (given: readonly Given[]): HistoryPoint[] =>
  given.map(({ at, count, rank = null, list = 'daily' }) => ({ at, count, rank, list }));
const drawn = (given: readonly Given[], events: readonly ChartEvent[] = []): string =>
  String(renderHistoryChart(points(given), events));
const at = (hour: number): string => `2025-01-08T${String(hour).padStart(2, '0')}:00:00Z`;

describe('A chart of upvotes and ranks', () => {
  it('holds a value until the next observation', () => {
    const svg = drawn([
      { at: at(0), count: 0 },
      { at: at(6), count: 5 },
      { at: at(12), count: 10 },
    ]);
    expect(svg).toContain('class="line" d="M0 100h0H500V50H1000V0"');
    expect(svg).toContain(
      'aria-label="Upvotes from 0 to 10 between 8 Jan 2025, 00:00 UTC and 8 Jan 2025, 12:00 UTC, 3',
    );
  });

  it('draws in order of time and leaves out unknown values', () => {
    const svg = drawn([
      { at: at(12), count: 10 },
      { at: at(3), count: null },
      { at: at(0), count: 0 },
    ]);
    expect(svg).toContain('class="line" d="M0 100h0H1000V0"');
  });

  it('breaks where the paper was not seen for more than a day', () => {
    const svg = drawn([
      { at: at(0), count: 0 },
      { at: '2025-01-10T00:00:00Z', count: 10 },
    ]);
    expect(svg).toContain('class="line" d="M0 100h12M1000 0h-12"');
  });

  it('has a line of ranks for each list, the best at the top', () => {
    const $ = cheerio.load(
      drawn([
        { at: at(0), count: 1, rank: 5 },
        { at: at(12), count: 2, rank: 1 },
        { at: at(12), count: 2, rank: 3, list: 'trending' },
      ]),
    );
    expect(
      $('.tracks .series')
        .toArray()
        .map(({ attribs }) => attribs.d),
    ).toEqual(['M0 100h0H1000V0', 'M1000 50h-12']);
    expect($('figcaption').text()).toContain('Rank:  daily  trending');
  });

  it('marks events by their labels, and gives the script the value at each observation', () => {
    const $ = cheerio.load(
      drawn(
        [
          { at: at(0), count: 1, rank: 2 },
          { at: at(12), count: null },
        ],
        [
          { at: at(6), label: '1' },
          { at: '2025-02-01T00:00:00Z', label: '2' },
        ],
      ),
    );
    expect($('.event').attr('x1')).toBe('50%');
    expect($('.letter').text()).toBe('1');
    expect($('.tracks').attr('data-x')).toBe('0 1000');
    expect($('.tracks').attr('data-values')).toBe(
      '1 upvote, rank 2 on daily, 8 Jan 2025, 00:00 UTC|upvotes unknown, 8 Jan 2025, 12:00 UTC',
    );
  });

  it('is a sentence if there are fewer than two observations', () => {
    expect(drawn([])).toContain('Nothing was captured.');
    expect(drawn([{ at: at(0), count: 3, rank: 2 }])).toContain('Seen once so far: 3 upvotes, rank 2 on daily, 8 Jan');
  });

  it.each([
    [0, '2'],
    [3, '4'],
    [11, '20'],
    [62, '80'],
    [100, '100'],
    [1201, '2,000'],
  ])('has for at most %i upvotes a scale up to %s', (most, top) => {
    expect(
      drawn([
        { at: at(0), count: 0 },
        { at: at(1), count: most },
      ]),
    ).toContain(`>${top} upvotes</text>`);
  });

  it.each([
    ['2025-01-10T12:00:00Z', ['9 Jan', '10 Jan']],
    ['2025-02-09T12:00:00Z', ['9 Jan', '16 Jan', '23 Jan', '30 Jan', '6 Feb']],
  ])('has until %s the ticks %j', (last, ticks) => {
    const $ = cheerio.load(
      drawn([
        { at: at(0), count: 1 },
        { at: last, count: 2 },
      ]),
    );
    expect(
      $('text[y="100%"]')
        .toArray()
        .map((tick) => $(tick).text()),
    ).toEqual(ticks);
  });
});
