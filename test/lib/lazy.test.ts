import { expect, it } from 'vitest';
import { lazyAsync } from '../../shared/lib/lazy.ts';

it('what is opened once is the same for all, and what failed to open is tried again', async () => {
  let tries = 0;
  const open = lazyAsync(async () => {
    tries += 1;
    if (tries === 1) throw new Error('no answer');
    return tries;
  });
  expect((await Promise.allSettled([open(), open()])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await open(), await open(), tries]).toEqual([2, 2, 2]);
});
