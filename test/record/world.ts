import type { Condition, Item, Key, TableStore } from '../../shared/table/store.ts';

/** Thrown where a process of the simulation is killed. */
export class Killed extends Error {}

/** A table that any number of simulated processes share, one step at a time, in an order that follows from the seed alone. */
export type World = {
  /** Every item, by its key. */
  readonly table: ReadonlyMap<string, Item>;
  /**
   * The table as one process sees it. Every request is a step that some other process's step may come before. Reads that do not ask for
   * consistency may answer what was there once, item by item; a batch of puts goes item by item; a consistent range is read in two parts,
   * as DynamoDB reads a long one. At step number `killed` the request fails, carried out or not, and so does every later one.
   */
  process(killed: number | null): TableStore;
  /** Lets all go on until everything has ended, killed or done. */
  run(processes: readonly Promise<unknown>[]): Promise<void>;
};

export const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** A new world with an empty table; `chance` gives numbers from 0 up to 1. */
export function makeWorld(chance: () => number): World {
  const table = new Map<string, Item>();
  /** All that ever was at a key, oldest first; to begin with, nothing. */
  const past = new Map<string, (Item | null)[]>();
  const everything = () => [...past.values()].map((versions) => versions.find((item) => item !== null) as Key);
  const waiting: (() => void)[] = [];
  const pick = (count: number): number => Math.floor(chance() * count);

  const write = (key: Key, item: Item | null) => {
    past.set(nameOf(key), [...(past.get(nameOf(key)) ?? [null]), item]);
    if (item) table.set(nameOf(key), item);
    else table.delete(nameOf(key));
  };
  const holds = (key: Key, condition?: Condition): boolean => {
    const there = table.get(nameOf(key));
    if (!condition) return true;
    if (condition.if === 'absent') return !there;
    const value = there?.[condition.field];
    if (condition.if === 'equal') return value === condition.value;
    return !there || (typeof value === typeof condition.value && (value as number) < (condition.value as number));
  };
  const sometime = (key: Key): Item | null => {
    const versions = past.get(nameOf(key)) ?? [null];
    return versions[chance() < 0.7 ? versions.length - 1 : pick(versions.length)] ?? null;
  };

  function process(killed: number | null): TableStore {
    let steps = 0;
    /** Waits for its turn, then does the work at once. */
    const step = <T>(work: () => T): Promise<T> =>
      new Promise((done, fail) => {
        const own = steps++;
        waiting.push(() => {
          if (killed === null || own < killed) return done(work());
          if (own === killed && chance() < 0.5) work();
          fail(new Killed());
        });
      });
    const put = (item: Item, condition?: Condition) =>
      step(() => {
        const passes = holds(item, condition);
        if (passes) write(item, structuredClone(item));
        return passes;
      });
    return {
      url: 'world:',
      get: (key, options) => step(() => (options?.consistent ? (table.get(nameOf(key)) ?? null) : sometime(key))),
      getMany: (keys) => step(() => keys.map(sometime).filter((item) => item !== null)),
      async range({ pk, from = '', to, consistent }) {
        const items = () =>
          consistent
            ? [...table.values()]
            : everything()
                .map(sometime)
                .filter((item) => item !== null);
        const behind = (low: string) =>
          items().filter((item) => item.pk === pk && item.sk >= low && (to === undefined || item.sk <= to));
        const first = await step(() => behind(from));
        const split = first[pick(first.length)]?.sk;
        if (split === undefined) return first;
        const rest = await step(() => behind(split));
        return [...first.filter(({ sk }) => sk < split), ...rest].sort((a, b) => (a.sk < b.sk ? -1 : 1));
      },
      put,
      putMany: async (items) => {
        const results = await Promise.allSettled(items.map((item) => put(item)));
        if (results.some(({ status }) => status === 'rejected')) throw new Killed();
      },
      async putInOrder(puts) {
        for (const { item, condition } of puts) await put(item, condition);
      },
      delete: (key, condition) =>
        step(() => {
          const passes = holds(key, condition);
          if (passes) write(key, null);
          return passes;
        }),
      async *scan() {
        yield* [...table.values()];
      },
      async close() {},
    };
  }

  async function run(processes: readonly Promise<unknown>[]): Promise<void> {
    let going = processes.length;
    for (const one of processes) one.catch(() => {}).finally(() => going--);
    while (going > 0) {
      await new Promise(setImmediate);
      const [next] = waiting.splice(pick(waiting.length), 1);
      next?.();
    }
    await Promise.all(processes);
  }

  return { table, process, run };
}
