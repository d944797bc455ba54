import type { Day } from '../kit/clock.ts';
import { messageOf } from '../kit/errors.ts';
import type { Target } from '../model/target.ts';
import { appearancesOf, fold, summaryItems } from './fold.ts';
import { LEASE, listPk, MONTHS, readListPk } from './keys.ts';
import { asListing, type ListingItem, listingItem } from './listing.ts';
import { byTarget, type RereadDeps } from './reconcile.ts';
import { readSnapshotItems } from './record.ts';
import type { Item, Key } from './records.ts';

/**
 * What is wrong with one thing. `damaged`: a snapshot that cannot be read, or is not what it was when it was recorded. `unrecorded`: the
 * table lacks what a snapshot says. `different`: the table says something else. `orphan`: no snapshot stands behind a row of the table.
 */
export type Finding = {
  readonly what: 'damaged' | 'unrecorded' | 'different' | 'orphan';
  readonly name: string;
  readonly why: string;
};

/** What verifying found; `checked` counts snapshots and rows. */
export type VerifyReport = {
  readonly findings: Finding[];
  readonly snapshots: number;
  readonly rows: number;
  readonly fixed: number;
};

/** Items of the table that no snapshot is behind, by their nature. */
const isOwn = ({ pk }: Key): boolean => pk === LEASE.pk || pk === 'META';
const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/**
 * Reads every snapshot again and compares what it says with the table, row for row; then looks for rows without a snapshot.
 * With `fix` the table is made to say what the snapshots say. A damaged snapshot cannot be mended here: it is only named, and its row stays.
 * With a range only targets in it are read, and rows are looked for in their partitions only.
 */
export async function verify(
  deps: RereadDeps,
  range: { readonly from: Day | null; readonly to: Day | null },
  fix: boolean,
  tell: (done: number, of: number) => void,
): Promise<VerifyReport> {
  const inRange = ({ day }: Target) => (!range.from || day >= range.from) && (!range.to || day <= range.to);
  const keys: string[] = [];
  for await (const { key } of deps.snapshots.list('raw/')) keys.push(key);
  const groups = byTarget(keys).filter(({ target }) => inRange(target));
  const total = groups.reduce((sum, group) => sum + group.keys.length, 0);
  const findings: Finding[] = [];
  const expected = new Map<string, string>();
  let done = 0;
  let fixed = 0;

  for (const { target, keys: own } of groups) {
    const stored = await deps.records.range({ pk: listPk(target), consistent: true });
    const listings: ListingItem[] = [];
    const items: Item[] = [];
    for (const key of own) {
      const row = stored.map(asListing).find((listing) => listing.key === key);
      try {
        const { listing, contents } = readSnapshotItems(deps.readers, await deps.read(key));
        if (row && row.sha256 !== listing.sha256)
          throw new Error(`its SHA-256 is ${listing.sha256}, recorded was ${row.sha256}`);
        listings.push(listing);
        items.push(listingItem(listing), ...contents.flatMap(({ content, pointers }) => [content, ...pointers]));
      } catch (error) {
        findings.push({ what: 'damaged', name: key, why: messageOf(error) });
        if (row) listings.push(row);
        if (row) items.push(listingItem(row));
      }
      done += 1;
      tell(done, total);
    }
    const summary = fold(target, listings);
    if (summary) items.push(...appearancesOf(target, summary.papers), ...Object.values(summaryItems(target, summary)));
    const wrong = await compare(deps, items);
    findings.push(...wrong.map(({ finding }) => finding));
    if (fix) for (const { item } of wrong) await deps.records.put(item);
    if (fix) fixed += wrong.length;
    for (const item of items) expected.set(nameOf(item), listPk(target));
  }

  let rows = 0;
  const orphans: Key[] = [];
  for await (const { pk, sk } of deps.records.scan()) {
    if (isOwn({ pk, sk })) continue;
    const target = readListPk(pk);
    if ((range.from || range.to) && (!target || !inRange(target))) continue;
    rows += 1;
    if (!expected.has(nameOf({ pk, sk }))) orphans.push({ pk, sk });
  }
  for (const key of orphans) {
    const why = key.pk === MONTHS ? 'no list of that month has a snapshot' : 'no snapshot stands behind it';
    findings.push({ what: 'orphan', name: nameOf(key), why });
    if (fix) await deps.records.delete(key);
    if (fix) fixed += 1;
  }
  return { findings, snapshots: total, rows, fixed };
}

/** The items that the table lacks or has otherwise. */
async function compare({ records }: RereadDeps, items: readonly Item[]): Promise<{ finding: Finding; item: Item }[]> {
  const stored = new Map((await records.getMany(items)).map((item) => [nameOf(item), canonical(item)]));
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const name = nameOf(item);
    if (seen.has(name) || stored.get(name) === canonical(item)) return [];
    seen.add(name);
    const what = stored.has(name) ? ('different' as const) : ('unrecorded' as const);
    const why =
      what === 'different'
        ? 'the table says something else than the snapshots'
        : 'the table lacks what the snapshots say';
    return [{ item, finding: { what, name, why } }];
  });
}

/** An item as text, its fields in order of name. */
const canonical = (item: Item): string =>
  JSON.stringify(item, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  );
