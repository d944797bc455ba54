import { beforeEach, describe, expect, it } from 'vitest';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { addSeconds, type Day, systemClock } from '../../shared/lib/time.ts';
import type { ListName } from '../../shared/model/list.ts';
import { utf8 } from './captures.ts';

const key = (folder: string, time: string, digest = '0123456789ab'): string =>
  `raw/${folder}/${time}-${digest}.warc.gz`;

/** Keys in the order of their characters: of `=a/` and `=a-b/` the second comes first. */
const IN_ORDER = [
  key('daily/2024-12-31', '20250108T061500Z'),
  key('daily/2025-01-08', '20250107T235959Z'),
  key('daily/2025-01-08', '20250108T061500Z', '000000000000'),
  key('daily/2025-01-08', '20250108T061500Z', 'ffffffffffff'),
  key('daily/2025-01-08', '20250108T071500Z'),
  key('trending/2025-01-08', '20250108T061500Z'),
  key('watched=a-b/2025-01-08', '20250108T061500Z'),
  key('watched=a/2025-01-08', '20250108T061500Z'),
  key('watched=a0/2025-01-08', '20250108T061500Z'),
];

/** Tests a store against everything that `store.ts` promises; `open` gives a new, empty one at every call. */
export function snapshotStoreContract(name: string, open: () => Promise<SnapshotStore>): void {
  describe(name, () => {
    let store: SnapshotStore;
    beforeEach(async () => {
      store = await open();
    });

    const [one = ''] = IN_ORDER;
    const keysWith = async (prefix: string, from?: string) => {
      const keys: string[] = [];
      for await (const stored of store.list(prefix, from)) keys.push(stored.key);
      return keys;
    };
    const storeAll = async () => {
      for (const each of IN_ORDER.toReversed()) await store.putIfAbsent(each, utf8(each));
    };

    it('gives back the bytes that were stored', async () => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
      expect(await store.putIfAbsent(one, bytes)).toBe('stored');
      expect(Buffer.from((await store.get(one)) ?? []).equals(bytes)).toBe(true);
    });

    it('gives null where nothing was stored', async () => {
      expect(await store.get(one)).toBeNull();
      await store.putIfAbsent(one, utf8('something'));
      expect(await store.get(IN_ORDER[1] ?? '')).toBeNull();
    });

    it('keeps what was there first', async () => {
      await store.putIfAbsent(one, utf8('first'));
      expect(await store.putIfAbsent(one, utf8('second'))).toBe('there already');
      expect(Buffer.from((await store.get(one)) ?? []).toString()).toBe('first');
    });

    it('stores one of ten that are put at once under the same key, and keeps its bytes', async () => {
      const texts = Array.from({ length: 10 }, (_, at) => `bytes of ${at}`);
      const outcomes = await Promise.all(texts.map((text) => store.putIfAbsent(one, utf8(text))));
      const winners = texts.filter((_, at) => outcomes[at] === 'stored');
      expect(winners).toHaveLength(1);
      expect(Buffer.from((await store.get(one)) ?? []).toString()).toBe(winners[0]);
    });

    it('stores every key once when many are put at once', async () => {
      const outcomes = await Promise.all(IN_ORDER.map((each) => store.putIfAbsent(each, utf8(each))));
      expect(new Set(outcomes)).toEqual(new Set(['stored']));
      expect(await keysWith('')).toEqual(IN_ORDER);
    });

    it('lists every snapshot in the order of keys, with its size', async () => {
      await storeAll();
      const listed = [];
      for await (const stored of store.list('')) listed.push(stored);
      expect(listed).toEqual(IN_ORDER.map((each) => ({ key: each, bytes: each.length })));
    });

    it('lists what begins with a prefix, wherever that ends', async () => {
      await storeAll();
      const prefixes = [
        'raw/',
        'raw/daily/',
        'raw/daily/2025-01-08/',
        'raw/daily/2025-01',
        'raw/daily/2025-01-08/20250108T06',
        'raw/watched=a',
        'raw/watched=a/',
        one,
        'raw/d',
        'raw/daily/2026',
        'daily',
        `${one}x`,
      ];
      for (const prefix of prefixes) {
        expect(await keysWith(prefix), prefix).toEqual(IN_ORDER.filter((each) => each.startsWith(prefix)));
      }
    });

    it('lists from a place on that need not be a key', async () => {
      await storeAll();
      const places = [
        '',
        'raw/daily/2025-01-08/20250108',
        IN_ORDER[2] ?? '',
        'raw/daily/2025-01-08',
        'raw/watched=a/',
        'x',
      ];
      for (const from of places) {
        for (const prefix of ['', 'raw/daily/', 'raw/watched=a']) {
          const expected = IN_ORDER.filter((each) => each.startsWith(prefix) && each >= from);
          expect(await keysWith(prefix, from), `${prefix} from ${from}`).toEqual(expected);
        }
      }
    });

    it('lists nothing where nothing was stored', async () => {
      expect(await keysWith('')).toEqual([]);
      expect(await store.touched('1970-01-01T00:00:00Z' as never)).toEqual([]);
    });

    it('can stop listing at any point', async () => {
      await storeAll();
      for await (const stored of store.list('')) {
        expect(stored.key).toBe(one);
        break;
      }
      expect(await keysWith('')).toEqual(IN_ORDER);
    });

    it.each([
      '',
      'raw/daily/2025-01-08/',
      'raw/daily/2025-01-08/../../../elsewhere',
      'raw/../2025-01-08/20250108T061500Z-0123456789ab.warc.gz',
      '/raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz',
      'raw/daily/2025-02-30/20250108T061500Z-0123456789ab.warc.gz',
      'raw/daily/2025-01-08/20250108T061500Z-0123456789AB.warc.gz',
      'raw/watched:a/2025-01-08/20250108T061500Z-0123456789ab.warc.gz',
      'raw/daily/2025-01-08/20250108T061500Z-0123456789ab.warc.gz\0',
    ])('refuses %j, which is not a key', async (wrong) => {
      const refusal = { name: 'PaperkeepError', code: 'NOT_A_KEY' };
      await expect(store.putIfAbsent(wrong, utf8('x'))).rejects.toMatchObject(refusal);
      await expect(store.get(wrong)).rejects.toMatchObject(refusal);
      expect(await keysWith('')).toEqual([]);
    });

    it('names the list days that may have got a snapshot since a time', async () => {
      const now = systemClock();
      const day = now.slice(0, 10) as Day;
      const compact = now.replaceAll(/[-:]/g, '');
      const listDays = (['daily', 'trending', 'watched:a-b'] as ListName[]).map((list) => ({ list, day }));
      for (const { list } of listDays)
        await store.putIfAbsent(key(`${list.replace(':', '=')}/${day}`, compact), utf8('x'));
      // Two seconds of slack: the clock of a disk may lag behind that of the machine.
      const touched = await store.touched(addSeconds(now, -2));
      expect(touched).toEqual(expect.arrayContaining(listDays));
      expect(touched).toHaveLength(listDays.length);
    });
  });
}
