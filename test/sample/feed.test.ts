import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addDays, addSeconds, type Day, dayOf, type Instant, parseInstant, startOfDay } from '../../shared/lib/time.ts';
import { parsePaperId } from '../../shared/model/paper.ts';
import {
  isBusy,
  isRedated,
  isRetitled,
  isWeekend,
  SAMPLE_DAYS,
  sampleDays,
  simulatedFailureAt,
} from '../../shared/sample/calendar.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (!instant) throw new Error(`no instant: ${text}`);
  return instant;
};

const NOW = at('2026-11-20T15:20:00Z');
const ask = (now: Instant, path: string) => createSampleFeed(now).answer(new URL(path, 'http://sample.invalid'));

const text = z.string().min(1);
const stamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
const hexId = z.string().regex(/^[0-9a-f]{24}$/);
const user = { _id: hexId, avatarUrl: text, isPro: z.boolean(), fullname: text, type: z.literal('user'), name: text };
const count = z.int().min(0);
const organization = z.strictObject({ _id: hexId, name: text, fullname: text, avatar: text }).optional();
const mediaUrls = z.array(text).optional();
const unlistedPaper = z.strictObject({
  id: z.string().refine((id) => parsePaperId(id) === id),
  authors: z
    .array(
      z.strictObject({
        _id: hexId,
        name: text,
        hidden: z.literal(false),
        user: z.strictObject({ ...user, user: text }).optional(),
        status: z.literal('claimed_verified').optional(),
        statusLastChangedAt: stamp.optional(),
      }),
    )
    .min(1),
  mediaUrls,
  publishedAt: stamp,
  title: text,
  summary: z.string().min(150),
  upvotes: count,
  discussionId: hexId.optional(),
  projectPage: z.url().optional(),
  githubRepo: z.url().optional(),
  githubRepoAddedBy: z.literal('user').optional(),
  ai_summary: text.optional(),
  ai_summary_model: text.optional(),
  ai_keywords: z.array(text).min(3).max(9).optional(),
  githubStars: count.optional(),
  organization,
});
const unlistedEntry = z.strictObject({
  paper: unlistedPaper,
  publishedAt: stamp,
  title: text,
  summary: text,
  mediaUrls,
  thumbnail: text,
  numComments: count,
  organization,
  isAuthorParticipating: z.boolean(),
});
const listedEntry = unlistedEntry.extend({
  paper: unlistedPaper.extend({
    submittedOnDailyAt: stamp,
    submittedOnDailyBy: z.strictObject({ ...user, user: text }),
  }),
  submittedBy: z.strictObject({
    ...user,
    isHf: z.boolean(),
    isHfAdmin: z.boolean(),
    isMod: z.boolean(),
    followerCount: count,
    isUserFollowing: z.boolean(),
  }),
});
type Listed = z.infer<typeof listedEntry>;

const page = (now: Instant, day: Day, number: number): Listed[] =>
  z.array(listedEntry).parse(JSON.parse(ask(now, `/api/daily_papers?date=${day}&limit=100&p=${number}`).body));
const list = (now: Instant, day: Day): Listed[] => [...page(now, day, 0), ...page(now, day, 1)];
const everything = (now: Instant): Listed[] => sampleDays(now).flatMap((day) => list(now, day));

const pageProps = z.looseObject({
  dailyPapers: z.array(z.union([listedEntry, unlistedEntry])),
  dateString: z.string().optional(),
  isTrending: z.boolean(),
  query: z.record(z.string(), z.string()),
});

const propsOf = (html: string) => {
  const escaped = /data-target="DailyPapers" data-props="([^"]*)"/.exec(html)?.[1] ?? '';
  return pageProps.parse(
    JSON.parse(
      escaped
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    ),
  );
};
const trending = (now: Instant) => propsOf(ask(now, '/papers/trending').body).dailyPapers;
const dayIn = (now: Instant, is: (day: Day) => boolean): Day => {
  const day = sampleDays(now).find((one) => is(one) && one < addDays(dayOf(now), -3));
  if (!day) throw new Error('no such day in the window');
  return day;
};

describe('the sample feed', () => {
  it.each([
    '/api/daily_papers?date=2026-11-19&limit=100',
    '/papers/trending',
    '/papers?q=agents',
    '/papers/date/2026-11-18',
  ])('gives the same bytes for the same time whenever it is requested: %s', (path) => {
    const first = ask(NOW, path);
    ask(addSeconds(NOW, -40 * 86_400), path);
    expect(ask(NOW, path)).toEqual(first);
    expect(first.status).toBe(200);
  });

  it('writes every entry in the format of 2026, in all six weeks', () => {
    const entries = everything(NOW);
    expect(entries.length).toBeGreaterThan(500);
    for (const { title, summary, paper } of entries) expect([title, summary]).toEqual([paper.title, paper.summary]);
    const ids = entries.map(({ paper }) => paper.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^\d{4}\.9\d{4}$/.test(id))).toBe(true);
    for (const { paper } of entries) expect(paper.id.slice(0, 4)).toBe(paper.publishedAt.slice(2, 7).replace('-', ''));
  });

  it('orders a list by upvotes and names its day in every entry', () => {
    for (const day of sampleDays(NOW)) {
      const entries = list(NOW, day);
      const votes = entries.map(({ paper }) => paper.upvotes);
      expect(votes).toEqual(votes.toSorted((one, other) => other - one));
      for (const { paper } of entries) expect(paper.submittedOnDailyAt).toBe(`${day}T00:00:00.000Z`);
    }
  });

  it('has lists on weekdays only, 12 to 41 papers long, and one busy day of two pages', () => {
    const days = sampleDays(NOW).slice(0, -1);
    for (const day of days) {
      const length = list(NOW, day).length;
      if (isWeekend(day)) expect(length).toBe(0);
      else if (isBusy(day)) expect(length).toBe(130);
      else expect(length, day).toSatisfy((papers: number) => papers >= 11 && papers <= 41);
    }
    expect(sampleDays(NOW).filter(isBusy)).toHaveLength(1);
    expect(ask(NOW, `/api/daily_papers?date=${dayIn(NOW, isWeekend)}`).body).toBe('[]');
    const busy = dayIn(NOW, isBusy);
    expect([page(NOW, busy, 0).length, page(NOW, busy, 1).length, page(NOW, busy, 2).length]).toEqual([100, 30, 0]);
  });

  it('adds papers to today hour by hour', () => {
    const today = dayOf(NOW);
    const lengths = Array.from(
      { length: 24 },
      (_, hour) => list(addSeconds(startOfDay(today), hour * 3600), today).length,
    );
    expect(lengths[0]).toBe(0);
    expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
    expect(new Set(lengths).size).toBeGreaterThan(5);
    expect(lengths.at(-1)).toBeGreaterThanOrEqual(12);
  });

  it('lets upvotes rise fast for a day and slowly after that, with a rare loss of one', () => {
    const day = addDays(dayOf(NOW), -14);
    const times = Array.from({ length: 14 * 24 }, (_, hour) => addSeconds(startOfDay(day), hour * 3600)).filter(
      (time) => simulatedFailureAt(time) !== 'failing',
    );
    const series = new Map<string, { hour: number; votes: number }[]>();
    for (const [hour, time] of times.entries()) {
      for (const { paper } of list(time, day)) {
        series.set(paper.id, [...(series.get(paper.id) ?? []), { hour, votes: paper.upvotes }]);
      }
    }
    let steps = 0;
    let down = 0;
    let inFirstDay = 0;
    let inAll = 0;
    for (const seen of series.values()) {
      const last = seen.at(-1)?.votes ?? 0;
      inAll += last;
      inFirstDay += seen[24]?.votes ?? 0;
      for (const [index, { votes }] of seen.slice(1).entries()) {
        const step = votes - (seen[index]?.votes ?? 0);
        expect(step).toBeGreaterThanOrEqual(-1);
        expect(step).toBeLessThanOrEqual(3 + last * 0.2);
        steps += 1;
        if (step < 0) down += 1;
      }
    }
    expect(steps).toBeGreaterThan(3000);
    expect(down).toBeGreaterThan(0);
    expect(down / steps).toBeLessThan(0.005);
    expect(inFirstDay / inAll).toSatisfy((share: number) => share > 0.55 && share < 0.9);
  });

  it.each(['2026-02-13T09:00:00Z', '2026-07-01T03:20:00Z', '2026-11-20T15:20:00Z', '2027-01-05T22:00:00Z'])(
    'has upvotes distributed as the real ones are: %s',
    (now) => {
      const votes = everything(at(now))
        .map(({ paper }) => paper.upvotes)
        .toSorted((one, other) => one - other);
      const voteAt = (share: number) => votes[Math.floor(votes.length * share)] ?? Number.NaN;
      expect(voteAt(0.5)).toSatisfy((median: number) => median >= 4 && median <= 9);
      expect(voteAt(0.9)).toSatisfy((high: number) => high >= 18 && high <= 42);
      expect(votes.at(-1)).toSatisfy((most: number) => most >= 100 && most <= 251);
    },
  );

  it('grows stars and comments, and adds the summary some hours after submission', () => {
    const day = addDays(dayOf(NOW), -10);
    const [evening, later] = [list(addSeconds(startOfDay(day), 12 * 3600), day), list(NOW, day)];
    const sum = (entries: Listed[], of: (entry: Listed) => number) =>
      entries.reduce((all, entry) => all + of(entry), 0);
    expect(sum(later, ({ paper }) => paper.githubStars ?? 0)).toBeGreaterThan(
      sum(evening, ({ paper }) => paper.githubStars ?? 0),
    );
    expect(sum(later, ({ numComments }) => numComments)).toBeGreaterThan(
      sum(evening, ({ numComments }) => numComments),
    );
    const summarized = (entries: Listed[]) => entries.filter(({ paper }) => paper.ai_summary).length / entries.length;
    expect(summarized(evening)).toBeLessThan(0.7);
    expect(summarized(later)).toBeGreaterThan(0.75);
  });

  it('gives one paper another title two days later', () => {
    const day = dayIn(NOW, isRetitled);
    const titles = (time: Instant) => new Map(list(time, day).map(({ paper }) => [paper.id, paper.title]));
    const [before, after] = [titles(startOfDay(addDays(day, 1))), titles(startOfDay(addDays(day, 3)))];
    const changed = [...before.keys()].filter((id) => before.get(id) !== after.get(id));
    expect(changed).toHaveLength(1);
    expect([...before.keys()].toSorted()).toEqual([...after.keys()].toSorted());
  });

  it('moves one paper to the list of the next day', () => {
    const day = dayIn(NOW, isRedated);
    const next = addDays(day, 1);
    const ids = (time: Instant, of: Day) => list(time, of).map(({ paper }) => paper.id);
    const before = startOfDay(next);
    const after = addSeconds(before, 12 * 3600);
    const moved = ids(before, day).filter((id) => !ids(after, day).includes(id));
    expect(moved).toHaveLength(1);
    expect(ids(before, next)).not.toContain(moved[0]);
    expect(ids(after, next)).toContain(moved[0]);
  });

  it('has one paper with more than sixty authors and otherwise 2 to 9', () => {
    const sizes = everything(NOW).map(({ paper }) => paper.authors.length);
    expect(sizes.filter((size) => size > 60)).toHaveLength(1);
    expect(sizes.filter((size) => size <= 60).every((size) => size >= 2 && size <= 9)).toBe(true);
  });

  it.each(['2026-02-13T09:00:00Z', '2026-07-01T03:20:00Z', '2026-11-20T15:20:00Z'])(
    'has a topic that rises over its six weeks: %s',
    (now) => {
      const days = sampleDays(at(now));
      const shares = (of: Day[]) => {
        const entries = of.flatMap((day) => list(at(now), day));
        const topics = entries.map(({ paper }) => paper.ai_keywords?.[0] ?? '');
        return (topic: string) => topics.filter((one) => one === topic).length / topics.length;
      };
      const [early, late] = [shares(days.slice(0, 14)), shares(days.slice(-14))];
      const topics = new Set(
        days.flatMap((day) => list(at(now), day)).flatMap(({ paper }) => paper.ai_keywords?.[0] ?? []),
      );
      const rising = [...topics].filter((topic) => late(topic) > 0.08 && late(topic) > 2 * early(topic));
      expect(rising.length).toBeGreaterThan(0);
    },
  );
});

describe('the trending list', () => {
  const hours = Array.from({ length: SAMPLE_DAYS * 4 }, (_, step) =>
    addSeconds(NOW, (step - SAMPLE_DAYS * 4) * 6 * 3600),
  );
  let lists: string[][];
  beforeAll(() => {
    lists = hours
      .filter((time) => simulatedFailureAt(time) === null)
      .map((time) => trending(time).map(({ paper }) => paper.id));
  });

  it('has fifty different papers, among them old ones that never were on a daily list', () => {
    for (const ids of lists) expect(new Set(ids).size).toBe(50);
    const old = trending(NOW).filter((entry) => !('submittedBy' in entry));
    expect(old.length).toBeGreaterThan(5);
    expect(old.length).toBeLessThan(30);
    expect(old.every(({ paper }) => paper.publishedAt < '2026')).toBe(true);
  });

  it('moves from hour to hour, slowly', () => {
    const [one = [], other = []] = [NOW, addSeconds(NOW, 3600)].map((time) =>
      trending(time).map(({ paper }) => paper.id),
    );
    const kept = other.filter((id) => one.includes(id));
    expect(kept.length).toBeGreaterThanOrEqual(46);
    expect(one).not.toEqual(other);
    const moves = kept.map((id) => Math.abs(one.indexOf(id) - other.indexOf(id)));
    expect(moves.reduce((sum, move) => sum + move, 0) / kept.length).toBeLessThan(3);
  });

  it('lets papers leave and return', () => {
    const seen = new Map<string, number[]>();
    for (const [time, ids] of lists.entries()) for (const id of ids) seen.set(id, [...(seen.get(id) ?? []), time]);
    const back = [...seen.values()].filter((times) =>
      times.some((time, index) => time - (times[index - 1] ?? time) > 8),
    );
    expect(seen.size).toBeGreaterThan(150);
    expect(back.length).toBeGreaterThan(10);
  });

  it('names no day', () => {
    const props = propsOf(ask(NOW, '/papers/trending').body);
    expect(props.dateString).toBeUndefined();
    expect(props.isTrending).toBe(true);
  });
});

describe('Other requests to the sample feed', () => {
  it('show a day as a page by either URL, and the day before in place of one without papers', () => {
    const day = dayIn(NOW, isBusy);
    const props = propsOf(ask(NOW, `/papers/date/${day}`).body);
    expect(props.dateString).toBe(day);
    expect(props.dailyPapers).toHaveLength(130);
    expect(ask(NOW, `/papers?date=${day}`).body).toBe(ask(NOW, `/papers/date/${day}`).body);
    const sunday = dayIn(NOW, (one) => isWeekend(one) && isWeekend(addDays(one, -1)));
    expect(propsOf(ask(NOW, `/papers/date/${sunday}`).body).dateString).toBe(addDays(sunday, -2));
    expect(propsOf(ask(NOW, '/papers/date/2030-01-01').body).dateString).toBe(dayOf(NOW));
  });

  it('show every paper of a page twice, as the feed does', () => {
    const { body } = ask(NOW, '/papers/trending');
    expect(body.match(/<article/g)).toHaveLength(50);
    expect(body.match(/<h3>/g)).toHaveLength(100);
  });

  it('find papers with every word, old ids too', () => {
    const props = propsOf(ask(NOW, '/papers?q=agents').body);
    expect(props.query).toEqual({ q: 'agents' });
    expect(props.dailyPapers.length).toBeGreaterThan(30);
    for (const { paper } of props.dailyPapers)
      expect(`${paper.title} ${paper.summary}`.toLowerCase()).toContain('agents');
    expect(props.dailyPapers.filter(({ paper }) => paper.id.startsWith('cs/'))).toHaveLength(3);
    expect(propsOf(ask(NOW, '/papers?q=zebrafinch').body).dailyPapers).toEqual([]);
  });

  it.each([
    '/api/daily_papers?date=2026-11-21',
    '/api/daily_papers?date=2026-02-30',
    '/api/daily_papers?date=2026-11-19&limit=101',
    '/api/daily_papers?date=2026-11-19&p=-1',
  ])('are refused with 400 when they are invalid: %s', (path) => expect(ask(NOW, path).status).toBe(400));

  it.each(['/', '/papers', '/papers/date/soon', '/api/daily', '/papers/2611.90001'])(
    'are answered with 404 when they are unknown: %s',
    (path) => {
      const { status, body } = ask(NOW, path);
      expect(status).toBe(404);
      expect(JSON.parse(body)).toEqual({ error: expect.any(String) });
    },
  );

  it('get a list cut at fifty unless they ask for more', () => {
    const busy = dayIn(NOW, isBusy);
    expect(JSON.parse(ask(NOW, `/api/daily_papers?date=${busy}`).body)).toHaveLength(50);
  });

  it('are answered with how many requests are left, by bucket', () => {
    expect(ask(NOW, '/papers/trending').headers).toMatchObject({ ratelimit: '"pages";r=99;t=300' });
    expect(ask(NOW, '/api/daily_papers').headers['ratelimit-policy']).toBe('"fixed window";"api";q=500;w=300');
  });

  it('fail in one hour and are cut in another, both within the six weeks', () => {
    const hours = sampleDays(NOW).flatMap((day) =>
      Array.from({ length: 24 }, (_, hour) => addSeconds(startOfDay(day), hour * 3600)),
    );
    const troubles = hours.filter((hour) => hour < NOW).map(simulatedFailureAt);
    expect(troubles).toContain('failing');
    expect(troubles).toContain('cut');
    expect(troubles.filter(Boolean).length).toBeLessThanOrEqual(4);
  });
});
