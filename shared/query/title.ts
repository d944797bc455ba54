import type { Instant } from '../kit/clock.ts';
import { inTurns } from '../kit/turns.ts';
import type { Content } from '../model/listing.ts';
import { asPaperId } from '../model/paper.ts';
import { asSummary } from '../record/fold.ts';
import { type PaperKey, paperPk, readAppearance, summaryKey, titleHash, titlePk } from '../record/keys.ts';
import type { Item, Records } from '../record/records.ts';

/** True for a row of copied text, which stands under its title. */
export const isTitle = (paper: PaperKey): boolean => paper.startsWith('~');

/** True for an item that holds a content of a paper. */
export const isContent = ({ sk }: Item): boolean => sk.startsWith('CONTENT#');
/** The hash of a content, from the item that holds it. */
export const hashOf = ({ sk }: Item): string => sk.slice('CONTENT#'.length);
/** The content that an item holds. */
export const asContent = ({ pk: _pk, sk: _sk, ...content }: Item): Content => content as unknown as Content;

/** The papers that bear a title, from the items of its partition. */
export const idsOf = (items: readonly Item[]): string[] =>
  items.map(({ sk }) => sk).filter((sk) => asPaperId(sk) === sk);

/** Ids for rows of copied text: of each the one paper that bears its title, as known at `upTo` (null: now). Rows that none or several fit are left out. */
export async function idsOfTitles(
  records: Records,
  papers: readonly PaperKey[],
  upTo: Instant | null,
): Promise<Map<PaperKey, string>> {
  const found = await inTurns(papers.filter(isTitle), async (paper) => {
    const ids = idsOf(await records.range({ pk: titlePk(paper.slice(1)) }));
    const shown = upTo ? await inTurns(ids, (id) => borne(records, id, paper.slice(1), upTo)) : ids.map(() => true);
    const known = ids.filter((_, at) => shown[at]);
    return known.length === 1 ? [[paper, known[0] as string] as const] : [];
  });
  return new Map(found.flat());
}

/** True when a list had shown a paper under a title by then. */
async function borne(records: Records, id: string, title: string, upTo: Instant): Promise<boolean> {
  const own = await records.range({ pk: paperPk(id) });
  const contents = own.filter((item) => isContent(item) && titleHash(asContent(item).title) === title).map(hashOf);
  const targets = own.map(({ sk }) => readAppearance(sk)).filter((target) => target !== null);
  const summaries = (await records.getMany(targets.map(summaryKey))).map(asSummary);
  return summaries.some((summary) =>
    summary?.runs[summary.papers.indexOf(id)]?.some(
      ([hash, from]) => contents.includes(hash) && (summary.times[from] as Instant) <= upTo,
    ),
  );
}
