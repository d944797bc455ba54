import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { addDays, addSeconds, type Day, dayOf, type Instant, startOfDay } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import type { ListName } from '../../shared/model/list.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { aCapture, aPaper } from '../support/build.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

/** A capture with the rows that it shows, before they are written and parsed. */
export type ShownCapture = {
  readonly list: ListName;
  readonly day: Day;
  readonly at: Instant;
  readonly rows: readonly ListingRow[];
};

const WORDS = ['tables', 'agents', 'long reading', 'patient search', 'diffusion'];
const HOURS_BETWEEN = 6;

/** A paper of the simulation: what it is, when it is submitted, when its code appears, and when trending shows it. */
type Paper = {
  readonly id: string;
  readonly day: Day;
  readonly from: Instant;
  readonly words: readonly string[];
  readonly author: string;
  readonly organization: string;
  readonly codeFrom: Instant | null;
  readonly speed: number;
  readonly trending: readonly (readonly [from: Instant, to: Instant])[];
};

function createPapers(days: readonly Day[], chance: () => number): Paper[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  return days.flatMap((day, on) =>
    Array.from({ length: 6 }, (_, number): Paper => {
      const from = addSeconds(startOfDay(day), Math.floor(chance() * 30) * 3600);
      const entry = addSeconds(from, Math.floor(chance() * 90) * 3600);
      const again = addSeconds(entry, 5 * 86_400);
      return {
        id: `2501.${String(on * 10 + number + 1).padStart(5, '0')}`,
        day,
        from,
        words: [pick(WORDS), pick(WORDS)],
        author: pick(['Ada Byron', 'Émile Zola', 'Lin Wei']),
        organization: pick(['acme', 'other']),
        codeFrom: chance() < 0.4 ? addSeconds(from, Math.floor(chance() * 72) * 3600) : null,
        speed: chance() ** 3 * 3,
        trending:
          chance() < 0.5
            ? [
                [entry, addSeconds(entry, 2 * 86_400)],
                ...(chance() < 0.5 ? [[again, addSeconds(again, 86_400)] as const] : []),
              ]
            : [],
      };
    }),
  );
}

/** Captures of daily lists and of trending every six hours, of invented papers that gain and lose upvotes. */
export function createCaptures(first: Day, count: number, chance: () => number): ShownCapture[] {
  const days = Array.from({ length: count }, (_, at) => addDays(first, at));
  // trending starts with papers of a week before the archive begins
  const papers = createPapers([...Array.from({ length: 7 }, (_, at) => addDays(first, at - 7)), ...days], chance);
  const rowsOf = (shown: readonly Paper[], at: Instant): ListingRow[] =>
    shown.map((paper, place) => {
      const hours = (Date.parse(at) - Date.parse(paper.from)) / 3_600_000;
      return aPaper({
        rank: place + 1,
        id: paper.id,
        title: `About ${paper.words[0]} and ${paper.id}`,
        abstract: `It is made up. It compares ${paper.words[1]} with others.`,
        authors: [paper.author, 'Ben Example'],
        keywords: [paper.words[0] as string],
        organization: { name: paper.organization, fullname: paper.organization },
        listedOn: paper.day,
        githubUrl: paper.codeFrom !== null && paper.codeFrom <= at ? `https://github.com/example/${paper.id}` : null,
        upvotes: Math.max(0, Math.floor(1 + hours * paper.speed - (chance() < 0.2 ? 2 : 0))),
      });
    });
  return days.flatMap((today) =>
    Array.from({ length: 24 / HOURS_BETWEEN }, (_, turn) =>
      addSeconds(startOfDay(today), turn * HOURS_BETWEEN * 3600 + 120),
    ).flatMap((at, turn): ShownCapture[] => {
      const there = papers.filter(({ from }) => from <= at);
      // today's and yesterday's lists at every turn, older ones once a day
      const lists = [0, -1, ...(turn === 0 ? [-2, -3, -5, -8] : [])]
        .map((back) => addDays(today, back))
        .filter((day) => day >= first);
      const daily = lists.map((day) => ({
        list: 'daily' as const,
        day,
        at,
        rows: rowsOf(
          there.filter((paper) => paper.day === day),
          at,
        ),
      }));
      const trending = there.filter((paper) => paper.trending.some(([from, to]) => from <= at && at < to));
      return [...daily, { list: 'trending', day: dayOf(at), at, rows: rowsOf(trending, at) }];
    }),
  );
}

/** Records captures in a table as the pipeline does. */
export async function recordAll(table: TableStore, captures: readonly ShownCapture[]): Promise<void> {
  const archive = createMemoryArchive();
  for (const { list, day, at, rows } of captures) {
    const capture: Capture = aCapture({ list, day, at, papers: rows });
    const { key } = await archiveCapture(archive, capture);
    await recordSnapshots({ table, parsers }, [await readSnapshot(archive, key)]);
  }
}

/** Numbers from 0 up to 1 that follow from the seed alone. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
