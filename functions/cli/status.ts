import { addDays, dayOf, systemClock } from '../../shared/kit/clock.ts';
import { inTurns } from '../../shared/kit/turns.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { coverageAnswer } from '../../shared/query/coverage.ts';
import { healthAnswer } from '../../shared/query/health.ts';
import type { Archive } from '../../shared/query/store.ts';
import { openHouse, VERSION } from './context.ts';
import type { CliCommand } from './main.ts';
import { drawTable } from './table.ts';

/** `status`: freshness, coverage of the last 14 days, sizes, versions. */
export const statusCommand: CliCommand = {
  usage: 'status',
  says: 'How fresh the archive is, what was captured in the last 14 days, sizes, versions.',
  example: 'status --json',
  async run(context) {
    const house = await openHouse(context);
    try {
      const archive: Archive = { records: house.records, clock: systemClock, sample: false };
      const health = await healthAnswer(archive);
      const today = dayOf(systemClock());
      const coverage = await inTurns(health.lists, async ({ list }) => {
        const { days } = await coverageAnswer(archive, list as 'daily', { from: addDays(today, -13), to: today });
        return { list, days };
      });
      let snapshots = 0;
      let bytes = 0;
      for await (const stored of house.snapshots.list('raw/')) {
        snapshots += 1;
        bytes += stored.bytes;
      }
      const versions = {
        paperkeep: VERSION,
        node: process.versions.node,
        parsers: Object.fromEntries(Object.entries(parsers).map(([kind, { epoch }]) => [kind, epoch])),
      };
      const where = { archive: house.snapshots.url, table: house.records.url };
      const marks = { captured: 'x', partial: '/', empty: 'o', failed: '!', missing: '.' };
      const rows = health.lists.map(({ list, last, ageMinutes, stale }) => [
        list,
        last,
        ageMinutes,
        stale,
        coverage
          .find((one) => one.list === list)
          ?.days.map(({ status }) => marks[status])
          .join('') ?? null,
      ]);
      const text = [
        `${health.status}: ${snapshots} snapshots, ${(bytes / 1e6).toFixed(1)} MB`,
        `archive ${where.archive} · table ${where.table} · paperkeep ${VERSION}, node ${versions.node}`,
        '',
        drawTable(['list', 'newest capture', 'minutes old', 'stale', 'last 14 days'], rows),
        'x captured  / partial  o no papers  ! failed  . missing',
      ];
      context.say({ ...health, coverage, snapshots, bytes, where, versions }, text.join('\n'));
      return 0;
    } finally {
      await house.close();
    }
  },
};
