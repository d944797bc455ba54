import { openArchive } from '../../../shared/archive/open.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { mapConcurrent } from '../../../shared/lib/concurrency.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { addDays, dayOf, systemClock } from '../../../shared/lib/time.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import { getCoverage } from '../../../shared/query/coverage.ts';
import { getHealth } from '../../../shared/query/health.ts';
import type { CoverageDay, HealthAnswer } from '../../../shared/query/schemas.ts';
import { TABLE_SCHEMA_VERSION } from '../../../shared/table/open.ts';
import { openQueryContext } from '../open-archive.ts';
import { formatTable } from '../output.ts';
import type { Run } from '../program.ts';
import { VERSION } from '../version.ts';

/** Days of coverage that are told, today included. */
const DAYS = 14;

/** `status`: freshness, coverage of the last 14 days, sizes, versions. */
export const runStatus: Run = async ({ settings, say }, _args, options) => {
  const archive = await openArchive(settings.archive);
  const { context, close } = await openQueryContext(settings);
  try {
    const health = await getHealth(context);
    const today = dayOf(systemClock());
    const coverage = await mapConcurrent(health.lists, async ({ list }) => {
      const range = { from: addDays(today, 1 - DAYS), to: today };
      const { days } = await getCoverage(context, list as 'daily', range);
      return { list, days };
    });
    const size = await sizeOf(archive);
    const versions = {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: TABLE_SCHEMA_VERSION,
      parsers: parserEpochs,
    };
    const where = { archive: archive.url, table: context.table.url };
    const deadLetters = await deadLettersOf(options.stage);
    say(
      { ...health, coverage, deadLetters, ...size, where, versions },
      [
        ...(health.sample ? ['SAMPLE: made-up papers'] : []),
        `${STATUS[health.status]} · ${formatCount(size.snapshots, 'snapshot')}, ${(size.bytes / 1e6).toFixed(1)} MB`,
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
  const { findDeployment, openCloud } = await import('../aws/stage.ts');
  const { cloud, deadLettersUrl } = await findDeployment(stage, await openCloud());
  return cloud.countMessages(deadLettersUrl);
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
  return `${formatTable(columns, rows)}\n\nx captured  / partial  o no papers  ! failed  . missing`;
}

/** `40 min`, `30 h`, `5 days`. */
function ageOf(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}
