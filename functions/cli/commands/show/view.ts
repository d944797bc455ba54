import type { ListConfig } from '../../../../shared/lists.ts';
import type { QueryContext } from '../../../../shared/query/context.ts';
import { usageError } from '../../context.ts';

/** An answer as data and as text. */
export type View = { readonly answer: unknown; readonly text: string };
/** What was asked for besides what to show, and what is watched. */
export type ViewRequest = {
  readonly which: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly lists: readonly ListConfig[];
};

/** Answers one kind of question on a terminal. */
export type Show = (context: QueryContext, asked: ViewRequest) => Promise<View>;

/** Options that some answer takes. */
const OPTIONS = ['at', 'from', 'to', 'window', 'since', 'list', 'by', 'age'] as const;

/** Refuses options that mean nothing here, rather than passing them over. */
export function allowOnly(
  names: readonly (typeof OPTIONS)[number][],
  what: string,
  options: ViewRequest['options'],
): void {
  const given = OPTIONS.find((name) => options[name] !== undefined && !names.includes(name));
  if (given) throw usageError(`--${given} says nothing about ${what}`, 'leave it out');
}
