import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { type VerifyOptions, verifyArchive } from '../../shared/record/verify.ts';
import { createDynamoStore, createDynamoTable } from '../../shared/table/dynamo.ts';
import { LEASE_KEY, listPk, paperPk, summaryKey } from '../../shared/table/keys.ts';
import { SCHEMA_KEY } from '../../shared/table/open.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { Item, TableStore } from '../../shared/table/store.ts';
import { aCapture, aPaper, DAILY, DAY, day, instant, ranked } from '../support/build.ts';
import { type Emulator, startDynalite } from '../support/dynalite.ts';
import { archived } from '../support/snapshots.ts';
import { aWorkspace, itemsOf, recordAll, type TestWorkspace } from './workspace.ts';

const TRENDING = { list: 'trending', day: day('2025-01-09') } as const;
const captures: Capture[] = [
  aCapture({ at: instant('2025-01-08T06:07:00Z'), papers: ranked(1, 2) }),
  aCapture({
    at: instant('2025-01-08T07:07:00Z'),
    papers: [...ranked(2), aPaper({ id: '2501.00007', title: 'Seen once' })],
  }),
  aCapture({ at: instant('2025-01-08T08:07:00Z'), papers: ranked(1, 2) }),
  aCapture({ ...TRENDING, at: instant('2025-01-09T06:07:00Z'), papers: ranked(3) }),
];
const ALL = { from: null, to: null };

const verify = (workspace: TestWorkspace, options: VerifyOptions = {}) => verifyArchive(workspace, options);
const check = async (workspace: TestWorkspace, range: VerifyOptions['range'] = ALL): Promise<string[]> =>
  (await verify(workspace, { range })).findings.map(({ what, name }) => `${what} ${name}`);
/** The table here has few rows, of which each is more than 1 %. */
const fix = (workspace: TestWorkspace) => verify(workspace, { fix: true, removeMany: true });

describe.each(['SQLite', 'dynalite'])('verifying on %s', (where) => {
  let emulator: Emulator | null = null;
  let tables = 0;
  beforeAll(async () => {
    if (where === 'dynalite') emulator = await startDynalite();
  });
  afterAll(() => emulator?.stop());

  async function newTable(): Promise<TableStore> {
    if (!emulator) return openSqliteTable(':memory:');
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    const client = new DynamoDBClient({ endpoint: emulator.endpoint, region: 'eu-central-1', credentials });
    const table = `table-${++tables}`;
    await createDynamoTable(table, client);
    return createDynamoStore(table, client);
  }
  async function aRecordedWorkspace(): Promise<TestWorkspace & { readonly before: Item[] }> {
    const workspace = await aWorkspace(captures, await newTable());
    await recordAll(workspace);
    return { ...workspace, before: await itemsOf(workspace.table) };
  }

  it('finds nothing on a good archive, and counts what it checked', async () => {
    const workspace = await aRecordedWorkspace();
    await workspace.table.put({ ...LEASE_KEY, holder: 'somebody', expires: '2025-01-08T09:00:00Z' });
    await workspace.table.put({ ...SCHEMA_KEY, version: 1 });
    const steps: string[] = [];
    const report = await verifyArchive(workspace, { fix: true }, (done, of) => steps.push(`${done}/${of}`));
    expect(report).toEqual({ findings: [], snapshots: 4, rows: workspace.before.length, fixed: 0 });
    expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(await itemsOf(workspace.table)).toHaveLength(workspace.before.length + 2);
  });

  it('finds what is not recorded, and records it', async () => {
    const workspace = await aWorkspace(captures, await newTable());
    await recordAll(workspace, workspace.keys.slice(1));
    expect(await check(workspace)).toContain(
      `unrecorded ${listPk(DAILY)} AT#2025-01-08T06:07:00Z#${digestOf(workspace.keys[0])}`,
    );
    await fix(workspace);
    expect(await itemsOf(workspace.table)).toEqual((await aRecordedWorkspace()).before);
  });

  it('finds every row that was deleted, was changed by hand, or was invented, and repairs it', async () => {
    const workspace = await aRecordedWorkspace();
    const kindOf = ({ pk, sk }: Item) => `${pk.replace(/#.*/, '#')} ${/^#?[A-Z]+/.exec(sk)?.[0] ?? ''}`;
    const kinds = new Map(workspace.before.map((item) => [kindOf(item), item]));
    for (const { pk, sk } of kinds.values()) {
      await workspace.table.delete({ pk, sk });
      expect(await check(workspace)).toEqual([`unrecorded ${pk} ${sk}`]);
      await workspace.table.put({ pk, sk, another: 'thing' });
      expect(await check(workspace)).toEqual([`different ${pk} ${sk}`]);
      expect(await fix(workspace)).toMatchObject({ fixed: 1 });
      await workspace.table.put({ pk, sk: `${sk}0`, another: 'thing' });
      expect(await check(workspace)).toEqual([`orphan ${pk} ${sk}0`]);
      expect(await fix(workspace)).toMatchObject({ fixed: 1 });
      expect(await itemsOf(workspace.table)).toEqual(workspace.before);
    }
    expect([...kinds.keys()]).toHaveLength(10);
  });

  it('names a snapshot of which one byte was flipped, wherever it is, and nothing else', async () => {
    const workspace = await aRecordedWorkspace();
    const key = workspace.keys[1] as string;
    const good = workspace.archive.files.get(key) as Uint8Array;
    for (let at = 0; at < good.length; at += Math.ceil(good.length / (where === 'SQLite' ? 60 : 3))) {
      workspace.archive.files.set(key, good.with(at, (good[at] as number) ^ 0x40));
      expect([at, await check(workspace)]).toEqual([at, [`damaged ${key}`]]);
    }
  });

  it('keeps the rows and contents of a damaged snapshot, which may be all that is left', async () => {
    const workspace = await aRecordedWorkspace();
    const [key] = workspace.keys.filter((name) => name.includes('T0707'));
    workspace.archive.files.set(key as string, new Uint8Array([1]));
    expect(await fix(workspace)).toMatchObject({ findings: [{ what: 'damaged', name: key }], fixed: 0 });
    expect(await itemsOf(workspace.table)).toEqual(workspace.before);
    expect(workspace.before.filter(({ title }) => title === 'Seen once')).toHaveLength(1);
  });

  it('names an intact snapshot that is not the file that was recorded', async () => {
    const workspace = await aRecordedWorkspace();
    const [key] = workspace.keys;
    const row = (await workspace.table.range({ pk: listPk(DAILY) })).find((item) => item.key === key) as Item;
    await workspace.table.put({ ...row, sha256: 'f'.repeat(64) });
    expect(await check(workspace)).toEqual([`damaged ${key}`]);
  });

  it('names a damaged snapshot that was never recorded, and repairs the rest', async () => {
    const workspace = await aWorkspace(captures, await newTable());
    workspace.archive.files.set(workspace.keys[0] as string, new Uint8Array([1]));
    await fix(workspace);
    expect(await check(workspace)).toEqual([`damaged ${workspace.keys[0]}`]);
    expect(await workspace.table.get(summaryKey(DAILY))).toMatchObject({ standing: { captures: 2 } });
  });

  it('reports a list whose snapshots are gone as orphans, and keeps the papers that other lists show', async () => {
    const workspace = await aRecordedWorkspace();
    for (const key of workspace.keys.filter((name) => name.includes('trending'))) workspace.archive.files.delete(key);
    const findings = await check(workspace);
    expect(findings).toContain(`orphan ${listPk(TRENDING)} #SUMMARY`);
    expect(findings).toContain(`orphan ${paperPk('2501.00003')} ON#trending#2025-01-09`);
    expect(findings.every((finding) => finding.startsWith('orphan '))).toBe(true);
    await fix(workspace);
    expect(await check(workspace)).toEqual([]);
    expect(await workspace.table.range({ pk: paperPk('2501.00002') })).toHaveLength(2);
    expect(await workspace.table.range({ pk: paperPk('2501.00003') })).toEqual([]);
  });

  it('does not empty the table where the archive is empty, since its rows may be all that is left', async () => {
    const workspace = await aRecordedWorkspace();
    workspace.archive.files.clear();
    expect((await check(workspace)).length).toBeGreaterThan(10);
    for (const range of [ALL, { from: null, to: DAY }])
      await expect(verify(workspace, { range, fix: true, removeMany: true })).rejects.toMatchObject({
        code: 'ARCHIVE_EMPTY',
      });
    expect(await itemsOf(workspace.table)).toEqual(workspace.before);
  });

  it('removes no row when more than 1 % of them have no snapshot, unless the caller confirms it', async () => {
    const workspace = await aRecordedWorkspace();
    for (const key of workspace.keys.filter((name) => name.includes('T0707'))) workspace.archive.files.delete(key);
    await expect(verify(workspace, { fix: true })).rejects.toMatchObject({
      code: 'REMOVAL_REFUSED',
      message: expect.stringMatching(/^\d+ of \d+ rows follow from no snapshot in memory:: none was removed$/),
    });
    const listing = `AT#2025-01-08T07:07:00Z#`;
    const rows = await workspace.table.range({ pk: listPk(DAILY), from: listing, to: `${listing}~` });
    expect(rows).toHaveLength(1);
    await fix(workspace);
    expect(await check(workspace)).toEqual([]);
  });

  it('removes no whole month of a list unless the caller confirms it, however few rows that are', async () => {
    const workspace = await aRecordedWorkspace();
    await workspace.table.putMany(
      Array.from({ length: 1000 }, (_, at) => ({ pk: listPk(DAILY), sk: `AT#2025-01-08T23:59:59Z#${at}`, epoch: 1 })),
    );
    const stray = { pk: 'CALENDAR', sk: 'daily#2024-12' };
    await workspace.table.put(stray);
    const range = workspace.table.range;
    const listed = { ...workspace.table, range };
    await expect(verify({ ...workspace, table: listed }, { fix: true })).rejects.toMatchObject({
      code: 'REMOVAL_REFUSED',
      message: expect.stringContaining('among them all of daily#2024-12'),
    });
    expect(await workspace.table.get(stray)).toEqual(stray);
  });

  it('restores a damaged and a missing snapshot from another archive, and keeps the damaged bytes', async () => {
    const workspace = await aRecordedWorkspace();
    const restoreFrom = await archived(...captures);
    const [damaged = '', missing = ''] = workspace.keys;
    const intact = new Map(workspace.archive.files);
    workspace.archive.files.set(damaged, new Uint8Array([1, 2, 3]));
    workspace.archive.files.delete(missing);
    const report = await verify(workspace, { restoreFrom });
    expect(report.findings.map(({ what, name, fixed }) => [what, name, fixed])).toEqual([
      ['damaged', missing, true],
      ['damaged', damaged, true],
    ]);
    expect(workspace.archive.files).toEqual(intact);
    expect(workspace.archive.aside).toEqual(new Map([[damaged, new Uint8Array([1, 2, 3])]]));
    expect(await check(workspace)).toEqual([]);
  });

  it('names the snapshot that is missing, and restores it from another archive even after its rows were removed', async () => {
    const workspace = await aRecordedWorkspace();
    const [missing = ''] = workspace.keys;
    workspace.archive.files.delete(missing);
    const { findings } = await verify(workspace, { fix: true, removeMany: true });
    expect(findings.map(({ why }) => why)).toContain(`its snapshot ${missing} is missing`);
    const report = await verify(workspace, { restoreFrom: await archived(...captures), fix: true });
    expect(report.findings).toContainEqual(expect.objectContaining({ name: missing, fixed: true }));
    expect(await check(workspace)).toEqual([]);
  });

  it('refuses to restore from an archive without snapshots, since a wrong path must not look like a backup', async () => {
    const workspace = await aRecordedWorkspace();
    await expect(verify(workspace, { restoreFrom: await archived() })).rejects.toMatchObject({
      code: 'NOTHING_TO_COPY',
    });
  });

  it('restores no snapshot that is damaged in the other archive too, or is not the one that was recorded', async () => {
    const workspace = await aRecordedWorkspace();
    const restoreFrom = await archived(...captures);
    const [first = '', second = ''] = workspace.keys;
    for (const key of [first, second]) workspace.archive.files.set(key, new Uint8Array([1]));
    restoreFrom.files.set(first, new Uint8Array([2]));
    const row = (await workspace.table.range({ pk: listPk(DAILY) })).find(({ key }) => key === second) as Item;
    await workspace.table.put({ ...row, sha256: 'f'.repeat(64) });
    const { findings } = await verify(workspace, { restoreFrom });
    expect(findings.map(({ name, fixed }) => [name, fixed])).toEqual([
      [first, false],
      [second, false],
    ]);
    expect(workspace.archive.files.get(first)).toEqual(new Uint8Array([1]));
    expect(workspace.archive.aside.size).toBe(0);
  });

  it('reports a content that the table lacks, also where the snapshot that holds it is damaged', async () => {
    const workspace = await aRecordedWorkspace();
    const [content] = workspace.before.filter(({ title }) => title === 'Seen once');
    await workspace.table.delete(content as Item);
    const missing = `unrecorded ${content?.pk} ${content?.sk}`;
    expect(await check(workspace)).toEqual([missing]);
    const [key = ''] = workspace.keys.filter((name) => name.includes('T0707'));
    workspace.archive.files.set(key, new Uint8Array([1]));
    const [first, second, ...pointers] = await check(workspace);
    expect([first, second]).toEqual([`damaged ${key}`, missing]);
    // what pointed to the paper followed from that content
    expect(pointers.every((finding) => /^orphan (AUTHOR|KEYWORD|ORGANIZATION|TITLE)#/.test(finding))).toBe(true);
  });

  it('reads only the lists of a given range', async () => {
    const workspace = await aRecordedWorkspace();
    for (const listDay of [DAILY, TRENDING]) {
      await workspace.table.delete(summaryKey(listDay));
      await workspace.table.put({ pk: listPk(listDay), sk: 'AT#invented' });
    }
    await workspace.table.put({ pk: paperPk('2501.99999'), sk: 'CONTENT#000000000000', title: 'Invented' });
    expect(await check(workspace, { from: TRENDING.day, to: null })).toEqual([
      `unrecorded ${listPk(TRENDING)} #SUMMARY`,
      `orphan ${listPk(TRENDING)} AT#invented`,
    ]);
    expect(await check(workspace, { from: null, to: DAY })).toEqual([
      `unrecorded ${listPk(DAILY)} #SUMMARY`,
      `orphan ${listPk(DAILY)} AT#invented`,
    ]);
  });

  it('does not report as an orphan what was archived and recorded while it ran', async () => {
    const workspace = await aRecordedWorkspace();
    const late = aCapture({
      at: instant('2025-01-08T09:07:00Z'),
      papers: [...ranked(1), aPaper({ id: '2501.00008' })],
    });
    const table: TableStore = {
      ...workspace.table,
      async *scan() {
        const { key } = await archiveCapture(workspace.archive, late);
        await recordAll(workspace, [key]);
        yield* workspace.table.scan();
      },
    };
    expect(await verify({ ...workspace, table }, { fix: true })).toMatchObject({ findings: [], fixed: 0 });
    expect(await check(workspace)).toEqual([]);
  });
});

const digestOf = (key: string | undefined) => key?.slice(-20, -8);
