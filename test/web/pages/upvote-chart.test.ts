import { describe, expect, it } from 'vitest';
import { renderUpvoteChart, type UpvotePoint } from '../../../shared/web/pages/upvote-chart.ts';

const drawn = (points: readonly UpvotePoint[]): string => String(renderUpvoteChart(points));
const at = (hour: number): string => `2025-01-08T${String(hour).padStart(2, '0')}:00:00Z`;

describe('the chart of a rise', () => {
  it('holds a value until another was seen', () => {
    const svg = drawn([
      { at: at(0), upvotes: 0 },
      { at: at(6), upvotes: 5 },
      { at: at(12), upvotes: 10 },
    ]);
    expect(svg).toContain('class="line" d="M0 200H360V100H720V0"');
    expect(svg).toContain(
      'aria-label="Upvotes from 0 on 8 Jan 2025, 00:00 UTC to 10 on 8 Jan 2025, 12:00 UTC, seen 3 times"',
    );
  });

  it('draws in order of time and leaves out what is not known', () => {
    const svg = drawn([
      { at: at(12), upvotes: 10 },
      { at: at(3), upvotes: null },
      { at: at(0), upvotes: 0 },
    ]);
    expect(svg).toContain('class="line" d="M0 200H720V0"');
  });

  it('may go down', () => {
    expect(
      drawn([
        { at: at(0), upvotes: 4 },
        { at: at(1), upvotes: 2 },
      ]),
    ).toContain('d="M0 0H720V100"');
  });

  it('says so where there is nothing to draw', () => {
    expect(drawn([])).toContain('never seen');
    expect(drawn([{ at: at(0), upvotes: null }])).toContain('never seen');
    expect(drawn([{ at: at(0), upvotes: 3 }])).toContain('Seen at one moment so far, with 3 upvotes');
  });

  it.each([
    [0, '2'],
    [3, '4'],
    [11, '20'],
    [62, '80'],
    [100, '100'],
    [1201, '2,000'],
  ])('of at most %i upvotes has a scale to %s', (most, top) => {
    expect(
      drawn([
        { at: at(0), upvotes: 0 },
        { at: at(1), upvotes: most },
      ]),
    ).toContain(`<span>${top}</span>`);
  });

  it('marks midnights, unless there are too many to tell apart', () => {
    const until = (last: string): string =>
      drawn([
        { at: at(0), upvotes: 1 },
        { at: last, upvotes: 2 },
      ]);
    expect(until('2025-01-10T12:00:00Z').match(/class="midnight"/g)).toHaveLength(2);
    expect(until('2025-06-10T12:00:00Z')).not.toContain('class="midnight"');
  });
});
