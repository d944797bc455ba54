import { PaperkeepError } from '../../shared/lib/errors.ts';
import { type ListName, listKind, searchSlug } from '../../shared/model/list.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { readListMonths } from '../../shared/table/calendar.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { type Context, requireDataFolder, usageError } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { openQueryContext } from './query-context.ts';

/** What a question was answered with: as data for `--json`, and as text for a terminal. */
export type Answered = { readonly answer: unknown; readonly text: string };

/** Opens the table, asks it a question and prints the answer; text about the sample says so first. Refuses a question about an unknown `list`. */
export async function showAnswer(
  command: Context,
  ask: (context: QueryContext) => Promise<Answered>,
  list: ListName | null = null,
): Promise<ExitCode> {
  requireDataFolder(command.settings);
  const once = async () => {
    await using opened = await openQueryContext(command);
    if (list !== null) await requireKnownSearch(command, opened.context.table, list);
    return { ...(await ask(opened.context)), sample: opened.context.sample };
  };
  // a damaged search index is removed when the damage is found, and built again by the second attempt
  const { answer, text, sample } = await once().catch((error: unknown) => {
    if (error instanceof PaperkeepError && error.code === 'CATALOG_DAMAGED') return once();
    throw error;
  });
  command.print(answer, sample ? `SAMPLE: invented papers\n\n${text}` : text);
  return 0;
}

/** Refuses a watched search that is neither watched nor archived. */
async function requireKnownSearch({ lists }: Context, table: TableStore, list: ListName): Promise<void> {
  if (listKind(list) !== 'watched') return;
  const known = new Set([...lists.map(({ name }) => name), ...(await readListMonths(table)).keys()]);
  if (known.has(list)) return;
  const slugs = [...known].filter((name) => listKind(name) === 'watched').map(searchSlug);
  throw usageError(
    `no search named ${searchSlug(list)} is watched or archived`,
    slugs.length > 0 ? `name one of ${slugs.join(', ')}` : 'add it to PAPERKEEP_WATCH',
  );
}
