import { describe, expect, it } from 'vitest';
import { type CountPoint, renderCountChart } from '../../../shared/web/pages/upvote-chart.ts';

const drawn = (points: readonly CountPoint[]): string => String(renderCountChart(points, 'upvote'));
const at = (hour: number): string => `2025-01-08T${String(hour).padStart(2, '0')}:00:00Z`;

describe('a chart of upvotes', () => {
  it('holds a value until the next observation', () => {
    const svg = drawn([
      { at: at(0), count: 0 },
      { at: at(6), count: 5 },
      { at: at(12), count: 10 },
    ]);
    expect(svg).toContain('class="line" d="M0 200H360V100H720V0"');
    expect(svg).toContain(
      'aria-label="Upvotes from 0 on 8 Jan 2025, 00:00 UTC to 10 on 8 Jan 2025, 12:00 UTC, 3 observations"',
    );
  });

  it('draws in order of time and leaves out unknown values', () => {
    const svg = drawn([
      { at: at(12), count: 10 },
      { at: at(3), count: null },
      { at: at(0), count: 0 },
    ]);
    expect(svg).toContain('class="line" d="M0 200H720V0"');
  });

  it('can go down', () => {
    expect(
      drawn([
        { at: at(0), count: 4 },
        { at: at(1), count: 2 },
      ]),
    ).toContain('d="M0 0H720V100"');
  });

  it('is a sentence if there are fewer than two observations', () => {
    expect(drawn([])).toContain('No upvotes were captured.');
    expect(drawn([{ at: at(0), count: null }])).toContain('No upvotes were captured.');
    expect(drawn([{ at: at(0), count: 3 }])).toContain('Captured once so far, with 3 upvotes.');
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
    ).toContain(`<span>${top}</span>`);
  });

  it('marks midnights, unless there are too many', () => {
    const until = (last: string): string =>
      drawn([
        { at: at(0), count: 1 },
        { at: last, count: 2 },
      ]);
    expect(until('2025-01-10T12:00:00Z').match(/class="midnight"/g)).toHaveLength(2);
    expect(until('2025-06-10T12:00:00Z')).not.toContain('class="midnight"');
  });
});
