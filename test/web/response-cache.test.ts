import { describe, expect, it } from 'vitest';
import { createResponseCache } from '../../shared/web/response-cache.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { instant } from '../support/build.ts';

const item = { pk: 'LEASE#feed', sk: '#' };

/** An archive whose clock can be moved, and a question that counts how often it is answered. */
async function asked() {
  const context = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3]))]);
  const clock = { now: instant('2025-01-20T12:00:00Z') };
  const once = createResponseCache({ ...context, clock: () => clock.now });
  let answered = 0;
  const ask = (question = '/daily') => once(question, async () => `${question} ${++answered}`);
  return { context, clock, ask };
}

describe('a question', () => {
  it('is answered once for all clients in one second of an unchanged table', async () => {
    const { ask } = await asked();
    expect(await Promise.all([ask(), ask(), ask('/trending')])).toEqual(['/daily 1', '/daily 1', '/trending 2']);
    expect(await ask()).toBe('/daily 1');
  });

  it('is answered anew in the next second, and after a change of the table', async () => {
    const { context, clock, ask } = await asked();
    await ask();
    clock.now = instant('2025-01-20T12:00:01Z');
    expect(await ask()).toBe('/daily 2');
    await context.table.put(item);
    expect(await ask()).toBe('/daily 3');
  });

  it('is answered anew once 32 other answers are kept', async () => {
    const { ask } = await asked();
    for (let n = 1; n <= 32; n++) await ask(`/daily?n=${n}`);
    expect([await ask('/daily?n=33'), await ask('/daily?n=33')]).toEqual(['/daily?n=33 33', '/daily?n=33 33']);
    expect(await ask('/daily?n=1')).toBe('/daily?n=1 34');
  });

  it('is answered anew each time where the table does not report its changes', async () => {
    const { context } = await asked();
    const { stamp: _, ...silent } = context.table;
    const once = createResponseCache({ ...context, table: silent });
    let answered = 0;
    const ask = () => once('/daily', async () => ++answered);
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it('is answered anew after a failure', async () => {
    const { context } = await asked();
    const once = createResponseCache(context);
    await expect(once('/daily', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await once('/daily', async () => 'yes')).toBe('yes');
  });
});
