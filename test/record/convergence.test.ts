import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureKey } from '../../shared/archive/keys.ts';
import type { Snapshot } from '../../shared/archive/warc/write-snapshot.ts';
import { addSeconds } from '../../shared/lib/time.ts';
import type { Capture } from '../../shared/model/capture.ts';
import { isUsable, type ListingRow, type Outcome, type ParseResult } from '../../shared/model/listing.ts';
import type { Parsers } from '../../shared/parse/parsers.ts';
import { type ReplayDeps, reconcile } from '../../shared/record/reconcile.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { verifyArchive } from '../../shared/record/verify.ts';
import type { Item } from '../../shared/table/store.ts';
import { aCapture, aListing, aPaper, DAILY, DAY, instant } from '../support/build.ts';
import { createMemoryArchive } from '../support/snapshots.ts';
import { Killed, makeWorld, nameOf, type World } from './world.ts';

/** Numbers from 0 up to 1 that follow from the seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A visit as parsers of epoch 1 and of epoch 2 read it. */
type Visit = readonly [first: ParseResult, second: ParseResult];

const outcomes: Outcome[] = ['list', 'list', 'list', 'empty', 'server-error', 'drift'];
const aParsed = fc
  .record({
    outcome: fc.constantFrom(...outcomes),
    complete: fc.constantFrom(true, null, false),
    papers: fc.uniqueArray(fc.record({ paper: fc.nat(4), retitled: fc.boolean(), upvotes: fc.nat(9) }), {
      selector: ({ paper }) => paper,
      maxLength: 4,
    }),
  })
  .map(({ outcome, complete, papers }): ParseResult => {
    const rows = papers.map(({ paper, retitled, upvotes }, at): ListingRow => {
      const title = `Paper ${paper}${retitled ? ', in another wording' : ''}`;
      return aPaper({ rank: at + 1, id: paper === 4 ? null : `2501.0000${paper}`, upvotes, title });
    });
    const listing = outcome === 'server-error' ? null : aListing({ rows: outcome === 'empty' ? [] : rows, complete });
    return { outcome, why: isUsable(outcome) ? '' : 'as it happens', listing };
  });

const readersOf = (epoch: 1 | 2): Parsers => {
  const reader = {
    epoch,
    parse: ({ exchanges }: Capture): ParseResult =>
      JSON.parse(new TextDecoder().decode(exchanges[0]?.body))[epoch - 1] as ParseResult,
  };
  return { daily: reader, trending: reader, watched: reader };
};

/** Visits as snapshots, a minute after one another. Their bytes are the answer: nothing here depends on WARC. */
const snapshotsOf = (visits: readonly Visit[]): Snapshot[] =>
  visits.map((visit, minute) => {
    const body = new TextEncoder().encode(JSON.stringify(visit));
    const capture = aCapture({ at: addSeconds(instant(`${DAY}T06:00:00Z`), minute * 60), answer: { body } });
    return { key: captureKey(capture), bytes: body, capture };
  });

async function workspaceOf(world: World, snapshots: readonly Snapshot[], parsers: Parsers): Promise<ReplayDeps> {
  const store = createMemoryArchive();
  for (const { key, bytes } of snapshots) await store.putIfAbsent(key, bytes);
  const read = async (key: string) => snapshots.find((snapshot) => snapshot.key === key) as Snapshot;
  return { archive: store, table: world.process(null), parsers, read };
}

/** The table of a workspace that was recorded without interruption. */
async function undisturbed(snapshots: readonly Snapshot[], parsers: Parsers): Promise<World> {
  const world = makeWorld(() => 0.5);
  await world.run([recordSnapshots({ table: world.process(null), parsers }, snapshots)]);
  return world;
}

/**
 * What one recorder does: these visits in this order (the first one all of them), in one go or one by one; killed at that step, and whether
 * its message comes again: where it does not, reconciling finds what is missing.
 */
const aRecorder = fc.record({
  order: fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }),
  inOneGo: fc.boolean(),
  killed: fc.option(fc.nat(60)),
  again: fc.boolean(),
});
const aScenario = fc.record({
  visits: fc.array(fc.tuple(aParsed, aParsed), { minLength: 1, maxLength: 5 }),
  recorders: fc.array(aRecorder, { minLength: 1, maxLength: 4 }),
  raised: fc.option(fc.record({ killed: fc.option(fc.nat(60)) })),
  seed: fc.integer(),
});

describe('recorders that work on one list at once', () => {
  it('leave the table of one undisturbed recorder, whatever the order, repeats, kills, stale reads and a raised epoch', async () => {
    await fc.assert(
      fc.asyncProperty(aScenario, async ({ visits, recorders, raised, seed }) => {
        const snapshots = snapshotsOf(visits);
        const parsers = readersOf(raised ? 2 : 1);
        const world = makeWorld(chanceOf(seed));
        const workspace = await workspaceOf(world, snapshots, parsers);

        let lost = false;
        const old = recorders.map(async ({ order, inOneGo, killed, again }, recorder) => {
          const some = order.map((at) => snapshots[at % snapshots.length] as Snapshot);
          const own = recorder === 0 ? [...some, ...snapshots] : some;
          const calls = inOneGo ? [own] : own.map((one) => [one]);
          const work = async (dies: number | null) => {
            const table = world.process(dies);
            for (const call of calls) await recordSnapshots({ table, parsers: readersOf(1) }, call);
          };
          await work(killed).catch(async (error) => {
            if (!(error instanceof Killed)) throw error;
            if (again) await work(null);
            else lost = true;
          });
        });
        const replay = async (dies: number | null) => {
          await recordSnapshots({ table: world.process(dies), parsers }, snapshots);
        };
        const replaying = raised ? [replay(raised.killed).catch(() => replay(null))] : [];
        await world.run([...old, ...replaying]);
        if (lost) await world.run([reconcile(workspace, [DAILY])]);

        const wanted = (await undisturbed(snapshots, parsers)).table;
        const left = [...world.table.keys()].filter((name) => !wanted.has(name)).sort();
        const kept = new Map([...world.table].filter(([name]) => wanted.has(name)));
        expect(sorted(kept)).toEqual(sorted(wanted));

        const checking = verifyArchive(workspace, {});
        await world.run([checking]);
        const { findings } = await checking;
        expect(findings.map(({ what, name }) => `${what} ${name}`).sort()).toEqual(
          left.map((name) => `orphan ${name}`),
        );
        await world.run([verifyArchive(workspace, { fix: true, removeMany: true })]);
        expect(sorted(world.table)).toEqual(sorted(wanted));
      }),
      { numRuns: 500 },
    );
  });
});

const sorted = (table: ReadonlyMap<string, Item>): Item[] =>
  [...table.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
