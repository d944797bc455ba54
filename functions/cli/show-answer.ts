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
  const { context, close } = await openQueryContext(command);
  try {
    const { answer, text } = await ask(context);
    command.print(answer, context.sample ? `SAMPLE: invented papers\n\n${text}` : text);
    return 0;
  } finally {
    await close();
  }
}
