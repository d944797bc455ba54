import type { Archive } from '../../../shared/query/store.ts';
import type { Source } from '../../../shared/sources.ts';
import { usage } from '../context.ts';

/** An answer as data and as text. */
export type Shown = { readonly answer: unknown; readonly text: string };
/** What was asked for besides what to show, and what is watched. */
export type Asked = {
  readonly which: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly sources: readonly Source[];
};

/** Answers one kind of question on a terminal. */
export type Show = (archive: Archive, asked: Asked) => Promise<Shown>;

/** Options that some answer takes. */
const OPTIONS = ['at', 'from', 'to', 'window', 'since', 'list', 'by', 'age'] as const;

/** Refuses options that mean nothing here, rather than passing them over. */
export function takeOnly(names: readonly (typeof OPTIONS)[number][], what: string, options: Asked['options']): void {
  const given = OPTIONS.find((name) => options[name] !== undefined && !names.includes(name));
  if (given) throw usage(`--${given} says nothing about ${what}`, 'leave it out');
}
