import { PaperkeepError } from '../../shared/lib/errors.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { openQueryContext } from './query-context.ts';

/** What a question was answered with: as data for `--json`, and as text for a terminal. */
export type Answered = { readonly answer: unknown; readonly text: string };

/** Opens the table, asks it a question and prints the answer; text about the sample says so first. */
export async function showAnswer(
  command: Context,
  ask: (context: QueryContext) => Promise<Answered>,
): Promise<ExitCode> {
  const once = async () => {
    await using opened = await openQueryContext(command);
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
