import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgress } from '../../functions/cli/progress.ts';

it.each([[[1]], [[0, 1]], [[0]]])('A progress bar shows a time left, also after the steps %j alone', async (steps) => {
  const terminal = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true });
  {
    using progress = await createProgress('days', true, terminal);
    for (const done of steps) progress.step(done, 1);
  }
  const drawn = String(terminal.read()).match(/days .*? left/g) ?? [];
  expect(drawn.length).toBeGreaterThan(0);
  for (const bar of drawn) expect(bar).toMatch(/^days \[[=-]+\] [01]\/1 · [\d.]+\/s · \d+s left$/);
});
