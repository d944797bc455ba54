import { describe, expect, it } from 'vitest';
import { oncePerSecond } from '../../shared/serve/second.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { instant } from '../support/build.ts';

const item = { pk: 'LEASE#feed', sk: '#' };

/** An archive whose clock can be moved, and a question that counts how often it is answered. */
async function asked() {
  const archive = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3]))]);
  const clock = { now: instant('2025-01-20T12:00:00Z') };
  const once = oncePerSecond({ ...archive, clock: () => clock.now });
  let answered = 0;
  const ask = (question = '/daily') => once(question, async () => `${question} ${++answered}`);
  return { archive, clock, ask };
}

describe('a question', () => {
  it('is answered once for all who ask it in one second of an unchanged table', async () => {
    const { ask } = await asked();
    expect(await Promise.all([ask(), ask(), ask('/trending')])).toEqual(['/daily 1', '/daily 1', '/trending 2']);
    expect(await ask()).toBe('/daily 1');
  });

  it('is answered anew in the next second, and after a change of the table', async () => {
    const { archive, clock, ask } = await asked();
    await ask();
    clock.now = instant('2025-01-20T12:00:01Z');
    expect(await ask()).toBe('/daily 2');
    await archive.records.put(item);
    expect(await ask()).toBe('/daily 3');
  });

  it('is answered anew each time where the table does not tell of its changes', async () => {
    const { archive } = await asked();
    const { stamp: _, ...silent } = archive.records;
    const once = oncePerSecond({ ...archive, records: silent });
    let answered = 0;
    const ask = () => once('/daily', async () => ++answered);
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it('that failed is asked again', async () => {
    const { archive } = await asked();
    const once = oncePerSecond(archive);
    await expect(once('/daily', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await once('/daily', async () => 'yes')).toBe('yes');
  });
});
