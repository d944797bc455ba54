import type { Catalog } from '../catalog/sqlite.ts';
import { dayOf } from '../lib/time.ts';
import type { ExportManifest } from '../query/exports.schema.ts';

/** The number of days of a list and year by their status, and of visits. */
type CoveredYear = {
  readonly list: string;
  readonly year: string;
  readonly captured: number;
  readonly partial: number;
  readonly empty: number;
  readonly failed: number;
  readonly missing: number;
  readonly captures: number;
  readonly failures: number;
};

/** The manifest of an export without its files. */
export type ExportFacts = Omit<ExportManifest, 'files'>;

/** Days by their status, per list and year. */
export function countCoverageByYear(catalog: Catalog, days: readonly [from: string, to: string]): CoveredYear[] {
  return catalog.all<CoveredYear>(
    `SELECT list, substr(day, 1, 4) AS year,
        sum(status = 'captured') AS captured, sum(status = 'partial') AS partial, sum(status = 'empty') AS empty,
        sum(status = 'failed') AS failed, sum(status = 'missing') AS missing,
        sum(captures) AS captures, sum(failures) AS failures
      FROM coverage WHERE day BETWEEN ? AND ? GROUP BY list, year ORDER BY list, year`,
    [...days],
  );
}

/** `coverage.json` of a release. */
export const formatCoverageJson = (
  { builtFrom, commit, from, to }: ExportFacts,
  years: readonly CoveredYear[],
): string =>
  `${JSON.stringify({ from, to, commit, ...builtFrom, years: years.map((year) => ({ ...year })) }, null, 2)}\n`;

/** `coverage.md` of a release, the same as text. */
export function formatCoverage(facts: ExportFacts, years: readonly CoveredYear[]): string {
  const { builtFrom, commit, from, to, paperkeep, release } = facts;
  const parsers = Object.entries(builtFrom.parsers).map(([name, epoch]) => `${name} ${epoch}`);
  const lines = years.map(
    (y) =>
      `| ${[y.list, y.year, y.captured, y.partial, y.empty, y.failed, y.missing, y.captures, y.failures].join(' | ')} |`,
  );
  return `# Coverage of ${release}

${builtFrom.sample ? '**SAMPLE: these papers are invented.**\n\n' : ''}List days from ${from ?? 'the first'} to ${to ?? 'the last'}; ${builtFrom.snapshots} snapshots, the newest usable one of ${builtFrom.newestCapture ?? 'no time'}.
Read by paperkeep ${paperkeep} (commit ${commit ?? 'not known'}), parser epochs ${parsers.join(', ')}.

Days by what was captured: \`captured\`, \`partial\` (only cut captures), \`empty\` (no papers listed), \`failed\` (tried, nothing usable), \`missing\` (never tried).

| list | year | captured | partial | empty | failed | missing | usable visits | other visits |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

The table \`coverage\` has every day. Titles and abstracts belong to their authors; lists, their order and their votes are Hugging Face's.
`;
}

/** `CITATION.cff` of a release. */
export const formatCitation = ({
  release,
  madeAt,
  paperkeep,
  commit,
  builtFrom,
}: ExportFacts): string => `cff-version: 1.2.0
message: >-
  If you use this data set, please cite it as below, and the papers themselves too.
type: dataset
title: ${JSON.stringify(`paperkeep export ${release}${builtFrom.sample ? ' (sample, invented)' : ''}`)}
abstract: >-
  Daily and trending papers lists as Hugging Face showed them, captured by paperkeep ${paperkeep}${commit === null ? '' : ` (commit ${commit})`}: ranks and upvotes over time.
  The program is under the MIT licence; titles and abstracts belong to their authors, the lists and votes to Hugging Face.
authors:
  - name: paperkeep contributors
version: ${JSON.stringify(release)}
date-released: ${JSON.stringify(dayOf(madeAt as Parameters<typeof dayOf>[0]))}
`;
