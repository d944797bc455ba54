import { createInterface } from 'node:readline/promises';

/** Asks a question and returns the answer without spaces around it. */
export type Ask = (question: string) => Promise<string>;

/** Asks on the terminal; null where there is no terminal. */
export const askOnTerminal: Ask | null =
  process.stdin.isTTY && process.stderr.isTTY
    ? async (question) => {
        const terminal = createInterface({ input: process.stdin, output: process.stderr });
        try {
          return (await terminal.question(question)).trim();
        } finally {
          terminal.close();
        }
      }
    : null;
