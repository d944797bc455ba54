import { addDays, dayOf, systemClock } from '../../shared/kit/clock.ts';
import { inTurns } from '../../shared/kit/turns.ts';
import { epochs } from '../../shared/parse/epochs.ts';
import type { CoverageDay, HealthAnswer } from '../../shared/query/answers.ts';
import { coverageAnswer } from '../../shared/query/coverage.ts';
import { healthAnswer } from '../../shared/query/health.ts';
import { SCHEMA_VERSION } from '../../shared/record/open.ts';
import { counted } from '../../shared/render/words.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import type { SnapshotStore } from '../../shared/snapshot/store.ts';
import { openArchive } from './archive.ts';
import type { Run } from './commands.ts';
import { drawTable } from './table.ts';
import { VERSION } from './version.ts';

/** Days of coverage that are told, today included. */
const DAYS = 14;

/** `status`: freshness, coverage of the last 14 days, sizes, versions. */
export const runStatus: Run = async ({ settings, say }, _args, options) => {
  const snapshots = await openSnapshots(settings.archive);
  const { archive, close } = await openArchive(settings);
  try {
    const health = await healthAnswer(archive);
    const today = dayOf(systemClock());
    const coverage = await inTurns(health.lists, async ({ list }) => {
      const range = { from: addDays(today, 1 - DAYS), to: today };
      const { days } = await coverageAnswer(archive, list as 'daily', range);
      return { list, days };
    });
    const size = await sizeOf(snapshots);
    const versions = {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: SCHEMA_VERSION,
      parsers: epochs,
    };
    const where = { archive: snapshots.url, table: archive.records.url };
    const deadLetters = await deadLettersOf(options.stage);
    say(
      { ...health, coverage, deadLetters, ...size, where, versions },
      [
        ...(health.sample ? ['SAMPLE: made-up papers'] : []),
        `${STATUS[health.status]} · ${counted(size.snapshots, 'snapshot')}, ${(size.bytes / 1e6).toFixed(1)} MB`,
        `archive ${where.archive} · table ${where.table}`,
        ...(deadLetters === null ? [] : [`${deadLetters} dead letters`]),
        `paperkeep ${VERSION}, node ${versions.node}`,
        '',
        drawCoverage(health.lists, coverage),
      ].join('\n'),
    );
    return 0;
  } finally {
    await close();
  }
};

const STATUS = {
  ok: 'up to date',
  stale: 'STALE: the newest capture is older than 3 hours',
  empty: 'nothing was captured lately',
} as const;

/** Null on one machine, where no queue could hold dead letters. */
async function deadLettersOf(stage: unknown): Promise<number | null> {
  if (typeof stage !== 'string') return null;
  const { findStage, openCloud } = await import('./stage.ts');
  const { cloud, deadLetters } = await findStage(stage, await openCloud());
  return cloud.waiting(deadLetters);
}

async function sizeOf(store: SnapshotStore): Promise<{ snapshots: number; bytes: number }> {
  const size = { snapshots: 0, bytes: 0 };
  for await (const { bytes } of store.list('raw/')) {
    size.snapshots += 1;
    size.bytes += bytes;
  }
  return size;
}

/** What stands for a day. */
const MARKS = { captured: 'x', partial: '/', empty: 'o', failed: '!', missing: '.' } as const;

type ListCoverage = { readonly list: string; readonly days: readonly CoverageDay[] };

function drawCoverage(lists: HealthAnswer['lists'], coverage: readonly ListCoverage[]): string {
  if (lists.length === 0)
    return 'nothing here yet: `npx paperkeep collect` begins, `npx paperkeep doctor` looks for trouble';
  const rows = lists.map(({ list, last, ageMinutes, stale }) => {
    const days = coverage.find((one) => one.list === list)?.days ?? [];
    return [
      list,
      last,
      ageMinutes === null ? null : ageOf(ageMinutes),
      stale ? 'stale' : 'fresh',
      days.map(({ status }) => MARKS[status]).join(''),
    ];
  });
  const columns = ['list', 'newest capture', 'age', '', `last ${DAYS} days`];
  return `${drawTable(columns, rows)}\n\nx captured  / partial  o no papers  ! failed  . missing`;
}

/** `40 min`, `30 h`, `5 days`. */
function ageOf(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}
