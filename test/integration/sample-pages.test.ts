import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { slugOf } from '../../shared/model/paper.ts';
import { sampleVisits } from '../../shared/sample/history.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { everyKindOfPage, findInvalidPages, validatorMissing } from '../support/html.ts';
import { type Asked, findLargePages, jsonOf, siteOver } from '../web/site.ts';
import { type CollectedArchive, openCollectedArchive } from './collected-archive.ts';

const NOW = '2026-11-20T15:20:00Z' as Instant;
/** Papers of the longest day of the sample. */
const LONGEST = 130;

describe('The sample', { timeout: 120_000 }, () => {
  let feed: SampleServer;
  let archive: CollectedArchive;
  let ask: Asked;
  const paths = new Set<string>();

  beforeAll(async () => {
    feed = await serveSample();
    archive = await openCollectedArchive(feed.origin, NOW, 'agents=agents');
    for (const { listDay, at } of sampleVisits(NOW)) {
      feed.setNow(at);
      await archive.collect(at, [listDay]);
      paths.add(`/${listDay.list.replace(':', '/')}/${listDay.day}`);
    }
    const { table, catalog, archive: snapshots } = archive.workspace;
    ask = siteOver({ table, catalog, clock: () => NOW, sample: true, archive: snapshots });
  }, 120_000);
  afterAll(async () => {
    await archive.end();
    await feed.stop();
  });

  it('has pages of lists of at most 60 kB, and 15 kB compressed, the longest day too', async () => {
    expect(await findLargePages(ask, ['/', ...paths])).toEqual([]);
    const sizes = [...paths].map(async (path) => (await (await ask(`${path}.json`)).json()).papers.length);
    expect(Math.max(...(await Promise.all(sizes)))).toBe(LONGEST);
  });

  const skipped = validatorMissing === null ? '' : ` (skipped: ${validatorMissing})`;
  it.skipIf(skipped !== '')(`has valid HTML on every kind of page${skipped}`, async () => {
    const { papers, day, observedAt } = await jsonOf(ask('/daily.json'));
    const subjects = {
      day,
      id: papers[0].id,
      author: slugOf(papers[0].authors[0]),
      organization: slugOf(papers.find((paper: { organization: unknown }) => paper.organization).organization.name),
      keyword: slugOf(papers[0].keywords[0]),
      watched: 'agents',
      capture: `daily/${day}/${observedAt.replace(/[-:]/g, '')}`,
    };
    expect(await findInvalidPages(ask, everyKindOfPage(subjects))).toEqual({});
  });
});
