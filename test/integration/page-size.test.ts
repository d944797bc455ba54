import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { sampleVisits } from '../../shared/sample/history.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { findLargePages, siteOver } from '../web/site.ts';
import { type CollectedArchive, openCollectedArchive } from './collected-archive.ts';

const NOW = '2026-11-20T15:20:00Z' as Instant;
/** Papers of the longest day of the sample. */
const LONGEST = 130;

describe('Every page of a list of the sample', { timeout: 120_000 }, () => {
  let feed: SampleServer;
  let archive: CollectedArchive;
  const paths = new Set<string>();

  beforeAll(async () => {
    feed = await serveSample();
    archive = await openCollectedArchive(feed.origin, NOW, 'agents=agents');
    for (const { listDay, at } of sampleVisits(NOW)) {
      feed.setNow(at);
      await archive.collect(at, [listDay]);
      paths.add(`/${listDay.list.replace(':', '/')}/${listDay.day}`);
    }
  }, 120_000);
  afterAll(async () => {
    await archive.end();
    await feed.stop();
  });

  it('has at most 60 kB, and 15 kB compressed, the longest day too', async () => {
    const { table, catalog, archive: snapshots } = archive.workspace;
    const ask = siteOver({ table, catalog, clock: () => NOW, sample: true, archive: snapshots });
    expect(await findLargePages(ask, ['/', ...paths])).toEqual([]);
    const sizes = [...paths].map(async (path) => (await (await ask(`${path}.json`)).json()).papers.length);
    expect(Math.max(...(await Promise.all(sizes)))).toBe(LONGEST);
  });
});
