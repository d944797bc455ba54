import { describe, expect, it } from 'vitest';
import { copyArchive } from '../../shared/archive/copy.ts';
import { createFileStore } from '../../shared/archive/files.ts';
import { captureKey } from '../../shared/archive/keys.ts';
import { openS3Store } from '../../shared/archive/s3.ts';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { addDays } from '../../shared/lib/time.ts';
import { SAMPLE_USER_AGENT } from '../../shared/model/capture.ts';
import { inEnvironment } from '../cli/aws/environment.ts';
import { aFolder, run } from '../cli/run.ts';
import { aCapture, DAY, hours } from '../support/build.ts';
import { BUCKET, startS3 } from '../support/s3.ts';
import { archived, createMemoryArchive } from '../support/snapshots.ts';

const captures = hours(DAY, 40).map((at) => aCapture({ at }));
const sampleCapture = aCapture({ day: addDays(DAY, 1), answer: { sent: [['user-agent', SAMPLE_USER_AGENT]] } });
const silent = () => {};

describe('copying an archive', () => {
  it('copies every snapshot with its key and its bytes', async () => {
    const [from, to] = [await archived(...captures), createMemoryArchive()];
    const steps: number[] = [];
    const result = await copyArchive(from, to, (done) => steps.push(done));
    expect(result).toMatchObject({ snapshots: 40, copied: 40, there: 0, damaged: [] });
    expect(to.files).toEqual(from.files);
    expect(steps).toHaveLength(40);
    expect(Math.max(...steps)).toBe(40);
  });

  it('reads nothing that is there already, so that an interrupted copy goes on', async () => {
    const from = await archived(...captures);
    const to = await archived(...captures.slice(0, 25));
    const read: string[] = [];
    const get = (key: string) => {
      read.push(key);
      return from.get(key);
    };
    expect(await copyArchive({ ...from, get }, to, silent)).toMatchObject({ copied: 15, there: 25 });
    expect(read).toHaveLength(15);
  });

  it('names what is damaged at either end, copies the rest, and overwrites nothing', async () => {
    const from = await archived(...captures);
    const to = await archived(...captures.slice(0, 2));
    const [there, , bad] = captures.map(captureKey) as [string, string, string];
    from.files.set(
      bad,
      Uint8Array.from([...(from.files.get(bad) ?? [])].map((byte, at) => (at === 100 ? byte ^ 1 : byte))),
    );
    to.files.set(there, new Uint8Array([1, 2, 3]));
    const { copied, damaged } = await copyArchive({ ...from, url: 'file:from' }, { ...to, url: 'file:to' }, silent);
    expect(copied).toBe(37);
    expect(damaged.map(({ key, where }) => [key, where])).toEqual(
      expect.arrayContaining([
        [there, 'file:to'],
        [bad, 'file:from'],
      ]),
    );
    expect(damaged).toHaveLength(2);
    expect(to.files.get(there)).toEqual(new Uint8Array([1, 2, 3]));
    expect(to.files.has(bad)).toBe(false);
  });

  it('names snapshots of the sample and copies the rest, since real and invented papers never mix', async () => {
    const [real, to] = [aCapture(), createMemoryArchive()];
    const result = await copyArchive(await archived(real, sampleCapture), to, silent);
    expect(result).toMatchObject({ snapshots: 2, copied: 1, damaged: [], sample: [captureKey(sampleCapture)] });
    expect([...to.files.keys()]).toEqual([captureKey(real)]);
  });

  it('refuses a source that holds nothing: a wrong path must not look like a backup', async () => {
    await expect(copyArchive(createMemoryArchive(), createMemoryArchive(), silent)).rejects.toMatchObject({
      code: 'NOTHING_TO_COPY',
    });
  });
});

describe('paperkeep copy', () => {
  it('copies from a folder to a bucket and back', async () => {
    const s3 = await startS3();
    inEnvironment({ AWS_ENDPOINT_URL: s3.endpoint });
    const [home, back] = [aFolder(), aFolder()];
    for (const capture of captures) {
      const from = await archived(capture);
      for (const [key, bytes] of from.files) await createFileStore(home).putIfAbsent(key, bytes);
    }
    const up = await run(['copy', `file:${home}`, `s3://${BUCKET}/workspace`, '--json']);
    expect(up).toMatchObject({ exit: 0, err: '' });
    expect(JSON.parse(up.out)).toMatchObject({ copied: 40, there: 0 });
    expect((await run(['copy', `s3://${BUCKET}/workspace`, `file:${back}`])).exit).toBe(0);
    const bytesOf = async (store: SnapshotStore) =>
      Promise.all(
        captures.map(async (capture) => Buffer.from((await store.get(captureKey(capture))) ?? []).toString('hex')),
      );
    const copied = await bytesOf(createFileStore(home));
    expect(copied).not.toContain('');
    expect(await bytesOf(await openS3Store(`s3://${BUCKET}/workspace`))).toEqual(copied);
    expect(await bytesOf(createFileStore(back))).toEqual(copied);
    await s3.stop();
  });

  it('exits with 2 when an address is no archive, or both are the same', async () => {
    expect((await run(['copy', 'here', 'file:there'])).exit).toBe(2);
    expect((await run(['copy', 'file:here', 'file:here'])).exit).toBe(2);
    expect((await run(['copy', 'file:here'])).exit).toBe(2);
  });

  it('exits with 5 when something is damaged', async () => {
    const home = aFolder();
    const store = createFileStore(home);
    await store.putIfAbsent(captureKey(aCapture()), new Uint8Array([1, 2, 3]));
    const ran = await run(['copy', `file:${home}`, `file:${aFolder()}`]);
    expect(ran.exit).toBe(5);
    expect(ran.out).toContain(captureKey(aCapture()));
  });

  it('exits with 4 when snapshots are of the sample', async () => {
    const home = aFolder();
    for (const [key, bytes] of (await archived(sampleCapture)).files)
      await createFileStore(home).putIfAbsent(key, bytes);
    const ran = await run(['copy', `file:${home}`, `file:${aFolder()}`]);
    expect(ran).toMatchObject({
      exit: 4,
      out: expect.stringMatching(/^0 of 1 snapshots copied.*\nnot copied: raw\/daily\//),
    });
  });
});
