import { describe, expect, it } from 'vitest';
import type { Capture } from '../../shared/model/capture.ts';
import { anArchive, cut, papers, refused, seen } from '../query/archive.ts';
import { aPaper, day } from '../support/build.ts';
import { jsonOf, siteOver } from './site.ts';

/** The site over captures, at a time. */
const siteAt = async (captures: readonly Capture[], now: string) => siteOver(await anArchive(captures, now));
/** What a feed holds: id without its authority, date, reason. */
const itemsOf = async (captures: readonly Capture[], path: string, now = '2025-01-20T12:00:00Z') => {
  const { items } = await jsonOf((await siteAt(captures, now))(path));
  return items.map((item: Record<string, string>) => [
    item.id?.replace('tag:paperkeep.github.io,2026:', ''),
    item.date_published,
    item.summary,
  ]);
};
