import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { readFileContent } from '../../shared/import/formats.ts';
import { createPayloadCaptures } from '../../shared/import/payload.ts';
import { parseDay, parseInstant } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { serializeCapture } from './captures.ts';

const corpus = process.env.PAPERKEEP_CORPUS;

/** A capture without its bodies, which are compared as buffers: the matcher compares them byte by byte, 100 ms for each. */
const withoutBodies = (capture: Capture) => ({
  ...capture,
  exchanges: capture.exchanges.map(({ body, ...exchange }) => ({ ...exchange, bytes: body.length })),
});

describe.skipIf(!corpus)('real captures', () => {
  it('are read back from their snapshots byte for byte', async () => {
    const folder = join(corpus ?? '', 'api-daily');
    const names = readdirSync(folder).filter((name) => name.endsWith('.json.gz'));
    expect(names.length).toBeGreaterThan(400);
    for (const name of names) {
      const [day, at] = [parseDay(name.slice(0, 10)), parseInstant(/__(\w+)\./.exec(name)?.[1] ?? '')];
      if (!day || !at) throw new Error(`${name} does not say when it is`);
      const packed = readFileSync(join(folder, name));
      const [capture] = createPayloadCaptures({ name, list: 'daily', day, at }, readFileContent(name, packed), []);
      if (!capture) throw new Error(`${name} holds no capture`);
      const { capture: back } = await parseSnapshot(await serializeCapture(capture));
      expect(withoutBodies(back)).toStrictEqual(withoutBodies(capture));
      expect(gunzipSync(packed).equals(back.exchanges[0]?.body ?? new Uint8Array())).toBe(true);
    }
  });
});
