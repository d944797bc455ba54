/** Asks at most this many things of the table at once: enough to hide its latency, few enough for a small database connection pool. */
const AT_ONCE = 16;

/** Runs `ask` over all inputs, some at once, keeping their order. */
export async function inTurns<T, R>(inputs: readonly T[], ask: (input: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < inputs.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(inputs.slice(at, at + AT_ONCE).map(ask))));
  }
  return answers;
}
