import { kindOf, type SourceName } from '../model/target.ts';
import { listsOf } from '../record/calendar.ts';
import { notFound } from './problem.ts';
import type { Site } from './route.ts';

/** Refuses a watched search that is neither watched nor archived; the other lists are always there, empty or not. */
export async function refuseUnknown({ archive, watched = [] }: Site, list: SourceName): Promise<void> {
  if (kindOf(list) !== 'watched' || watched.includes(list) || (await listsOf(archive.records)).has(list)) return;
  throw await notFound(archive, `no search is watched or archived under the name ${list.slice('watched:'.length)}`);
}
