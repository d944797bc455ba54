import { mapConcurrent } from '../lib/concurrency.ts';
import type { Instant } from '../lib/time.ts';
import { parsePaperId } from '../model/paper.ts';
import { decodeSummary } from '../table/items.ts';
import { contentItemHash, decodeContent, isContentItem } from './contents.ts';
import { type PaperKey, paperPk, parseAppearanceKey, summaryKey, titleHash, titlePk } from './keys.ts';
import type { Item, TableStore } from './store.ts';

/** True for a row of copied text, which stands under its title. */
export const isTitleKey = (paper: PaperKey): boolean => paper.startsWith('~');

/** The papers that bear a title, from the items of its partition. */
export const idsUnderTitle = (items: readonly Item[]): string[] =>
  items.map(({ sk }) => sk).filter((sk) => parsePaperId(sk) === sk);

/** Ids for rows of copied text: of each the one paper that bears its title, as known at `upTo` (null: now). Rows that none or several fit are left out. */
export async function resolveTitles(
  table: TableStore,
  papers: readonly PaperKey[],
  upTo: Instant | null,
): Promise<Map<PaperKey, string>> {
  const found = await mapConcurrent(papers.filter(isTitleKey), async (paper) => {
    const ids = idsUnderTitle(await table.range({ pk: titlePk(paper.slice(1)) }));
    const shown = upTo ? await mapConcurrent(ids, (id) => borne(table, id, paper.slice(1), upTo)) : ids.map(() => true);
    const known = ids.filter((_, at) => shown[at]);
    return known.length === 1 ? [[paper, known[0] as string] as const] : [];
  });
  return new Map(found.flat());
}

/** True when a list had shown a paper under a title by then. */
async function borne(table: TableStore, id: string, title: string, upTo: Instant): Promise<boolean> {
  const own = await table.range({ pk: paperPk(id) });
  const contents = own
    .filter((item) => isContentItem(item) && titleHash(decodeContent(item).title) === title)
    .map(contentItemHash);
  const listDays = own.map(({ sk }) => parseAppearanceKey(sk)).filter((listDay) => listDay !== null);
  const summaries = (await table.getMany(listDays.map(summaryKey))).map(decodeSummary);
  return summaries.some((summary) =>
    summary?.runs[summary.papers.indexOf(id)]?.some(
      ([hash, from]) => contents.includes(hash) && (summary.times[from] as Instant) <= upTo,
    ),
  );
}
