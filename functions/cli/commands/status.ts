import * as z from 'zod';
import { openArchive } from '../../../shared/archive/open.ts';
import type { SnapshotStore } from '../../../shared/archive/store.ts';
import { mapConcurrent } from '../../../shared/lib/concurrency.ts';
import { formatCount } from '../../../shared/lib/format.ts';
import { addDays, dayOf, systemClock } from '../../../shared/lib/time.ts';
import { parserEpochs } from '../../../shared/parse/epochs.ts';
import type { CoverageDay } from '../../../shared/query/coverage.schema.ts';
import { getCoverage, readHistoryProgress } from '../../../shared/query/coverage.ts';
import type { HealthAnswer } from '../../../shared/query/health.schema.ts';
import { getHealth } from '../../../shared/query/health.ts';
import type { DamagedSnapshot } from '../../../shared/record/reconcile.ts';
import { TABLE_SCHEMA_VERSION } from '../../../shared/table/open.ts';
import { describeHistoryProgress } from '../../../shared/web/pages/text.ts';
import { defineCommand } from '../command.ts';
import { sinceFlag, valueFlag, withSince } from '../flags.ts';
import { formatTable } from '../output.ts';
import { openQueryContext } from '../query-context.ts';
import { VERSION } from '../version.ts';
import { formatDamage, listDamage } from '../workspace.ts';

/** Days of coverage that are shown, today included. */
const DAYS = 14;

/** `status`: freshness, coverage of the last 14 days, sizes, versions. */
export const status = defineCommand({
  name: 'status',
  summary: 'Shows how recent the newest captures are, which of the last 14 days were captured, sizes and versions.',
  examples: ['status'],
  flags: z.object({
    since: valueFlag(sinceFlag, '<day>', 'show how far the daily lists are filled back to this day [PAPERKEEP_SINCE]'),
  }),
  run: async (given, { since }) => {
    const command = withSince(given, since);
    const { settings, stage, print } = command;
    const archive = await openArchive(settings.archive);
    await using opened = await openQueryContext(command);
    const { context } = opened;
    const health = await getHealth(context);
    const today = dayOf(systemClock());
    const coverage = await mapConcurrent(health.lists, async ({ list }) => {
      const range = { from: addDays(today, 1 - DAYS), to: today };
      const { days } = await getCoverage(context, list as 'daily', range);
      return { list, days };
    });
    const history = await readHistoryProgress(context);
    const { damaged, ...size } = await measureArchive(archive);
    const versions = {
      paperkeep: VERSION,
      node: process.versions.node,
      schema: TABLE_SCHEMA_VERSION,
      parsers: parserEpochs,
    };
    const where = { archive: archive.url, table: context.table.url };
    const { deadLetters, lines, ...state } = await readDeploymentState(stage);
    print(
      { ...health, coverage, history, deadLetters, ...state, ...size, damaged: listDamage(damaged), where, versions },
      [
        ...(health.sample ? ['SAMPLE: invented papers'] : []),
        `${STATUS[health.status]} · ${formatCount(size.snapshots, 'snapshot')}, ${(size.bytes / 1e6).toFixed(1)} MB`,
        `archive ${where.archive} · table ${where.table}`,
        ...formatDamage(damaged),
        ...(history === null ? [] : [describeHistoryProgress(history)]),
        ...(deadLetters === null ? [] : [formatCount(deadLetters, 'dead letter')]),
        ...lines,
        `paperkeep ${VERSION}, node ${versions.node}`,
        // an archive that cannot be read is not an empty one
        ...(damaged.length > 0 && health.lists.length === 0 ? [] : ['', formatCoverage(health.lists, coverage)]),
      ].join('\n'),
    );
    return damaged.length > 0 ? 5 : 0;
  },
});

const STATUS = {
  ok: 'up to date',
  stale: 'STALE: the newest capture is older than 3 hours',
  empty: 'nothing recorded yet',
} as const;

/** The dead letters and the alarms of a deployment, with lines about the alarms; null without one, since a machine has neither. */
async function readDeploymentState(stage: string | null) {
  if (stage === null) return { deadLetters: null, alarms: null, unconfirmed: null, lines: [] };
  const [{ findDeployment, openCloud }, { formatAlarmState, readAlarmState }] = await Promise.all([
    import('../aws/stage.ts'),
    import('../aws/alarms.ts'),
  ]);
  const { cloud, deadLettersUrl, service } = await findDeployment(stage, await openCloud());
  const state = await readAlarmState(cloud, stage, service?.stack ?? null);
  return { deadLetters: await cloud.countMessages(deadLettersUrl), ...state, lines: formatAlarmState(state) };
}

async function measureArchive(store: SnapshotStore) {
  const size = { snapshots: 0, bytes: 0, damaged: [] as DamagedSnapshot[] };
  for await (const { bytes } of store.list('raw/', '', (folder) => size.damaged.push(folder))) {
    size.snapshots += 1;
    size.bytes += bytes;
  }
  return size;
}

/** The mark of a day by its status. */
const MARKS = { captured: 'x', partial: '/', empty: 'o', failed: '!', missing: '.' } as const;

type ListCoverage = { readonly list: string; readonly days: readonly CoverageDay[] };

function formatCoverage(lists: HealthAnswer['lists'], coverage: readonly ListCoverage[]): string {
  if (lists.length === 0)
    return 'Nothing here yet. `npx paperkeep collect` captures what is due; `npx paperkeep doctor` checks the set-up.';
  const table = formatTable(lists, [
    'list',
    ['newest capture', 'last'],
    ['age', ({ ageMinutes }) => (ageMinutes === null ? null : formatAge(ageMinutes))],
    ['', ({ stale }) => (stale ? 'stale' : 'fresh')],
    [
      `last ${DAYS} days`,
      ({ list }) =>
        coverage
          .find((one) => one.list === list)
          ?.days.map(({ status }) => MARKS[status])
          .join('') ?? '',
    ],
  ]);
  return `${table}\n\nx captured  / partial  o no papers  ! failed  . missing`;
}

/** `40 min`, `30 h`, `5 days`. */
function formatAge(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}
