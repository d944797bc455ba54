import { expect, it } from 'vitest';
import { lazyAsync } from '../../shared/lib/lazy.ts';

it('A value that is opened lazily is shared by all callers, and opened again after a failure', async () => {
  let tries = 0;
  const open = lazyAsync(async () => {
    tries += 1;
    if (tries === 1) throw new Error('no answer');
    return tries;
  });
  expect((await Promise.allSettled([open(), open()])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await open(), await open(), tries]).toEqual([2, 2, 2]);
});
