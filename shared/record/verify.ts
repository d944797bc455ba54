import type { SnapshotStore } from '../archive/store.ts';
import { isSnapshotDamage, readSnapshot } from '../archive/warc/read-snapshot.ts';
import type { Snapshot } from '../archive/warc/write-snapshot.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { type Day, FIRST_DAY, LAST_DAY } from '../lib/time.ts';
import { type ListDay, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import { readCalendar, readListMonths } from '../table/calendar.ts';
import { decodeContent } from '../table/contents.ts';
import {
  createAppearanceItems,
  createSummaryItems,
  decodeListing,
  encodeListing,
  type ListingItem,
} from '../table/items.ts';
import {
  ALL_LISTINGS,
  contentKey,
  formatKey,
  LEASE_KEY,
  listingKey,
  listPk,
  MONTHS_PK,
  monthKey,
  parseListPk,
  SPENDING_KEY,
} from '../table/keys.ts';
import { SCHEMA_KEY } from '../table/open.ts';
import type { Item, Key, TableStore } from '../table/store.ts';
import { foldListings } from './fold.ts';
import { type CaptureItems, createPointerItems } from './items.ts';
import { type DamagedSnapshot, groupByListDay, listKeys, type ReplayDeps } from './reconcile.ts';
import { foldListDays, parseSnapshotItems } from './recorder.ts';

/**
 * A problem with one snapshot or one row. `damaged`: a snapshot that cannot be read, or is not the file that was recorded. `unrecorded`: the
 * table lacks a row that follows from a snapshot. `different`: the table has another row. `orphan`: a row that follows from no snapshot.
 */
export type Finding = {
  readonly what: 'damaged' | 'unrecorded' | 'different' | 'orphan';
  readonly name: string;
  readonly why: string;
  readonly fixed: boolean;
};

/** The result of verifying; `snapshots` and `rows` count what was checked, `fixed` the findings that were fixed. */
export type VerifyReport = {
  readonly findings: readonly Finding[];
  readonly snapshots: number;
  readonly rows: number;
  readonly fixed: number;
};

/** What to verify, and what may be changed. */
export type VerifyOptions = {
  /** The list days to verify, ends included; null: open. All unless given. */
  readonly range?: { readonly from: Day | null; readonly to: Day | null };
  /** Changes the table so that it follows from the snapshots. */
  readonly fix?: boolean;
  /** Lets `fix` remove more than 1 % of the rows, and whole months. */
  readonly removeMany?: boolean;
  /** Another archive, from which damaged and missing snapshots are restored. */
  readonly restoreFrom?: SnapshotStore | null;
};

const ALL_DAYS = { from: null, to: null };
/** The share of the rows that `fix` removes without `removeMany`. */
const REMOVABLE_SHARE = 0.01;

/** True for rows that do not come from snapshots. */
const isOwnRow = ({ pk }: Key): boolean => [LEASE_KEY, SCHEMA_KEY, SPENDING_KEY].some((own) => own.pk === pk);

/**
 * Reads every snapshot and compares what follows from it with the table, row for row; then looks for rows that follow from no snapshot.
 * Continues past what cannot be read; the rows of a damaged snapshot stay. In a range it looks for such rows only in partitions of its list
 * days. Other processes may collect and record meanwhile.
 *
 * @param onProgress Called with the number of snapshots that are done, and of all.
 * @throws PaperkeepError `ARCHIVE_EMPTY` with `fix` when the table has rows and the archive no snapshot; `REMOVAL_REFUSED` when `fix` would
 * remove many rows.
 */
export async function verifyArchive(
  deps: ReplayDeps,
  { range = ALL_DAYS, fix = false, removeMany = false, restoreFrom = null }: VerifyOptions,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<VerifyReport> {
  const { archive, table } = deps;
  const inRange = ({ day }: ListDay) => (!range.from || day >= range.from) && (!range.to || day <= range.to);
  const findings: Finding[] = [];
  const unreadable = new Map<string, DamagedSnapshot>();
  /** All keys by list day; those in folders that cannot be read from the table, so that their rows stay. */
  const listGroups = async () => {
    const keys = await listKeys(archive, 'raw/', (folder) => unreadable.set(folder.key, folder));
    const hidden = await listRecordedKeys(table, [...unreadable.keys()]);
    return groupByListDay([...keys, ...hidden]).filter(({ listDay }) => inRange(listDay));
  };
  const expected = new Set<string>();
  const changed: ListDay[] = [];

  const restored = restoreFrom ? await restoreMissing(deps, restoreFrom, inRange) : [];
  findings.push(...restored);
  const groups = await listGroups();
  for (const { key, error } of unreadable.values())
    findings.push({ what: 'damaged', name: key, why: errorMessage(error), fixed: false });
  const known = new Set(groups.flatMap(({ keys }) => keys));
  let done = 0;
  for (const { listDay, keys } of groups) {
    const read = (keys: readonly string[], step: () => void) => readListDay(deps, listDay, keys, restoreFrom, step);
    let rows = await read(keys, () => onProgress(++done, known.size));
    let wrong = await compareItems(table, rows.items);
    if (wrong.length > 0) {
      // another process may have recorded a capture since the keys were listed
      const current = await listKeys(archive, snapshotPrefix(listDay), () => {});
      if (current.length > keys.length) {
        rows = await read(current, () => {});
        wrong = await compareItems(table, rows.items);
      }
    }
    for (const item of rows.items) expected.add(formatKey(item));
    findings.push(...rows.findings, ...wrong.map(({ finding }) => ({ ...finding, fixed: fix })));
    if (!fix || wrong.length === 0) continue;
    for (const { item } of wrong) await table.put(item);
    changed.push(listDay);
  }

  let rows = 0;
  const unknown: Key[] = [];
  for await (const { pk, sk } of table.scan()) {
    const listDay = parseListPk(pk);
    if (isOwnRow({ pk, sk }) || ((range.from || range.to) && !(listDay && inRange(listDay)))) continue;
    rows += 1;
    if (!expected.has(formatKey({ pk, sk }))) unknown.push({ pk, sk });
  }
  // rows of snapshots that came after the keys were listed
  for (const { listDay, keys } of (await listGroups()).filter(({ keys }) => keys.some((key) => !known.has(key)))) {
    const { items } = await readListDay(deps, listDay, keys, null, () => {});
    for (const item of items) expected.add(formatKey(item));
  }
  const orphans = unknown.filter((key) => !expected.has(formatKey(key)));
  if (fix && orphans.length > 0) await checkRemoval(deps, orphans, rows, removeMany);
  for (const key of orphans) {
    const why = await explainOrphan(table, key);
    findings.push({ what: 'orphan', name: formatKey(key), why, fixed: fix });
    if (fix) await table.delete(key);
  }
  // a capture that another process recorded meanwhile may be missing in a summary that was just put
  if (changed.length > 0) await foldListDays(table, changed);
  return { findings, snapshots: known.size, rows, fixed: findings.filter(({ fixed }) => fixed).length };
}

/** Why a row has no snapshot. The row of a listing names the snapshot that it came from, which another archive may still have. */
async function explainOrphan(table: TableStore, key: Key): Promise<string> {
  if (key.pk === MONTHS_PK) return 'no list of that month has a snapshot';
  const row = parseListPk(key.pk) && key.sk.startsWith(ALL_LISTINGS.from) ? await table.get(key) : null;
  return row ? `its snapshot ${decodeListing(row).key} is missing` : 'it follows from no snapshot';
}

/** The keys of the snapshots that the table has rows of, below folders of the archive. */
async function listRecordedKeys(table: TableStore, folders: readonly string[]): Promise<string[]> {
  if (folders.length === 0) return [];
  const keys: string[] = [];
  for (const [list] of await readListMonths(table)) {
    const days = await readCalendar(table, list, FIRST_DAY, LAST_DAY);
    for (const { listDay } of days.filter(({ listDay }) =>
      folders.some((one) => snapshotPrefix(listDay).startsWith(one)),
    )) {
      const listings = await table.range({ pk: listPk(listDay), ...ALL_LISTINGS });
      keys.push(...listings.map((item) => decodeListing(item).key));
    }
  }
  return keys;
}

/** Throws where removing rows would more likely lose data than correct it: the archive may be an empty or unmounted folder. */
async function checkRemoval({ archive }: ReplayDeps, orphans: readonly Key[], rows: number, removeMany: boolean) {
  const hint = 'check that PAPERKEEP_ARCHIVE names the right place, and that its disk is mounted';
  if ((await listKeys(archive, 'raw/', () => {})).length === 0) {
    const message = `the archive ${archive.url} has no snapshots, and the table has rows, which may be all that is left: no row was removed`;
    throw new PaperkeepError({ code: 'ARCHIVE_EMPTY', message, hint });
  }
  const months = orphans.filter(({ pk }) => pk === MONTHS_PK).map(({ sk }) => sk);
  if (removeMany || (orphans.length <= rows * REMOVABLE_SHARE && months.length === 0)) return;
  const whole = months.length === 0 ? '' : `, among them all of ${months.join(', ')}`;
  const message = `${orphans.length} of ${rows} rows follow from no snapshot in ${archive.url}${whole}: none was removed`;
  throw new PaperkeepError({ code: 'REMOVAL_REFUSED', message, hint });
}

/** All items that follow from the snapshots of a list day; of a damaged one the items that the table has. */
async function readListDay(
  deps: ReplayDeps,
  listDay: ListDay,
  keys: readonly string[],
  restoreFrom: SnapshotStore | null,
  step: () => void,
): Promise<{ readonly items: Item[]; readonly findings: Finding[] }> {
  const { table } = deps;
  const stored = (await table.range({ pk: listPk(listDay), ...ALL_LISTINGS, consistent: true })).map(decodeListing);
  const storedByKey = new Map(stored.map((listing) => [listing.key, listing]));
  const items = new Map<string, Item>();
  const add = (more: readonly Item[]) => {
    for (const item of more) items.set(formatKey(item), item);
  };
  const listings: ListingItem[] = [];
  const findings: Finding[] = [];
  for (const key of keys) {
    const row = storedByKey.get(key);
    let recorded = await readBack(deps, key, row?.sha256);
    if (typeof recorded === 'string') {
      const damage = recorded;
      if (restoreFrom) recorded = await restore(deps, restoreFrom, key, row?.sha256);
      const fixed = typeof recorded !== 'string';
      const why = fixed || !restoreFrom ? damage : `${damage}; ${recorded}`;
      findings.push({ what: 'damaged', name: key, why, fixed });
    }
    if (typeof recorded !== 'string') {
      const { listing, contents } = recorded;
      add([...contents.flatMap(({ content, pointers }) => [...pointers, content]), encodeListing(listing)]);
      listings.push(listing);
    } else if (row) {
      const { found, missing } = await readStoredContents(table, row);
      add([...found, encodeListing(row)]);
      listings.push(row);
      const why = `the table lacks it, and ${key}, from which it follows, is damaged`;
      findings.push(
        ...missing.map((item): Finding => ({ what: 'unrecorded', name: formatKey(item), why, fixed: false })),
      );
    }
    step();
  }
  const summary = foldListings(listDay, listings);
  if (summary) add([monthKey(listDay), ...createAppearanceItems(listDay, summary.papers)]);
  if (summary) add(Object.values(createSummaryItems(listDay, summary)));
  return { items: [...items.values()], findings };
}

/** Reads a snapshot and creates its items; returns why not where it is damaged, or not the file that was recorded. */
async function readBack(deps: ReplayDeps, key: string, sha256: string | undefined): Promise<CaptureItems | string> {
  try {
    return checkDigest(parseSnapshotItems(deps.parsers, await deps.read(key)), sha256);
  } catch (error) {
    if (isSnapshotDamage(error)) return errorMessage(error);
    throw error;
  }
}

const checkDigest = (recorded: CaptureItems, sha256: string | undefined): CaptureItems | string =>
  sha256 === undefined || recorded.listing.sha256 === sha256
    ? recorded
    : `its SHA-256 is ${recorded.listing.sha256}, recorded was ${sha256}`;

/** Replaces a snapshot by that of another archive, and keeps the damaged file; returns why not where that is damaged too. */
async function restore(
  { archive, parsers }: ReplayDeps,
  from: SnapshotStore,
  key: string,
  sha256: string | undefined,
): Promise<CaptureItems | string> {
  let snapshot: Snapshot;
  try {
    snapshot = await readSnapshot(from, key);
  } catch (error) {
    if (isSnapshotDamage(error)) return `not restored: ${errorMessage(error)}`;
    throw error;
  }
  const recorded = checkDigest(parseSnapshotItems(parsers, snapshot), sha256);
  if (typeof recorded === 'string') return `not restored: in ${from.url} ${recorded}`;
  if (!archive.setAside) return `not restored: ${archive.url} does not allow to replace a snapshot`;
  try {
    await archive.setAside(key);
    await archive.putIfAbsent(key, snapshot.bytes);
    return recorded;
  } catch (error) {
    // its folder may be damaged too
    if (error instanceof PaperkeepError && error.code === 'ARCHIVE_REFUSED') return `not restored: ${error.message}`;
    throw error;
  }
}

/**
 * Restores the snapshots that the other archive has and this one lacks, also those whose rows are gone.
 *
 * @throws PaperkeepError `NOTHING_TO_COPY` for another archive without snapshots: a wrong path must not look like a backup
 */
async function restoreMissing(
  deps: ReplayDeps,
  from: SnapshotStore,
  inRange: (listDay: ListDay) => boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const there = new Set(await listKeys(deps.archive, 'raw/', () => {}));
  const backup = await listKeys(from, 'raw/', () => {});
  if (backup.length === 0) {
    const message = `${from.url} holds no snapshots`;
    throw new PaperkeepError({ code: 'NOTHING_TO_COPY', message, hint: 'check that this is the right place' });
  }
  for (const key of backup.filter((key) => !there.has(key))) {
    const parts = parseSnapshotKey(key);
    if (!parts || !inRange(parts)) continue;
    const row = await deps.table.get(listingKey(parts, parts.at, parts.digest));
    const restored = await restore(deps, from, key, row ? decodeListing(row).sha256 : undefined);
    const why = 'the archive lacks it';
    const failed = typeof restored === 'string';
    findings.push({ what: 'damaged', name: key, why: failed ? `${why}; ${restored}` : why, fixed: !failed });
  }
  return findings;
}

/** The contents of a listing's papers in the table with what points to the papers, and the keys of those that the table lacks. */
async function readStoredContents(table: TableStore, { papers, contents }: ListingItem) {
  const keys = papers.map((paper, at) => ({ paper, ...contentKey(paper, contents[at] as string) }));
  const stored = new Map((await table.getMany(keys)).map((item) => [formatKey(item), item]));
  const found = keys.flatMap((key) => {
    const item = stored.get(formatKey(key));
    return item ? [...createPointerItems(key.paper, decodeContent(item)), item] : [];
  });
  return { found, missing: keys.filter((key) => !stored.has(formatKey(key))) };
}

/** The items that the table lacks or has otherwise; those are read again, since reading many may not see the newest puts. */
async function compareItems(
  table: TableStore,
  items: readonly Item[],
): Promise<{ readonly finding: Omit<Finding, 'fixed'>; readonly item: Item }[]> {
  const stored = new Map((await table.getMany(items)).map((item) => [formatKey(item), canonicalJson(item)]));
  const wrong: { finding: Omit<Finding, 'fixed'>; item: Item }[] = [];
  for (const item of items.filter((item) => stored.get(formatKey(item)) !== canonicalJson(item))) {
    const current = await table.get(item, { consistent: true });
    if (current && canonicalJson(current) === canonicalJson(item)) continue;
    const what = current ? 'different' : 'unrecorded';
    wrong.push({ item, finding: { what, name: formatKey(item), why: ROW_PROBLEMS[what] } });
  }
  return wrong;
}

const ROW_PROBLEMS = {
  different: 'the table has another row than follows from the snapshots',
  unrecorded: 'the table lacks a row that follows from the snapshots',
} as const;
