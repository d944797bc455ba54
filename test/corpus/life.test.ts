import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { QueryContext } from '../../shared/query/context.ts';
import { getPaper } from '../../shared/query/paper.ts';
import { anArchive, seen } from '../query/archive.ts';
import { aPaper } from '../support/build.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';

/** A real look at trending: the second it was made in, and the ids by rank. */
type Look = { readonly at: string; readonly ids: string[] };

/** Of several in one second the last. */
function readLooks(): Look[] {
  const folder = join(corpus, 'trending');
  const file = readdirSync(folder).find((name) => name.startsWith('ranks')) ?? '';
  const looks = new Map<string, { exact: string; ids: string[] }>();
  for (const line of gunzipSync(readFileSync(join(folder, file)))
    .toString()
    .split('\n')
    .slice(1)) {
    const [exact = '', id, rank] = line.split(',');
    if (!id) continue;
    const at = `${exact.slice(0, 19)}Z`;
    const look = looks.get(at);
    if (look?.exact !== exact) looks.set(at, { exact, ids: [] });
    (looks.get(at) as { ids: string[] }).ids[Number(rank) - 1] = id;
  }
  return [...looks].map(([at, { ids }]) => ({ at, ids: ids.filter(Boolean) })).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The made-up votes of a paper at a rank; the ranks alone are real. */
const votes = (rank: number) => 200 - rank;

/** A paper's stays, by walking over all looks. */
function expected(looks: readonly Look[], id: string) {
  const stays: { from: string; to: string }[] = [];
  let [hours, unwatched, before] = [0, 0, ''];
  let best = { at: '', rank: 1000 };
  for (const { at, ids } of looks) {
    const rank = ids.indexOf(id) + 1;
    if (rank > 0 && rank < best.rank) best = { at, rank };
    if (rank > 0 && before !== '') {
      const passed = (Date.parse(at) - Date.parse(before)) / 3_600_000;
      if (passed > 3) unwatched += passed;
      else hours += passed;
      (stays.at(-1) as { to: string }).to = at;
    } else if (rank > 0) stays.push({ from: at, to: at });
    before = rank > 0 ? at : '';
  }
  return { hours, unwatched, stays, best };
}

describe.skipIf(!corpus)('The stays of all papers on real trending lists', { timeout: 120_000 }, () => {
  const looks = corpus ? readLooks() : [];
  let context: QueryContext;
  beforeAll(async () => {
    context = await anArchive(
      looks.map(({ at, ids }) =>
        seen(
          `trending ${at.slice(0, 10)}`,
          at,
          ids.map((id, place) => aPaper({ id, rank: place + 1, upvotes: votes(place + 1) })),
        ),
      ),
      '2026-09-01T00:00:00Z',
    );
  }, 120_000);

  it('are those that a walk over every capture finds', async () => {
    const ids = new Set(looks.flatMap(({ ids }) => ids));
    let returned = 0;
    for (const id of ids) {
      const life = (await getPaper(context, id))?.life;
      const { hours, unwatched, stays, best } = expected(looks, id);
      expect([id, life?.trending.stays]).toEqual([id, stays]);
      expect([id, life?.trending.entries]).toEqual([id, stays.length]);
      expect(life?.trending.hours).toBeCloseTo(hours, 6);
      expect(life?.trending.unwatchedHours).toBeCloseTo(unwatched, 6);
      expect([id, life?.best]).toMatchObject([id, best]);
      expect([id, life?.peak]).toMatchObject([id, { at: best.at, upvotes: votes(best.rank) }]);
      if (stays.length > 1) returned += 1;
    }
    expect(ids.size).toBeGreaterThan(200);
    expect(returned).toBeGreaterThan(20);
  });
});
