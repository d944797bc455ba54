import type { Archive } from '../../../shared/query/store.ts';
import { usage } from '../context.ts';

/** An answer as data and as text. */
export type Shown = { readonly answer: unknown; readonly text: string };
/** What was asked for besides what to show. */
export type Asked = { readonly which: string | null; readonly options: Readonly<Record<string, unknown>> };

/** Answers one kind of question on a terminal. */
export type Show = (archive: Archive, asked: Asked) => Promise<Shown>;

/** Options that mean nothing here are refused rather than passed over. */
export function refuse(options: Asked['options'], names: readonly string[], what: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given) throw usage(`--${given} says nothing about ${what}`, 'leave it out');
}
