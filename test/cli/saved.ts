import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compactInstant, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';

/** What the made-up feed answers at a time. */
export const answerAt = (at: Instant, path: string): string =>
  createSampleFeed(at).answer(new URL(path, 'http://feed')).body;

/** The made-up API's list of a day at a time. */
export const dayAt = (at: Instant, day: Day = dayOf(at)): string =>
  answerAt(at, `/api/daily_papers?date=${day}&limit=100`);

/** Saves the made-up API's list of the day, as somebody with a shell and a clock would have; returns the path. */
export function saveDay(folder: string, at: Instant): string {
  const path = join(folder, `${dayOf(at)}__${compactInstant(at)}.json.gz`);
  writeFileSync(path, gzipSync(dayAt(at)));
  return path;
}
