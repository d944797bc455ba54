import { describe, expect, it } from 'vitest';
import type { OnUnreadable } from '../../shared/archive/store.ts';
import { dueListDays } from '../../shared/collect/due.ts';
import { type CalendarReader, readScheduleInput } from '../../shared/collect/visits.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { addDays, addSeconds, type Day, dayOf, eachDay, type Instant, startOfDay } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import { type ListDay, type ListName, snapshotKey } from '../../shared/model/list.ts';
import type { ListDayStatus } from '../../shared/table/items.ts';
import { DAY, day, instant } from '../support/build.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const lists = configuredLists([{ slug: 'agents', query: 'agents' }]);
const nameOf = ({ list, day: on }: ListDay) => `${list} ${on}`;

/** An archive of which only keys are known, and a calendar that may lag behind them or be lost. */
function anArchive() {
  const snapshots = createMemoryArchive();
  const lines = new Map<string, { listDay: ListDay; status: ListDayStatus }>();
  const readCalendar: CalendarReader = async (list, from, to) => {
    const known = [...lines.values()].filter(({ listDay }) => listDay.list === list);
    return known.filter(({ listDay }) => listDay.day >= from && listDay.day <= to);
  };
  const listed: string[] = [];
  const unreadable: string[] = [];
  const counted = {
    ...snapshots,
    list(prefix: string, from?: string, onUnreadable?: OnUnreadable) {
      listed.push(prefix);
      const error = new PaperkeepError({ code: 'SNAPSHOT_UNREADABLE', message: 'EIO' });
      for (const key of unreadable) if (key.startsWith(prefix)) onUnreadable?.({ key, error });
      return snapshots.list(prefix, from);
    },
  };
  return {
    listed,
    /** Folders that cannot be read. */
    unreadable,
    /** Adds a visit with a list, or a failed one; `unrecorded`: the table does not have it. */
    async visited(list: ListName, on: Day, at: Instant, how: 'list' | 'failed' | 'unreachable', unrecorded = false) {
      await snapshots.putIfAbsent(snapshotKey({ list, day: on, at, digest: '0123456789ab' }), new Uint8Array());
      if (unrecorded) return;
      const before = lines.get(`${list} ${on}`)?.status;
      const usable = how === 'list';
      const standing = {
        lastVisit: at,
        captures: (before?.captures ?? 0) + (usable ? 1 : 0),
        failing: usable ? 0 : (before?.failing ?? 0) + (how === 'failed' ? 1 : 0),
        ...(how === 'unreachable' && { unreachable: true }),
        settledAt: usable && at >= startOfDay(addDays(on, 14)) ? at : null,
      } as ListDayStatus;
      lines.set(`${list} ${on}`, { listDay: { list, day: on }, status: standing });
    },
    forget: () => lines.clear(),
    plan: async (now: Instant, since: Day | null = null) =>
      dueListDays(await readScheduleInput(counted, readCalendar, lists, since, now)).map(nameOf),
  };
}

/** An archive that was collected since `from`, every hour, until before `to`; `dead` tells the hours without a run. */
async function collectedSince(from: Instant, to: Instant, dead: (at: Instant) => boolean = () => false) {
  const archive = anArchive();
  for (let now = from; now < to; now = addSeconds(now, 3600)) {
    if (dead(now)) continue;
    for (const name of await archive.plan(now)) {
      const [list, on] = name.split(' ') as [ListName, Day];
      await archive.visited(list, on, now, 'list');
    }
  }
  return archive;
}

describe('The list of visits that are due', () => {
  it('has every list and 14 days for an empty archive', async () => {
    const planned = await anArchive().plan(instant('2025-01-08T12:30:00Z'));
    expect(planned.slice(0, 3)).toEqual(['daily 2025-01-08', 'trending 2025-01-08', 'watched:agents 2025-01-08']);
    expect(planned.slice(3)).toEqual(
      eachDay(day('2024-12-26'), day('2025-01-07'))
        .reverse()
        .map((on) => `daily ${on}`),
    );
  });

  it('depends on the keys of the archive: with a table that records nothing, no list is visited twice in an hour', async () => {
    const archive = anArchive();
    const now = instant('2025-01-08T12:00:00Z');
    for (const name of await archive.plan(now)) {
      const [list, on] = name.split(' ') as [ListName, Day];
      await archive.visited(list, on, now, 'failed', true);
    }
    expect(await archive.plan(instant('2025-01-08T12:59:59Z'))).toEqual([]);
    expect(await archive.plan(instant('2025-01-08T13:00:00Z'))).toEqual(['daily 2025-01-08', 'trending 2025-01-08']);
  });

  it('is the whole first run again, however often nothing answered', async () => {
    const archive = anArchive();
    const first = await archive.plan(instant('2025-01-08T12:00:00Z'));
    for (const minute of ['00', '10', '20', '30', '40', '50']) {
      const now = instant(`2025-01-08T12:${minute}:00Z`);
      expect(await archive.plan(now)).toEqual(first);
      // a run ends with the first list day that nothing answers for
      await archive.visited('daily', day('2025-01-08'), now, 'unreachable');
    }
    expect(await archive.plan(instant('2025-01-08T12:59:00Z'))).toEqual(first);
  });

  it('uses the outcomes in the table only when it has recorded the last visit', async () => {
    const archive = anArchive();
    const again = async () => (await archive.plan(instant('2025-01-08T12:31:00Z'))).includes('daily 2025-01-02');
    await archive.visited('daily', day('2025-01-02'), instant('2025-01-08T12:00:00Z'), 'failed');
    expect(await again()).toBe(true);
    await archive.visited('daily', day('2025-01-02'), instant('2025-01-08T12:30:00Z'), 'list', true);
    expect(await again()).toBe(false);
  });

  it('leaves out the days and lists whose folders cannot be read, since nothing could be stored there', async () => {
    const archive = anArchive();
    const now = instant('2025-01-08T12:30:00Z');
    const before = await archive.plan(now);
    archive.unreadable.push('raw/daily/2025-01-05/', 'raw/trending/');
    const after = before.filter((name) => name !== 'daily 2025-01-05' && name !== 'trending 2025-01-08');
    expect(await archive.plan(now)).toEqual(after);
    expect(after).toHaveLength(before.length - 2);
  });

  it('ignores visits of a clock that ran far ahead, but not of one a little ahead', async () => {
    const archive = anArchive();
    const now = instant('2025-01-08T12:00:00Z');
    for (const name of await archive.plan(now)) {
      const [list, on] = name.split(' ') as [ListName, Day];
      await archive.visited(list, on, now, 'list');
    }
    for (const on of ['2025-01-07', '2025-01-08'])
      await archive.visited('daily', day(on), instant('2025-01-28T12:00:00Z'), 'list');
    await archive.visited('trending', day('2025-01-08'), instant('2025-01-08T16:00:00Z'), 'list');
    const next = ['daily 2025-01-08', 'trending 2025-01-08'];
    expect(await archive.plan(instant('2025-01-08T13:02:00Z'))).toEqual(next);
    expect(await archive.plan(instant('2025-01-08T15:02:00Z'))).toEqual([
      'daily 2025-01-08',
      'trending 2025-01-08',
      'daily 2025-01-07',
    ]);
    await archive.visited('trending', day('2025-01-08'), instant('2025-01-08T13:04:00Z'), 'list');
    expect(await archive.plan(instant('2025-01-08T13:02:00Z'))).toEqual(['daily 2025-01-08']);
  });

  it('lists the archive once per list when nothing is missing', async () => {
    const archive = await collectedSince(instant('2025-01-01T00:07:00Z'), instant('2025-01-08T12:00:00Z'));
    archive.listed.length = 0;
    await archive.plan(instant('2025-01-08T12:07:00Z'));
    expect(archive.listed).toEqual(['raw/daily/', 'raw/trending/', 'raw/watched=agents/', 'raw/daily/']);
  });

  it('includes everything missed in the first run after a week without runs', async () => {
    const dead = (at: Instant) => at >= '2025-01-10' && at < '2025-01-17';
    const archive = await collectedSince(instant('2025-01-08T00:07:00Z'), instant('2025-01-17T05:00:00Z'), dead);
    const planned = await archive.plan(instant('2025-01-17T05:07:00Z'));
    expect(planned).toEqual(['daily 2025-01-17', 'trending 2025-01-17']);
  });
});

describe('gaps in an archive', () => {
  /** All of an archive's days were captured but those of November and December 2024. */
  async function withHoles(): Promise<ReturnType<typeof anArchive>> {
    const archive = anArchive();
    for (const on of eachDay(day('2024-10-01'), DAY)) {
      if (on >= '2024-11-01' && on <= '2024-12-10') continue;
      await archive.visited('daily', on, instant('2025-01-08T12:07:00Z'), 'list');
    }
    return archive;
  }
  const holesIn = async (archive: ReturnType<typeof anArchive>, now: string) =>
    (await archive.plan(instant(now))).filter((name) => /daily 2024-(10|11|12-(0|10))/.test(name));

  it('are filled newest first, five a run, back to the first day', async () => {
    const archive = await withHoles();
    expect(await holesIn(archive, '2025-01-08T12:30:00Z')).toEqual(
      ['2024-12-10', '2024-12-09', '2024-12-08', '2024-12-07', '2024-12-06'].map((on) => `daily ${on}`),
    );
    const filled: string[] = [];
    for (let now = instant('2025-01-08T12:30:00Z'); ; now = addSeconds(now, 3600)) {
      const run = await holesIn(archive, now);
      if (run.length === 0) break;
      for (const name of run) await archive.visited('daily', day(name.slice(6)), now, 'list');
      filled.push(...run);
    }
    expect(filled).toEqual(
      eachDay(day('2024-11-01'), day('2024-12-10'))
        .reverse()
        .map((on) => `daily ${on}`),
    );
  });

  it('are due again after 1, 3 and 9 days when they fail', async () => {
    const archive = anArchive();
    await archive.visited('daily', day('2024-12-08'), instant('2025-01-01T00:00:00Z'), 'list');
    const tried: Instant[] = [];
    for (let now = instant('2025-01-01T01:00:00Z'); dayOf(now) < '2025-01-16'; now = addSeconds(now, 3600)) {
      for (const name of await archive.plan(now)) {
        const [list, on] = name.split(' ') as [ListName, Day];
        await archive.visited(list, on, now, on === '2024-12-10' ? 'failed' : 'list');
        if (on === '2024-12-10') tried.push(now);
      }
    }
    expect(tried).toEqual([
      '2025-01-01T01:00:00Z',
      '2025-01-02T01:00:00Z',
      '2025-01-05T01:00:00Z',
      '2025-01-14T01:00:00Z',
    ]);
  });

  it('are due a day after a window of failed visits, then after 1 and 3 more days', async () => {
    const archive = anArchive();
    for (let on = DAY; on <= addDays(DAY, 21); on = addDays(on, 1)) {
      await archive.visited('daily', DAY, startOfDay(on), 'failed');
    }
    const tried: number[] = [];
    for (let on = 22; on < 27; on++) {
      const now = startOfDay(addDays(DAY, on));
      if (!(await archive.plan(now)).includes(`daily ${DAY}`)) continue;
      tried.push(on);
      await archive.visited('daily', DAY, now, 'failed');
    }
    expect(tried).toEqual([22, 23, 26]);
  });

  it('are not due again while the table has lost the outcomes of their visits', async () => {
    const archive = await withHoles();
    archive.forget();
    expect(await holesIn(archive, '2025-01-08T12:30:00Z')).toEqual(
      ['2024-12-10', '2024-12-09', '2024-12-08', '2024-12-07', '2024-12-06'].map((on) => `daily ${on}`),
    );
    expect((await holesIn(archive, '2025-03-08T12:30:00Z')).every((name) => name >= 'daily 2024-11-01')).toBe(true);
  });
});

describe('the daily lists back to a configured day', () => {
  const SINCE = day('2024-11-01');
  const dailyIn = (planned: readonly string[]) =>
    planned.filter((name) => name.startsWith('daily ')).map((name) => day(name.slice('daily '.length)));
  /** Runs the schedule every hour until nothing older is due; returns the older days in the order of their visits. */
  async function fill(archive: ReturnType<typeof anArchive>, from: Instant, hours: number, failing?: Day) {
    const tried: { on: Day; at: Instant }[] = [];
    for (let now = from; now < addSeconds(from, hours * 3600); now = addSeconds(now, 3600)) {
      for (const name of await archive.plan(now, SINCE)) {
        const [list, on] = name.split(' ') as [ListName, Day];
        await archive.visited(list, on, now, list === 'daily' && on === failing ? 'failed' : 'list');
        if (list === 'daily' && on < '2024-12-26') tried.push({ on, at: now });
      }
    }
    return tried;
  }

  it('are filled newest first after everything that is due, five a run, from the first run on', async () => {
    const planned = await anArchive().plan(instant('2025-01-08T12:30:00Z'), SINCE);
    expect(planned.slice(0, 3)).toEqual(['daily 2025-01-08', 'trending 2025-01-08', 'watched:agents 2025-01-08']);
    const days = dailyIn(planned);
    expect(days).toHaveLength(14 + 5);
    expect(days.slice(13)).toEqual(
      ['2024-12-26', '2024-12-25', '2024-12-24', '2024-12-23', '2024-12-22', '2024-12-21'].map(day),
    );
  });

  it('are all visited once, newest first, and none before that day', async () => {
    const tried = await fill(anArchive(), instant('2025-01-08T12:07:00Z'), 11);
    expect(tried.map(({ on }) => on)).toEqual(eachDay(SINCE, day('2024-12-25')).reverse().slice(0, 55));
    expect(tried.at(-1)?.on).toBe(SINCE);
  });

  it('are not all due again where another process fills them: a run continues with what is missing', async () => {
    const archive = anArchive();
    for (const on of eachDay(day('2024-12-01'), DAY))
      await archive.visited('daily', on, instant('2025-01-08T12:00:00Z'), 'list');
    expect(dailyIn(await archive.plan(instant('2025-01-08T12:30:00Z'), SINCE))).toEqual(
      ['2024-11-30', '2024-11-29', '2024-11-28', '2024-11-27', '2024-11-26'].map(day),
    );
  });

  it('are tried again after 1, 3 and 9 days where they fail', async () => {
    const from = instant('2025-01-08T12:07:00Z');
    const failing = day('2024-12-10');
    const tried = await fill(anArchive(), from, 24 * 15, failing);
    const days = tried
      .filter(({ on }) => on === failing)
      .map(({ at }) => Math.round((Date.parse(at) - Date.parse(from)) / 86_400_000));
    expect(days).toEqual([0, 1, 4, 13]);
  });
});
