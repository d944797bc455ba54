/** The issues of the mail that follows everything, for everyone to read: they hold no address. */
import * as z from 'zod';
import { addDays, type Day, dayOf } from '../lib/time.ts';
import { currentDay, type SiteContext } from '../query/context.ts';
import { newestUsableCapture } from '../query/coverage.ts';
import { NotFoundError } from '../query/errors.ts';
import { pageItems } from '../query/paging.ts';
import { paperFields, paperLinks } from '../query/paper-fields.ts';
import { day, paging } from '../query/parameters.ts';
import { defineQuestion } from '../query/question.ts';
import type { DigestAnswer, DigestsAnswer } from './issues.schema.ts';
import { DIGESTS_PATH } from './links.ts';
import { describeGaps, describeMatch } from './message.ts';
import { type Gap, readWindow, WINDOW_DAYS } from './papers.ts';
import { byUpvotes, findMatches, type Match } from './selection.ts';
import type { Follow } from './subscription.ts';

const ALL = 'all' as Follow;
const NOT_FOUND = 'This site sends no mail.';
/** What a position looks like: the day of the issue that was last. */
const POSITION = /^\d{4}-\d\d-\d\d$/;

const parameters = z.object(paging(POSITION, '2025-01-08'));

/** The newest issues. */
export const digestsQuestion = defineQuestion({
  path: DIGESTS_PATH,
  summary: 'The issues of the mail that follows everything, of the 14 days before the newest list, newest first.',
  notFound: NOT_FOUND,
  parameters,
  answer: async () => (await import('./issues.schema.ts')).DigestsAnswer,
  async run(context: SiteContext, paging: z.output<typeof parameters>): Promise<DigestsAnswer> {
    const to = dayOf((await newestUsableCapture(context.table, 'daily', context.clock)) ?? context.clock());
    const days = Map.groupBy((await readIssues(context, addDays(to, -WINDOW_DAYS), to)).matches, (match) => match.day);
    const issues = [...days]
      .map(([day, matches]) => ({
        day,
        papers: matches.length,
        titles: matches.map(({ paper }) => paper.content.title),
      }))
      .sort((a, b) => (a.day < b.day ? 1 : -1));
    const { items, next } = pageItems(issues, ({ day }) => day, paging);
    return { issues: [...items], total: issues.length, next, sample: context.sample };
  },
});

/** The issue of a day. */
export const digestQuestion = defineQuestion({
  path: `${DIGESTS_PATH}/:day`,
  summary:
    'The issue of a list day: the papers that were new on its daily list or entered trending, most upvotes first.',
  notFound: NOT_FOUND,
  parameters: z.object({ day }),
  answer: async () => (await import('./issues.schema.ts')).DigestAnswer,
  run: (context: SiteContext, asked: { readonly day: Day }): Promise<DigestAnswer> => getIssue(context, asked.day),
});

async function getIssue(context: SiteContext, day: Day): Promise<DigestAnswer> {
  // as the messages of the days after it, which also have papers that were first seen on later lists
  const last = addDays(day, WINDOW_DAYS);
  const today = currentDay(context);
  const read = await readIssues(context, day, last > today && today > day ? today : last);
  const matches = read.matches.filter((match) => match.day === day);
  return {
    day,
    papers: matches.map((match) => {
      const { id, content, seen } = match.paper;
      const { upvotes, comments, githubStars } = seen;
      return {
        ...paperFields(id, content, { upvotes, comments, githubStars }),
        id,
        why: describeMatch(match, 0),
        ...paperLinks(id),
      };
    }),
    total: matches.length,
    next: null,
    gaps: describeGaps(read.gaps.filter((gap) => gap.day === day && day < today)),
    sample: context.sample,
  };
}

/** The matches of a range of days, most upvotes first, and the gaps of these days. */
async function readIssues(
  context: SiteContext,
  from: Day,
  to: Day,
): Promise<{ matches: Match[]; gaps: readonly Gap[] }> {
  requireMail(context);
  const window = await readWindow(context, { from, to }, null);
  return { matches: findMatches(window, ALL, 0).sort(byUpvotes), gaps: window.gaps };
}

function requireMail({ sendsMail }: SiteContext): void {
  if (!sendsMail) throw new NotFoundError('MAIL_OFF', 'this site sends no mail');
}
