import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalCatalog } from '../../functions/cli/local-catalog.ts';
import { publishCatalog } from '../../shared/catalog/publish.ts';
import { openCatalogStore } from '../../shared/catalog/s3.ts';
import { parseEnv } from '../../shared/lib/env.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { deadlineAfter } from '../../shared/lib/time.ts';
import { Settings } from '../../shared/settings.ts';
import { anArchive, papers, seen } from '../query/archive.ts';
import { BUCKET, type S3Double, startS3 } from '../support/s3.ts';
import { inEnvironment } from './aws/environment.ts';

let folder: string;
let s3: S3Double;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paperkeep-cli-catalog-'));
  s3 = await startS3();
});
afterEach(async () => {
  await s3.stop();
  rmSync(folder, { recursive: true });
});

describe('the catalog of a deployment on this machine', () => {
  it('begins as the nightly one of the deployment, and is fetched once', async () => {
    inEnvironment({ AWS_ENDPOINT_URL_S3: s3.endpoint });
    const { table, clock } = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2]))]);
    const store = await openCatalogStore(`s3://${BUCKET}`);
    const path = join(folder, 'nightly.sqlite');
    await publishCatalog({ store, table, clock, log: silentLog, path }, deadlineAfter(60_000));

    let read = 0;
    const counted: typeof table = {
      ...table,
      getMany: (keys) => {
        read += keys.length;
        return table.getMany(keys);
      },
    };
    const gets = () => s3.asked.filter(({ what }) => what.startsWith('GET')).length;
    const before = gets();
    const settings = parseEnv(Settings, { PAPERKEEP_DATA: join(folder, 'data'), PAPERKEEP_DERIVED: `s3://${BUCKET}` });
    for (const time of [1, 2]) {
      const { catalog, close } = openLocalCatalog(settings, counted, clock);
      expect((await catalog()).all('SELECT id FROM papers')).toHaveLength(2);
      expect({ time, read, fetched: gets() - before }).toEqual({ time, read: 0, fetched: 1 });
      await close();
    }
  });
});

describe('the catalog of a table on this machine', () => {
  it('is reused however the path of the table is written', async () => {
    const { table, clock } = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1], [2]))]);
    const settings = parseEnv(Settings, { PAPERKEEP_DATA: folder });
    const reads: number[] = [];
    for (const url of ['sqlite:papers.sqlite', `sqlite:${resolve('papers.sqlite')}`]) {
      let read = 0;
      const getMany: typeof table.getMany = (keys) => {
        read += keys.length;
        return table.getMany(keys);
      };
      const { catalog, close } = openLocalCatalog(settings, { ...table, getMany, url }, clock);
      expect((await catalog()).all('SELECT id FROM papers')).toHaveLength(2);
      await close();
      reads.push(read);
    }
    expect(reads).toEqual([2, 0]);
  });
});
