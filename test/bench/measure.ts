import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One line of the table that the benches print. */
export type Figure = {
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  /** The most (or least) it may be, with its sign; empty where nothing was promised. */
  readonly limit: string;
  /** What the value was measured against, in the same run; or what it is made of. */
  readonly against: string;
};

/** The number in the middle of them. */
export const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** The number that so many of a hundred do not exceed. */
export const percentileOf = (numbers: readonly number[], percent: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.ceil((numbers.length * percent) / 100) - 1] ?? Number.NaN;

/** How long something takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Milliseconds of each work, a row per round: they take turns, so that a busy machine slows all alike. */
export async function takingTurns(rounds: number, works: readonly (() => unknown)[]): Promise<number[][]> {
  const times: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const row: number[] = [];
    for (const work of works) row.push(await timed(work));
    times.push(row);
  }
  return times;
}

/** The median of the ratios of one column to another, each ratio out of one round. */
export const ratioOf = (times: readonly (readonly number[])[], column: number, floor: number): number =>
  medianOf(times.map((row) => (row[column] ?? Number.NaN) / (row[floor] ?? Number.NaN)));

/** The median of one column. */
export const columnOf = (times: readonly (readonly number[])[], column: number): number =>
  medianOf(times.map((row) => row[column] ?? Number.NaN));

/** Lends a folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'paperkeep-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `1.46 ×`. */
export const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;

/** The figures as columns of text. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ['name', 'value', 'limit', 'compared to'],
    ...figures.map(({ name, value, limit, against }) => [name, value, limit, against]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** An amount of dollars for a table. */
export const money = (dollars: number): string =>
  dollars > 0 && dollars < 0.01 ? '< $0.01' : `$${dollars.toFixed(2)}`;
/** A number for a table, with three significant digits. */
export const amount = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
