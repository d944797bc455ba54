import type { Day } from '../kit/clock.ts';
import { messageOf, PaperkeepError } from '../kit/errors.ts';
import type { Content } from '../model/listing.ts';
import type { Target } from '../model/target.ts';
import type { SnapshotStore } from '../snapshot/store.ts';
import { canonical } from './canonical.ts';
import { appearancesOf, fold, summaryItems } from './fold.ts';
import { contentKey, LEASE, LISTINGS, listPk, MONTHS, monthKey, readListPk } from './keys.ts';
import { asListing, type ListingItem, listingItem, pointersOf, type Recorded } from './listing.ts';
import { SCHEMA_ITEM } from './open.ts';
import { byTarget, isDamage, type RereadDeps } from './reconcile.ts';
import { readSnapshotItems } from './record.ts';
import type { Item, Key, Records } from './records.ts';

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
const isOwn = ({ pk }: Key): boolean => pk === LEASE.pk || pk === SCHEMA_ITEM.pk;
const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/**
 * Reads every snapshot again and compares what it says with the table, row for row; then looks for rows without a snapshot.
 * With `fix` the table is made to say what the snapshots say. A damaged snapshot cannot be mended here: it is only named, and what the
 * table has of it stays. With a range only targets in it are read, and rows are looked for in their partitions only.
 * A snapshot that is archived and recorded meanwhile does no harm; with `fix` nobody else should be recording.
 *
 * @throws PaperkeepError `ARCHIVE_EMPTY` with `fix` when the table has rows and the archive no snapshot at all.
 */
export async function verify(
  deps: RereadDeps,
  range: { readonly from: Day | null; readonly to: Day | null },
  fix: boolean,
  tell: (done: number, of: number) => void,
): Promise<VerifyReport> {
  const { snapshots, records } = deps;
  const inRange = ({ day }: Target) => (!range.from || day >= range.from) && (!range.to || day <= range.to);
  const groupsOf = async () => byTarget(await keysOf(snapshots)).filter(({ target }) => inRange(target));
  const findings: Finding[] = [];
  const expected = new Set<string>();

  const groups = await groupsOf();
  const known = new Set(groups.flatMap(({ keys }) => keys));
  let done = 0;
  for (const { target, keys } of groups) {
    const { items, damaged } = await whatIsSaid(deps, target, keys, () => tell(++done, known.size));
    for (const item of items) expected.add(nameOf(item));
    const wrong = await compared(records, items);
    findings.push(...damaged, ...wrong.map(({ finding }) => finding));
    if (fix) for (const { item } of wrong) await records.put(item);
  }

  let rows = 0;
  const strange: Key[] = [];
  for await (const { pk, sk } of records.scan()) {
    const target = readListPk(pk);
    if (isOwn({ pk, sk }) || ((range.from || range.to) && !(target && inRange(target)))) continue;
    rows += 1;
    if (!expected.has(nameOf({ pk, sk }))) strange.push({ pk, sk });
  }
  // rows of a snapshot that came after the first look at the archive
  for (const { target, keys } of (await groupsOf()).filter(({ keys }) => keys.some((key) => !known.has(key)))) {
    for (const item of (await whatIsSaid(deps, target, keys, () => {})).items) expected.add(nameOf(item));
  }
  if (fix && strange.length > 0 && (await keysOf(snapshots)).length === 0) throw emptied(snapshots);
  for (const key of strange.filter((key) => !expected.has(nameOf(key)))) {
    const why = key.pk === MONTHS ? 'no list of that month has a snapshot' : 'no snapshot stands behind it';
    findings.push({ what: 'orphan', name: nameOf(key), why });
    if (fix) await records.delete(key);
  }
  const mended = fix ? findings.filter(({ what }) => what !== 'damaged') : [];
  return { findings, snapshots: known.size, rows, fixed: mended.length };
}

/** An archive that lost everything, or a wrong place: the table is then no copy of it but what is left. */
function emptied({ url }: SnapshotStore): PaperkeepError {
  const what = `the archive ${url} holds no snapshot, and the table has rows, which may be all that is left: nothing was changed`;
  const mend = 'see that PAPERKEEP_ARCHIVE names the place meant; to begin anew, move the table away';
  return new PaperkeepError('ARCHIVE_EMPTY', what, mend, 5);
}

async function keysOf(snapshots: SnapshotStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of snapshots.list('raw/')) keys.push(key);
  return keys;
}

/** All items that should be in the table because of the snapshots of one target; of a damaged one those that are there. */
async function whatIsSaid(deps: RereadDeps, target: Target, keys: readonly string[], step: () => void) {
  const { records } = deps;
  const listed = (await records.range({ pk: listPk(target), ...LISTINGS, consistent: true })).map(asListing);
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
      if (row) say([...(await contentsIn(records, row)), listingItem(row)]);
      if (row) listings.push(row);
    } else {
      const { listing, contents } = recorded;
      say([...contents.flatMap(({ content, pointers }) => [...pointers, content]), listingItem(listing)]);
      listings.push(listing);
    }
    step();
  }
  const summary = fold(target, listings);
  if (summary) say([monthKey(target), ...appearancesOf(target, summary.papers)]);
  if (summary) say(Object.values(summaryItems(target, summary)));
  return { items: [...items.values()], damaged };
}

/** What a snapshot says; if it is damaged, or not the file that was recorded, why. */
async function readBack(deps: RereadDeps, key: string, sha256: string | undefined): Promise<Recorded | string> {
  try {
    const recorded = readSnapshotItems(deps.readers, await deps.read(key));
    const own = recorded.listing.sha256;
    return sha256 === undefined || own === sha256 ? recorded : `its SHA-256 is ${own}, recorded was ${sha256}`;
  } catch (error) {
    if (isDamage(error)) return messageOf(error);
    throw error;
  }
}

/** The contents of a listing's papers as the table has them, with what points to the papers. */
async function contentsIn(records: Records, { papers, contents }: ListingItem): Promise<Item[]> {
  const keys = papers.map((paper, at) => ({ paper, ...contentKey(paper, contents[at] as string) }));
  const stored = new Map((await records.getMany(keys)).map((item) => [nameOf(item), item]));
  return keys.flatMap((key) => {
    const item = stored.get(nameOf(key));
    return item ? [...pointersOf(key.paper, item as unknown as Content), item] : [];
  });
}

/** The items that the table lacks or has otherwise; those that seem so are looked at again, since reading many may lag behind. */
async function compared(records: Records, items: readonly Item[]): Promise<{ finding: Finding; item: Item }[]> {
  const stored = new Map((await records.getMany(items)).map((item) => [nameOf(item), canonical(item)]));
  const wrong: { finding: Finding; item: Item }[] = [];
  for (const item of items.filter((item) => stored.get(nameOf(item)) !== canonical(item))) {
    const there = await records.get(item, { consistent: true });
    if (there && canonical(there) === canonical(item)) continue;
    const finding: Finding = there
      ? { what: 'different', name: nameOf(item), why: 'the table says something else than the snapshots' }
      : { what: 'unrecorded', name: nameOf(item), why: 'the table lacks what the snapshots say' };
    wrong.push({ item, finding });
  }
  return wrong;
}
