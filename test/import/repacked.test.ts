import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWarcFile } from '../../shared/import/warc.ts';
import { addSeconds } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { aCapture, anExchange, anyCapture, serializeCapture, utf8 } from '../archive/captures.ts';

const AT = aCapture().at;
/** The captures of the snapshots in a file, and the reports of those that are damaged. */
async function readRepackedWarc(bytes: Uint8Array) {
  const { snapshots, damagedSnapshots, damages } = await readWarcFile(bytes, []);
  return { captures: snapshots.map(({ capture }) => capture), damages: [...damagedSnapshots, ...damages] };
}

/** Visits of three hours; the second one was answered with a page that holds a snapshot in its body. */
const [FIRST, SECOND, THIRD] = [0, 3600, 7200].map((seconds) =>
  aCapture({ at: addSeconds(AT, seconds), exchanges: [anExchange(), anExchange({ body: noise(2000 + seconds) })] }),
) as [Capture, Capture, Capture];
const ALL = [FIRST, SECOND, THIRD];

function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * at * at + length) >> 7);
}

/** The ways in which people concatenate snapshots, or compress them again. */
const WAYS: [string, (snapshots: readonly Buffer[]) => Buffer][] = [
  ['concatenated', (snapshots) => Buffer.concat(snapshots)],
  ['decompressed', (snapshots) => Buffer.concat(snapshots.map((one) => gunzipSync(one)))],
  ['compressed as a whole', (snapshots) => gzipSync(Buffer.concat(snapshots.map((one) => gunzipSync(one))))],
  ['compressed one by one', (snapshots) => Buffer.concat(snapshots.map((one) => gzipSync(gunzipSync(one))))],
];

const packed = async (captures: readonly Capture[]) =>
  (await Promise.all(captures.map((one) => serializeCapture(one)))).map((bytes) => Buffer.from(bytes));

describe.each(WAYS)('a file of our snapshots %s', (_, together) => {
  it.each([1, 2, 3])('gives each snapshot in it: %i', async (count) => {
    const captures = ALL.slice(0, count);
    expect(await readRepackedWarc(together(await packed(captures)))).toEqual({ captures, damages: [] });
  });

  it('gives every capture exactly, whatever it holds', async () => {
    const some = fc.array(anyCapture, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(some, async (captures) => {
        expect(await readRepackedWarc(together(await packed(captures)))).toEqual({ captures, damages: [] });
      }),
      { numRuns: 40 },
    );
  });

  it('does not give a snapshot that lies in the body of another one', async () => {
    const [inner = Buffer.alloc(0)] = await packed([FIRST]);
    for (const body of [inner, gunzipSync(inner)]) {
      const outer = aCapture({ at: addSeconds(AT, 60), exchanges: [anExchange({ body: new Uint8Array(body) })] });
      const captures = [outer, THIRD];
      expect(await readRepackedWarc(together(await packed(captures)))).toEqual({ captures, damages: [] });
    }
  });
});

describe('a file of our snapshots with a damaged one', () => {
  const torn = async (way: number, damage: (second: Buffer) => Buffer) => {
    const [first, second, third] = (await packed(ALL)) as [Buffer, Buffer, Buffer];
    const plain = way === 0 ? second : gunzipSync(second);
    const parts = way === 0 ? [first, damage(plain), third] : [gunzipSync(first), damage(plain), gunzipSync(third)];
    const whole = Buffer.concat(parts);
    return readRepackedWarc(way === 2 ? gzipSync(whole) : whole);
  };

  it.each([
    ['compressed record by record', 0],
    ['not compressed', 1],
    ['compressed as a whole', 2],
  ])('when %s, names the damaged one, wherever it is cut, and gives the others', async (_, way) => {
    const { length } = way === 0 ? ((await packed([SECOND]))[0] ?? '') : gunzipSync((await packed([SECOND]))[0] ?? '');
    for (let kept = 1; kept < length; kept += 97) {
      const { captures, damages } = await torn(way, (second) => second.subarray(0, kept));
      expect({ kept, captures, damages: damages.length }).toEqual({ kept, captures: [FIRST, THIRD], damages: 1 });
    }
  });

  it.each([
    ['compressed record by record', 0],
    ['not compressed', 1],
    ['compressed as a whole', 2],
  ])('when %s, names the list, day and time of the damaged one, and gives the others', async (_, way) => {
    const flipped = (second: Buffer) => {
      const bytes = Buffer.from(second);
      bytes[bytes.length - 1500] = (bytes.at(-1500) as number) ^ 1;
      return bytes;
    };
    const { captures, damages } = await torn(way, flipped);
    expect(captures).toEqual([FIRST, THIRD]);
    expect(damages).toEqual([
      expect.stringMatching(/^daily of 2025-01-08, captured at 2025-01-08T07:15:00Z: the snapshot is damaged: /),
    ]);
  });

  it('when compressed as a whole, gives the snapshots before the damage', async () => {
    const whole = gzipSync(Buffer.concat((await packed(ALL)).map((one) => gunzipSync(one))));
    const cut = await readRepackedWarc(whole.subarray(0, whole.length - 1000));
    expect(cut).toMatchObject({ captures: [FIRST, SECOND], damages: [expect.stringMatching(/^daily of/)] });
    const wrong = Buffer.from(whole);
    wrong[whole.length - 8] = (wrong.at(-8) as number) ^ 1; // the checksum
    const checked = await readRepackedWarc(wrong);
    expect(checked.captures).toEqual(ALL);
    expect(checked.damages).toEqual([expect.stringMatching(/checksum/)]);
  });

  it('names a damaged snapshot that is alone', async () => {
    const [first = Buffer.alloc(0)] = await packed([FIRST]);
    expect(await readRepackedWarc(first.subarray(0, 900))).toMatchObject({
      captures: [],
      damages: [expect.any(String)],
    });
    expect(await readRepackedWarc(utf8('WARC/1.1\r\n'))).toMatchObject({ captures: [], damages: [expect.any(String)] });
  });
});
