import { mapConcurrent } from '../lib/concurrency.ts';
import type { Instant } from '../lib/time.ts';
import { parsePaperId } from '../model/paper.ts';
import { decodeSummary } from '../table/items.ts';
import { contentItemHash, decodeContent, isContentItem } from './contents.ts';
import { type PaperKey, paperPk, parseAppearanceKey, summaryKey, titleHash, titlePk } from './keys.ts';
import type { Item, TableStore } from './store.ts';

/** True for the key of a row of copied text, which is stored under its title. */
export const isTitleKey = (paper: PaperKey): boolean => paper.startsWith('~');

/** The id that answers and exports show: null for a row of copied text. */
export const publicId = (paper: PaperKey): string | null => (isTitleKey(paper) ? null : paper);

/** The ids of the papers with a title, from the items of the title's partition. */
export const idsUnderTitle = (items: readonly Item[]): string[] =>
  items.map(({ sk }) => sk).filter((sk) => parsePaperId(sk) === sk);

/** Finds the ids for rows of copied text: the one paper with the title, as known at `upTo` (null: now). Leaves out rows that no paper or several fit. */
export async function resolveTitles(
  table: TableStore,
  papers: readonly PaperKey[],
  upTo: Instant | null,
): Promise<Map<PaperKey, string>> {
  const found = await mapConcurrent(papers.filter(isTitleKey), async (paper) => {
    const ids = idsUnderTitle(await table.range({ pk: titlePk(paper.slice(1)) }));
    const shown = upTo
      ? await mapConcurrent(ids, (id) => hadTitle(table, id, paper.slice(1), upTo))
      : ids.map(() => true);
    const known = ids.filter((_, at) => shown[at]);
    return known.length === 1 ? [[paper, known[0] as string] as const] : [];
  });
  return new Map(found.flat());
}

/** True when a list had shown the paper under that title by `upTo`. */
async function hadTitle(table: TableStore, id: string, title: string, upTo: Instant): Promise<boolean> {
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
