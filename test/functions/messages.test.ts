import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addSeconds } from '../../shared/lib/time.ts';
import type { ListName } from '../../shared/model/list.ts';
import { snapshotKey } from '../../shared/model/list.ts';
import { createListDayMessage, parseQueueMessage } from '../../shared/record/messages.ts';
import { DAY, instant } from '../support/build.ts';
import { objectCreated, TEST_EVENT } from './events.ts';

const KEY = 'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz';

/** As S3 writes a key into an event. */
const formEncoded = (key: string): string => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');

const listDays = fc.record({
  list: fc.constantFrom<ListName>('daily', 'trending', 'watched:agents', 'watched:a-b-2'),
  day: fc.integer({ min: 0, max: 9000 }).map((days) => addDays(DAY, days)),
});

describe('a message of the recording queue', () => {
  it('names the snapshot that was stored', () => {
    expect(parseQueueMessage(objectCreated(KEY))).toEqual({ keys: [KEY], partitions: [] });
  });

  it('may name several snapshots', () => {
    const other = KEY.replace('daily', 'trending');
    expect(parseQueueMessage(objectCreated(KEY, other)).keys).toEqual([KEY, other]);
  });

  it('gives the key of any snapshot, however S3 encodes it', () => {
    const keys = fc
      .tuple(listDays, fc.integer({ min: 0, max: 1e9 }), fc.stringMatching(/^[0-9a-f]{12}$/))
      .map(([listDay, after, digest]) =>
        snapshotKey({ ...listDay, at: addSeconds(instant('2023-05-04T00:00:00Z'), after), digest }),
      );
    fc.assert(
      fc.property(keys, (key) => {
        expect(parseQueueMessage(objectCreated(formEncoded(key))).keys).toEqual([key]);
      }),
    );
  });

  it.each([
    'raw/daily/2025-01-08/a+note+of+mine.warc.gz',
    'raw/daily/2025-01-08/caf%C3%A9.warc.gz',
    'raw/daily/2025-02-30/20250108T061500Z-0123456789ab.warc.gz',
    'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz.part',
    `backup/${KEY}`,
  ])('ignores an object that is not a snapshot: %s', (key) => {
    expect(parseQueueMessage(objectCreated(key, KEY)).keys).toEqual([KEY]);
  });

  it("requests nothing when it is S3's own test event", () => {
    expect(parseQueueMessage(TEST_EVENT)).toEqual({ keys: [], partitions: [] });
  });

  it('requests the list and day that it was created with', () => {
    fc.assert(
      fc.property(listDays, (listDay) => {
        expect(parseQueueMessage(createListDayMessage(listDay))).toEqual({ keys: [], partitions: [listDay] });
      }),
    );
  });

  it.each([
    ['list', '{"partition":{"list":"watched:agents","day":"2025-01-08"}}'],
    ['source', '{"partition":{"source":"watched:agents","day":"2025-01-08"}}'],
  ])('requests the same list and day when it spells the list as %s', (_, body) => {
    const listDay = { list: 'watched:agents', day: '2025-01-08' };
    expect(parseQueueMessage(body)).toEqual({ keys: [], partitions: [listDay] });
  });

  it.each([
    ['no JSON', 'raw/daily'],
    ['something else', '{"hello":"world"}'],
    ['a list that does not exist', '{"partition":{"source":"weekly","day":"2025-01-08"}}'],
    ['a day that does not exist', '{"partition":{"source":"daily","day":"2025-02-30"}}'],
    ['a key that is not encoded as S3 does', objectCreated('raw/100%/x')],
    ['null', 'null'],
  ])('becomes a dead letter when it is %s', (_, body) => {
    expect(() => parseQueueMessage(body)).toThrow();
  });
});
