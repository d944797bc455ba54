import type { SnapshotStore } from '../archive/store.ts';
import { isSnapshotDamage } from '../archive/warc/snapshot.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import type { Day } from '../lib/time.ts';
import type { ListDay } from '../model/list.ts';
import type { PaperContent } from '../model/listing.ts';
import {
  createAppearanceItems,
  createSummaryItems,
  decodeListing,
  encodeListing,
  type ListingItem,
} from '../table/items.ts';
import { ALL_LISTINGS, contentKey, LEASE_KEY, listPk, MONTHS_PK, monthKey, parseListPk } from '../table/keys.ts';
import { SCHEMA_KEY } from '../table/open.ts';
import type { Item, Key, TableStore } from '../table/store.ts';
import { foldListings } from './fold.ts';
import { type CaptureItems, createPointerItems } from './items.ts';
import { groupByListDay, type ReplayDeps } from './reconcile.ts';
import { parseSnapshotItems } from './recorder.ts';

/**
 * What is wrong with one thing. `damaged`: a snapshot that cannot be read, or is not what it was when it was recorded. `unrecorded`: the
 * table lacks what a snapshot says. `different`: the table says something else. `orphan`: no snapshot stands behind a row of the table.
 */
export type Finding = {
  readonly what: 'damaged' | 'unrecorded' | 'different' | 'orphan';
  readonly name: string;
  readonly why: string;
};

/** What verifying found; `snapshots` and `rows` count what was checked. */
export type VerifyReport = {
  readonly findings: Finding[];
  readonly snapshots: number;
  readonly rows: number;
  readonly fixed: number;
};

/** Items of the table that no snapshot is behind, by their nature. */
const isOwn = ({ pk }: Key): boolean => pk === LEASE_KEY.pk || pk === SCHEMA_KEY.pk;
const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/**
 * Reads every snapshot again and compares what it says with the table, row for row; then looks for rows without a snapshot.
 * With `fix` the table is made to say what the snapshots say. A damaged snapshot cannot be mended here: it is only named, and what the
 * table has of it stays. With a range only list days in it are read, and rows are looked for in their partitions only.
 * A snapshot that is archived and recorded meanwhile does no harm; with `fix` nobody else should be recording.
 *
 * @throws PaperkeepError `ARCHIVE_EMPTY` with `fix` when the table has rows and the archive no snapshot at all.
 */
export async function verifyArchive(
  deps: ReplayDeps,
  range: { readonly from: Day | null; readonly to: Day | null },
  fix: boolean,
  tell: (done: number, of: number) => void,
): Promise<VerifyReport> {
  const { archive, table } = deps;
  const inRange = ({ day }: ListDay) => (!range.from || day >= range.from) && (!range.to || day <= range.to);
  const groupsOf = async () => groupByListDay(await keysOf(archive)).filter(({ listDay }) => inRange(listDay));
  const findings: Finding[] = [];
  const expected = new Set<string>();

  const groups = await groupsOf();
  const known = new Set(groups.flatMap(({ keys }) => keys));
  let done = 0;
  for (const { listDay, keys } of groups) {
    const { items, damaged } = await whatIsSaid(deps, listDay, keys, () => tell(++done, known.size));
    for (const item of items) expected.add(nameOf(item));
    const wrong = await compared(table, items);
    findings.push(...damaged, ...wrong.map(({ finding }) => finding));
    if (fix) for (const { item } of wrong) await table.put(item);
  }

  let rows = 0;
  const strange: Key[] = [];
  for await (const { pk, sk } of table.scan()) {
    const listDay = parseListPk(pk);
    if (isOwn({ pk, sk }) || ((range.from || range.to) && !(listDay && inRange(listDay)))) continue;
    rows += 1;
    if (!expected.has(nameOf({ pk, sk }))) strange.push({ pk, sk });
  }
  // rows of a snapshot that came after the first look at the archive
  for (const { listDay, keys } of (await groupsOf()).filter(({ keys }) => keys.some((key) => !known.has(key)))) {
    for (const item of (await whatIsSaid(deps, listDay, keys, () => {})).items) expected.add(nameOf(item));
  }
  if (fix && strange.length > 0 && (await keysOf(archive)).length === 0) throw emptied(archive);
  for (const key of strange.filter((key) => !expected.has(nameOf(key)))) {
    const why = key.pk === MONTHS_PK ? 'no list of that month has a snapshot' : 'no snapshot stands behind it';
    findings.push({ what: 'orphan', name: nameOf(key), why });
    if (fix) await table.delete(key);
  }
  const mended = fix ? findings.filter(({ what }) => what !== 'damaged') : [];
  return { findings, snapshots: known.size, rows, fixed: mended.length };
}

/** An archive that lost everything, or a wrong place: the table is then no copy of it but what is left. */
function emptied({ url }: SnapshotStore): PaperkeepError {
  const what = `the archive ${url} holds no snapshot, and the table has rows, which may be all that is left: nothing was changed`;
  const hint = 'see that PAPERKEEP_ARCHIVE names the place meant; to begin anew, move the table away';
  return new PaperkeepError({ code: 'ARCHIVE_EMPTY', message: what, hint });
}

async function keysOf(archive: SnapshotStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of archive.list('raw/')) keys.push(key);
  return keys;
}

/** All items that should be in the table because of the snapshots of one list day; of a damaged one those that are there. */
async function whatIsSaid(deps: ReplayDeps, listDay: ListDay, keys: readonly string[], step: () => void) {
  const { table } = deps;
  const listed = (await table.range({ pk: listPk(listDay), ...ALL_LISTINGS, consistent: true })).map(decodeListing);
  const rows = new Map(listed.map((row) => [row.key, row]));
  const items = new Map<string, Item>();
  const say = (more: readonly Item[]) => {
    for (const item of more) items.set(nameOf(item), item);
  };
  const listings: ListingItem[] = [];
  const damaged: Finding[] = [];
  for (const key of keys) {
    const row = rows.get(key);
    const recorded = await readBack(deps, key, row?.sha256);
    if (typeof recorded === 'string') {
      damaged.push({ what: 'damaged', name: key, why: recorded });
      if (row) say([...(await contentsIn(table, row)), encodeListing(row)]);
      if (row) listings.push(row);
    } else {
      const { listing, contents } = recorded;
      say([...contents.flatMap(({ content, pointers }) => [...pointers, content]), encodeListing(listing)]);
      listings.push(listing);
    }
    step();
  }
  const summary = foldListings(listDay, listings);
  if (summary) say([monthKey(listDay), ...createAppearanceItems(listDay, summary.papers)]);
  if (summary) say(Object.values(createSummaryItems(listDay, summary)));
  return { items: [...items.values()], damaged };
}

/** What a snapshot says; if it is damaged, or not the file that was recorded, why. */
async function readBack(deps: ReplayDeps, key: string, sha256: string | undefined): Promise<CaptureItems | string> {
  try {
    const recorded = parseSnapshotItems(deps.parsers, await deps.read(key));
    const own = recorded.listing.sha256;
    return sha256 === undefined || own === sha256 ? recorded : `its SHA-256 is ${own}, recorded was ${sha256}`;
  } catch (error) {
    if (isSnapshotDamage(error)) return errorMessage(error);
    throw error;
  }
}

/** The contents of a listing's papers as the table has them, with what points to the papers. */
async function contentsIn(table: TableStore, { papers, contents }: ListingItem): Promise<Item[]> {
  const keys = papers.map((paper, at) => ({ paper, ...contentKey(paper, contents[at] as string) }));
  const stored = new Map((await table.getMany(keys)).map((item) => [nameOf(item), item]));
  return keys.flatMap((key) => {
    const item = stored.get(nameOf(key));
    return item ? [...createPointerItems(key.paper, item as unknown as PaperContent), item] : [];
  });
}

/** The items that the table lacks or has otherwise; those that seem so are looked at again, since reading many may lag behind. */
async function compared(table: TableStore, items: readonly Item[]): Promise<{ finding: Finding; item: Item }[]> {
  const stored = new Map((await table.getMany(items)).map((item) => [nameOf(item), canonicalJson(item)]));
  const wrong: { finding: Finding; item: Item }[] = [];
  for (const item of items.filter((item) => stored.get(nameOf(item)) !== canonicalJson(item))) {
    const there = await table.get(item, { consistent: true });
    if (there && canonicalJson(there) === canonicalJson(item)) continue;
    const finding: Finding = there
      ? { what: 'different', name: nameOf(item), why: 'the table says something else than the snapshots' }
      : { what: 'unrecorded', name: nameOf(item), why: 'the table lacks what the snapshots say' };
    wrong.push({ item, finding });
  }
  return wrong;
}
