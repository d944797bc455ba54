import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { addDays, dayOf } from '../../shared/lib/time.ts';
import { SAMPLE_USER_AGENT } from '../../shared/model/capture.ts';
import type { ListDay } from '../../shared/model/list.ts';
import { groupByListDay, reconcile, reconcileRecent, recordSnapshotsByKey } from '../../shared/record/reconcile.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { verifyArchive } from '../../shared/record/verify.ts';
import { decodeSummary } from '../../shared/table/items.ts';
import { listPk, summaryKey } from '../../shared/table/keys.ts';
import { markAsSample } from '../../shared/table/open.ts';
import type { KeyRange } from '../../shared/table/store.ts';
import { aCapture, aPaper, DAILY, DAY, day, instant, ranked } from '../support/build.ts';
import { aWorkspace, itemsOf, recordAll } from './workspace.ts';

const TRENDING: ListDay = { list: 'trending', day: DAY };
const captures = [
  aCapture({ at: instant('2025-01-08T06:07:00Z'), papers: ranked(1, 2) }),
  aCapture({ at: instant('2025-01-08T07:07:00Z'), papers: ranked(2, 3) }),
  aCapture({ at: instant('2025-01-08T08:07:00Z'), answer: { status: 503 } }),
  aCapture({ ...TRENDING, at: instant('2025-01-08T06:07:00Z'), papers: ranked(3, 4) }),
  aCapture({ list: 'daily', day: day('2025-01-07'), at: instant('2025-01-08T06:08:00Z'), papers: ranked(5) }),
];

describe('recording', () => {
  it('gives the same table for a replay of everything as for recording each capture when it was taken', async () => {
    const [replayed, asItCame, backwards] = [
      await aWorkspace(captures),
      await aWorkspace(captures),
      await aWorkspace(captures),
    ];
    await recordAll(replayed);
    for (const key of asItCame.keys) await recordAll(asItCame, [key]);
    for (const key of backwards.keys.toReversed()) await recordAll(backwards, [key, key]);
    expect(await itemsOf(asItCame.table)).toEqual(await itemsOf(replayed.table));
    expect(await itemsOf(backwards.table)).toEqual(await itemsOf(replayed.table));
  });

  it('leaves out the captures of the sample, and names them, unless the table is of the sample too', async () => {
    const invented = aCapture({
      at: instant('2025-01-08T09:07:00Z'),
      papers: ranked(9),
      answer: { sent: [['user-agent', SAMPLE_USER_AGENT]] },
    });
    const mixed = await aWorkspace([...captures, invented]);
    const real = await aWorkspace(captures);
    await recordAll(real);
    const [left, ...more] = await recordSnapshotsByKey(mixed, mixed.keys);
    expect([left?.key, more]).toEqual([expect.stringContaining('/2025-01-08/20250108T090700Z-'), []]);
    expect(left?.error).toMatchObject({ code: 'SAMPLE', message: expect.stringContaining('invented') });
    expect(await itemsOf(mixed.table)).toEqual(await itemsOf(real.table));
    const sample = await aWorkspace([invented]);
    await markAsSample(sample.table);
    expect(await recordSnapshotsByKey(sample, sample.keys)).toEqual([]);
    expect((await itemsOf(sample.table)).some(({ pk }) => pk.startsWith('PAPER#'))).toBe(true);
  });

  it('changes nothing when it is repeated', async () => {
    const workspace = await aWorkspace(captures);
    await recordAll(workspace);
    const before = await itemsOf(workspace.table);
    await recordAll(workspace);
    expect(await itemsOf(workspace.table)).toEqual(before);
  });

  it('stores one content for a paper, whatever its upvotes', async () => {
    const workspace = await aWorkspace([
      aCapture({ at: instant('2025-01-08T06:07:00Z'), papers: [aPaper({ upvotes: 1, comments: 0, githubStars: 5 })] }),
      aCapture({ at: instant('2025-01-08T07:07:00Z'), papers: [aPaper({ upvotes: 2, comments: 1, githubStars: 6 })] }),
    ]);
    await recordAll(workspace);
    const own = (await itemsOf(workspace.table)).filter(({ pk }) => pk === 'PAPER#2501.00001');
    expect(own.map(({ sk }) => sk)).toEqual([expect.stringMatching(/^CONTENT#/), 'ON#daily#2025-01-08']);
    expect(own[0]).toMatchObject({ title: aPaper().content.title, authors: ['Ada Example', 'Ben Example'] });
    expect(own[0]).not.toHaveProperty('upvotes');
  });

  it('indexes a paper by title, authors, keywords and organization, with nothing that changes with upvotes', async () => {
    const workspace = await aWorkspace([captures[0] as (typeof captures)[0]]);
    await recordAll(workspace);
    const pointers = (await itemsOf(workspace.table)).filter(({ sk }) => sk.endsWith('2501.00001'));
    expect(pointers).toEqual([
      { pk: 'AUTHOR#ada-example', sk: '2025-01-08#2501.00001' },
      { pk: 'AUTHOR#ben-example', sk: '2025-01-08#2501.00001' },
      { pk: 'KEYWORD#long-reading', sk: '2025-01-08#2501.00001' },
      { pk: 'KEYWORD#tables', sk: '2025-01-08#2501.00001' },
      { pk: 'ORGANIZATION#acme', sk: '2025-01-08#2501.00001' },
      { pk: expect.stringMatching(/^TITLE#[0-9a-f]{16}$/), sk: '2501.00001' },
    ]);
  });

  it('names a damaged snapshot and goes on with the others', async () => {
    const workspace = await aWorkspace(captures);
    const [first, second, third] =
      groupByListDay(workspace.keys).find(({ listDay }) => listDay.day === DAY)?.keys ?? [];
    workspace.archive.files.set(second as string, new TextEncoder().encode('not a snapshot'));
    workspace.archive.files.delete(third as string);
    const damaged = await recordSnapshotsByKey(workspace, [first, second, third] as string[]);
    expect(damaged.map(({ key, error }) => [key, (error as PaperkeepError).code])).toEqual([
      [second, 'SNAPSHOT_DAMAGED'],
      [third, 'SNAPSHOT_MISSING'],
    ]);
    expect(decodeSummary(await workspace.table.get(summaryKey(DAILY)))?.standing).toMatchObject({
      captures: 1,
      papers: 2,
    });
  });

  it('reports every snapshot as done, damaged ones included', async () => {
    const workspace = await aWorkspace(captures);
    workspace.archive.files.set(workspace.keys[0] as string, new Uint8Array([1]));
    const steps: number[] = [];
    await recordSnapshotsByKey(workspace, workspace.keys, (done) => steps.push(done));
    expect(steps.at(-1)).toBe(captures.length);
  });

  it('lets other work go on between two snapshots', async () => {
    const workspace = await aWorkspace(captures);
    const snapshots = await Promise.all(workspace.keys.map(workspace.read));
    let turns = 0;
    let isRecording = true;
    const takeTurn = () => {
      turns += 1;
      if (isRecording) setImmediate(takeTurn);
    };
    setImmediate(takeTurn);
    await recordSnapshots(workspace, snapshots);
    isRecording = false;
    expect(turns).toBeGreaterThanOrEqual(snapshots.length);
  });

  it('fails when the archive cannot be reached, since no snapshot is at fault', async () => {
    const workspace = await aWorkspace(captures);
    const read = async () => {
      throw new PaperkeepError({ code: 'ARCHIVE_REFUSED', message: 'the archive is away', hint: 'bring it back' });
    };
    await expect(recordSnapshotsByKey({ ...workspace, read }, workspace.keys)).rejects.toThrow('the archive is away');
  });
});

describe('grouping keys by list day', () => {
  it('keeps their order and leaves out what is not a key', () => {
    const a = 'raw/daily/2025-01-08/20250108T060700Z-0123456789ab.warc.gz';
    const b = 'raw/watched=agents/2025-01-08/20250108T060700Z-0123456789ab.warc.gz';
    const c = 'raw/daily/2025-01-08/20250108T050700Z-0123456789ab.warc.gz';
    expect(groupByListDay([a, 'raw/notes.txt', b, c])).toEqual([
      { listDay: { list: 'daily', day: '2025-01-08' }, keys: [a, c] },
      { listDay: { list: 'watched:agents', day: '2025-01-08' }, keys: [b] },
    ]);
  });
});

describe('reconciling', () => {
  it('reads the listings consistently: one that another process just put is not recorded again', async () => {
    const workspace = await aWorkspace(captures);
    const ranges: KeyRange[] = [];
    const range = (asked: KeyRange) => {
      ranges.push(asked);
      return workspace.table.range(asked);
    };
    await reconcile({ ...workspace, table: { ...workspace.table, range } }, [DAILY]);
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges.filter(({ pk, consistent }) => pk === listPk(DAILY) && !consistent)).toEqual([]);
  });

  const listDays = [DAILY, TRENDING, { list: 'daily', day: day('2025-01-07') } as const];

  it('records what was archived and not recorded', async () => {
    const whole = await aWorkspace(captures);
    await recordAll(whole);
    const workspace = await aWorkspace(captures);
    await recordAll(workspace, [workspace.keys[1] as string]);
    expect(await reconcile(workspace, listDays)).toEqual({ recorded: captures.length - 1, damaged: [] });
    expect(await itemsOf(workspace.table)).toEqual(await itemsOf(whole.table));
  });

  it('changes nothing where everything is recorded', async () => {
    const workspace = await aWorkspace(captures);
    await recordAll(workspace);
    const before = await itemsOf(workspace.table);
    expect(await reconcile(workspace, listDays)).toEqual({ recorded: 0, damaged: [] });
    expect(await itemsOf(workspace.table)).toEqual(before);
  });

  it('reads the given list days and no others', async () => {
    const workspace = await aWorkspace(captures);
    expect(await reconcile(workspace, [TRENDING])).toEqual({ recorded: 1, damaged: [] });
    expect(await workspace.table.range({ pk: listPk(DAILY) })).toEqual([]);
  });

  it('folds a partition whose summary was not written', async () => {
    const workspace = await aWorkspace(captures);
    await recordAll(workspace);
    const before = await itemsOf(workspace.table);
    await workspace.table.delete(summaryKey(DAILY));
    expect(await reconcile(workspace, listDays)).toEqual({ recorded: 0, damaged: [] });
    expect(await itemsOf(workspace.table)).toEqual(before);
  });

  it('names what is damaged, records the rest, and names it again the next time', async () => {
    const workspace = await aWorkspace(captures);
    const [bad] = workspace.keys;
    workspace.archive.files.set(bad as string, new Uint8Array([1, 2, 3]));
    for (const recorded of [captures.length - 1, 0]) {
      const report = await reconcile(workspace, listDays);
      expect(report.recorded).toBe(recorded);
      expect(report.damaged.map(({ key }) => key)).toEqual([bad]);
    }
  });
});

describe('a content that the table lost', () => {
  const lost = async () => {
    const workspace = await aWorkspace(captures);
    await recordAll(workspace);
    const before = await itemsOf(workspace.table);
    const contents = before.filter(({ sk }) => sk.startsWith('CONTENT#'));
    for (const item of contents) await workspace.table.delete(item);
    return { workspace, before };
  };

  it('is restored by recording the snapshots again', async () => {
    const { workspace, before } = await lost();
    await recordAll(workspace);
    expect(await itemsOf(workspace.table)).toEqual(before);
  });

  it('is restored by reconciling its list day', async () => {
    const { workspace, before } = await lost();
    const listDays = groupByListDay(workspace.keys).map(({ listDay }) => listDay);
    expect((await reconcile(workspace, listDays)).damaged).toEqual([]);
    expect(await itemsOf(workspace.table)).toEqual(before);
  });
});

describe('catching up', () => {
  const NOW = instant('2025-01-20T12:00:00Z');
  /** A workspace whose archive got the snapshots of each list day so many days ago; remembers which days were asked for. */
  const agedWorkspace = async (ages: Readonly<Record<string, number>>) => {
    const workspace = await aWorkspace(
      Object.keys(ages).map((on) => aCapture({ day: day(on), at: instant(`${on}T06:07:00Z`), papers: ranked(1) })),
    );
    const listed: string[] = [];
    const archive: SnapshotStore = {
      ...workspace.archive,
      list(prefix, from) {
        listed.push(prefix.slice('raw/daily/'.length, -1));
        return workspace.archive.list(prefix, from);
      },
      touched: async (since) =>
        Object.entries(ages)
          .filter(([, age]) => addDays(dayOf(NOW), -age) >= dayOf(since))
          .map(([on]) => ({ list: 'daily', day: day(on) })),
    };
    return { ...workspace, archive, listed };
  };

  it('records a snapshot of four days ago', async () => {
    const workspace = await agedWorkspace({ '2024-06-01': 4 });
    expect(await reconcileRecent(workspace, NOW)).toEqual({ recorded: 1, damaged: [] });
    expect(await reconcileRecent(workspace, NOW)).toEqual({ recorded: 0, damaged: [] });
  });

  it('looks back as long as the table lacks something, and not farther', async () => {
    const workspace = await agedWorkspace({ '2024-06-01': 3, '2024-06-02': 7, '2024-06-03': 14, '2024-06-04': 30 });
    const [, , recorded = ''] = workspace.keys;
    await recordAll(workspace, [recorded]);
    expect((await reconcileRecent(workspace, NOW)).recorded).toBe(2);
    expect(new Set(workspace.listed)).toEqual(new Set(['2024-06-01', '2024-06-02', '2024-06-03']));
  });

  it('never looks back farther than 64 days', async () => {
    const workspace = await agedWorkspace({ '2024-06-01': 63, '2024-06-02': 65 });
    expect((await reconcileRecent(workspace, NOW)).recorded).toBe(1);
    expect(workspace.listed).not.toContain('2024-06-02');
  });
});

describe('an archive with files that the system cannot read', () => {
  const root = mkdtempSync(join(tmpdir(), 'paperkeep-unreadable-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is recorded, verified and restored past them', async () => {
    const memory = await aWorkspace(captures);
    const [folder = '', dangling = '', loop = '', badBlock = ''] = memory.keys;
    const files = {
      ...nodeFiles,
      readFile: (async (path: string) => {
        if (path.endsWith(badBlock)) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
        return nodeFiles.readFile(path);
      }) as typeof nodeFiles.readFile,
    };
    const archive = createFileStore(root, files);
    for (const key of memory.keys) await archive.putIfAbsent(key, memory.archive.files.get(key) as Uint8Array);
    for (const key of [folder, dangling, loop]) rmSync(join(root, key));
    mkdirSync(join(root, folder));
    symlinkSync(join(root, 'nowhere'), join(root, dangling));
    symlinkSync(join(root, loop), join(root, loop));
    const deps = { ...memory, archive, read: (key: string) => readSnapshot(archive, key) };

    const unreadable = [folder, dangling, loop, badBlock];
    const listDays = groupByListDay(memory.keys).map(({ listDay }) => listDay);
    const { recorded, damaged } = await reconcile(deps, listDays);
    expect(recorded).toBe(captures.length - unreadable.length);
    expect(new Set(damaged.map(({ key }) => key))).toEqual(new Set(unreadable));
    expect(new Set((await recordSnapshotsByKey(deps, memory.keys)).map(({ key }) => key))).toEqual(new Set(unreadable));
    const found = await verifyArchive(deps, {});
    expect(found.findings.map(({ what }) => what)).toEqual(unreadable.map(() => 'damaged'));

    const restored = await verifyArchive(deps, { restoreFrom: memory.archive, fix: true });
    expect(restored.findings.filter(({ fixed }) => !fixed).map(({ name }) => name)).toEqual([]);
    const intact = createFileStore(root);
    expect((await verifyArchive({ ...deps, read: (key) => readSnapshot(intact, key) }, {})).findings).toEqual([]);
  });
});
