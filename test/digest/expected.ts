import { addDays, type Day, dayOf } from '../../shared/lib/time.ts';
import type { ShownCapture } from './captures.ts';

/** What a subscriber of the simulation asks for, in the words of the interface. */
export type Asked = { readonly follow: readonly string[]; readonly minUpvotes: number };

type Sight = ShownCapture & { readonly row: ShownCapture['rows'][number] };
const smallest = (days: readonly (Day | null | undefined)[]): Day | null =>
  days.filter((day): day is Day => day !== null && day !== undefined).sort()[0] ?? null;
const slug = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-');

const spaced = (text: string): string => slug(text).replaceAll('-', ' ').trim();

/**
 * What matches, by follow and paper, with its day: computed plainly from the captures themselves, paper by paper and capture by capture,
 * with nothing of the code that is tested.
 */
export function expectedMatches(
  captures: readonly ShownCapture[],
  { follow: follows, minUpvotes }: Asked,
  today: Day,
): Map<string, Day> {
  const inOrder = captures.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const firstTrending = inOrder.find(({ list }) => list === 'trending')?.at;
  const sights = Map.groupBy(
    inOrder.flatMap((capture): Sight[] => capture.rows.map((row) => ({ ...capture, row }))),
    ({ row }) => row.id as string,
  );
  const matches = new Map<string, Day>();
  for (const [id, seen] of sights) {
    const onDaily = seen.map(({ row, list, day }) => row.content.listedOn ?? (list === 'daily' ? day : null));
    const onTrending = seen.filter(({ list }) => list === 'trending');
    const entered = onTrending[0]?.at === firstTrending ? null : smallest(onTrending.map(({ day }) => day));
    const listed = smallest(onDaily) ?? entered;
    const code = seen.findIndex(({ row }, at) => row.content.githubUrl && seen[at - 1]?.row.content.githubUrl === null);
    const reached = smallest(seen.filter(({ row }) => (row.upvotes ?? -1) >= minUpvotes).map(({ day }) => day));
    const { title, abstract, keywords, authors, organization } = (seen.at(-1) as Sight).row.content;
    for (const follow of follows) {
      const [kind, name = ''] = follow.split(':');
      const began = {
        all: listed,
        keyword: keywords?.map(slug).includes(name) ? listed : null,
        author: authors?.map(slug).includes(name) ? listed : null,
        organization: organization?.name === name ? listed : null,
        phrase: ` ${spaced(title)} \n ${spaced(abstract ?? '')} `.includes(` ${name} `) ? listed : null,
        'entered-trending': entered,
        'code-appeared': code < 0 ? null : dayOf((seen[code] as Sight).at),
      }[kind as 'all'];
      const day = began && reached && [began, minUpvotes === 0 ? began : reached].sort()[1];
      if (day && day >= addDays(today, -14)) matches.set(`${follow} ${id}`, day);
    }
  }
  return matches;
}
