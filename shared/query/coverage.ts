import { addDays, type Clock, type Day, dayOf, daysFrom, type Instant } from '../kit/clock.ts';
import { kindOf, type SourceName } from '../model/target.ts';
import { expectedVisits } from '../plan/schedule.ts';
import { calendarOf, listsOf } from '../record/calendar.ts';
import type { Standing } from '../record/fold.ts';
import type { Records } from '../record/records.ts';
import type { CoverageAnswer, CoverageDay } from './answers.ts';
import type { Archive } from './store.ts';

/** The calendar of a list: every day of the range, the empty ones too. Without a range: from its first day to today. */
export async function coverageAnswer(
  { records, clock, sample }: Archive,
  list: SourceName,
  range: { readonly from: Day | null; readonly to: Day | null },
): Promise<CoverageAnswer> {
  const now = clock();
  const lists = await listsOf(records);
  const began = await beganOf(records, list, lists.get(list)?.[0] ?? null);
  const to = range.to ?? dayOf(now);
  const from = range.from ?? [began?.day ?? to, to].sort()[0] ?? to;
  const visited = new Map(
    (await calendarOf(records, list, from, to)).map(({ target, standing }) => [target.day, standing]),
  );
  const expected = (day: Day) =>
    began
      ? expectedVisits(kindOf(list), day, { since: began.since, now, settledAt: visited.get(day)?.settledAt ?? null })
      : 0;
  const days = daysFrom(from, to).map((day) => dayLine(day, visited.get(day) ?? null, expected(day)));
  const count = (status: CoverageDay['status']) => days.filter((line) => line.status === status).length;
  const sum = (field: 'captures' | 'failures') => days.reduce((total, line) => total + line[field], 0);
  const seen = days.filter(({ status }) => status !== 'missing');
  return {
    list,
    from,
    to,
    days,
    summary: {
      captured: count('captured'),
      partial: count('partial'),
      empty: count('empty'),
      failed: count('failed'),
      missing: count('missing'),
      captures: sum('captures'),
      failures: sum('failures'),
      first: seen[0]?.day ?? null,
      last: seen.at(-1)?.day ?? null,
    },
    lists: [...lists.keys()],
    sample,
  };
}

/** When a list began: its first day with a visit, and the hour of its first usable capture, from which visits were due. */
async function beganOf(
  records: Records,
  list: SourceName,
  month: string | null,
): Promise<{ day: Day; since: Instant } | null> {
  if (!month) return null;
  const first = `${month}-01` as Day;
  const days = await calendarOf(records, list, first, addDays(first, 30));
  const since = days.map(({ standing }) => standing.first ?? standing.lastVisit).sort()[0];
  return since && days[0] ? { day: days[0].target.day, since: `${since.slice(0, 13)}:00:00Z` as Instant } : null;
}

const dayLine = (day: Day, standing: Standing | null, expected: number): CoverageDay => ({
  day,
  status: standing?.status ?? 'missing',
  captures: standing?.captures ?? 0,
  failures: standing?.failures ?? 0,
  expected,
  longestGapMinutes: standing?.longestGapMinutes ?? null,
  papers: standing?.papers ?? 0,
  complete: standing?.complete ?? null,
  settled: (standing?.settledAt ?? null) !== null,
  first: standing?.first ?? null,
  last: standing?.last ?? null,
});

/** The newest usable capture of a list, looked for in the last 45 days of its calendar; null if there is none. */
export async function newestCapture(records: Records, list: SourceName, clock: Clock): Promise<Instant | null> {
  const today = dayOf(clock());
  const days = await calendarOf(records, list, addDays(today, -45), today);
  return (
    days
      .map(({ standing }) => standing.last)
      .filter((at) => at !== null)
      .sort()
      .at(-1) ?? null
  );
}
