import type { Catalog } from '../catalog/sqlite.ts';
import { dayOf } from '../lib/time.ts';
import type { ExportManifest } from '../query/schemas/exports.ts';

/** How many days of a list and year were captured, and how many not. */
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

/** What is told beside a release's tables. */
export type ReleaseFacts = Omit<ExportManifest, 'files'>;

/** Days by their status, per list and year. */
export function coverageByYear(catalog: Catalog, days: readonly [from: string, to: string]): CoveredYear[] {
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
export const coverageJson = ({ builtFrom, commit, from, to }: ReleaseFacts, years: readonly CoveredYear[]): string =>
  `${JSON.stringify({ from, to, commit, ...builtFrom, years: years.map((year) => ({ ...year })) }, null, 2)}\n`;

/** `coverage.md` of a release: the same for people. */
export function coverageText(facts: ReleaseFacts, years: readonly CoveredYear[]): string {
  const { builtFrom, commit, from, to, paperkeep, release } = facts;
  const parsers = Object.entries(builtFrom.parsers).map(([name, epoch]) => `${name} ${epoch}`);
  const lines = years.map(
    (y) =>
      `| ${[y.list, y.year, y.captured, y.partial, y.empty, y.failed, y.missing, y.captures, y.failures].join(' | ')} |`,
  );
  return `# Coverage of ${release}

${builtFrom.sample ? '**SAMPLE: these papers are made up.**\n\n' : ''}List days from ${from ?? 'the first'} to ${to ?? 'the last'}; ${builtFrom.snapshots} snapshots, the newest usable one of ${builtFrom.newestCapture ?? 'no time'}.
Read by paperkeep ${paperkeep} (commit ${commit ?? 'not known'}), parser epochs ${parsers.join(', ')}.

Days by what was captured: \`captured\`, \`partial\` (only cut captures), \`empty\` (the feed said: no papers), \`failed\` (tried, nothing usable), \`missing\` (never tried).

| list | year | captured | partial | empty | failed | missing | usable visits | other visits |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

The table \`coverage\` has every day. Titles and abstracts belong to their authors; lists, their order and their votes are Hugging Face's.
`;
}

/** `CITATION.cff` of a release. */
export const citationText = ({
  release,
  madeAt,
  paperkeep,
  commit,
  builtFrom,
}: ReleaseFacts): string => `cff-version: 1.2.0
message: >-
  If you use this data set, please cite it as below. Titles and abstracts in it belong to their authors; cite the papers themselves too.
type: dataset
title: ${JSON.stringify(`paperkeep export ${release}${builtFrom.sample ? ' (sample, made up)' : ''}`)}
abstract: >-
  Daily and trending papers lists as Hugging Face showed them, captured by paperkeep ${paperkeep}${commit === null ? '' : ` (commit ${commit})`}: ranks and upvotes over time.
  The program is under the MIT licence; nothing is said here about the rights in titles, abstracts and lists.
authors:
  - name: paperkeep contributors
version: ${JSON.stringify(release)}
date-released: ${JSON.stringify(dayOf(madeAt as Parameters<typeof dayOf>[0]))}
`;
