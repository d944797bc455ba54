import * as z from 'zod';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** A command of the CLI: one declaration from which come commander's options, `--help`, the reference in docs/ and the errors. */
export type Command = {
  /** What a user types: `collect`, or `show daily` for a command inside a group. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly summary: string;
  /** Command lines without `npx paperkeep`, at least one. */
  readonly examples: readonly string[];
  /** Positional arguments, in this order; an array takes all that is left. */
  readonly args: z.ZodObject;
  /** Flags by their names in camel case: `minUpvotes` is `--min-upvotes`. */
  readonly flags: z.ZodObject;
  /** Does it, and returns the exit code. `input` holds the parsed arguments and flags. */
  run(context: Context, input: Readonly<Record<string, unknown>>): Promise<ExitCode>;
};

const NO_ARGS = z.object({});

/**
 * Declares a command; `run` gets its arguments and flags as their schemas parse them.
 *
 * @example
 * export const replay = defineCommand({
 *   name: 'replay',
 *   summary: 'Reads all snapshots into the table again.',
 *   examples: ['replay --list daily'],
 *   flags: z.object({ list: valueFlag(params.list.optional(), '<list>', 'only this list') }),
 *   run: async (context, { list }) => …,
 * });
 */
export function defineCommand<F extends z.ZodObject, A extends z.ZodObject = typeof NO_ARGS>(
  command: Pick<Command, 'name' | 'summary' | 'examples'> & {
    readonly args?: A;
    readonly flags: F;
    run(context: Context, input: z.output<A> & z.output<F>): Promise<ExitCode>;
  },
): Command {
  return { args: NO_ARGS, ...command } as Command;
}
