/** How topics are spelled. */
import { spellKeyword } from '../catalog/rising.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import type { Topic } from './topic-counts.ts';

/** A keyword as the feed spells it, a phrase as it is; null for a keyword that was never seen. */
export const spellTopic = (catalog: Catalog, { kind, topic }: Topic): string | null =>
  kind === 'phrase' ? topic : spellKeyword(catalog, topic);
