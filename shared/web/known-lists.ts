import { type ListName, listKind } from '../model/list.ts';
import { readListMonths } from '../table/calendar.ts';
import { notFound } from './problem.ts';
import type { SiteContext } from './route.ts';

/** Refuses a watched search that is neither watched nor archived; the other lists are always there, empty or not. */
export async function requireKnownList({ context, watched = [] }: SiteContext, list: ListName): Promise<void> {
  if (listKind(list) !== 'watched' || watched.includes(list) || (await readListMonths(context.table)).has(list)) return;
  throw await notFound(context, `no search is watched or archived under the name ${list.slice('watched:'.length)}`);
}
