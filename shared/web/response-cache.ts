import type { QueryContext } from '../query/context.ts';

/** Questions whose answers are remembered at once: those of a page that many people open. */
const REMEMBERED = 32;

/**
 * Answers a question once for all who ask it in one second of an unchanged table: then it has one answer, and a page that many open at the
 * same time costs what one costs. Nothing is remembered where the table does not tell of its changes. A failure is not remembered.
 */
export function createResponseCache({
  table,
  clock,
}: QueryContext): <T>(question: string, answer: () => Promise<T>) => Promise<T> {
  let moment = '';
  const answers = new Map<string, Promise<unknown>>();
  return <T>(question: string, answer: () => Promise<T>) => {
    if (!table.stamp) return answer();
    const now = `${clock()} ${table.stamp()}`;
    if (now !== moment || answers.size >= REMEMBERED) answers.clear();
    moment = now;
    const known = answers.get(question) as Promise<T> | undefined;
    if (known) return known;
    const asked = answer();
    answers.set(question, asked);
    asked.catch(() => answers.delete(question));
    return asked;
  };
}
